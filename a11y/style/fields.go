package style

import (
	"math"
	"strings"
)

// set stores the computed value of a property.
func (st *setter) set(p prop, v value) {
	inh, b := st.c.inh, st.c.box
	switch p {
	case propFontSize:
		inh.FontSize = st.fontSize(v)
	case propFontWeight:
		inh.FontWeight = st.fontWeight(v)
	case propLineHeight:
		inh.LineHeight = st.lineHeight(v)
	case propColor:
		st.setColor(v)
	case propLetterSpacing:
		inh.LetterSpacing, _ = st.px(p, v)
	case propWordSpacing:
		inh.WordSpacing, _ = st.px(p, v)
	case propTextIndent:
		inh.TextIndent = st.length(p, v)
	case propTextAlign:
		inh.TextAlign = st.textAlign(v.text)
	case propBackgroundColor:
		b.BackgroundColor = st.color(v.col)
	case propOpacity:
		q := v.ex.eval(st.metrics(p))
		b.Opacity = clamp01(q.px + q.pct/100)
	case propBorderTopColor, propBorderRightColor, propBorderBottomColor, propBorderLeftColor:
		st.borders[p-propBorderTopColor] = v.col
	case propOutlineColor:
		st.outline = v.col
	case propTextDecorationColor:
		st.decor = v.col
	case propBorderTopWidth, propBorderRightWidth, propBorderBottomWidth, propBorderLeftWidth:
		b.Border[p-propBorderTopWidth].Width = st.lineWidth(p, v)
	case propOutlineWidth:
		b.Outline.Width = st.lineWidth(p, v)
	case propOutlineOffset:
		b.OutlineOffset, _ = st.px(p, v)
	case propTextDecorationThickness:
		b.TextDecoration.Width, _ = st.px(p, v)
	default:
		if l := lengthField(b, p); l != nil {
			*l = st.length(p, v)
			return
		}
		if s := st.textField(p); s != nil {
			*s = v.text
		}
	}
}

func (st *setter) setColor(v value) {
	// In the color property, currentcolor is the inherited colour.
	c, _ := v.col.resolve(colorEnv{st.parent.inh.Color, st.dark()})
	st.c.inh.Color = c
}

func (st *setter) lineWidth(p prop, v value) float64 {
	switch v.text {
	case "thin":
		return 1
	case "medium":
		return 3
	case "thick":
		return 5
	}
	px, _ := st.px(p, v)
	if px > 0 && px < 1 {
		return 1
	}
	return math.Floor(max(px, 0))
}

func (st *setter) textAlign(s string) string {
	if s != "match-parent" && s != "-webkit-match-parent" {
		return strings.TrimPrefix(s, "-webkit-")
	}
	if st.c.inh.Direction == st.parent.inh.Direction {
		return st.parent.inh.TextAlign
	}
	rtl := st.parent.inh.Direction == "rtl"
	switch a := st.parent.inh.TextAlign; {
	case a == "start" && !rtl, a == "end" && rtl:
		return "left"
	case a == "start" || a == "end":
		return "right"
	default:
		return a
	}
}

// lengthField returns the field of a property that is a Length.
func lengthField(b *box, p prop) *Length {
	switch p {
	case propWidth:
		return &b.Width
	case propHeight:
		return &b.Height
	case propMinWidth:
		return &b.MinWidth
	case propMinHeight:
		return &b.MinHt
	case propMaxWidth:
		return &b.MaxWidth
	case propMaxHeight:
		return &b.MaxHt
	case propMarginTop, propMarginRight, propMarginBottom, propMarginLeft:
		return &b.Margin[p-propMarginTop]
	case propPaddingTop, propPaddingRight, propPaddingBottom, propPaddingLeft:
		return &b.Padding[p-propPaddingTop]
	case propTop, propRight, propBottom, propLeft:
		return &b.Inset[p-propTop]
	}
	return nil
}

// textField returns the field of a property whose computed value is its text.
func (st *setter) textField(p prop) *string {
	if properties[p].inherited {
		return inheritedText(st.c.inh, p)
	}
	return boxText(st.c.box, p)
}

func inheritedText(inh *inherited, p prop) *string {
	switch p {
	case propColorScheme:
		return &inh.ColorScheme
	case propForcedAdjust:
		return &inh.ForcedAdjust
	case propFontFamily:
		return &inh.FontFamily
	case propFontStyle:
		return &inh.FontStyle
	case propDirection:
		return &inh.Direction
	case propWritingMode:
		return &inh.WritingMode
	case propTextOrientation:
		return &inh.TextOrient
	case propVisibility:
		return &inh.Visibility
	case propTextTransform:
		return &inh.TextTransform
	case propWhiteSpace:
		return &inh.WhiteSpace
	case propCursor:
		return &inh.Cursor
	case propPointerEvents:
		return &inh.PointerEvents
	case propListStyleType:
		return &inh.ListStyleType
	case propTextShadow:
		return &inh.TextShadow
	case propHyphens:
		return &inh.Hyphens
	case propLineBreak:
		return &inh.LineBreak
	case propWordBreak:
		return &inh.WordBreak
	case propOverflowWrap:
		return &inh.OverflowWrap
	case propTextAlign:
		return &inh.TextAlign
	}
	return nil
}

func boxText(b *box, p prop) *string {
	switch p {
	case propDisplay:
		return &b.Display
	case propPosition:
		return &b.Position
	case propFloat:
		return &b.Float
	case propOverflowX:
		return &b.OverflowX
	case propOverflowY:
		return &b.OverflowY
	case propContentVisibility:
		return &b.ContentVisibility
	case propBackgroundImage:
		return &b.BackgroundImage
	case propBackgroundClip:
		return &b.BackgroundClip
	case propBorderTopStyle, propBorderRightStyle, propBorderBottomStyle, propBorderLeftStyle:
		return &b.Border[p-propBorderTopStyle].Style
	case propOutlineStyle:
		return &b.Outline.Style
	case propClip:
		return &b.Clip
	case propClipPath:
		return &b.ClipPath
	case propTransform:
		return &b.Transform
	case propTextDecorationLine:
		return &b.TextDecorationLine
	case propTextDecorationStyle:
		return &b.TextDecoration.Style
	case propContent:
		return &b.Content
	case propFilter:
		return &b.Filter
	case propBackdropFilter:
		return &b.BackdropFilter
	case propMixBlendMode:
		return &b.MixBlendMode
	case propMaskImage:
		return &b.MaskImage
	case propBoxShadow:
		return &b.BoxShadow
	case propZIndex:
		return &b.ZIndex
	case propAnimationName:
		return &b.Animation
	case propVerticalAlign:
		return &b.VerticalAlign
	case propUserSelect:
		return &b.UserSelect
	case propAppearance:
		return &b.Appearance
	case propTextOverflow:
		return &b.TextOverflow
	case propObjectFit:
		return &b.ObjectFit
	case propOrder:
		return &b.Order
	case propFlexDirection:
		return &b.FlexDirection
	case propFlexWrap:
		return &b.FlexWrap
	}
	return nil
}

// lineColor returns the colour of a line as a child inherits it: currentcolor
// stays what it is.
func (b *box) lineColor(i int, c Color) *colorExpr {
	if b.InTextColor&(1<<i) != 0 {
		return currentColor
	}
	return &colorExpr{c: c}
}

// inherit takes the parent's computed value.
func (st *setter) inherit(p prop) {
	st.isGiven[p] = false
	inh, from := st.c.inh, st.parent.inh
	b, fromBox := st.c.box, st.parent.box
	switch p {
	case propFontSize:
		inh.FontSize, inh.AbsoluteSize = from.FontSize, from.AbsoluteSize
	case propFontWeight:
		inh.FontWeight = from.FontWeight
	case propLineHeight:
		inh.LineHeight = from.LineHeight
	case propColor:
		inh.Color = from.Color
	case propLetterSpacing:
		inh.LetterSpacing = from.LetterSpacing
	case propWordSpacing:
		inh.WordSpacing = from.WordSpacing
	case propTextIndent:
		inh.TextIndent = from.TextIndent
	case propBackgroundColor:
		b.BackgroundColor = fromBox.BackgroundColor
	case propOpacity:
		b.Opacity = fromBox.Opacity
	case propBorderTopColor, propBorderRightColor, propBorderBottomColor, propBorderLeftColor:
		i := p - propBorderTopColor
		st.borders[i] = fromBox.lineColor(int(i), fromBox.Border[i].Color)
	case propOutlineColor:
		st.outline = fromBox.lineColor(4, fromBox.Outline.Color)
	case propTextDecorationColor:
		st.decor = fromBox.lineColor(5, fromBox.TextDecoration.Color)
	case propBorderTopWidth, propBorderRightWidth, propBorderBottomWidth, propBorderLeftWidth:
		i := p - propBorderTopWidth
		b.Border[i].Width = fromBox.Border[i].Width
	case propOutlineWidth:
		b.Outline.Width = fromBox.Outline.Width
	case propOutlineOffset:
		b.OutlineOffset = fromBox.OutlineOffset
	case propTextDecorationThickness:
		b.TextDecoration.Width = fromBox.TextDecoration.Width
	default:
		if l := lengthField(b, p); l != nil {
			*l = *lengthField(fromBox, p)
			return
		}
		if properties[p].inherited {
			*inheritedText(inh, p) = *inheritedText(from, p)
			return
		}
		*boxText(b, p) = *boxText(fromBox, p)
	}
}

// typed writes the computed value of a property with a field.
func (c *Computed) typed(p prop) string {
	inh, b := c.inh, c.box
	px := func(v float64) string { return number(v) + "px" }
	switch p {
	case propFontSize:
		return px(inh.FontSize)
	case propFontWeight:
		return number(float64(inh.FontWeight))
	case propLineHeight:
		return inh.LineHeight.String()
	case propColor:
		return inh.Color.String()
	case propLetterSpacing:
		return px(inh.LetterSpacing)
	case propWordSpacing:
		return px(inh.WordSpacing)
	case propTextIndent:
		return inh.TextIndent.String()
	case propBackgroundColor:
		return b.BackgroundColor.String()
	case propOpacity:
		return number(b.Opacity)
	case propBorderTopColor, propBorderRightColor, propBorderBottomColor, propBorderLeftColor:
		return b.Border[p-propBorderTopColor].Color.String()
	case propOutlineColor:
		return b.Outline.Color.String()
	case propTextDecorationColor:
		return b.TextDecoration.Color.String()
	case propBorderTopWidth, propBorderRightWidth, propBorderBottomWidth, propBorderLeftWidth:
		return px(b.Border[p-propBorderTopWidth].Width)
	case propOutlineWidth:
		return px(b.Outline.Width)
	case propOutlineOffset:
		return px(b.OutlineOffset)
	case propTextDecorationThickness:
		return px(b.TextDecoration.Width)
	}
	if l := lengthField(b, p); l != nil {
		return l.String()
	}
	if properties[p].inherited {
		return *inheritedText(inh, p)
	}
	return *boxText(b, p)
}

// String writes the length as CSS does.
func (l Length) String() string {
	switch {
	case l.Kind != Fixed && l.Word == "":
		return "auto"
	case l.Kind != Fixed:
		return l.Word
	case l.Percent == 0:
		return number(l.Px) + "px"
	case l.Px == 0:
		return number(l.Percent) + "%"
	}
	return "calc(" + number(l.Percent) + "% + " + number(l.Px) + "px)"
}

// String writes the line height as CSS does.
func (l LineHeight) String() string {
	switch {
	case l.Normal:
		return "normal"
	case l.Number > 0:
		return number(l.Number)
	}
	return number(l.Px) + "px"
}
