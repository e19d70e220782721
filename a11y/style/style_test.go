package style

import (
	"testing"

	"handrail/a11y/dom"
)

// resolve parses a page with its style elements.
func resolve(src string, mode Mode) (*dom.Doc, *Styles) {
	doc := dom.Parse(src)
	return doc, Resolve(doc, Sheets(doc, nil), mode)
}

func TestValue(t *testing.T) {
	tests := []struct{ name, page, prop, want string }{
		{"initial colour", `<p id=x>`, "color", "#000000"},
		{"author colour", `<style>p{color:red}</style><p id=x>`, "color", "#ff0000"},
		{"specificity", `<style>#x{color:red}p{color:blue}</style><p id=x>`, "color", "#ff0000"},
		{"order", `<style>p{color:red}p{color:blue}</style><p id=x>`, "color", "#0000ff"},
		{"important", `<style>p{color:red!important}#x{color:blue}</style><p id=x>`, "color", "#ff0000"},
		{"inline", `<style>#x{color:red}</style><p id=x style="color:blue">`, "color", "#0000ff"},
		{"important beats inline", `<style>p{color:red!important}</style><p id=x style="color:blue">`, "color", "#ff0000"},
		{"inherit", `<style>div{color:red}</style><div><p id=x>`, "color", "#ff0000"},
		{"em", `<style>div{font-size:20px}p{font-size:2em;margin-top:1em}</style><div><p id=x>`, "margin-top", "40px"},
		{"rem", `<style>html{font-size:10px}p{width:3rem}</style><div><p id=x>`, "width", "30px"},
		{"percent font", `<style>p{font-size:150%}</style><p id=x>`, "font-size", "24px"},
		{"vw", `<style>p{width:50vw}</style><p id=x>`, "width", "640px"},
		{"pt", `<style>p{font-size:12pt}</style><p id=x>`, "font-size", "16px"},
		{"calc", `<style>p{width:calc(100% - 2 * 8px)}</style><p id=x>`, "width", "calc(100% + -16px)"},
		{"clamp", `<style>p{font-size:clamp(1rem, 5vw, 2rem)}</style><p id=x>`, "font-size", "32px"},
		{"min", `<style>p{width:min(10px, 1em)}</style><p id=x>`, "width", "10px"},
		{"var", `<style>:root{--a:red}p{color:var(--a)}</style><p id=x>`, "color", "#ff0000"},
		{"var fallback", `<style>p{color:var(--b, blue)}</style><p id=x>`, "color", "#0000ff"},
		{"var chain", `<style>:root{--a:var(--b);--b:#123456}p{color:var(--a)}</style><p id=x>`, "color", "#123456"},
		{"var cycle", `<style>:root{--a:var(--b);--b:var(--a)}p{color:blue;color:var(--a)}</style><p id=x>`, "color", "#000000"},
		{"var in shorthand", `<style>:root{--w:3px}p{border:var(--w) solid red}</style><p id=x>`, "border-left-width", "3px"},
		{"invalid dropped", `<style>p{color:red;color:nonsense}</style><p id=x>`, "color", "#ff0000"},
		{"logical", `<style>p{margin-inline-start:7px}</style><p id=x>`, "margin-left", "7px"},
		{"logical rtl", `<style>p{margin-inline-start:7px}</style><p id=x dir=rtl>`, "margin-right", "7px"},
		{"logical after physical", `<style>p{margin-left:1px;margin-inline:7px 8px}</style><p id=x>`, "margin-left", "7px"},
		{"physical after logical", `<style>p{margin-inline:7px 8px;margin-left:1px}</style><p id=x>`, "margin-left", "1px"},
		{"initial", `<style>p{color:red}#x{color:initial}</style><p id=x>`, "color", "#000000"},
		{"unset", `<style>div{color:red}p{color:blue}#x{color:unset}</style><div><p id=x>`, "color", "#ff0000"},
		{"revert", `<style>b{font-weight:100}#x{font-weight:revert}</style><b id=x>`, "font-weight", "700"},
		{"border-color default", `<style>p{color:red;border:1px solid}</style><p id=x>`, "border-top-color", "#ff0000"},
		{"font shorthand", `<style>p{font:italic bold 20px/1.5 serif}</style><p id=x>`, "line-height", "1.5"},
		{"background shorthand", `<style>p{background:url(a.png) no-repeat #eee}</style><p id=x>`, "background-color", "#eeeeee"},
		{"layer", `<style>@layer a{#x{color:red}}p{color:blue}</style><p id=x>`, "color", "#0000ff"},
		{"layer important", `<style>@layer a{p{color:red!important}}#x{color:blue!important}</style><p id=x>`, "color", "#ff0000"},
		{"media", `<style>@media (max-width:600px){p{color:red}}@media (min-width:601px){p{color:blue}}</style><p id=x>`, "color", "#0000ff"},
		{"supports", `<style>@supports (display:grid){p{color:red}}@supports not (display:grid){p{color:blue}}</style><p id=x>`, "color", "#ff0000"},
		{"nesting", `<style>div{color:blue;p{color:red}}</style><div><p id=x>`, "color", "#ff0000"},
		{"nesting &", `<style>.a{&.b{color:red}}</style><p id=x class="a b">`, "color", "#ff0000"},
		{"nth-child of", `<style>p:nth-child(2 of .a){color:red}</style><p class=a><p><p id=x class=a>`, "color", "#ff0000"},
		{"has", `<style>div:has(> p.a){color:red}</style><div id=x><p class=a></div>`, "color", "#ff0000"},
		{"hint", `<table><tr><td bgcolor=red id=x>`, "background-color", "#ff0000"},
		{"hint below author", `<style>td{background-color:blue}</style><table><tr><td bgcolor=red id=x>`, "background-color", "#0000ff"},
		{"oklch", `<style>p{color:oklch(62.8% 0.2577 29.23)}</style><p id=x>`, "color", "#ff0000"},
		{"lab", `<style>p{color:lab(54.29 80.8 69.9)}</style><p id=x>`, "color", "#ff0000"},
		{"hsl", `<style>p{color:hsl(120 100% 25%)}</style><p id=x>`, "color", "#008000"},
		{"hwb", `<style>p{color:hwb(240 0% 0%)}</style><p id=x>`, "color", "#0000ff"},
		{"color-mix", `<style>p{color:color-mix(in srgb, red, blue 25%)}</style><p id=x>`, "color", "#bf0040"},
		{"display none", `<p id=x hidden>`, "display", "none"},
		{"link in SVG", `<p style="color:red"><svg><a href=/ id=x>`, "color", "#ff0000"},
		{"link in HTML in SVG", `<svg><foreignObject><a href=/ id=x>`, "color", "#0000ee"},
		{"item of flex", `<p style="display:flex"><b id=x>`, "display", "block"},
		{"item of inline grid", `<p style="display:inline-grid"><b id=x style="display:inline-flex">`, "display", "flex"},
		{"item in contents", `<p style="display:flex"><i style="display:contents"><b id=x>`, "display", "block"},
		{"item that is none", `<p style="display:flex"><b id=x hidden>`, "display", "none"},
		{"inside an item", `<p style="display:flex"><i><b id=x>`, "display", "inline"},
		{"custom", `<style>:root{--a: 1px  solid}</style><p id=x>`, "--a", "1px solid"},
		{"other", `<style>p{box-sizing:border-box}</style><p id=x>`, "box-sizing", "border-box"},
		{"h1", `<h1 id=x>`, "font-size", "32px"},
		{"h2 margin", `<h2 id=x>`, "margin-top", "19.92px"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, s := resolve("<!doctype html>"+tt.page, Mode{})
			if got := s.Of(doc.ByID("x")).Value(tt.prop); got != tt.want {
				t.Errorf("%s = %q; want %q", tt.prop, got, tt.want)
			}
		})
	}
}

func TestColors(t *testing.T) {
	tests := []struct{ in, want string }{
		{"#abc", "#aabbcc"}, {"#abcd", "#aabbccdd"}, {"#a1b2c3", "#a1b2c3"}, {"RED", "#ff0000"}, {"transparent", "#00000000"},
		{"rgb(1 2 3)", "#010203"}, {"rgb(1, 2, 3)", "#010203"}, {"rgba(1,2,3,.5)", "#01020380"}, {"rgb(100% 0% 50%)", "#ff0080"},
		{"rgb(300 -5 0)", "#ff0000"}, {"rgb(none 0 0)", "#000000"}, {"rgb(0 0 0 / 25%)", "#00000040"}, {"rgb(calc(1 + 1) 0 0)", "#020000"},
		{"hsl(0 100% 50%)", "#ff0000"}, {"hsl(0.5turn, 100%, 50%)", "#00ffff"}, {"hsl(-120 100% 50%)", "#0000ff"}, {"hsla(0,0%,50%,.5)", "#80808080"},
		{"hwb(0 50% 50%)", "#808080"}, {"hwb(120 20% 20%)", "#33cc33"},
		{"lab(100 0 0)", "#ffffff"}, {"lab(50% 0 0)", "#777777"}, {"lch(54.29 106.84 40.85)", "#ff0000"},
		{"oklab(1 0 0)", "#ffffff"}, {"oklab(59.69% 0.1007 0.1191)", "#c65d07"}, {"oklch(59.69% 0.156 49.77)", "#c65d07"},
		{"color(srgb 1 0 0)", "#ff0000"}, {"color(display-p3 1 1 1)", "#ffffff"}, {"color(srgb-linear .5 .5 .5)", "#bcbcbc"},
		{"color-mix(in srgb, red, blue)", "#800080"}, {"color-mix(in srgb, red 20%, blue 20%)", "#80008066"},
		{"color-mix(in oklab, white, black)", "#636363"}, {"color-mix(in hsl, red, lime)", "#ffff00"},
		{"color-mix(in srgb, transparent, red)", "#ff000080"},
		{"canvastext", "#000000"}, {"light-dark(red, blue)", "#ff0000"},
	}
	for _, tt := range tests {
		doc, s := resolve("<!doctype html><style>p{color:"+tt.in+"}</style><p id=x>", Mode{})
		if got := s.Of(doc.ByID("x")).Color().String(); got != tt.want {
			t.Errorf("%s = %s; want %s", tt.in, got, tt.want)
		}
	}
	for _, bad := range []string{"#ab", "#xyz", "rgb(1 2)", "rgb(1 2 3 4)", "rgb(1,2 3)", "hsl(0)", "color(nope 1 1 1)", "color-mix(red, blue, in srgb)",
		"color-mix(in nope, red, blue)", "color-mix(in srgb, red 0%, blue 0%)", "light-dark(red)", "reddish", "rgb(1px 2 3)", "1"} {
		doc, s := resolve("<!doctype html><style>p{color:green;color:"+bad+"}</style><p id=x>", Mode{})
		if got := s.Of(doc.ByID("x")).Color().String(); got != "#008000" {
			t.Errorf("%s is taken for %s", bad, got)
		}
	}
}

func TestLegacyColor(t *testing.T) {
	for in, want := range map[string]string{"red": "#ff0000", "#f00": "#ff0000", "ff0000": "#ff0000", "chucknorris": "#c00000",
		"#abcdef123": "#abde12", "  blue ": "#0000ff", "0": "#000000", "crap": "#c0a000", "#12": "#010200"} {
		c, ok := legacyColor(in)
		if !ok || c.String() != want {
			t.Errorf("%q = %v; want %s", in, c, want)
		}
	}
	for _, in := range []string{"", "transparent"} {
		if _, ok := legacyColor(in); ok {
			t.Errorf("%q is a colour", in)
		}
	}
}

func TestContrast(t *testing.T) {
	grey, _ := parseHex("767676")
	if got := Contrast(grey, White); got < 4.53 || got > 4.55 {
		t.Errorf("#767676 on white: %v", got)
	}
	if got := Contrast(White, Black); got != 21 {
		t.Errorf("white on black: %v", got)
	}
}

func TestLogicalSides(t *testing.T) {
	tests := []struct{ css, prop, want string }{
		{"writing-mode:vertical-rl;margin-block-start:1px", "margin-right", "1px"},
		{"writing-mode:vertical-rl;margin-inline-start:1px", "margin-top", "1px"},
		{"writing-mode:vertical-lr;margin-block-start:1px", "margin-left", "1px"},
		{"writing-mode:vertical-lr;direction:rtl;margin-inline-start:1px", "margin-bottom", "1px"},
		{"writing-mode:sideways-lr;margin-inline-start:1px", "margin-bottom", "1px"},
		{"writing-mode:vertical-rl;inline-size:1px", "height", "1px"},
		{"block-size:1px", "height", "1px"},
		{"direction:rtl;inset-inline:1px 2px", "left", "2px"},
		{"border-inline-start:3px solid red", "border-left-color", "#ff0000"},
		{"border-block:3px solid", "border-bottom-width", "3px"},
		{"padding-inline:1px 2px", "padding-inline-end", "2px"},
		{"overflow-inline:clip;overflow-block:clip", "overflow-x", "clip"},
	}
	for _, tt := range tests {
		doc, s := resolve("<!doctype html><p id=x style='"+tt.css+"'>", Mode{})
		if got := s.Of(doc.ByID("x")).Value(tt.prop); got != tt.want {
			t.Errorf("%s: %s = %s; want %s", tt.css, tt.prop, got, tt.want)
		}
	}
}

func TestShadowTree(t *testing.T) {
	doc, s := resolve(`<!doctype html><style>p{color:red}div{font-size:20px}</style><div id=h><template shadowrootmode=open>
<style>p{color:blue}</style><p id=in>in</p></template><p id=out>out</p></div>`, Mode{})
	in := doc.ByID("h").Shadow.FirstElement().NextElement()
	if got := s.Of(in).Color().String(); got != "#0000ff" {
		t.Errorf("in the shadow tree: %s", got)
	}
	if got := s.Of(in).FontSize(); got != 20 {
		t.Errorf("font size %v is not inherited from the host", got)
	}
	if got := s.Of(doc.ByID("out")).Color().String(); got != "#ff0000" {
		t.Errorf("outside: %s", got)
	}
	if !s.Rendered(in) {
		t.Error("not rendered")
	}
	if b := s.Backdrop(in); b.Color != White {
		t.Errorf("backdrop %v", b)
	}
}

func TestTemplateContents(t *testing.T) {
	doc, s := resolve(`<!doctype html><template><p>x</p></template>`, Mode{})
	for _, n := range doc.Nodes {
		if n.Is("p") && (s.Rendered(n) || s.Visible(n)) {
			t.Error("contents of a template are rendered")
		}
	}
}

func TestLayers(t *testing.T) {
	tests := []struct{ name, css, want string }{
		{"order of names", `@layer a, b; @layer b{p{color:blue}} @layer a{p{color:red}}`, "#0000ff"},
		{"nested before own", `@layer a{p{color:red} @layer b{#x{color:blue}}}`, "#ff0000"},
		{"anonymous", `@layer{#x{color:red}} @layer{p{color:blue}}`, "#0000ff"},
		{"important turned round", `@layer a, b; @layer a{p{color:red!important}} @layer b{#x{color:blue!important}}`, "#ff0000"},
		{"revert-layer", `@layer a{p{color:red}} @layer b{p{color:blue} #x{color:revert-layer}}`, "#ff0000"},
		{"dotted", `@layer a.b{p{color:red}} @layer a{@layer b{p{color:blue}}}`, "#0000ff"},
	}
	for _, tt := range tests {
		doc, s := resolve("<!doctype html><style>"+tt.css+"</style><p id=x>", Mode{})
		if got := s.Of(doc.ByID("x")).Color().String(); got != tt.want {
			t.Errorf("%s: %s; want %s", tt.name, got, tt.want)
		}
	}
}

func TestMediaInModes(t *testing.T) {
	tests := []struct {
		query string
		mode  Mode
		want  bool
	}{
		{"print", Mode{Print: true}, true}, {"screen", Mode{Print: true}, false},
		{"(max-width: 320px)", Mode{Width: 320}, true}, {"(min-width: 20.1em)", Mode{Width: 320}, false},
		{"(min-width: 20em)", Mode{Width: 320, TextScale: 2}, false},
		{"(prefers-color-scheme: dark)", Mode{Scheme: "dark"}, true}, {"(prefers-color-scheme: light)", Mode{}, true},
		{"(prefers-contrast: more)", Mode{Contrast: "more"}, true}, {"(prefers-contrast)", Mode{}, false},
		{"(prefers-contrast: custom)", Mode{Forced: true}, true}, {"(forced-colors)", Mode{Forced: true}, true},
		{"(forced-colors: none)", Mode{}, true}, {"(prefers-reduced-motion)", Mode{ReducedMotion: true}, true},
		{"(prefers-reduced-motion: no-preference)", Mode{}, true}, {"(hover) and (pointer: fine)", Mode{}, true},
		{"(orientation: portrait)", Mode{Width: 320}, true}, {"(aspect-ratio > 1/1)", Mode{}, true},
		{"(min-resolution: 2dppx)", Mode{}, false}, {"(scripting: enabled)", Mode{}, true}, {"(color)", Mode{}, true}, {"(monochrome)", Mode{}, false},
	}
	for _, tt := range tests {
		doc, s := resolve("<!doctype html><style>@media "+tt.query+"{p{margin-left:1px}}</style><p id=x>", tt.mode)
		if got := s.Of(doc.ByID("x")).Margin(Left).Px == 1; got != tt.want {
			t.Errorf("%s in %+v: %t", tt.query, tt.mode, got)
		}
	}
}

func TestShorthands(t *testing.T) {
	tests := []struct{ css, prop, want string }{
		{"margin:1px 2px 3px", "margin-left", "2px"}, {"margin:1px 2px 3px", "margin-bottom", "3px"}, {"margin:auto", "margin-top", "auto"},
		{"border:solid", "border-top-width", "3px"}, {"border:0", "border-left-style", "none"}, {"border-color:red blue", "border-left-color", "#0000ff"},
		{"outline:2px dotted red", "outline-color", "#ff0000"}, {"outline:none", "outline-style", "none"}, {"outline:auto", "outline-style", "auto"},
		{"font:12px/1 a", "font-weight", "400"}, {"font:bold 12px a, b", "font-family", "a, b"}, {"font:italic small-caps 900 condensed 10px/20px x", "line-height", "20px"},
		{"background:none", "background-image", "none"}, {"background:url(a),red", "background-image", "url(a), none"},
		{"background:center/cover no-repeat url(x.png)", "background-image", "url(x.png)"}, {"background:linear-gradient(red,blue) #eee", "background-color", "#eeeeee"},
		{"text-decoration:none", "text-decoration-line", "none"}, {"text-decoration:underline 3px dashed", "text-decoration-style", "dashed"},
		{"overflow:hidden", "overflow-y", "hidden"}, {"overflow:clip auto", "overflow-x", "hidden"}, {"overflow-x:hidden", "overflow-y", "auto"},
		{"list-style:square inside", "list-style-type", "square"}, {"list-style:none", "list-style-type", "none"},
		{"flex:1", "flex-basis", "0%"}, {"flex:auto", "flex-grow", "1"}, {"flex:2 3 10px", "flex-shrink", "3"}, {"flex-flow:column wrap", "flex-direction", "column"},
		{"gap:1px 2px", "column-gap", "2px"}, {"animation:spin 2s infinite", "animation-name", "spin"}, {"animation:spin 2s infinite", "animation-duration", "2s"},
		{"inset:1px", "left", "1px"}, {"border-radius:4px/2px", "border-top-left-radius", "4px"}, {"all:unset", "display", "inline"},
		{"margin:1px nonsense", "margin-top", "16px"}, {"border:1px solid nonsense", "border-top-style", "none"}, {"font:12px", "font-size", "16px"},
		{"border-image:url(a) 3", "border-image-source", "url(a) 3"},
	}
	for _, tt := range tests {
		doc, s := resolve("<!doctype html><p id=x style='"+tt.css+"'>", Mode{})
		if got := s.Of(doc.ByID("x")).Value(tt.prop); got != tt.want {
			t.Errorf("%s: %s = %q; want %q", tt.css, tt.prop, got, tt.want)
		}
	}
}
