package style

import (
	"slices"
	"strings"

	"handrail/a11y/css"
)

// expandShorthand reads the value of a shorthand and emits its longhands.
func expandShorthand(name string, c *cursor, emit func(prop, value)) bool {
	longs := shorthands[name]
	switch name {
	case "all":
		return false // takes only the keywords that every property takes
	case "margin", "padding", "inset", "border-style", "border-width", "border-color",
		"scroll-margin", "scroll-padding", "border-radius":
		return c.fourSides(longs, emit)
	case "overflow", "gap", "grid-gap", "place-items", "place-content", "place-self":
		return c.pair(longs, emit)
	case "font":
		return c.font(emit)
	case "background":
		return c.background(emit)
	case "border":
		return c.anyOrder(longs[:12], 4, emit) && emitInitial(longs[12:], emit)
	case "outline", "border-top", "border-right", "border-bottom", "border-left",
		"border-block-start", "border-block-end", "border-inline-start", "border-inline-end", "column-rule":
		return c.anyOrder(longs, 1, emit)
	case "border-block", "border-inline":
		return c.anyOrder(longs, 2, emit)
	case "text-decoration":
		return c.textDecoration(emit)
	case "list-style":
		return c.listStyle(emit)
	case "flex":
		return c.flex(emit)
	case "flex-flow":
		return c.flexFlow(emit)
	case "animation", "-webkit-animation":
		return c.animation(longs, emit)
	}
	if strings.HasPrefix(name, "margin-") || strings.HasPrefix(name, "padding-") || strings.HasPrefix(name, "inset-") ||
		strings.HasPrefix(name, "border-") && len(longs) == 2 || strings.HasPrefix(name, "scroll-") {
		return c.pair(longs, emit)
	}
	// The rest is kept as text, at the first longhand.
	v := value{text: c.text()}
	c.i = len(c.toks)
	emit(longs[0], v)
	return emitInitial(longs[1:], emit)
}

// initials holds the parsed initial value of each property.
var initials = func() []value {
	vs := make([]value, len(properties))
	for i, p := range properties {
		if p.name == "" {
			continue
		}
		toks, _ := css.Tokenize(p.initial)
		v, ok := parseValue(prop(i), &cursor{src: p.initial, toks: toks})
		if !ok {
			panic("style: bad initial value of " + p.name)
		}
		vs[i] = v
	}
	return vs
}()

func emitInitial(ps []prop, emit func(prop, value)) bool {
	for _, p := range ps {
		emit(p, initials[p])
	}
	return true
}

// one reads the value of p as one component.
func (c *cursor) one(p prop) (value, bool) {
	c.space()
	if c.i >= len(c.toks) {
		return value{}, false
	}
	switch properties[p].kind {
	case textValue, wordsValue:
		sub := &cursor{src: c.src, toks: c.skip()}
		return sub.textValue(p, properties[p].kind == wordsValue)
	}
	return parseValue(p, c)
}

// fourSides reads one to four values for top, right, bottom and left.
func (c *cursor) fourSides(longs []prop, emit func(prop, value)) bool {
	var vs []value
	for !c.done() && len(vs) < 4 {
		if c.peek().IsDelim('/') { // the vertical radii
			c.i = len(c.toks)
			break
		}
		v, ok := c.one(longs[0])
		if !ok {
			return false
		}
		vs = append(vs, v)
	}
	if len(vs) == 0 || !c.done() && !c.peek().IsDelim('/') {
		return false
	}
	pick := [4][4]int{{0, 0, 0, 0}, {0, 1, 0, 1}, {0, 1, 2, 1}, {0, 1, 2, 3}}[len(vs)-1]
	for i, p := range longs {
		emit(p, vs[pick[i]])
	}
	return true
}

// pair reads one or two values.
func (c *cursor) pair(longs []prop, emit func(prop, value)) bool {
	a, ok := c.one(longs[0])
	if !ok {
		return false
	}
	b := a
	if !c.done() {
		if b, ok = c.one(longs[1]); !ok || !c.done() {
			return false
		}
	}
	emit(longs[0], a)
	emit(longs[1], b)
	return true
}

// anyOrder reads style, width and colour in any order; longs holds groups of n
// properties each in that order. What is left out becomes initial.
func (c *cursor) anyOrder(longs []prop, n int, emit func(prop, value)) bool {
	groups := groupByKind(longs, n)
	var got [3]*value
	for !c.done() {
		matched := false
		for i, g := range groups {
			if got[i] != nil {
				continue
			}
			save := c.i
			if v, ok := parseValue(g[0], c); ok {
				got[i] = &v
				matched = true
				break
			}
			c.i = save
		}
		if !matched {
			return false
		}
	}
	for i, g := range groups {
		for _, p := range g {
			v := initials[p]
			if got[i] != nil {
				v = *got[i]
			}
			emit(p, v)
		}
	}
	return true
}

// groupByKind sorts line properties into styles, widths and colours.
func groupByKind(longs []prop, n int) [][]prop {
	groups := make([][]prop, 3)
	for _, p := range longs {
		name := properties[p].name
		i := 2
		switch {
		case strings.HasSuffix(name, "-style"):
			i = 0
		case strings.HasSuffix(name, "-width"):
			i = 1
		}
		groups[i] = append(groups[i], p)
	}
	if len(groups[0]) != n {
		panic("style: line shorthand with odd longhands")
	}
	return groups
}

// font reads the font shorthand.
func (c *cursor) font(emit func(prop, value)) bool {
	if w, ok := c.word(" caption icon menu message-box small-caption status-bar "); ok {
		emitInitial(shorthands["font"], emit)
		return w != "" && c.done()
	}
	style, weight, variant, stretch := initials[propFontStyle], initials[propFontWeight], value{text: "normal"}, value{text: "normal"}
	for {
		if w, ok := c.word(" normal "); ok && w != "" {
			continue
		}
		if w, ok := c.word(" italic oblique "); ok {
			style.text = w
			if t := c.peekAfterSpace(); t.Kind == css.Dimension && strings.EqualFold(t.Text, "deg") {
				c.space()
				c.i++
			}
			continue
		}
		if w, ok := c.word(" small-caps "); ok {
			variant.text = w
			continue
		}
		if w, ok := c.word(" condensed expanded semi-condensed semi-expanded extra-condensed extra-expanded ultra-condensed ultra-expanded "); ok {
			stretch.text = w
			continue
		}
		save := c.i
		if v, ok := parseValue(propFontWeight, c); ok && (v.ex == nil || v.ex.op != 0 || v.ex.unit == unitNone && v.ex.num != 0) {
			weight = v
			continue
		}
		c.i = save
		break
	}
	size, ok := parseValue(propFontSize, c)
	if !ok {
		return false
	}
	height := initials[propLineHeight]
	if c.space(); c.peek().IsDelim('/') {
		c.i++
		if height, ok = parseValue(propLineHeight, c); !ok {
			return false
		}
	}
	if c.done() {
		return false
	}
	family, ok := c.textValue(propFontFamily, false)
	vs := []value{style, variant, weight, stretch, size, height, family}
	for i, p := range shorthands["font"] {
		emit(p, vs[i])
	}
	return ok
}

// peekAfterSpace returns the next token that is not white space.
func (c *cursor) peekAfterSpace() css.Token {
	for i := c.i; i < len(c.toks); i++ {
		if c.toks[i].Kind != css.Space {
			return c.toks[i]
		}
	}
	return css.Token{Kind: css.EOF}
}

// background reads the background shorthand: the colour of the last layer, and
// the images of all.
func (c *cursor) background(emit func(prop, value)) bool {
	col := initials[propBackgroundColor]
	var images []string
	clip := "border-box"
	var rest []string
	layers := c.split()
	for i, l := range layers {
		image := "none"
		var boxes []string
		colored := false
		for !l.done() {
			t := l.peek()
			if i == len(layers)-1 && !colored {
				save := l.i
				if v, ok := l.color(); ok {
					col, colored = value{col: v}, true
					continue
				}
				l.i = save
			}
			start := l.i
			text := clean(css.Text(l.src, l.skip()))
			switch {
			case t.Kind == css.URL || t.Kind == css.Function && isImage(asciiLower(t.Text)):
				if image != "none" {
					return false
				}
				image = text
			case t.Kind == css.Ident && strings.HasSuffix(asciiLower(text), "-box"), t.Is("text"):
				boxes = append(boxes, asciiLower(text))
			case !backgroundPart(t):
				l.i = start
				return false
			case !t.Is("none"):
				rest = append(rest, text)
			}
		}
		if len(boxes) > 0 {
			clip = boxes[len(boxes)-1]
		}
		images = append(images, image)
	}
	list := strings.Join(images, ", ")
	if !slices.ContainsFunc(images, func(s string) bool { return s != "none" }) {
		list = "none"
	}
	emit(propBackgroundColor, col)
	emit(propBackgroundImage, value{text: list})
	emit(propBackgroundClip, value{text: clip})
	for _, p := range shorthands["background"] {
		switch p {
		case propBackgroundColor, propBackgroundImage, propBackgroundClip:
		default:
			v := initials[p]
			if properties[p].name == "background-position" && len(rest) > 0 {
				v = value{text: strings.Join(rest, " ")}
			}
			emit(p, v)
		}
	}
	return true
}

// isImage says whether a function makes an image.
func isImage(name string) bool {
	switch name {
	case "url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade", "element", "paint", "-webkit-gradient":
		return true
	}
	return strings.HasSuffix(name, "-gradient")
}

// backgroundPart says whether a token may stand in a background beside colour
// and image.
func backgroundPart(t css.Token) bool {
	switch t.Kind {
	case css.Number, css.Percentage, css.Dimension:
		return true
	case css.Delim:
		return t.IsDelim('/')
	case css.Function:
		switch asciiLower(t.Text) {
		case "calc", "min", "max", "clamp":
			return true
		}
	case css.Ident:
		return strings.Contains(` none repeat repeat-x repeat-y no-repeat space round scroll fixed local
 left right top bottom center cover contain auto `, " "+asciiLower(t.Text)+" ")
	}
	return false
}

// textDecoration reads the text-decoration shorthand.
func (c *cursor) textDecoration(emit func(prop, value)) bool {
	vs := map[prop]value{}
	var lines []string
	for !c.done() {
		if w, ok := c.word(" none underline overline line-through blink spelling-error grammar-error "); ok {
			lines = append(lines, w)
			continue
		}
		matched := false
		for _, p := range []prop{propTextDecorationStyle, propTextDecorationColor, propTextDecorationThickness} {
			save := c.i
			if v, ok := parseValue(p, c); ok {
				vs[p], matched = v, true
				break
			}
			c.i = save
		}
		if !matched {
			return false
		}
	}
	if len(lines) > 0 {
		vs[propTextDecorationLine] = value{text: strings.Join(lines, " ")}
	}
	for _, p := range shorthands["text-decoration"] {
		v, ok := vs[p]
		if !ok {
			v = initials[p]
		}
		emit(p, v)
	}
	return true
}

// listStyle reads the list-style shorthand.
func (c *cursor) listStyle(emit func(prop, value)) bool {
	kind, position, image := "", "outside", "none"
	for !c.done() {
		t := c.peek()
		if w, ok := c.word(" inside outside "); ok {
			position = w
			continue
		}
		text := clean(css.Text(c.src, c.skip()))
		switch {
		case t.Kind == css.URL || t.Kind == css.Function && isImage(asciiLower(t.Text)):
			image = text
		default:
			kind = text
		}
	}
	if kind == "" {
		kind = "disc"
	}
	longs := shorthands["list-style"]
	emit(longs[0], value{text: kind})
	emit(longs[1], value{text: position})
	emit(longs[2], value{text: image})
	return true
}

// flex reads the flex shorthand.
func (c *cursor) flex(emit func(prop, value)) bool {
	longs := shorthands["flex"]
	set := func(grow, shrink, basis string) bool {
		emit(longs[0], value{text: grow})
		emit(longs[1], value{text: shrink})
		emit(longs[2], value{text: basis})
		return true
	}
	if w, ok := c.word(" none auto initial "); ok {
		return map[string]func() bool{
			"none":    func() bool { return set("0", "0", "auto") },
			"auto":    func() bool { return set("1", "1", "auto") },
			"initial": func() bool { return set("0", "1", "auto") },
		}[w]()
	}
	var nums []string
	basis := ""
	for !c.done() {
		t := c.peek()
		text := clean(css.Text(c.src, c.skip()))
		if t.Kind == css.Number && len(nums) < 2 {
			nums = append(nums, text)
		} else if basis == "" {
			basis = text
		} else {
			return false
		}
	}
	if basis == "" {
		basis = "0%"
	}
	switch len(nums) {
	case 0:
		return set("1", "1", basis)
	case 1:
		return set(nums[0], "1", basis)
	}
	return set(nums[0], nums[1], basis)
}

// flexFlow reads direction and wrap in any order.
func (c *cursor) flexFlow(emit func(prop, value)) bool {
	dir, wrap := initials[propFlexDirection], initials[propFlexWrap]
	for !c.done() {
		if w, ok := c.word(properties[propFlexDirection].words); ok {
			dir.text = w
		} else if w, ok := c.word(properties[propFlexWrap].words); ok {
			wrap.text = w
		} else {
			return false
		}
	}
	emit(propFlexDirection, dir)
	emit(propFlexWrap, wrap)
	return true
}

// animation finds the names and durations of animations.
func (c *cursor) animation(longs []prop, emit func(prop, value)) bool {
	var names, times, counts []string
	for _, l := range c.split() {
		name, time, count := "none", "", "1"
		for !l.done() {
			t := l.peek()
			text := clean(css.Text(l.src, l.skip()))
			switch {
			case t.Kind == css.Dimension && time == "":
				time = text
			case t.Kind == css.Number || t.Is("infinite"):
				count = asciiLower(text)
			case t.Kind == css.Ident && !strings.Contains(animationWords, " "+asciiLower(text)+" "), t.Kind == css.String:
				name = text
			}
		}
		if time == "" {
			time = "0s"
		}
		names, times, counts = append(names, name), append(times, time), append(counts, count)
	}
	for _, p := range longs {
		v := initials[p]
		switch properties[p].name {
		case "animation-name":
			v = value{text: strings.Join(names, ", ")}
		case "animation-duration":
			v = value{text: strings.Join(times, ", ")}
		case "animation-iteration-count":
			v = value{text: strings.Join(counts, ", ")}
		}
		emit(p, v)
	}
	return true
}

const animationWords = ` linear ease ease-in ease-out ease-in-out step-start step-end normal reverse alternate alternate-reverse none forwards backwards both running paused `
