package style

// shorthands lists the longhands of each shorthand.
var shorthands = func() map[string][]prop {
	m := map[string][]prop{}
	add := func(name string, longs ...string) {
		for _, l := range longs {
			p, ok := propNames[l]
			if !ok {
				panic("style: shorthand " + name + " of unknown " + l)
			}
			m[name] = append(m[name], p)
		}
	}
	sides := []string{"top", "right", "bottom", "left"}
	for _, s := range sides {
		add("margin", "margin-"+s)
		add("padding", "padding-"+s)
		add("inset", s)
	}
	for _, part := range []string{"style", "width", "color"} {
		for _, s := range append(sides, "block-start", "block-end", "inline-start", "inline-end") {
			add("border-"+s, "border-"+s+"-"+part)
		}
		for _, s := range sides {
			add("border", "border-"+s+"-"+part)
			add("border-"+part, "border-"+s+"-"+part)
		}
		for _, axis := range []string{"block", "inline"} {
			for _, end := range []string{"start", "end"} {
				add("border-"+axis, "border-"+axis+"-"+end+"-"+part)
				add("border-"+axis+"-"+part, "border-"+axis+"-"+end+"-"+part)
			}
		}
		add("outline", "outline-"+part)
	}
	for _, axis := range []string{"block", "inline"} {
		for _, base := range []string{"margin", "padding", "inset", "scroll-margin", "scroll-padding"} {
			add(base+"-"+axis, base+"-"+axis+"-start", base+"-"+axis+"-end")
		}
	}
	for _, s := range sides {
		add("scroll-margin", "scroll-margin-"+s)
		add("scroll-padding", "scroll-padding-"+s)
	}
	add("border", "border-image-source")
	add("font", "font-style", "font-variant", "font-weight", "font-stretch", "font-size", "line-height", "font-family")
	add("background", "background-color", "background-image", "background-position", "background-size",
		"background-repeat", "background-attachment", "background-origin", "background-clip")
	add("text-decoration", "text-decoration-line", "text-decoration-style", "text-decoration-color", "text-decoration-thickness")
	add("overflow", "overflow-x", "overflow-y")
	add("list-style", "list-style-type", "list-style-position", "list-style-image")
	add("flex", "flex-grow", "flex-shrink", "flex-basis")
	add("flex-flow", "flex-direction", "flex-wrap")
	add("gap", "row-gap", "column-gap")
	add("grid-gap", "row-gap", "column-gap")
	add("place-items", "align-items", "justify-items")
	add("place-content", "align-content", "justify-content")
	add("place-self", "align-self", "justify-self")
	add("animation", "animation-name", "animation-duration", "animation-delay", "animation-iteration-count",
		"animation-timing-function", "animation-direction", "animation-fill-mode", "animation-play-state")
	add("-webkit-animation", "animation-name", "animation-duration")
	add("transition", "transition-property", "transition-duration", "transition-delay", "transition-timing-function")
	add("-webkit-transition", "transition-property", "transition-duration")
	add("border-radius", "border-top-left-radius", "border-top-right-radius", "border-bottom-right-radius", "border-bottom-left-radius")
	add("columns", "column-width", "column-count")
	add("column-rule", "column-rule-width", "column-rule-style", "column-rule-color")
	add("grid-area", "grid-row-start", "grid-column-start", "grid-row-end", "grid-column-end")
	add("grid-row", "grid-row-start", "grid-row-end")
	add("grid-column", "grid-column-start", "grid-column-end")
	add("grid-template", "grid-template-rows", "grid-template-columns", "grid-template-areas")
	add("grid", "grid-template-rows", "grid-template-columns", "grid-template-areas", "grid-auto-rows", "grid-auto-columns", "grid-auto-flow")
	add("text-wrap", "text-wrap-mode", "text-wrap-style")
	add("text-emphasis", "text-emphasis-style", "text-emphasis-color")
	add("-webkit-text-stroke", "-webkit-text-stroke-width", "-webkit-text-stroke-color")
	add("mask", "mask-image", "mask-position", "mask-size", "mask-repeat", "mask-clip", "mask-origin", "mask-composite", "mask-mode")
	add("-webkit-mask", "mask-image", "mask-position", "mask-size", "mask-repeat")
	add("overscroll-behavior", "overscroll-behavior-x", "overscroll-behavior-y")
	delete(m, "overscroll-behavior") // also a longhand of its own here
	add("border-image", "border-image-source", "border-image-slice", "border-image-width", "border-image-outset", "border-image-repeat")
	add("container", "container-name", "container-type")
	add("all", allProps()...)
	return m
}()

// allProps lists what the all shorthand sets.
func allProps() []string {
	var out []string
	for _, p := range properties {
		if p.name != "" && p.name != "direction" && p.name != "unicode-bidi" {
			out = append(out, p.name)
		}
	}
	return out
}
