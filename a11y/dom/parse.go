package dom

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Options change how a page is read.
type Options struct {
	// NoScript reads the contents of noscript elements as a browser with
	// scripting switched off does.
	NoScript bool
}

// Parse builds the tree of a page, as a browser with scripting does. It never
// fails: every text is an HTML page.
func Parse(src string) *Doc { return ParseWith(src, Options{}) }

// ParseWith is Parse with options.
func ParseWith(src string, o Options) *Doc {
	p := newParser(src, o)
	p.z = html.NewTokenizer(strings.NewReader(src))
	p.mode = initialMode
	p.run()
	return p.finish()
}

// ParseFragment reads src as the contents of an element, as innerHTML does. The
// html element of the result holds the nodes.
func ParseFragment(src, context string, ns Namespace, o Options) *Doc {
	p := newParser(src, o)
	c := &Node{Type: Element, NS: ns, Name: context, Atom: atom.Lookup([]byte(context)), doc: p.doc, Pos: -1, End: -1}
	p.context = c
	tag := ""
	if ns == HTML && c.isAtom(atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript, atom.Plaintext,
		atom.Script, atom.Style, atom.Textarea, atom.Title, atom.Xmp) && (c.Atom != atom.Noscript || !o.NoScript) {
		tag = context
		p.rawText = true
	}
	p.z = html.NewTokenizerFragment(strings.NewReader(src), tag)
	root := p.implied(atom.Html)
	insertBefore(p.doc.Root, root, nil)
	p.push(root)
	if c.isAtom(atom.Template) {
		p.templateModes = append(p.templateModes, inTemplateMode)
	}
	if c.isAtom(atom.Form) {
		p.form = c
	}
	p.resetMode()
	p.run()
	return p.finish()
}

// A mode is one of the standard's insertion modes. It handles the current token
// and says whether that is done; if not, the token goes to the mode then set.
type mode func(*parser) bool

// parser is the state of the tree construction.
type parser struct {
	src string
	opt Options
	z   *html.Tokenizer
	off int // of the next token
	tok token
	buf []byte // scratch of tagName

	doc     *Doc
	context *Node // of a fragment
	mode    mode
	orig    mode // to return to after text
	inTable mode // to return to after table text

	open          []*Node
	spill         []*Node // open elements beyond maxOpen, under the current node
	formatting    []*Node // active formatting elements, nil is a marker
	templateModes []mode
	head, form    *Node
	fostering     bool
	noFrameset    bool
	skipNewline   bool // drop a newline that starts the next text
	rawText       bool // the tokenizer is inside raw text
	tableText     []token
	reopened      int

	slab      []Node
	tags      int // about how many the page has
	attrs     []Attr
	names     map[string]bool // of the attributes of a tag that has many
	count     int
	plainText *Node // text node that is still a slice of the source
	growing   *Node // text node whose text is in grown
	grown     []byte
}

func newParser(src string, o Options) *parser {
	p := &parser{src: src, opt: o, doc: &Doc{Source: src}}
	p.tags = strings.Count(src, "<")
	p.open = make([]*Node, 0, 32)
	p.attrs = make([]Attr, 0, min(max(len(src)/64, 16), attrSlab))
	p.doc.Root = p.newNode()
	p.doc.Root.Type = Document
	p.doc.Root.Pos, p.doc.Root.End, p.doc.Root.Close = 0, 0, len(src)
	return p
}

// run feeds all tokens to the tree builder.
func (p *parser) run() {
	if strings.HasPrefix(p.src, "\ufeff") {
		// The byte order mark belongs to the encoding, not to the page.
		p.z.Next()
		p.off = len(p.z.Raw())
		if s := p.src[len("\ufeff"):p.off]; s != "" {
			p.tok = token{kind: textToken, text: s, plain: true, pos: len("\ufeff"), end: p.off}
			p.process()
		}
	}
	for {
		p.next()
		p.process()
		if p.tok.kind == eofToken {
			return
		}
		if p.tok.kind == startToken {
			if p.rawText = p.wantsRawText(); !p.rawText {
				p.z.NextIsNotRawText()
			}
		} else if p.tok.kind == endToken {
			p.rawText = false
		}
	}
}

// wantsRawText says whether the start tag just handled opened an element whose
// text the tokenizer must not look into.
func (p *parser) wantsRawText() bool {
	if len(p.open) == 0 {
		return false
	}
	n := p.current()
	if n.NS != HTML || n.Pos != p.tok.pos {
		return false
	}
	switch n.Atom {
	case atom.Iframe, atom.Noembed, atom.Noframes, atom.Plaintext, atom.Script, atom.Style,
		atom.Textarea, atom.Title, atom.Xmp:
		return true
	case atom.Noscript:
		return !p.opt.NoScript
	}
	return false
}

// process hands the current token to the tree construction dispatcher.
func (p *parser) process() {
	if p.skipNewline {
		p.skipNewline = false
		if t := &p.tok; t.kind == textToken && strings.HasPrefix(t.text, "\n") {
			t.cut(1)
			if t.text == "" {
				return
			}
		}
	}
	for done := false; !done; {
		if p.useForeign() {
			done = p.foreign()
		} else {
			done = p.mode(p)
		}
	}
}

// cut drops the first n bytes of a text token.
func (t *token) cut(n int) {
	t.text = t.text[n:]
	if t.plain {
		t.pos += n
	}
}

// leadingSpace splits the white space off the start of a text token.
func (t *token) leadingSpace() token {
	rest := strings.TrimLeft(t.text, space)
	n := len(t.text) - len(rest)
	lead := *t
	lead.text = t.text[:n]
	if t.plain {
		lead.end = t.pos + n
	}
	t.cut(n)
	return lead
}

// insertLeadingSpace inserts the white space at the start of the token and
// says whether nothing else is left of it.
func (p *parser) insertLeadingSpace() bool {
	rest := p.tok
	lead := rest.leadingSpace()
	if lead.text != "" {
		p.tok = lead
		p.insertText()
	}
	p.tok = rest
	return rest.text == ""
}

// dropLeadingSpace drops white space at the start of the token and says
// whether nothing is left.
func (p *parser) dropLeadingSpace() bool {
	p.tok.leadingSpace()
	return p.tok.text == ""
}

// finish closes what is open and numbers the nodes.
func (p *parser) finish() *Doc {
	for len(p.open) > 0 {
		p.pop()
	}
	p.flushText()
	d := p.doc
	d.Nodes = make([]*Node, 0, p.count)
	d.number(d.Root)
	for e := d.Root.FirstChild; e != nil; e = e.Next {
		if e.Type == Element {
			d.html = e
		}
	}
	if d.html == nil {
		return d
	}
	for e := d.html.FirstChild; e != nil; e = e.Next {
		switch {
		case d.head == nil && e.isAtom(atom.Head):
			d.head = e
		case d.body == nil && e.isAtom(atom.Body, atom.Frameset):
			d.body = e
		}
	}
	return d
}

// number gives all nodes below root, contents of templates and shadow trees
// included, their places in d.Nodes.
func (d *Doc) number(root *Node) {
	n := root
	for n != nil {
		n.Index = len(d.Nodes)
		d.Nodes = append(d.Nodes, n)
		if n.Type == Element {
			if root.Type == Document && len(n.Attrs) > 0 {
				d.noteID(n)
			}
			if n.Shadow != nil {
				d.number(n.Shadow)
			}
			if n.Content != nil {
				d.number(n.Content)
			}
		}
		n = n.After(root)
	}
}

func (d *Doc) noteID(n *Node) {
	id := n.Get("id")
	if id == "" {
		return
	}
	if d.byID == nil {
		d.byID = map[string]*Node{}
	}
	if d.byID[id] == nil {
		d.byID[id] = n
	}
}
