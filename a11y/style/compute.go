package style

import (
	"math"
	"strings"
)

// initialStyle is the style that the root element inherits from.
func (w *world) initialStyle() *Computed {
	c := &Computed{world: w, values: &values{}}
	c.inh = &inherited{}
	b := initialBox
	c.box = &b
	st := &setter{w: w, parent: c, c: c}
	c.inh.FontSize = 16 * w.mode.scale()
	c.inh.FontWeight = 400
	c.inh.LineHeight = LineHeight{Normal: true, Px: normalLineHeight * c.inh.FontSize}
	c.inh.ColorScheme = "normal"
	if w.cache.meta != "" {
		c.inh.ColorScheme = w.cache.meta
	}
	for p := propForcedAdjust; p < propDisplay; p++ {
		switch p {
		case propFontSize, propFontWeight, propLineHeight:
			continue
		}
		st.set(p, initials[p])
	}
	w.root.rem, w.root.rlh = c.inh.FontSize, c.inh.LineHeight.Px
	return c
}

// normalLineHeight is what line-height: normal is taken to be.
const normalLineHeight = 1.2

// initialBox holds the initial values of properties that are not inherited.
var initialBox = func() box {
	w := &world{}
	c := &Computed{values: &values{inh: &inherited{FontSize: 16}, box: &box{}}, world: w}
	st := &setter{w: w, parent: c, c: c}
	for p := propDisplay; p < propInlineSize; p++ {
		st.set(p, initials[p])
	}
	return *c.box
}()

// resolve turns a cascade into a computed style.
func (w *world) resolve(parent *Computed, cas *cascaded) *Computed {
	c := &Computed{cas: cas, parent: parent, world: w}
	k := valuesKey{cas: cas, inh: parent.inh, vars: parent.vars, texts: parent.texts, item: parent.laysOutItems(), rem: w.root.rem, rlh: w.root.rlh}
	if cas.boxInherits {
		k.box = parent.box
	}
	if cas.textInherits {
		k.texts = parent
	}
	if c.values = w.shared[k]; c.values == nil {
		c.values = &values{inh: parent.inh, texts: parent.texts}
		w.fill(c, parent)
		w.shared[k] = c.values
	}
	return c
}

// valuesKey holds all that the values of a style depend on in a mode.
type valuesKey struct {
	cas      *cascaded
	inh      *inherited
	vars     *scope
	texts    *Computed // of the parent; the parent itself where it lends a text that is not inherited
	box      *box      // where some property that is not inherited has the value inherit
	item     bool      // of flex or grid
	rem, rlh float64
}

// fill computes the values of a style.
func (w *world) fill(c, parent *Computed) {
	cas := c.cas
	c.vars = newScope(parent.vars, cas.custom)
	st := &w.setter
	*st = setter{w: w, parent: parent, c: c}
	if cas.inherit || w.mode.TextSpacing {
		w.inh = *parent.inh
		c.inh = &w.inh
		st.applyInherited()
		c.inh = shared(w.cache.inherit, c.inh)
	}
	if cas.texts || cas.textInherits {
		c.texts = c
	}
	c.box = w.sharedBox(st)
}

// boxKey holds all that the values of properties that are not inherited depend
// on, but for the keyword inherit.
type boxKey struct {
	cas        *cascaded // nil without winners for such properties
	vars       *scope
	color      Color
	font, line float64
	direction  string
	writing    string
	dark       bool
	forced     string
	item       bool // of flex or grid
	rem, rlh   float64
}

// sharedBox returns the values that are not inherited, shared by all elements
// for which they come out the same.
func (w *world) sharedBox(st *setter) *box {
	c := st.c
	if c.cas.boxInherits {
		c.box = &w.box
		st.applyBox()
		return shared(w.cache.boxes, c.box)
	}
	inh := c.inh
	k := boxKey{color: inh.Color, item: st.parent.laysOutItems()}
	if c.cas.boxed {
		k = boxKey{c.cas, c.vars, inh.Color, inh.FontSize, inh.LineHeight.Px, inh.Direction, inh.WritingMode, c.dark(), inh.ForcedAdjust, k.item, w.root.rem, w.root.rlh}
	}
	if b := w.boxes[k]; b != nil {
		return b
	}
	c.box = &w.box
	st.applyBox()
	b := shared(w.cache.boxes, c.box)
	w.boxes[k] = b
	return b
}

// setter fills in a Computed.
type setter struct {
	w        *world
	parent   *Computed
	c        *Computed
	borders  [4]*colorExpr
	outline  *colorExpr
	decor    *colorExpr
	isGiven  [propInlineSize]bool
	lastSeqs [propInlineSize]int32
}

// applyInherited sets the values of inherited properties.
func (st *setter) applyInherited() {
	sized := false
	for i := range st.c.cas.winners {
		w := &st.c.cas.winners[i]
		if w.prop >= propDisplay {
			break
		}
		if !sized && w.prop > propFontFamily {
			st.fixedPitch()
			sized = true
		}
		st.one(w.prop, w)
	}
	if !sized {
		st.fixedPitch()
	}
	if st.c.inh.FontSize != st.parent.inh.FontSize {
		st.scaleLineHeight()
	}
	if st.w.mode.TextSpacing {
		st.textSpacing()
	}
}

// applyBox sets the values of the other properties. A logical property and the
// one it stands for compete by order.
func (st *setter) applyBox() {
	*st.c.box = initialBox
	for i := range st.c.cas.winners {
		w := &st.c.cas.winners[i]
		p := w.prop
		if p < propDisplay {
			continue
		}
		if p >= propOther {
			break
		}
		if p >= propInlineSize {
			p = physicalProp(p, st.c.inh.WritingMode, st.c.inh.Direction)
		}
		if w.seq < st.lastSeqs[p] {
			continue
		}
		st.lastSeqs[p] = w.seq
		st.one(p, w)
	}
	st.finish()
}

// one sets one property from its winner.
func (st *setter) one(p prop, w *winner) {
	switch w.decl.wide {
	case wideInherit:
		st.inherit(p)
		return
	case wideInitial:
		st.setInitial(p)
		return
	case wideUnset, wideRevert, wideRevertLayer:
		st.unset(p)
		return
	}
	v, ok := st.c.value(w)
	if !ok {
		st.unset(p) // invalid at computed-value time
		return
	}
	if st.overridden(p, w, v) {
		st.revert(p, w)
		return
	}
	st.isGiven[p] = true
	st.set(p, v)
}

// revert sets a property as if its author had not (CSS Color Adjustment 1, 3.1).
func (st *setter) revert(p prop, w *winner) {
	if w.under == nil {
		st.unset(p)
		return
	}
	st.one(p, &winner{prop: p, decl: w.under, seq: w.seq, page: -1})
}

func (st *setter) unset(p prop) {
	if properties[p].inherited {
		st.inherit(p)
		return
	}
	st.setInitial(p)
}

func (st *setter) setInitial(p prop) {
	st.isGiven[p] = false
	st.set(p, initials[p])
}

// overridden says whether forced colours put a colour of the author aside.
func (st *setter) overridden(p prop, w *winner, v value) bool {
	if !st.w.forced || !w.author || st.c.inh.ForcedAdjust == "none" {
		return false
	}
	switch p {
	case propTextShadow, propBoxShadow:
		return true
	case propBackgroundColor:
		return false // handled with its alpha
	case propBackgroundImage:
		return !strings.Contains(v.text, "url(")
	}
	return properties[p].kind == colorValue && v.col != nil && !v.col.system()
}

// value returns the value of a winner, with custom properties put in.
func (c *Computed) value(w *winner) (value, bool) {
	d := w.decl
	if !d.vars {
		return d.val, true
	}
	k := valueKey{d, c.vars}
	got, seen := c.world.values[k]
	if !seen {
		got.v, got.ok = c.substituted(d)
		c.world.values[k] = got
	}
	return got.v, got.ok
}

// valueKey is what the value of a declaration with var() depends on.
type valueKey struct {
	d    *decl
	vars *scope
}

type valueOf struct {
	v  value
	ok bool
}

// substituted reads the value of a declaration with custom properties put in.
func (c *Computed) substituted(d *decl) (got value, found bool) {
	text, ok := substitute(c.vars, d.src, d.toks, 0)
	if !ok {
		return value{}, false
	}
	name := d.short
	if name == "" {
		name = properties[d.prop].name
	}
	for _, x := range c.world.cache.parsed(name, text) {
		if x.prop == d.prop {
			got, found = x.value, true
		}
	}
	return got, found
}

// metrics returns what relative units refer to in a property.
func (st *setter) metrics(p prop) *metrics {
	m := st.w.root
	m.em = st.c.inh.FontSize
	m.lh = st.c.inh.LineHeight.Px
	m.percentOf = math.NaN()
	switch p {
	case propFontSize:
		m.em = st.parent.inh.FontSize
		m.lh = st.parent.inh.LineHeight.Px
		m.percentOf = m.em
	case propLineHeight:
		m.percentOf = m.em
		m.lh = st.parent.inh.LineHeight.Px
	case propLetterSpacing, propWordSpacing:
		m.percentOf = m.em
	case propTextDecorationThickness, propOutlineOffset:
		m.percentOf = m.em
	}
	return &m
}

// length computes a length; keywords go into Word.
func (st *setter) length(p prop, v value) Length {
	if v.ex == nil {
		switch v.text {
		case "", "auto", "none", "normal":
			return Length{Kind: Auto, Word: v.text}
		}
		return Length{Kind: Keyword, Word: v.text}
	}
	q := v.ex.eval(st.metrics(p))
	if !q.ok || q.number && q.px != 0 {
		return Length{Kind: Keyword, Word: "calc()"}
	}
	return Length{Kind: Fixed, Px: q.px, Percent: q.pct}
}

// px computes a length that must come to pixels; ok is false when it does not.
func (st *setter) px(p prop, v value) (float64, bool) {
	if v.ex == nil {
		return 0, true
	}
	q := v.ex.eval(st.metrics(p))
	return q.px, q.ok
}

// color computes a colour.
func (st *setter) color(e *colorExpr) Color {
	c, _ := st.known(e)
	return c
}

func (st *setter) known(e *colorExpr) (Color, bool) {
	if e == nil {
		return Transparent, true
	}
	return e.resolve(colorEnv{st.c.inh.Color, st.dark()})
}

func (st *setter) dark() bool { return st.c.dark() }

// dark says whether the element uses the dark colour scheme.
func (c *Computed) dark() bool {
	if c.world.forced {
		return c.world.dark
	}
	if c.inh.ColorScheme == "normal" {
		return false
	}
	words := " " + c.inh.ColorScheme + " "
	dark, light := strings.Contains(words, " dark "), strings.Contains(words, " light ")
	return dark && (c.world.dark || !light)
}

// fontSizes are the sizes of the keywords, relative to medium.
var fontSizes = map[string]float64{"xx-small": 9.0 / 16, "x-small": 10.0 / 16, "small": 13.0 / 16, "medium": 1,
	"-webkit-small-control": 13.3333 / 16, "large": 18.0 / 16, "x-large": 24.0 / 16, "xx-large": 2, "xxx-large": 3}

func (st *setter) fontSize(v value) float64 {
	parent := st.parent.inh.FontSize
	if v.ex == nil {
		switch v.text {
		case "smaller":
			return parent / 1.2
		case "larger":
			return parent * 1.2
		case "math":
			return parent
		}
		st.c.inh.AbsoluteSize = v.text == "-webkit-small-control"
		return 16 * st.w.mode.scale() * fontSizes[v.text]
	}
	st.c.inh.AbsoluteSize = st.parent.inh.AbsoluteSize || v.ex.uses(unitPx, unitVw, unitVh, unitVmin, unitVmax)
	px, ok := st.px(propFontSize, v)
	if !ok {
		return parent
	}
	return max(px, 0)
}

// fixedPitch is what browsers do where the family becomes monospace alone, or
// no longer is: the default size of such fonts is 13 px instead of 16.
func (st *setter) fixedPitch() {
	inh, from := st.c.inh, st.parent.inh
	if inh.FontFamily == from.FontFamily || inh.AbsoluteSize {
		return
	}
	is, was := strings.EqualFold(inh.FontFamily, "monospace"), strings.EqualFold(from.FontFamily, "monospace")
	switch {
	case is && !was:
		inh.FontSize *= 13.0 / 16
	case was && !is:
		inh.FontSize *= 16.0 / 13
	}
}

func (st *setter) fontWeight(v value) int {
	parent := st.parent.inh.FontWeight
	if v.ex != nil {
		return min(max(int(v.ex.eval(st.metrics(propFontWeight)).px), 1), 1000)
	}
	switch v.text {
	case "bold":
		return 700
	case "bolder":
		switch {
		case parent < 350:
			return 400
		case parent < 550:
			return 700
		}
		return max(parent, 900)
	case "lighter":
		switch {
		case parent < 100:
			return parent
		case parent < 550:
			return 100
		case parent < 750:
			return 400
		}
		return 700
	}
	return 400
}

func (st *setter) lineHeight(v value) LineHeight {
	if v.ex == nil {
		return LineHeight{Normal: true, Px: normalLineHeight * st.c.inh.FontSize}
	}
	q := v.ex.eval(st.metrics(propLineHeight))
	switch {
	case !q.ok:
		return st.parent.inh.LineHeight
	case q.number:
		return LineHeight{Number: q.px, Px: q.px * st.c.inh.FontSize}
	}
	return LineHeight{Px: q.px}
}

// finish settles what depends on several properties.
func (st *setter) finish() {
	c := st.c
	b := c.box
	for i := range b.Border {
		b.Border[i].Color = st.lineColor(st.borders[i])
		dropWidth(&b.Border[i])
	}
	b.Outline.Color = st.lineColor(st.outline)
	b.TextDecoration.Color = st.lineColor(st.decor)
	b.InTextColor = 0
	for i, e := range []*colorExpr{st.borders[0], st.borders[1], st.borders[2], st.borders[3], st.outline, st.decor} {
		if e == nil || e.op == colorCurrent {
			b.InTextColor |= 1 << i
		}
	}
	dropWidth(&b.Outline)
	if st.w.forced && c.inh.ForcedAdjust != "none" && st.isGiven[propBackgroundColor] {
		st.forceBackground()
	}
	if x, y := b.OverflowX, b.OverflowY; visibleOrClip(x) != visibleOrClip(y) {
		b.OverflowX, b.OverflowY = scrollable(x), scrollable(y)
	}
	if b.Float != "none" || b.Position == "absolute" || b.Position == "fixed" || st.parent.laysOutItems() {
		b.Display = blockify(b.Display)
	}
}

func visibleOrClip(v string) bool { return v == "visible" || v == "clip" }

// scrollable is what overflow becomes beside a value that scrolls in the other
// direction.
func scrollable(v string) string {
	switch v {
	case "visible":
		return "auto"
	case "clip":
		return "hidden"
	}
	return v
}

// scaleLineHeight gives an inherited factor its height at the element's own
// font size.
func (st *setter) scaleLineHeight() {
	if st.isGiven[propLineHeight] {
		return
	}
	lh := &st.c.inh.LineHeight
	switch {
	case lh.Normal:
		lh.Px = normalLineHeight * st.c.inh.FontSize
	case lh.Number > 0:
		lh.Px = lh.Number * st.c.inh.FontSize
	}
}

// textSpacing applies the metrics of WCAG 2.2, 1.4.12.
func (st *setter) textSpacing() {
	inh := st.c.inh
	inh.LineHeight = LineHeight{Number: 1.5, Px: 1.5 * inh.FontSize}
	inh.LetterSpacing, inh.WordSpacing = 0.12*inh.FontSize, 0.16*inh.FontSize
}

func dropWidth(l *Line) {
	if l.Style == "none" || l.Style == "hidden" {
		l.Width = 0
	}
}

// lineColor returns the colour of a line; without one it is the text colour.
func (st *setter) lineColor(e *colorExpr) Color {
	if e == nil {
		return st.c.inh.Color
	}
	return st.color(e)
}

// forceBackground replaces the author's background colour by the system's, and
// keeps its alpha (CSS Color Adjustment 1, 3.1).
func (st *setter) forceBackground() {
	w := st.c.cas.find(propBackgroundColor)
	if w == nil || !w.author {
		return
	}
	if v, ok := st.c.value(w); ok && v.col != nil && v.col.system() {
		return
	}
	canvas := systemColor("canvas", st.dark())
	canvas.A = st.c.box.BackgroundColor.A
	st.c.box.BackgroundColor = canvas
}

// laysOutItems says whether boxes in c are items of flex or grid; those in a box
// that display: contents takes away are in the one around it.
func (c *Computed) laysOutItems() bool {
	for c.parent != nil && c.box.Display == "contents" {
		c = c.parent
	}
	switch c.box.Display {
	case "flex", "inline-flex", "grid", "inline-grid":
		return true
	}
	return false
}

// blockify is what floating, absolute positioning and being an item of flex or
// grid do to display (CSS Display 3, 2.7).
func blockify(d string) string {
	switch d {
	case "inline", "inline-block", "table-row-group", "table-column", "table-column-group", "table-header-group",
		"table-footer-group", "table-row", "table-cell", "table-caption", "ruby", "ruby-text":
		return "block"
	case "inline-flex":
		return "flex"
	case "inline-grid":
		return "grid"
	case "inline-table":
		return "table"
	}
	return d
}
