package asset

import (
	"encoding/json"
	"sort"
	"strings"

	"handrail/internal/diag"
)

// A Sheet is a built style sheet that knows which line of the theme each of
// its rules was written on.
type Sheet struct {
	URL string
	CSS string

	lines    []int // offset of each line of CSS
	segments []segment
	sources  []source
}

type source struct {
	shown string
	lines *diag.Lines
	start []int // offset of each line
}

// A segment of the source map: the built text from (line, col) on was written
// at (srcLine, srcCol) of a source. Columns count UTF-16 units.
type segment struct{ line, col, src, srcLine, srcCol int }

// Pos returns the place in the theme of the byte at off of the sheet.
func (s *Sheet) Pos(off int) diag.Pos {
	line := sort.Search(len(s.lines), func(i int) bool { return s.lines[i] > off }) - 1
	if line < 0 || len(s.segments) == 0 {
		return diag.Pos{}
	}
	col := utf16Len(s.CSS[s.lines[line]:min(off, len(s.CSS))])
	i := sort.Search(len(s.segments), func(i int) bool {
		g := s.segments[i]
		return g.line > line || g.line == line && g.col > col
	}) - 1
	g := s.segments[max(i, 0)]
	src := s.sources[g.src]
	if src.lines == nil || g.srcLine >= len(src.start) {
		return diag.Pos{File: src.shown}
	}
	return src.lines.Pos(src.start[g.srcLine] + bytesOf(src.lines.Line(g.srcLine+1), g.srcCol))
}

func newSheet(url string, css, sourceMap []byte, files map[string]file) *Sheet {
	s := &Sheet{URL: url, CSS: string(css), lines: lineStarts(string(css))}
	var m struct {
		Sources  []string
		Mappings string
	}
	if json.Unmarshal(sourceMap, &m) != nil {
		return s
	}
	for _, name := range m.Sources {
		if _, rest, ok := strings.Cut(name, space+":"); ok {
			name = rest
		}
		f := files[name]
		src := source{shown: f.shown}
		if f.shown != "" {
			src.lines = diag.NewLines(f.shown, string(f.data))
			src.start = lineStarts(string(f.data))
		}
		s.sources = append(s.sources, src)
	}
	s.segments = decodeMappings(m.Mappings)
	return s
}

func lineStarts(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// decodeMappings reads the mappings of a source map (ECMA-426, 9.2): lines
// end with ";", segments with ","; fields are differences in base64 VLQ.
func decodeMappings(s string) []segment {
	var out []segment
	var cur segment
	for line := range strings.SplitSeq(s, ";") {
		cur.col = 0
		for part := range strings.SplitSeq(line, ",") {
			fields := decodeVLQ(part)
			if len(fields) == 0 {
				continue
			}
			cur.col += fields[0]
			if len(fields) < 4 {
				continue
			}
			cur.src += fields[1]
			cur.srcLine += fields[2]
			cur.srcCol += fields[3]
			out = append(out, cur)
		}
		cur.line++
	}
	return out
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func decodeVLQ(s string) []int {
	var out []int
	value, shift := 0, 0
	for i := range len(s) {
		digit := strings.IndexByte(base64Digits, s[i])
		if digit < 0 {
			return nil
		}
		value |= (digit & 31) << shift
		if digit&32 != 0 {
			shift += 5
			continue
		}
		n := value >> 1
		if value&1 != 0 {
			n = -n
		}
		out = append(out, n)
		value, shift = 0, 0
	}
	return out
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// bytesOf turns a column in UTF-16 units into one in bytes.
func bytesOf(line string, col int) int {
	for i, r := range line {
		if col <= 0 {
			return i
		}
		col--
		if r > 0xFFFF {
			col--
		}
	}
	return len(line)
}
