package build

import (
	"bytes"
	"errors"
	"strings"

	"handrail/a11y/dom"
	"handrail/internal/block"
	"handrail/internal/markdown"
	"handrail/internal/site"
)

// What the last published site says of a page's blocks. A page whose ids
// followed from its sources has no index: its revision tells whether it is
// still the same, and its blocks can be read off it.

// before returns the index that the page was published with, or nil; fresh is
// the one that its sources alone give. A page that has moved is looked for
// where its aliases say it was.
func (b *blockPages) before(p *site.Page, fresh *block.Index) (*block.Index, error) {
	for _, path := range oldPaths(p) {
		html, err := b.published(path)
		if err != nil {
			return nil, err
		}
		main := mainTag(html)
		rev := attribute(main, "data-rev")
		switch {
		case len(rev) == 0:
			continue
		case len(attribute(main, "data-blocks")) == 0 && string(rev) == fresh.Rev:
			return fresh, nil
		case len(attribute(main, "data-blocks")) == 0:
			return b.rebuilt(path)
		}
		data, err := b.previous.ReadFile(site.BlocksFile(path))
		if errors.Is(err, errNotThere) {
			return b.rebuilt(path)
		}
		if err != nil {
			return nil, err
		}
		if x, err := block.Decode(data); err == nil {
			return x.Without(block.Field), nil
		}
	}
	return nil, nil
}

// published returns a page in the first edition that it was published in, or
// nothing.
func (b *blockPages) published(path string) ([]byte, error) {
	for _, edition := range []string{site.Standard, site.Care} {
		html, err := b.previous.ReadFile(site.FileAt(path, edition))
		if err == nil || !errors.Is(err, errNotThere) {
			return html, err
		}
	}
	return nil, nil
}

// mainTag returns the start tag of a page's main element.
func mainTag(html []byte) []byte {
	_, html, _ = bytes.Cut(html, []byte("<main "))
	tag, _, _ := bytes.Cut(html, []byte(">"))
	return tag
}

// attribute returns the value of an attribute in a tag that a layout wrote.
func attribute(tag []byte, name string) []byte {
	_, value, _ := bytes.Cut(tag, []byte(name+`="`))
	value, _, _ = bytes.Cut(value, []byte(`"`))
	return value
}

// rebuilt returns the index of a page that was published without one: its
// blocks as both editions show them. What only the care edition has, the plain
// version, stands before the text.
func (b *blockPages) rebuilt(path string) (*block.Index, error) {
	var list []block.Block
	seen := map[string]bool{}
	for _, edition := range []string{site.Standard, site.Care} {
		html, err := b.previous.ReadFile(site.FileAt(path, edition))
		if errors.Is(err, errNotThere) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var more []block.Block
		for _, t := range blocksIn(html) {
			print := block.Fingerprint(t.text.String())
			if field := strings.HasPrefix(t.id, "part-"); field || seen[t.id] || print == 0 {
				continue
			}
			seen[t.id] = true
			more = append(more, block.Block{Kind: t.kind, Level: t.level, Print: print, ID: t.id})
		}
		list = append(more, list...)
	}
	if len(list) == 0 {
		return nil, nil
	}
	block.Place(list)
	return block.Assign(block.Task{Blocks: list}), nil
}

// oldPaths are where the page may have been published before.
func oldPaths(p *site.Page) []string { return append([]string{p.Path}, p.Aliases...) }

// oldGrams returns what the blocks of a published page are made of; nothing
// for those that cannot be found in it.
func (b *blockPages) oldGrams(p *site.Page, x *block.Index) [][]uint16 {
	texts := map[string]string{}
	for _, path := range oldPaths(p) {
		for _, edition := range []string{site.Standard, site.Care} {
			data, err := b.previous.ReadFile(site.FileAt(path, edition))
			if err == nil {
				texts = map[string]string{}
				for _, t := range blocksIn(data) {
					texts[t.id] = t.text.String()
				}
			}
			if len(texts) > 0 {
				break
			}
		}
	}
	out := make([][]uint16, len(x.Live))
	for i, id := range x.Live {
		out[i] = block.Grams(texts[id])
	}
	return out
}

// A printed block is one of a published page.
type printed struct {
	id    string
	kind  byte
	level uint8           // of a heading
	text  strings.Builder // its own
}

// blocksIn lists the blocks of a published page.
func blocksIn(html []byte) []*printed {
	var out []*printed
	var walk func(n *dom.Node, in *printed)
	walk = func(n *dom.Node, in *printed) {
		for c := range n.Children() {
			switch {
			case c.Type == dom.Text && in != nil:
				in.text.WriteString(c.Text)
			case !c.IsElement() || c.Has("data-extra") || c.Get("class") == "visually-hidden":
			case c.Has("data-b"):
				b := &printed{id: c.Get("data-b")}
				b.kind, b.level = markdown.BlockKind(c.Name)
				out = append(out, b)
				walk(c, b)
			default:
				walk(c, in)
			}
		}
	}
	walk(dom.Parse(string(html)).Root, nil)
	return out
}
