package style

import (
	"math"
	"strings"
)

// isColorSpace says whether color() knows the space.
func isColorSpace(s string) bool {
	switch s {
	case "srgb", "srgb-linear", "display-p3", "a98-rgb", "prophoto-rgb", "rec2020", "xyz", "xyz-d50", "xyz-d65":
		return true
	}
	return false
}

// isMixSpace says whether color-mix() knows the space.
func isMixSpace(s string) bool {
	switch s {
	case "srgb", "srgb-linear", "hsl", "hwb", "lab", "lch", "oklab", "oklch":
		return true
	}
	return isColorSpace(s)
}

// fromChannels converts the arguments of a colour function to sRGB; alpha is
// left at 1. Colours outside sRGB are clipped.
func fromChannels(space string, ch [3]channel) Color {
	v := func(i int, full float64) float64 { // full: what 100% is
		if ch[i].percent {
			return ch[i].v / 100 * full
		}
		return ch[i].v
	}
	var c Color
	switch space {
	case "rgb":
		c = Color{v(0, 255) / 255, v(1, 255) / 255, v(2, 255) / 255, 1}
	case "hsl":
		c = fromHSL(ch[0].v, clamp01(ch[1].v/100), clamp01(ch[2].v/100))
	case "hwb":
		c = fromHWB(ch[0].v, clamp01(ch[1].v/100), clamp01(ch[2].v/100))
	case "lab":
		c = fromXYZ(d50to65(labToXYZ(min(max(v(0, 100), 0), 100), v(1, 125), v(2, 125))))
	case "lch":
		a, b := polar(max(v(1, 150), 0), ch[2].v)
		c = fromXYZ(d50to65(labToXYZ(min(max(v(0, 100), 0), 100), a, b)))
	case "oklab":
		c = fromOKLab(clamp01(v(0, 1)), v(1, 0.4), v(2, 0.4))
	case "oklch":
		a, b := polar(max(v(1, 0.4), 0), ch[2].v)
		c = fromOKLab(clamp01(v(0, 1)), a, b)
	default:
		c = fromRGBSpace(space, [3]float64{v(0, 1), v(1, 1), v(2, 1)})
	}
	return Color{clamp01(c.R), clamp01(c.G), clamp01(c.B), 1}
}

func polar(chroma, hue float64) (a, b float64) {
	h := hue * math.Pi / 180
	return chroma * math.Cos(h), chroma * math.Sin(h)
}

func fromHSL(h, s, l float64) Color {
	h = math.Mod(math.Mod(h, 360)+360, 360)
	f := func(n float64) float64 {
		k := math.Mod(n+h/30, 12)
		return l - s*min(l, 1-l)*max(-1, min(k-3, 9-k, 1))
	}
	return Color{f(0), f(8), f(4), 1}
}

func fromHWB(h, w, b float64) Color {
	if w+b >= 1 {
		g := w / (w + b)
		return Color{g, g, g, 1}
	}
	c := fromHSL(h, 1, 0.5)
	f := func(v float64) float64 { return v*(1-w-b) + w }
	return Color{f(c.R), f(c.G), f(c.B), 1}
}

func toHSL(c Color) (h, s, l float64) {
	hi, lo := max(c.R, c.G, c.B), min(c.R, c.G, c.B)
	l = (hi + lo) / 2
	d := hi - lo
	if d == 0 {
		return 0, 0, l
	}
	s = d / (1 - math.Abs(2*l-1))
	switch hi {
	case c.R:
		h = math.Mod((c.G-c.B)/d+6, 6)
	case c.G:
		h = (c.B-c.R)/d + 2
	default:
		h = (c.R-c.G)/d + 4
	}
	return h * 60, s, l
}

// linear and gamma are the sRGB transfer functions.
func linear(v float64) float64 {
	if a := math.Abs(v); a > 0.04045 {
		return math.Copysign(math.Pow((a+0.055)/1.055, 2.4), v)
	}
	return v / 12.92
}

func gamma(v float64) float64 {
	if a := math.Abs(v); a > 0.0031308 {
		return math.Copysign(1.055*math.Pow(a, 1/2.4)-0.055, v)
	}
	return v * 12.92
}

type matrix [3][3]float64

func (m *matrix) mul(v [3]float64) [3]float64 {
	var r [3]float64
	for i := range m {
		r[i] = m[i][0]*v[0] + m[i][1]*v[1] + m[i][2]*v[2]
	}
	return r
}

// Matrices of CSS Color 4, rounded.
var (
	xyzToSRGB = matrix{{3.2409699419, -1.5373831776, -0.4986107603}, {-0.9692436363, 1.8759675015, 0.0415550574}, {0.0556300797, -0.2039769589, 1.0569715142}}
	p3ToXYZ   = matrix{{0.4865709486, 0.2656676932, 0.1982172852}, {0.2289745641, 0.6917385218, 0.0792869141}, {0, 0.0451133819, 1.0439443689}}
	a98ToXYZ  = matrix{{0.5766690429, 0.1855582379, 0.1882286462}, {0.2973449753, 0.6273635663, 0.0752914585}, {0.0270313614, 0.0706888525, 0.9913375368}}
	proToXYZ  = matrix{{0.7977666449, 0.1351812974, 0.0313477341}, {0.2880748288, 0.7118352342, 0.0000899369}, {0, 0, 0.8251046025}}
	recToXYZ  = matrix{{0.6369580483, 0.1446169036, 0.1688809752}, {0.2627002120, 0.6779980715, 0.0593017165}, {0, 0.0280726930, 1.0609850577}}
	bradford  = matrix{{0.9555766, -0.0230393, 0.0631636}, {-0.0282895, 1.0099416, 0.0210077}, {0.0122982, -0.0204830, 1.3299098}}
	labToLMS  = matrix{{1, 0.3963377774, 0.2158037573}, {1, -0.1055613458, -0.0638541728}, {1, -0.0894841775, -1.2914855480}}
	lmsToRGB  = matrix{{4.0767416621, -3.3077115913, 0.2309699292}, {-1.2684380046, 2.6097574011, -0.3413193965}, {-0.0041960863, -0.7034186147, 1.7076147010}}
	rgbToLMS  = matrix{{0.4122214708, 0.5363325363, 0.0514459929}, {0.2119034982, 0.6806995451, 0.1073969566}, {0.0883024619, 0.2817188376, 0.6299787005}}
	lmsToLab  = matrix{{0.2104542553, 0.7936177850, -0.0040720468}, {1.9779984951, -2.4285922050, 0.4505937099}, {0.0259040371, 0.7827717662, -0.8086757660}}
)

// d50to65 adapts XYZ from the white of print to that of screens.
func d50to65(v [3]float64) [3]float64 { return bradford.mul(v) }

func fromXYZ(v [3]float64) Color {
	r := xyzToSRGB.mul(v)
	return Color{gamma(r[0]), gamma(r[1]), gamma(r[2]), 1}
}

func labToXYZ(l, a, b float64) [3]float64 {
	const k, e = 24389.0 / 27, 216.0 / 24389
	fy := (l + 16) / 116
	f := [3]float64{fy + a/500, fy, fy - b/200}
	white := [3]float64{0.96422, 1, 0.82521}
	var v [3]float64
	for i := range f {
		v[i] = f[i] * f[i] * f[i]
		if v[i] <= e {
			v[i] = (116*f[i] - 16) / k
		}
		v[i] *= white[i]
	}
	return v
}

func fromOKLab(l, a, b float64) Color {
	lms := labToLMS.mul([3]float64{l, a, b})
	for i := range lms {
		lms[i] = lms[i] * lms[i] * lms[i]
	}
	r := lmsToRGB.mul(lms)
	return Color{gamma(r[0]), gamma(r[1]), gamma(r[2]), 1}
}

func toOKLab(c Color) [3]float64 {
	lms := rgbToLMS.mul([3]float64{linear(c.R), linear(c.G), linear(c.B)})
	for i := range lms {
		lms[i] = math.Cbrt(lms[i])
	}
	return lmsToLab.mul(lms)
}

// fromRGBSpace converts from one of the spaces of color().
func fromRGBSpace(space string, v [3]float64) Color {
	power := func(p float64) [3]float64 {
		var r [3]float64
		for i := range v {
			r[i] = math.Copysign(math.Pow(math.Abs(v[i]), p), v[i])
		}
		return r
	}
	switch space {
	case "srgb-linear":
		return Color{gamma(v[0]), gamma(v[1]), gamma(v[2]), 1}
	case "display-p3":
		return fromXYZ(p3ToXYZ.mul([3]float64{linear(v[0]), linear(v[1]), linear(v[2])}))
	case "a98-rgb":
		return fromXYZ(a98ToXYZ.mul(power(563.0 / 256)))
	case "prophoto-rgb":
		return fromXYZ(d50to65(proToXYZ.mul(power(1.8))))
	case "rec2020":
		return fromXYZ(recToXYZ.mul(power(2.4)))
	case "xyz", "xyz-d65":
		return fromXYZ(v)
	case "xyz-d50":
		return fromXYZ(d50to65(v))
	}
	return Color{v[0], v[1], v[2], 1}
}

// mix interpolates premultiplied colours as color-mix() does.
func mix(space string, a, b Color, pa, pb float64) Color {
	alpha := a.A*pa + b.A*pb
	if alpha == 0 {
		return Transparent
	}
	to, from, hue := mixSpace(space)
	x, y := to(a), to(b)
	if hue >= 0 {
		switch d := y[hue] - x[hue]; {
		case a.A == 0 || achromatic(x, hue):
			x[hue] = y[hue]
		case b.A == 0 || achromatic(y, hue):
			y[hue] = x[hue]
		case d > 180:
			x[hue] += 360
		case d < -180:
			y[hue] += 360
		}
	}
	var r [3]float64
	for i := range r {
		if i == hue {
			r[i] = x[i]*pa + y[i]*pb
			continue
		}
		r[i] = (x[i]*a.A*pa + y[i]*b.A*pb) / alpha
	}
	c := from(r)
	return Color{clamp01(c.R), clamp01(c.G), clamp01(c.B), alpha}
}

// achromatic says whether a polar colour has no hue to speak of.
func achromatic(v [3]float64, hue int) bool {
	return hue == 2 && v[1] < 1e-4 || hue == 0 && v[1] < 1e-4
}

// mixSpace returns the conversions of an interpolation space and which
// component is a hue, -1 for none.
func mixSpace(space string) (to func(Color) [3]float64, from func([3]float64) Color, hue int) {
	switch space {
	case "srgb":
		return func(c Color) [3]float64 { return [3]float64{c.R, c.G, c.B} },
			func(v [3]float64) Color { return Color{v[0], v[1], v[2], 1} }, -1
	case "hsl", "hwb":
		return func(c Color) [3]float64 { h, s, l := toHSL(c); return [3]float64{h, s, l} },
			func(v [3]float64) Color { return fromHSL(v[0], v[1], v[2]) }, 0
	case "oklch", "lch":
		return func(c Color) [3]float64 {
				v := toOKLab(c)
				h := math.Atan2(v[2], v[1]) * 180 / math.Pi
				return [3]float64{v[0], math.Hypot(v[1], v[2]), math.Mod(h+360, 360)}
			}, func(v [3]float64) Color {
				a, b := polar(v[1], v[2])
				return fromOKLab(v[0], a, b)
			}, 2
	case "oklab", "lab":
		return toOKLab, func(v [3]float64) Color { return fromOKLab(v[0], v[1], v[2]) }, -1
	}
	return func(c Color) [3]float64 { return [3]float64{linear(c.R), linear(c.G), linear(c.B)} },
		func(v [3]float64) Color { return Color{gamma(v[0]), gamma(v[1]), gamma(v[2]), 1} }, -1
}

// systemColors holds the usual values of the system colours, light and dark.
// A reader's system may have others.
var systemColors = func() map[string][2]Color {
	m := map[string][2]Color{}
	for line := range strings.Lines(`canvas ffffff 121212
canvastext 000000 ffffff
linktext 0000ee 9e9eff
visitedtext 551a8b d0adf0
activetext ff0000 ff9e9e
buttonface efefef 6b6b6b
buttontext 000000 ffffff
buttonborder 767676 858585
field ffffff 3b3b3b
fieldtext 000000 ffffff
highlight 3367d1 99c8ff
highlighttext ffffff 000000
selecteditem 3367d1 99c8ff
selecteditemtext ffffff 000000
mark ffff00 ffff00
marktext 000000 000000
graytext 808080 808080
accentcolor 0075ff 99c8ff
accentcolortext ffffff 000000
activeborder 000000 ffffff
activecaption ffffff 121212
appworkspace ffffff 121212
background ffffff 121212
buttonhighlight efefef 6b6b6b
buttonshadow efefef 6b6b6b
captiontext 000000 ffffff
inactiveborder 000000 ffffff
inactivecaption ffffff 121212
inactivecaptiontext 808080 808080
infobackground ffffff 121212
infotext 000000 ffffff
menu ffffff 121212
menutext 000000 ffffff
scrollbar ffffff 121212
threeddarkshadow 767676 858585
threedface efefef 6b6b6b
threedhighlight 767676 858585
threedlightshadow 767676 858585
threedshadow 767676 858585
window ffffff 121212
windowframe 000000 ffffff
windowtext 000000 ffffff
-webkit-link 0000ee 9e9eff
-webkit-activelink ff0000 ff9e9e
-webkit-focus-ring-color e59700 e59700
`) {
		f := strings.Fields(line)
		light, _ := parseHex(f[1])
		dark, _ := parseHex(f[2])
		m[f[0]] = [2]Color{light, dark}
	}
	return m
}()

func systemColor(name string, dark bool) Color {
	c := systemColors[name]
	if dark {
		return c[1]
	}
	return c[0]
}

// namedColors are the colours of CSS with a name.
var namedColors = func() map[string]*colorExpr {
	m := map[string]*colorExpr{}
	fields := strings.Fields(colorNames)
	for i := 0; i+1 < len(fields); i += 2 {
		c, _ := parseHex(fields[i+1])
		m[fields[i]] = &colorExpr{c: c}
	}
	return m
}()

const colorNames = `aliceblue f0f8ff antiquewhite faebd7 aqua 0ff aquamarine 7fffd4 azure f0ffff beige f5f5dc
bisque ffe4c4 black 000 blanchedalmond ffebcd blue 00f blueviolet 8a2be2 brown a52a2a burlywood deb887
cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc
crimson dc143c cyan 0ff darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9
darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b darkolivegreen 556b2f
darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f
darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 darkviolet 9400d3
deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick b22222
floralwhite fffaf0 forestgreen 228b22 fuchsia f0f gainsboro dcdcdc ghostwhite f8f8ff gold ffd700
goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ff69b4
indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5
lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080 lightcyan e0ffff
lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 lightpink ffb6c1
lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 789 lightslategrey 789
lightsteelblue b0c4de lightyellow ffffe0 lime 0f0 limegreen 32cd32 linen faf0e6 magenta f0f
maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db
mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc
mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5
navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 orange ffa500
orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee
palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd
powderblue b0e0e6 purple 800080 rebeccapurple 639 red f00 rosybrown bc8f8f royalblue 4169e1
saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d
silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa
springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347
turquoise 40e0d0 violet ee82ee wheat f5deb3 white fff whitesmoke f5f5f5 yellow ff0 yellowgreen 9acd32`
