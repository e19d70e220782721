package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
)

// attrsAfter returns the text node right after n when it begins with "{", and
// where it begins.
func (r *renderer) attrsAfter(n ast.Node) (rest []byte, at int) {
	t, ok := n.NextSibling().(*ast.Text)
	if !ok || t.Segment.Start >= t.Segment.Stop || r.src[t.Segment.Start] != '{' {
		return nil, 0
	}
	stop := min(t.Segment.Stop, r.hideFrom)
	if stop <= t.Segment.Start {
		return nil, 0
	}
	return r.src[t.Segment.Start:stop], t.Segment.Start
}

var imageAttrSpecs = []attrSpec{{key: "decorative", kind: flagAttr}}

// imageAttrs reads {decorative} after an image.
func (r *renderer) imageAttrs(n ast.Node) (decorative bool) {
	b, at := r.attrsAfter(n)
	if b == nil || r.foreignAttrs(b, at) {
		return false
	}
	attrs, size, ok := parseAttrs(b, at)
	if !ok || len(attrs) == 0 {
		return false
	}
	r.hidden = [2]int{at, at + size}
	return r.checkAttrs("an image", imageAttrSpecs, attrs).has("decorative")
}

// linkAttrs takes away the attributes that other tools put after a link.
func (r *renderer) linkAttrs(n ast.Node) {
	if b, at := r.attrsAfter(n); b != nil {
		r.foreignAttrs(b, at)
	}
}

// foreignAttrs takes away an attribute list of kramdown's, {: .class}.
func (r *renderer) foreignAttrs(b []byte, at int) bool {
	if !bytes.HasPrefix(b, []byte("{:")) {
		return false
	}
	end := bytes.IndexByte(b, '}')
	if end < 0 {
		return false
	}
	r.hidden = [2]int{at, at + end + 1}
	r.notice("foreign-attributes", at, "attributes in the form of another tool are left out", "")
	return true
}
