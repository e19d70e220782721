package render

import "handrail/internal/theme"

// Drawing returns the drawing of a chart, or nil when it could not be drawn.
func (d *Directive) Drawing() theme.Markup {
	c := d.d.Chart
	if c == nil {
		return nil
	}
	return d.w.mark(splice{raw: c.HTML, org: origin{kind: Body, file: d.s.doc.file, off: c.Src, whole: true}})
}

// Summary returns what a chart shows, in words, or nil.
func (d *Directive) Summary() *Value {
	c := d.d.Chart
	if c == nil || c.Summary == "" {
		return nil
	}
	v := d.w.newValue()
	*v = Value{w: d.w, kind: Body, text: c.Summary, file: d.s.doc.file, off: c.Src}
	return v
}
