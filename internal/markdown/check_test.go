package markdown

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fill returns the HTML of a document with its slots filled the plain way.
func fill(d *Document) string {
	var b strings.Builder
	at := 0
	for _, s := range d.Slots {
		b.Write(d.HTML[at:s.Out])
		at = int(s.Out)
		switch s.Kind {
		case SlotLink, SlotMedia:
			b.WriteString(html.EscapeString(d.Links[s.Index].URL()))
		case SlotImage:
			b.WriteString(` src="` + html.EscapeString(d.Images[s.Index].Dest) + `"`)
		}
	}
	b.Write(d.HTML[at:])
	return b.String()
}

// parseBody parses HTML as a browser would in <div id=x>, and reports an error
// when something reaches out of the division.
func parseBody(src string) (*xhtml.Node, error) {
	doc, err := xhtml.Parse(strings.NewReader("<!doctype html><body><div id=x>" + src + "</div><footer></footer></body>"))
	if err != nil {
		return nil, err
	}
	var body *xhtml.Node
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Body {
			body = n
			break
		}
	}
	x := body.FirstChild
	if x == nil || x.Data != "div" || x.NextSibling == nil || x.NextSibling.Data != "footer" || x.NextSibling.NextSibling != nil {
		return nil, fmt.Errorf("the body reaches out of its division")
	}
	return x, nil
}

// outline writes a tree as tags and text, one a line, attributes aside.
func outline(x *xhtml.Node) string {
	var b strings.Builder
	var walk func(n *xhtml.Node)
	walk = func(n *xhtml.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.Type {
			case xhtml.ElementNode:
				b.WriteString("<" + c.Data + ">\n")
				walk(c)
				b.WriteString("</" + c.Data + ">\n")
			case xhtml.TextNode:
				b.WriteString("\"" + c.Data + "\"\n")
			default:
				b.WriteString("?\n")
			}
		}
	}
	walk(x)
	return b.String()
}

// meant writes the tree that HTML means when every tag is taken at its word:
// no element closes another, none is implied.
func meant(src string) (string, error) {
	var b strings.Builder
	var open []string
	z := xhtml.NewTokenizer(strings.NewReader(src))
	pre := false
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			if len(open) > 0 {
				return "", fmt.Errorf("left open: %v", open)
			}
			return b.String(), nil
		case xhtml.TextToken:
			text := string(z.Text())
			if pre {
				text = strings.TrimPrefix(text, "\n")
			}
			if text != "" {
				b.WriteString("\"" + text + "\"\n")
			}
			pre = false
		case xhtml.StartTagToken:
			raw, _ := z.TagName()
			name := string(raw)
			b.WriteString("<" + name + ">\n")
			if tagByName[name].is(void) {
				b.WriteString("</" + name + ">\n")
				pre = false
				continue
			}
			open = append(open, name)
			pre = name == "pre"
		case xhtml.EndTagToken:
			raw, _ := z.TagName()
			name := string(raw)
			if len(open) == 0 || open[len(open)-1] != name {
				return "", fmt.Errorf("</%s> closes %v", name, open)
			}
			open = open[:len(open)-1]
			b.WriteString("</" + name + ">\n")
			pre = false
		default:
			return "", fmt.Errorf("unexpected token %s", z.Token())
		}
	}
}

// soundness returns what is wrong with a document, whatever its content.
func soundness(d *Document, src []byte) error {
	page := fill(d)
	x, err := parseBody(page)
	if err != nil {
		return err
	}
	want, err := meant(page)
	if err != nil {
		return err
	}
	if got := outline(x); got != want {
		return fmt.Errorf("parses back to another tree:\n%s", firstDifference(want, got))
	}
	if err := soundMap(d, src); err != nil {
		return err
	}
	return soundParts(d)
}

// soundMap checks that mappings are sorted and that text runs in step.
func soundMap(d *Document, src []byte) error {
	for i, m := range d.Map {
		end := len(d.HTML)
		if i > 0 && d.Map[i-1].Out >= m.Out {
			return fmt.Errorf("mapping %d at %d is not after %d", i, m.Out, d.Map[i-1].Out)
		}
		if i+1 < len(d.Map) {
			end = int(d.Map[i+1].Out)
		}
		if int(m.Src) > len(src) || int(m.Out) > len(d.HTML) {
			return fmt.Errorf("mapping %d (%v) points outside", i, m)
		}
		if m.Fixed {
			continue
		}
		text := d.HTML[m.Out:end]
		if from := int(m.Src); from+len(text) > len(src) || !bytes.Equal(text, src[from:from+len(text)]) {
			return fmt.Errorf("mapping %d: %q comes from %q", i, text, src[from:min(len(src), from+len(text))])
		}
	}
	return nil
}

// soundParts checks headings, sections, slots and ids.
func soundParts(d *Document) error {
	last := uint32(0)
	for _, h := range d.Headings {
		tag := fmt.Sprintf("<h%d", h.Level)
		if !bytes.HasPrefix(d.HTML[h.Out:], []byte(tag)) || !bytes.HasSuffix(d.HTML[:h.End], []byte(fmt.Sprintf("</h%d>", h.Level))) {
			return fmt.Errorf("heading %q is not at %d–%d", h.Text, h.Out, h.End)
		}
		if h.Level < 2 || h.Out < last {
			return fmt.Errorf("heading %q: level %d at %d", h.Text, h.Level, h.Out)
		}
		last = h.Out
	}
	for _, s := range d.Sections {
		if _, err := meant(string(d.HTML[s.Out:s.End])); err != nil {
			return fmt.Errorf("section %q: %w", d.Headings[s.Heading].Text, err)
		}
	}
	var open []uint32
	for i, s := range d.Slots {
		for len(open) > 0 && open[len(open)-1] <= s.Out && s.End > open[len(open)-1] {
			open = open[:len(open)-1]
		}
		if i > 0 && s.Out < d.Slots[i-1].Out || s.End < s.Out || len(open) > 0 && s.End > open[len(open)-1] {
			return fmt.Errorf("slot %d (%v) overlaps", i, s)
		}
		if s.Kind == SlotDirective {
			if _, err := meant(string(d.HTML[s.Out:s.End])); err != nil {
				return fmt.Errorf("slot %d: %w", i, err)
			}
			open = append(open, s.End)
		}
	}
	seen := map[string]bool{}
	for _, id := range d.IDs {
		if seen[id] || id == "" {
			return fmt.Errorf("id %q twice", id)
		}
		seen[id] = true
	}
	return nil
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	i := 0
	for i < len(w) && i < len(g) && w[i] == g[i] {
		i++
	}
	from := max(0, i-4)
	return fmt.Sprintf("meant %q\ngot   %q", w[from:min(len(w), i+5)], g[from:min(len(g), i+5)])
}
