package markdown

import "bytes"

// maxNesting is how deep quotations, lists, directives, emphasis and brackets
// may nest.
const maxNesting = 100

// A guard reads a text once, before goldmark does, and looks for nesting that
// would take goldmark minutes. It knows less of Markdown than goldmark and
// counts a little generously.
type guard struct {
	lists      []int // columns where the content of open list items begins
	directives int
	brackets   int
	emphasis   int
	fence      byte // of an open code fence
	fenceLen   int
	columns    int // of a pipe table being read
	cells      int // that its rows have lacked
}

// missingCells is what tooDeep calls a table whose rows are too short for it.
const missingCells = "missing cells of a table"

// tooDeep returns the place where nesting passes the limit and what nests
// there, or -1.
func tooDeep(b []byte) (at int, what string) {
	var g guard
	for at < len(b) {
		end := len(b)
		if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if off, what := g.line(b[at:end]); off >= 0 {
			return at + off, what
		}
		at = end
	}
	return -1, ""
}

// maxCells is how many cells the rows of a pipe table may lack.
const maxCells = 1_000_000

// line reads one line and returns where it passes the limit, or -1.
func (g *guard) line(b []byte) (int, string) {
	text := bytes.TrimLeft(b, " \t>")
	if g.inFence(text) {
		return -1, ""
	}
	if len(bytes.TrimSpace(text)) == 0 {
		g.brackets, g.emphasis, g.columns = 0, 0, 0
		return -1, ""
	}
	quotes, i, col := 0, 0, 0
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '>') {
		switch b[i] {
		case '>':
			if quotes++; quotes > maxNesting {
				return i, "quotations"
			}
			col = 0
		case '\t':
			col += 4 - col%4
		default:
			col++
		}
		i++
	}
	if at, what := g.markers(b, i, col, quotes); at >= 0 {
		return at, what
	}
	if n := countByte(text, ':'); n >= 3 {
		if len(bytes.TrimSpace(text[n:])) == 0 {
			g.directives = max(g.directives-1, 0)
		} else if g.directives++; g.directives > maxNesting {
			return i, "directives"
		}
	}
	if g.tableTooWide(text) {
		return i, missingCells
	}
	return g.inlines(b, i)
}

// inFence follows fenced code, whose text nests nothing.
func (g *guard) inFence(text []byte) bool {
	if len(text) == 0 || text[0] != '`' && text[0] != '~' {
		return g.fence != 0
	}
	n := countByte(text, text[0])
	switch {
	case g.fence == 0 && n >= 3 && (text[0] == '~' || bytes.IndexByte(text[n:], '`') < 0):
		g.fence, g.fenceLen = text[0], n
		return true
	case g.fence == text[0] && n >= g.fenceLen && len(bytes.TrimSpace(text[n:])) == 0:
		g.fence = 0
		return true
	}
	return g.fence != 0
}

// markers follows the markers of list items at the start of a line.
func (g *guard) markers(b []byte, i, col, quotes int) (int, string) {
	for len(g.lists) > 0 && g.lists[len(g.lists)-1] > col {
		g.lists = g.lists[:len(g.lists)-1]
	}
	if isRule(b[i:]) {
		return -1, ""
	}
	for {
		n := markerLength(b[i:])
		if n == 0 {
			return -1, ""
		}
		i, col = i+n, col+n
		for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
			i, col = i+1, col+1
		}
		g.lists = append(g.lists, col)
		if len(g.lists)+quotes > maxNesting {
			return i - 1, "lists"
		}
		for i < len(b) && b[i] == '>' {
			quotes, i, col = quotes+1, i+1, col+1
			if i < len(b) && b[i] == ' ' {
				i, col = i+1, col+1
			}
		}
	}
}

// markerLength returns the length of a list marker, or of a quotation's that
// follows one, at the start of b.
func markerLength(b []byte) int {
	n := 0
	for n < len(b) && n < 9 && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	switch {
	case n < len(b) && n > 0 && (b[n] == '.' || b[n] == ')'):
		n++
	case n == 0 && len(b) > 0 && (b[0] == '-' || b[0] == '+' || b[0] == '*'):
		n = 1
	default:
		return 0
	}
	if n == len(b) || b[n] == ' ' || b[n] == '\t' || b[n] == '\n' || b[n] == '\r' {
		return n
	}
	return 0
}

// isRule reports whether a line is a thematic break.
func isRule(b []byte) bool {
	b = bytes.TrimSpace(b)
	if len(b) < 3 || b[0] != '*' && b[0] != '-' && b[0] != '_' {
		return false
	}
	for _, c := range b {
		if c != b[0] && c != ' ' && c != '\t' {
			return false
		}
	}
	return true
}

// tableTooWide follows pipe tables: goldmark fills every row up to the width
// of the header.
func (g *guard) tableTooWide(text []byte) bool {
	if g.columns == 0 {
		if len(bytes.Trim(text, "|:- \t\r\n")) == 0 && bytes.IndexByte(text, '|') >= 0 {
			g.columns, g.cells = bytes.Count(text, []byte{'|'})+1, 0
		}
		return false
	}
	g.cells += max(0, g.columns-1-bytes.Count(text, []byte{'|'}))
	return g.cells > maxCells
}

// nestingByte are the bytes that inlines looks at.
var nestingByte = [256]bool{'\\': true, '[': true, ']': true, '*': true, '_': true}

// inlines follows brackets and marks of emphasis.
func (g *guard) inlines(b []byte, i int) (int, string) {
	for ; i < len(b); i++ {
		if !nestingByte[b[i]] {
			continue
		}
		switch b[i] {
		case '\\':
			i++
		case '[':
			if g.brackets++; g.brackets > maxNesting {
				return i, "brackets"
			}
		case ']':
			g.brackets = max(g.brackets-1, 0)
		case '*', '_':
			n := countByte(b[i:], b[i])
			spaceBefore := i == 0 || b[i-1] <= ' '
			spaceAfter := i+n >= len(b) || b[i+n] <= ' '
			switch {
			case spaceBefore && !spaceAfter:
				if g.emphasis++; g.emphasis > maxNesting {
					return i, "marks of emphasis"
				}
			case spaceAfter || g.emphasis > 0 && !spaceBefore && i+n < len(b) && byteClass[b[i+n]] != wordByte:
				g.emphasis = max(g.emphasis-1, 0)
			}
			i += n - 1
		}
	}
	return -1, ""
}
