package style

import (
	"strings"

	"handrail/a11y/css"
)

// wide is a keyword that any property takes.
type wide uint8

const (
	notWide wide = iota
	wideInherit
	wideInitial
	wideUnset
	wideRevert
	wideRevertLayer
)

var wideWords = map[string]wide{"inherit": wideInherit, "initial": wideInitial, "unset": wideUnset,
	"revert": wideRevert, "revert-layer": wideRevertLayer}

// A value is a parsed value of a longhand.
type value struct {
	text string     // keywords or text; for lengths, a keyword
	col  *colorExpr // of a colour
	ex   *expr      // of a length or number
}

// A decl is a declaration of one longhand, or of a custom property.
type decl struct {
	prop      prop
	important bool
	wide      wide
	custom    string // name of a custom property
	short     string // shorthand that the declaration was written as
	vars      bool   // has var(); val is not set
	val       value
	toks      []css.Token // of a custom property, or with vars
	src       string
	pos       int // in the source of the sheet
}

// declarations turns declarations as written into those of longhands. What is
// invalid is dropped, as in a browser.
func declarations(src string, in []css.Decl) []decl {
	out := make([]decl, 0, len(in)+len(in)/2)
	for i := range in {
		out = appendDecl(out, src, &in[i])
	}
	return out
}

// appendDecl appends the longhands of one declaration.
func appendDecl(out []decl, src string, in *css.Decl) []decl {
	base := decl{important: in.Important, pos: in.Pos, src: src}
	if strings.HasPrefix(in.Name, "--") {
		base.custom, base.toks = in.Name, in.Value
		if len(in.Value) == 1 && in.Value[0].Kind == css.Ident {
			base.wide = wideWords[asciiLower(in.Value[0].Text)]
		}
		return append(out, base)
	}
	if len(in.Value) == 0 {
		return out
	}
	p, single := propNames[in.Name]
	longs := shorthands[in.Name]
	if !single && longs == nil {
		return out
	}
	if single {
		longs = []prop{p}
	} else {
		base.short = in.Name
	}
	if len(in.Value) == 1 && in.Value[0].Kind == css.Ident {
		base.wide = wideWords[asciiLower(in.Value[0].Text)]
	}
	base.vars = usesVar(in.Value)
	if base.wide != notWide || base.vars {
		if base.vars {
			base.toks = in.Value
		}
		for _, l := range longs {
			d := base
			d.prop = l
			out = append(out, d)
		}
		return out
	}
	start := len(out)
	emit := func(p prop, v value) {
		d := base
		d.prop, d.val = p, v
		out = append(out, d)
	}
	if !parseDeclaration(in.Name, &cursor{src: src, toks: in.Value}, emit) {
		return out[:start]
	}
	return out
}

// parseDeclaration reads the value of a property or shorthand without var().
func parseDeclaration(name string, c *cursor, emit func(prop, value)) bool {
	if p, ok := propNames[name]; ok {
		v, ok := parseValue(p, c)
		if ok = ok && c.done(); ok {
			emit(p, v)
		}
		return ok
	}
	return expandShorthand(name, c, emit)
}

// usesVar says whether a value refers to custom properties.
func usesVar(toks []css.Token) bool {
	for i := range toks {
		if toks[i].Kind == css.Function {
			switch asciiLower(toks[i].Text) {
			case "var", "env", "if":
				return true
			}
		}
	}
	return false
}

// parseValue reads the value of a longhand. A textValue takes all there is.
func parseValue(p prop, c *cursor) (value, bool) {
	info := &properties[p]
	c.space()
	switch info.kind {
	case textValue, wordsValue:
		return c.textValue(p, info.kind == wordsValue)
	case wordValue:
		w, ok := c.word(info.words)
		return value{text: w}, ok
	case colorValue:
		if info.words != "" {
			if w, ok := c.word(info.words); ok {
				return value{text: w, col: currentColor}, true
			}
		}
		col, ok := c.color()
		return value{col: col}, ok
	case lengthValue, sizeValue:
		return c.lengthOrWord(info)
	case fontSizeValue:
		if w, ok := c.word(" xx-small x-small small medium large x-large xx-large xxx-large smaller larger math -webkit-small-control "); ok {
			return value{text: w}, true
		}
		return c.lengthOrWord(info)
	case lineHeightValue:
		if w, ok := c.word(" normal "); ok {
			return value{text: w}, true
		}
		return c.positive()
	case weightValue:
		if w, ok := c.word(" normal bold bolder lighter "); ok {
			return value{text: w}, true
		}
		if c.peek().Kind == css.Number && (c.peek().Num < 1 || c.peek().Num > 1000) {
			return value{}, false
		}
		return c.positive()
	case numberValue:
		e, ok := c.length(0)
		return value{ex: &e}, ok && (e.unit == unitNone || e.unit == unitPercent)
	case lineWidthValue:
		if w, ok := c.word(" thin medium thick "); ok {
			return value{text: w}, true
		}
		return c.lengthOrWord(&propInfo{kind: sizeValue})
	case spacingValue:
		if w, ok := c.word(" normal "); ok {
			return value{text: w}, true
		}
		return c.lengthOrWord(info)
	}
	return value{}, false
}

// word reads a keyword out of a list with spaces round each.
func (c *cursor) word(list string) (string, bool) {
	c.space()
	t := c.peek()
	if t.Kind != css.Ident {
		return "", false
	}
	w := asciiLower(t.Text)
	if !strings.Contains(list, " "+w+" ") {
		return "", false
	}
	c.i++
	return w, true
}

// positive reads a number or length that is not negative.
func (c *cursor) positive() (value, bool) {
	e, ok := c.length(0)
	if !ok || e.op == 0 && e.num < 0 {
		return value{}, false
	}
	return value{ex: &e}, true
}

// lengthOrWord reads a length or one of the keywords of the property. A bare
// number must be 0.
func (c *cursor) lengthOrWord(info *propInfo) (value, bool) {
	if w, ok := c.word(info.words); ok {
		return value{text: w}, true
	}
	if t := c.peek(); t.Kind == css.Function && strings.Contains(info.words, "fit-content") {
		if n := asciiLower(t.Text); n == "fit-content" || n == "calc-size" || n == "anchor-size" {
			return value{text: n}, len(c.skip()) > 0
		}
	}
	e, ok := c.length(0)
	if !ok || e.op == 0 && e.unit == unitNone && e.num != 0 {
		return value{}, false
	}
	if e.op == 0 && e.num < 0 && (info.kind == sizeValue || info.kind == fontSizeValue) {
		return value{}, false
	}
	return value{ex: &e}, true
}

// textValue reads all the rest as text.
func (c *cursor) textValue(p prop, lower bool) (value, bool) {
	rest := &cursor{src: c.src, toks: c.toks[c.i:]}
	c.i = len(c.toks)
	s := rest.text()
	if lower {
		s = asciiLower(s)
	}
	switch p {
	case propDisplay:
		return displayValue(s)
	case propTextDecorationLine:
		for w := range strings.FieldsSeq(s) {
			if !strings.Contains(" none underline overline line-through blink spelling-error grammar-error ", " "+w+" ") {
				return value{}, false
			}
		}
	case propZIndex, propOrder:
		if t := rest.peek(); len(rest.toks) != 1 || t.Kind != css.Number && !t.Is("auto") {
			return value{}, t.Kind == css.Function
		}
	case propContentVisibility, propFontStyle:
	}
	return value{text: s}, s != ""
}

// displayValue brings the forms of display to the usual short ones; unknown
// keywords are invalid.
func displayValue(s string) (value, bool) {
	switch s {
	case "block flow", "flow", "block":
		s = "block"
	case "inline flow":
		s = "inline"
	case "block flow-root":
		s = "flow-root"
	case "inline flow-root":
		s = "inline-block"
	case "block flex":
		s = "flex"
	case "inline flex":
		s = "inline-flex"
	case "block grid":
		s = "grid"
	case "inline grid":
		s = "inline-grid"
	case "block table":
		s = "table"
	case "inline table":
		s = "inline-table"
	case "-webkit-flex", "-ms-flexbox":
		s = "flex"
	case "-webkit-inline-flex":
		s = "inline-flex"
	case "-webkit-box", "-webkit-inline-box", "inline ruby", "block ruby", "run-in", "math", "block math":
	default:
		if !strings.Contains(displayWords, " "+s+" ") && !strings.Contains(s, "list-item") {
			return value{}, false
		}
	}
	return value{text: s}, true
}

const displayWords = ` none contents inline block inline-block flow-root flex inline-flex grid inline-grid table inline-table table-row-group table-header-group table-footer-group table-row table-cell table-column-group table-column table-caption ruby ruby-base ruby-text ruby-base-container ruby-text-container list-item `
