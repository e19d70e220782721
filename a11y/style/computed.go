package style

// A Computed is the computed style of an element or of a pseudo-element. Equal
// styles of a page are one value, so pointers may be compared.
type Computed struct {
	*values
	cas    *cascaded
	parent *Computed // nil for the root element
	world  *world

	// What was found out from it once.
	layers  *layers
	reading *Reading
}

// values are what a style comes to, shared by all styles of a mode that come to
// the same for the same reasons.
type values struct {
	inh  *inherited
	box  *box
	vars *scope
	// texts is the nearest style, itself or above, that sets an inherited
	// property which is kept as text: its parents decide what such properties are.
	texts   *Computed
	digests *Digests // once asked for
}

// inherited holds the typed values of inherited properties.
type inherited struct {
	Color         Color
	FontSize      float64 // px
	FontWeight    int
	LineHeight    LineHeight
	LetterSpacing float64 // px
	WordSpacing   float64 // px
	TextIndent    Length
	Visibility    string
	TextAlign     string
	TextTransform string
	WhiteSpace    string
	Direction     string
	WritingMode   string
	FontStyle     string
	FontFamily    string
	ColorScheme   string
	ForcedAdjust  string // forced-color-adjust
	Cursor        string
	PointerEvents string
	ListStyleType string
	TextShadow    string
	Hyphens       string
	LineBreak     string
	WordBreak     string
	OverflowWrap  string
	TextOrient    string // text-orientation
	AbsoluteSize  bool   // the font size comes from an absolute length
}

// box holds the typed values of properties that are not inherited.
type box struct {
	Display            string
	Position           string
	Float              string
	OverflowX          string
	OverflowY          string
	ContentVisibility  string
	BackgroundColor    Color
	BackgroundImage    string // "none" without one
	Opacity            float64
	Width, Height      Length
	MinWidth, MinHt    Length
	MaxWidth, MaxHt    Length
	Margin             [4]Length // top, right, bottom, left
	Padding            [4]Length
	Inset              [4]Length
	Border             [4]Line
	Outline            Line
	OutlineOffset      float64
	Clip               string
	ClipPath           string
	Transform          string
	TextDecorationLine string
	TextDecoration     Line // style, thickness and colour
	Content            string
	Filter             string
	BackdropFilter     string
	MixBlendMode       string
	MaskImage          string
	BoxShadow          string
	ZIndex             string
	Animation          string // animation-name
	VerticalAlign      string
	UserSelect         string
	Appearance         string
	TextOverflow       string
	BackgroundClip     string
	ObjectFit          string
	Order              string
	FlexDirection      string
	FlexWrap           string
	InTextColor        uint8 // which lines are drawn in currentcolor: the sides, outline, decoration
}

// A Side names an edge of a box.
type Side int

// The sides, in the order of CSS shorthands.
const (
	Top Side = iota
	Right
	Bottom
	Left
)

// A Line is a border, an outline or a text decoration.
type Line struct {
	Style string  // none, solid, …
	Width float64 // px; 0 where Style is none or hidden
	Color Color
}

// Drawn says whether the line can be seen at all.
func (l Line) Drawn() bool {
	return l.Style != "none" && l.Style != "hidden" && l.Width > 0 && l.Color.A > 0
}

// LengthKind says how a Length is to be read.
type LengthKind uint8

// The kinds of lengths.
const (
	Auto    LengthKind = iota // auto, none, normal
	Fixed                     // Px, with Percent of the container added
	Keyword                   // min-content, max-content, fit-content, …
)

// A Length is a computed length: Px plus Percent of a size that only layout
// knows, or a keyword.
type Length struct {
	Kind    LengthKind
	Px      float64
	Percent float64
	Word    string
}

// Known returns the length in CSS pixels when it does not depend on layout.
func (l Length) Known() (float64, bool) {
	return l.Px, l.Kind == Fixed && l.Percent == 0
}

// A LineHeight is a computed line height.
type LineHeight struct {
	Normal bool
	Number float64 // unitless factor; 0 when given as a length
	Px     float64 // used height
}

// Display returns the computed display, one or two keywords.
func (c *Computed) Display() string { return c.box.Display }

// Visibility returns visible, hidden or collapse.
func (c *Computed) Visibility() string { return c.inh.Visibility }

// ContentVisibility returns visible, auto or hidden.
func (c *Computed) ContentVisibility() string { return c.box.ContentVisibility }

// Color returns the text colour; it may have an alpha below 1.
func (c *Computed) Color() Color { return c.inh.Color }

// BackgroundColor returns the element's own background colour.
func (c *Computed) BackgroundColor() Color { return c.box.BackgroundColor }

// BackgroundImage returns the text of background-image, "none" without one.
func (c *Computed) BackgroundImage() string { return c.box.BackgroundImage }

// BackgroundClip returns the text of background-clip.
func (c *Computed) BackgroundClip() string { return c.box.BackgroundClip }

// FontSize returns the size in CSS pixels.
func (c *Computed) FontSize() float64 { return c.inh.FontSize }

// FontWeight returns the weight, 1 to 1000.
func (c *Computed) FontWeight() int { return c.inh.FontWeight }

// FontFamily returns the text of font-family.
func (c *Computed) FontFamily() string { return c.inh.FontFamily }

// FontStyle returns normal, italic or oblique.
func (c *Computed) FontStyle() string { return c.inh.FontStyle }

// LineHeight returns the line height.
func (c *Computed) LineHeight() LineHeight { return c.inh.LineHeight }

// LetterSpacing returns the spacing in CSS pixels, 0 for normal.
func (c *Computed) LetterSpacing() float64 { return c.inh.LetterSpacing }

// WordSpacing returns the spacing in CSS pixels, 0 for normal.
func (c *Computed) WordSpacing() float64 { return c.inh.WordSpacing }

// TextAlign returns the text alignment.
func (c *Computed) TextAlign() string { return c.inh.TextAlign }

// TextTransform returns the text transformation.
func (c *Computed) TextTransform() string { return c.inh.TextTransform }

// TextIndent returns the indentation of the first line.
func (c *Computed) TextIndent() Length { return c.inh.TextIndent }

// TextShadow returns the text of text-shadow, "none" without one.
func (c *Computed) TextShadow() string { return c.inh.TextShadow }

// WhiteSpace returns the text of white-space.
func (c *Computed) WhiteSpace() string { return c.inh.WhiteSpace }

// Direction returns ltr or rtl.
func (c *Computed) Direction() string { return c.inh.Direction }

// WritingMode returns the writing mode.
func (c *Computed) WritingMode() string { return c.inh.WritingMode }

// PointerEvents returns the text of pointer-events.
func (c *Computed) PointerEvents() string { return c.inh.PointerEvents }

// ColorScheme returns the text of color-scheme.
func (c *Computed) ColorScheme() string { return c.inh.ColorScheme }

// Opacity returns the element's own opacity, 0 to 1.
func (c *Computed) Opacity() float64 { return c.box.Opacity }

// Position returns static, relative, absolute, fixed or sticky.
func (c *Computed) Position() string { return c.box.Position }

// Float returns none, left or right.
func (c *Computed) Float() string { return c.box.Float }

// Overflow returns overflow-x and overflow-y.
func (c *Computed) Overflow() (x, y string) { return c.box.OverflowX, c.box.OverflowY }

// Clip returns the text of clip.
func (c *Computed) Clip() string { return c.box.Clip }

// ClipPath returns the text of clip-path.
func (c *Computed) ClipPath() string { return c.box.ClipPath }

// Transform returns the text of transform.
func (c *Computed) Transform() string { return c.box.Transform }

// Filter returns the text of filter.
func (c *Computed) Filter() string { return c.box.Filter }

// Width returns the computed width.
func (c *Computed) Width() Length { return c.box.Width }

// Height returns the computed height.
func (c *Computed) Height() Length { return c.box.Height }

// MinWidth returns the computed min-width.
func (c *Computed) MinWidth() Length { return c.box.MinWidth }

// MinHeight returns the computed min-height.
func (c *Computed) MinHeight() Length { return c.box.MinHt }

// MaxWidth returns the computed max-width.
func (c *Computed) MaxWidth() Length { return c.box.MaxWidth }

// MaxHeight returns the computed max-height.
func (c *Computed) MaxHeight() Length { return c.box.MaxHt }

// Margin returns the margin of a side.
func (c *Computed) Margin(s Side) Length { return c.box.Margin[s] }

// Padding returns the padding of a side.
func (c *Computed) Padding(s Side) Length { return c.box.Padding[s] }

// Inset returns top, right, bottom or left.
func (c *Computed) Inset(s Side) Length { return c.box.Inset[s] }

// Border returns the border of a side.
func (c *Computed) Border(s Side) Line { return c.box.Border[s] }

// Outline returns the outline. The style auto is drawn by the browser in a
// colour of its choice.
func (c *Computed) Outline() Line { return c.box.Outline }

// OutlineOffset returns the offset in CSS pixels.
func (c *Computed) OutlineOffset() float64 { return c.box.OutlineOffset }

// BoxShadow returns the text of box-shadow, "none" without one.
func (c *Computed) BoxShadow() string { return c.box.BoxShadow }

// TextDecorationLine returns the element's own text-decoration-line.
func (c *Computed) TextDecorationLine() string { return c.box.TextDecorationLine }

// TextDecoration returns style, thickness and colour of the decoration.
func (c *Computed) TextDecoration() Line { return c.box.TextDecoration }

// Content returns the text of content, normal or none without any.
func (c *Computed) Content() string { return c.box.Content }

// VerticalAlign returns the text of vertical-align.
func (c *Computed) VerticalAlign() string { return c.box.VerticalAlign }

// Animation returns the text of animation-name, "none" without one.
func (c *Computed) Animation() string { return c.box.Animation }
