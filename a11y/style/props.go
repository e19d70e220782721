package style

import "strings"

// A prop is a longhand property.
type prop uint16

// The properties that have typed values. Those that others depend on come
// first, as values are computed in this order.
const (
	propNone prop = iota
	propColorScheme
	propForcedAdjust
	propFontSize
	propFontWeight
	propFontFamily
	propFontStyle
	propLineHeight
	propColor
	propDirection
	propWritingMode
	propTextOrientation
	propVisibility
	propLetterSpacing
	propWordSpacing
	propTextIndent
	propTextAlign
	propTextTransform
	propWhiteSpace
	propCursor
	propPointerEvents
	propListStyleType
	propTextShadow
	propHyphens
	propLineBreak
	propWordBreak
	propOverflowWrap
	propDisplay
	propPosition
	propFloat
	propOverflowX
	propOverflowY
	propContentVisibility
	propBackgroundColor
	propBackgroundImage
	propBackgroundClip
	propOpacity
	propWidth
	propHeight
	propMinWidth
	propMinHeight
	propMaxWidth
	propMaxHeight
	propMarginTop
	propMarginRight
	propMarginBottom
	propMarginLeft
	propPaddingTop
	propPaddingRight
	propPaddingBottom
	propPaddingLeft
	propTop
	propRight
	propBottom
	propLeft
	propBorderTopStyle
	propBorderRightStyle
	propBorderBottomStyle
	propBorderLeftStyle
	propBorderTopWidth
	propBorderRightWidth
	propBorderBottomWidth
	propBorderLeftWidth
	propBorderTopColor
	propBorderRightColor
	propBorderBottomColor
	propBorderLeftColor
	propOutlineStyle
	propOutlineWidth
	propOutlineColor
	propOutlineOffset
	propClip
	propClipPath
	propTransform
	propTextDecorationLine
	propTextDecorationStyle
	propTextDecorationColor
	propTextDecorationThickness
	propContent
	propFilter
	propBackdropFilter
	propMixBlendMode
	propMaskImage
	propBoxShadow
	propZIndex
	propAnimationName
	propVerticalAlign
	propUserSelect
	propAppearance
	propTextOverflow
	propObjectFit
	propOrder
	propFlexDirection
	propFlexWrap
	// Logical properties; each stands for one of those above.
	propInlineSize
	propBlockSize
	propMinInlineSize
	propMinBlockSize
	propMaxInlineSize
	propMaxBlockSize
	propMarginBlockStart
	propMarginInlineEnd
	propMarginBlockEnd
	propMarginInlineStart
	propPaddingBlockStart
	propPaddingInlineEnd
	propPaddingBlockEnd
	propPaddingInlineStart
	propInsetBlockStart
	propInsetInlineEnd
	propInsetBlockEnd
	propInsetInlineStart
	propBorderBlockStartStyle
	propBorderInlineEndStyle
	propBorderBlockEndStyle
	propBorderInlineStartStyle
	propBorderBlockStartWidth
	propBorderInlineEndWidth
	propBorderBlockEndWidth
	propBorderInlineStartWidth
	propBorderBlockStartColor
	propBorderInlineEndColor
	propBorderBlockEndColor
	propBorderInlineStartColor
	propOverflowBlock
	propOverflowInline
	propOther // the first of the properties kept as text
)

// valueKind says how the value of a property is read.
type valueKind uint8

const (
	textValue   valueKind = iota // any text
	wordValue                    // one keyword out of a list
	wordsValue                   // keywords, lower-cased
	colorValue                   // a colour
	lengthValue                  // a length, percentage or keyword
	sizeValue                    // lengthValue without negative numbers
	fontSizeValue
	lineHeightValue
	weightValue
	numberValue
	lineWidthValue
	spacingValue
)

type propInfo struct {
	name      string
	inherited bool
	kind      valueKind
	initial   string
	words     string // what a wordValue may be; what a lengthValue may be beside lengths
}

const (
	lineStyles = " none hidden dotted dashed solid double groove ridge inset outset "
	sizeWords  = " auto min-content max-content fit-content stretch -webkit-fill-available -moz-available "
	maxWords   = " none min-content max-content fit-content stretch -webkit-fill-available -moz-available "
	overflows  = " visible hidden clip scroll auto overlay "
)

// typedProps describes the properties that have constants.
var typedProps = [propOther]propInfo{
	propColorScheme:     {"color-scheme", true, wordsValue, "normal", ""},
	propForcedAdjust:    {"forced-color-adjust", true, wordValue, "auto", " auto none preserve-parent-color "},
	propFontSize:        {"font-size", true, fontSizeValue, "medium", ""},
	propFontWeight:      {"font-weight", true, weightValue, "normal", ""},
	propFontFamily:      {"font-family", true, textValue, "serif", ""},
	propFontStyle:       {"font-style", true, wordsValue, "normal", ""},
	propLineHeight:      {"line-height", true, lineHeightValue, "normal", ""},
	propColor:           {"color", true, colorValue, "canvastext", ""},
	propDirection:       {"direction", true, wordValue, "ltr", " ltr rtl "},
	propWritingMode:     {"writing-mode", true, wordValue, "horizontal-tb", " horizontal-tb vertical-rl vertical-lr sideways-rl sideways-lr "},
	propTextOrientation: {"text-orientation", true, wordValue, "mixed", " mixed upright sideways sideways-right "},
	propVisibility:      {"visibility", true, wordValue, "visible", " visible hidden collapse "},
	propLetterSpacing:   {"letter-spacing", true, spacingValue, "normal", ""},
	propWordSpacing:     {"word-spacing", true, spacingValue, "normal", ""},
	propTextIndent:      {"text-indent", true, lengthValue, "0", " hanging each-line "},
	propTextAlign:       {"text-align", true, wordValue, "start", " start end left right center justify match-parent justify-all -webkit-center -webkit-left -webkit-right -webkit-match-parent "},
	propTextTransform:   {"text-transform", true, wordsValue, "none", ""},
	propWhiteSpace:      {"white-space", true, wordsValue, "normal", ""},
	propCursor:          {"cursor", true, textValue, "auto", ""},
	propPointerEvents:   {"pointer-events", true, wordValue, "auto", " auto none visiblepainted visiblefill visiblestroke visible painted fill stroke all bounding-box "},
	propListStyleType:   {"list-style-type", true, textValue, "disc", ""},
	propTextShadow:      {"text-shadow", true, textValue, "none", ""},
	propHyphens:         {"hyphens", true, wordValue, "manual", " none manual auto "},
	propLineBreak:       {"line-break", true, wordValue, "auto", " auto loose normal strict anywhere "},
	propWordBreak:       {"word-break", true, wordValue, "normal", " normal break-all keep-all break-word auto-phrase manual "},
	propOverflowWrap:    {"overflow-wrap", true, wordValue, "normal", " normal break-word anywhere "},

	propDisplay:           {"display", false, wordsValue, "inline", ""},
	propPosition:          {"position", false, wordValue, "static", " static relative absolute fixed sticky -webkit-sticky "},
	propFloat:             {"float", false, wordValue, "none", " none left right inline-start inline-end "},
	propOverflowX:         {"overflow-x", false, wordValue, "visible", overflows},
	propOverflowY:         {"overflow-y", false, wordValue, "visible", overflows},
	propContentVisibility: {"content-visibility", false, wordValue, "visible", " visible auto hidden "},
	propBackgroundColor:   {"background-color", false, colorValue, "transparent", ""},
	propBackgroundImage:   {"background-image", false, textValue, "none", ""},
	propBackgroundClip:    {"background-clip", false, wordsValue, "border-box", ""},
	propOpacity:           {"opacity", false, numberValue, "1", ""},

	propWidth:         {"width", false, sizeValue, "auto", sizeWords},
	propHeight:        {"height", false, sizeValue, "auto", sizeWords},
	propMinWidth:      {"min-width", false, sizeValue, "auto", sizeWords},
	propMinHeight:     {"min-height", false, sizeValue, "auto", sizeWords},
	propMaxWidth:      {"max-width", false, sizeValue, "none", maxWords},
	propMaxHeight:     {"max-height", false, sizeValue, "none", maxWords},
	propMarginTop:     {"margin-top", false, lengthValue, "0", " auto "},
	propMarginRight:   {"margin-right", false, lengthValue, "0", " auto "},
	propMarginBottom:  {"margin-bottom", false, lengthValue, "0", " auto "},
	propMarginLeft:    {"margin-left", false, lengthValue, "0", " auto "},
	propPaddingTop:    {"padding-top", false, sizeValue, "0", ""},
	propPaddingRight:  {"padding-right", false, sizeValue, "0", ""},
	propPaddingBottom: {"padding-bottom", false, sizeValue, "0", ""},
	propPaddingLeft:   {"padding-left", false, sizeValue, "0", ""},
	propTop:           {"top", false, lengthValue, "auto", " auto "},
	propRight:         {"right", false, lengthValue, "auto", " auto "},
	propBottom:        {"bottom", false, lengthValue, "auto", " auto "},
	propLeft:          {"left", false, lengthValue, "auto", " auto "},

	propBorderTopStyle:    {"border-top-style", false, wordValue, "none", lineStyles},
	propBorderRightStyle:  {"border-right-style", false, wordValue, "none", lineStyles},
	propBorderBottomStyle: {"border-bottom-style", false, wordValue, "none", lineStyles},
	propBorderLeftStyle:   {"border-left-style", false, wordValue, "none", lineStyles},
	propBorderTopWidth:    {"border-top-width", false, lineWidthValue, "medium", ""},
	propBorderRightWidth:  {"border-right-width", false, lineWidthValue, "medium", ""},
	propBorderBottomWidth: {"border-bottom-width", false, lineWidthValue, "medium", ""},
	propBorderLeftWidth:   {"border-left-width", false, lineWidthValue, "medium", ""},
	propBorderTopColor:    {"border-top-color", false, colorValue, "currentcolor", ""},
	propBorderRightColor:  {"border-right-color", false, colorValue, "currentcolor", ""},
	propBorderBottomColor: {"border-bottom-color", false, colorValue, "currentcolor", ""},
	propBorderLeftColor:   {"border-left-color", false, colorValue, "currentcolor", ""},
	propOutlineStyle:      {"outline-style", false, wordValue, "none", lineStyles + "auto "},
	propOutlineWidth:      {"outline-width", false, lineWidthValue, "medium", ""},
	propOutlineColor:      {"outline-color", false, colorValue, "currentcolor", " auto invert "},
	propOutlineOffset:     {"outline-offset", false, lengthValue, "0", ""},

	propClip:                    {"clip", false, textValue, "auto", ""},
	propClipPath:                {"clip-path", false, textValue, "none", ""},
	propTransform:               {"transform", false, textValue, "none", ""},
	propTextDecorationLine:      {"text-decoration-line", false, wordsValue, "none", ""},
	propTextDecorationStyle:     {"text-decoration-style", false, wordValue, "solid", " solid double dotted dashed wavy "},
	propTextDecorationColor:     {"text-decoration-color", false, colorValue, "currentcolor", ""},
	propTextDecorationThickness: {"text-decoration-thickness", false, lengthValue, "auto", " auto from-font "},
	propContent:                 {"content", false, textValue, "normal", ""},
	propFilter:                  {"filter", false, textValue, "none", ""},
	propBackdropFilter:          {"backdrop-filter", false, textValue, "none", ""},
	propMixBlendMode:            {"mix-blend-mode", false, wordsValue, "normal", ""},
	propMaskImage:               {"mask-image", false, textValue, "none", ""},
	propBoxShadow:               {"box-shadow", false, textValue, "none", ""},
	propZIndex:                  {"z-index", false, wordsValue, "auto", ""},
	propAnimationName:           {"animation-name", false, textValue, "none", ""},
	propVerticalAlign:           {"vertical-align", false, textValue, "baseline", ""},
	propUserSelect:              {"user-select", false, wordsValue, "auto", ""},
	propAppearance:              {"appearance", false, wordsValue, "none", ""},
	propTextOverflow:            {"text-overflow", false, textValue, "clip", ""},
	propObjectFit:               {"object-fit", false, wordsValue, "fill", ""},
	propOrder:                   {"order", false, wordsValue, "0", ""},
	propFlexDirection:           {"flex-direction", false, wordValue, "row", " row row-reverse column column-reverse "},
	propFlexWrap:                {"flex-wrap", false, wordValue, "nowrap", " nowrap wrap wrap-reverse "},
}

// logicalOf says, for each logical property, which four physical ones it may
// stand for and at which of the logical sides it lies.
var logicalOf = func() map[prop]logical {
	m := map[prop]logical{}
	edges := func(first prop, names string, top prop) {
		for i := range prop(4) { // block-start, inline-end, block-end, inline-start
			info := typedProps[top+i]
			p := first + i
			info.name = strings.Replace(names, "*", [4]string{"block-start", "inline-end", "block-end", "inline-start"}[i], 1)
			typedProps[p] = info
			m[p] = logical{edge: int(i), physical: top}
		}
	}
	edges(propMarginBlockStart, "margin-*", propMarginTop)
	edges(propPaddingBlockStart, "padding-*", propPaddingTop)
	edges(propInsetBlockStart, "inset-*", propTop)
	edges(propBorderBlockStartStyle, "border-*-style", propBorderTopStyle)
	edges(propBorderBlockStartWidth, "border-*-width", propBorderTopWidth)
	edges(propBorderBlockStartColor, "border-*-color", propBorderTopColor)
	axes := func(inline, block prop, inlineName, blockName string, x, y prop) {
		typedProps[inline], typedProps[block] = typedProps[x], typedProps[y]
		typedProps[inline].name, typedProps[block].name = inlineName, blockName
		m[inline] = logical{axis: true, physical: x, other: y}
		m[block] = logical{axis: true, physical: y, other: x}
	}
	axes(propInlineSize, propBlockSize, "inline-size", "block-size", propWidth, propHeight)
	axes(propMinInlineSize, propMinBlockSize, "min-inline-size", "min-block-size", propMinWidth, propMinHeight)
	axes(propMaxInlineSize, propMaxBlockSize, "max-inline-size", "max-block-size", propMaxWidth, propMaxHeight)
	axes(propOverflowInline, propOverflowBlock, "overflow-inline", "overflow-block", propOverflowX, propOverflowY)
	return m
}()

// logical tells where a logical property lies.
type logical struct {
	axis     bool // a size: physical when horizontal, other when vertical
	edge     int  // 0 block-start, 1 inline-end, 2 block-end, 3 inline-start
	physical prop // the top one of four edges, or the size
	other    prop
}

// physicalProp maps a logical property to the one it stands for.
func physicalProp(p prop, writingMode, direction string) prop {
	l, ok := logicalOf[p]
	if !ok {
		return p
	}
	vertical := writingMode != "horizontal-tb"
	if l.axis {
		if vertical {
			return l.other
		}
		return l.physical
	}
	// The sides in the order block-start, inline-end, block-end, inline-start.
	sides := [4]prop{0, 1, 2, 3}
	switch {
	case writingMode == "vertical-rl" || writingMode == "sideways-rl":
		sides = [4]prop{1, 2, 3, 0}
	case vertical:
		sides = [4]prop{3, 2, 1, 0}
	}
	if (direction == "rtl") != (writingMode == "sideways-lr") {
		sides[1], sides[3] = sides[3], sides[1]
	}
	return l.physical + sides[l.edge]
}

// otherProps are known properties that are kept as text, with their initial
// value; an inherited one is marked with a star.
const otherProps = `accent-color*auto align-content:normal align-items:normal align-self:auto
	animation-composition:replace animation-delay:0s animation-direction:normal animation-duration:0s
	animation-fill-mode:none animation-iteration-count:1 animation-play-state:running
	animation-timing-function:ease aspect-ratio:auto backface-visibility:visible
	background-attachment:scroll background-blend-mode:normal background-origin:padding-box
	background-position:0%_0% background-repeat:repeat background-size:auto
	border-collapse*separate border-image-source:none border-image-slice:100% border-image-width:1
	border-image-outset:0 border-image-repeat:stretch border-spacing*0 border-top-left-radius:0
	border-top-right-radius:0 border-bottom-right-radius:0 border-bottom-left-radius:0
	border-start-start-radius:0 border-start-end-radius:0 border-end-start-radius:0
	border-end-end-radius:0 box-decoration-break:slice box-sizing:content-box break-after:auto
	break-before:auto break-inside:auto caption-side*top caret-color*auto clear:none
	column-count:auto column-fill:balance column-gap:normal column-rule-color:currentcolor
	column-rule-style:none column-rule-width:medium column-span:none column-width:auto contain:none
	contain-intrinsic-size:none container-name:none container-type:normal counter-increment:none
	counter-reset:none counter-set:none empty-cells*show fill*black fill-opacity*1 fill-rule*nonzero
	field-sizing:fixed flex-basis:auto flex-grow:0 flex-shrink:1 font-feature-settings*normal
	font-kerning*auto font-optical-sizing*auto font-palette*normal font-size-adjust*none
	font-stretch*normal font-synthesis*weight font-variant*normal font-variant-caps*normal
	font-variant-east-asian*normal font-variant-ligatures*normal font-variant-numeric*normal
	font-variant-alternates*normal font-variant-emoji*normal font-variant-position*normal
	font-variation-settings*normal font-language-override*normal grid-auto-columns:auto
	grid-auto-flow:row grid-auto-rows:auto grid-column-end:auto grid-column-start:auto
	grid-row-end:auto grid-row-start:auto grid-template-areas:none grid-template-columns:none
	grid-template-rows:none hanging-punctuation*none hyphenate-character*auto
	image-orientation*from-image image-rendering*auto isolation:auto justify-content:normal
	justify-items:legacy justify-self:auto list-style-image*none list-style-position*outside
	mask-clip:border-box mask-composite:add mask-mode:match-source mask-origin:border-box
	mask-position:0%_0% mask-repeat:repeat mask-size:auto mask-type:luminance
	object-position:50%_50% offset-path:none orphans*2 overflow-anchor:auto
	overflow-clip-margin:0px overscroll-behavior:auto overscroll-behavior-x:auto
	overscroll-behavior-y:auto page:auto paint-order*normal perspective:none
	perspective-origin:50%_50% position-anchor:auto position-area:none print-color-adjust*economy
	quotes*auto resize:none rotate:none row-gap:normal ruby-align*space-around ruby-position*over
	scale:none scroll-behavior:auto scroll-margin-top:0 scroll-margin-right:0 scroll-margin-bottom:0
	scroll-margin-left:0 scroll-margin-block-start:0 scroll-margin-block-end:0
	scroll-margin-inline-start:0 scroll-margin-inline-end:0 scroll-padding-top:auto
	scroll-padding-right:auto scroll-padding-bottom:auto scroll-padding-left:auto
	scroll-padding-block-start:auto scroll-padding-block-end:auto scroll-padding-inline-start:auto
	scroll-padding-inline-end:auto scroll-snap-align:none scroll-snap-stop:normal
	scroll-snap-type:none scrollbar-color*auto scrollbar-gutter:auto scrollbar-width:auto
	shape-image-threshold:0 shape-margin:0 shape-outside:none speak*auto stroke*none
	stroke-dasharray*none stroke-dashoffset*0 stroke-linecap*butt stroke-linejoin*miter
	stroke-miterlimit*4 stroke-opacity*1 stroke-width*1px tab-size*8 table-layout:auto
	text-align-last*auto text-combine-upright*none text-decoration-skip-ink*auto
	text-emphasis-color*currentcolor text-emphasis-position*over_right text-emphasis-style*none
	text-justify*auto text-rendering*auto text-size-adjust*auto text-spacing-trim*normal
	text-autospace*normal text-underline-offset*auto text-underline-position*auto
	text-wrap-mode*wrap text-wrap-style*auto touch-action:auto transform-box:view-box
	transform-origin:50%_50%_0 transform-style:flat transition-behavior:normal transition-delay:0s
	transition-duration:0s transition-property:all transition-timing-function:ease translate:none
	unicode-bidi:normal view-transition-name:none widows*2 will-change:auto zoom:1
	-webkit-line-clamp:none -webkit-box-orient:horizontal -webkit-tap-highlight-color*transparent
	-webkit-font-smoothing*auto -moz-osx-font-smoothing*auto -webkit-text-fill-color*currentcolor
	-webkit-text-stroke-color*currentcolor -webkit-text-stroke-width*0 -webkit-overflow-scrolling*auto
	math-depth*0 math-style*normal anchor-name:none interpolate-size*numeric-only animation-timeline:auto
	dominant-baseline*auto text-anchor*start stop-color:black stop-opacity:1 marker-start*none
	color-interpolation*srgb clip-rule*nonzero shape-rendering*auto vector-effect:none`

// properties describes every known longhand, by prop.
var properties = func() []propInfo {
	_ = logicalOf // fills in the logical ones
	ps := typedProps[:]
	for w := range strings.FieldsSeq(otherProps) {
		i := strings.IndexAny(w, ":*")
		ps = append(ps, propInfo{name: w[:i], inherited: w[i] == '*', initial: strings.ReplaceAll(w[i+1:], "_", " ")})
	}
	return ps
}()

// propNames finds a property by name.
var propNames = func() map[string]prop {
	m := make(map[string]prop, len(properties))
	for i, p := range properties {
		if p.name != "" {
			m[p.name] = prop(i)
		}
	}
	for alias, name := range map[string]string{
		"word-wrap": "overflow-wrap", "-webkit-appearance": "appearance", "-moz-appearance": "appearance",
		"-webkit-user-select": "user-select", "-moz-user-select": "user-select", "-webkit-transform": "transform",
		"-webkit-filter": "filter", "-webkit-backdrop-filter": "backdrop-filter", "-webkit-clip-path": "clip-path",
		"-webkit-background-clip": "background-clip", "-webkit-mask-image": "mask-image",
		"-webkit-box-shadow": "box-shadow", "-webkit-animation-name": "animation-name",
		"-webkit-text-size-adjust": "text-size-adjust", "-moz-text-size-adjust": "text-size-adjust",
		"-webkit-hyphens": "hyphens", "-webkit-box-sizing": "box-sizing", "-moz-box-sizing": "box-sizing",
		"-webkit-print-color-adjust": "print-color-adjust", "color-adjust": "print-color-adjust",
		"-webkit-flex-direction": "flex-direction", "-webkit-flex-wrap": "flex-wrap", "-webkit-order": "order",
		"grid-row-gap": "row-gap", "grid-column-gap": "column-gap", "-webkit-text-emphasis-style": "text-emphasis-style",
	} {
		m[alias] = m[name]
	}
	return m
}()
