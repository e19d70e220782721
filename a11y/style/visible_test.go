package style

import "testing"

func TestRendered(t *testing.T) {
	tests := []struct {
		name, page string
		want       bool
	}{
		{"plain", `<p id=x>`, true},
		{"hidden", `<p id=x hidden>`, false},
		{"hidden shown by author", `<style>[hidden]{display:block}</style><p id=x hidden>`, true},
		{"hidden parent", `<div hidden><p id=x></div>`, false},
		{"display none", `<style>div{display:none}</style><div><p id=x></div>`, false},
		{"closed details", `<details><summary>s</summary><p id=x></details>`, false},
		{"summary", `<details><summary id=x>s</summary><p></details>`, true},
		{"second summary", `<details><summary>s</summary><summary id=x></summary></details>`, false},
		{"open details", `<details open><summary>s</summary><p id=x></details>`, true},
		{"dialog", `<dialog><p id=x></dialog>`, false},
		{"open dialog", `<dialog open><p id=x></dialog>`, true},
		{"popover", `<div popover><p id=x></div>`, false},
		{"until found", `<div hidden=until-found><p id=x></div>`, false},
		{"until found itself", `<div hidden=until-found id=x><p></div>`, true},
		{"content-visibility", `<style>div{content-visibility:hidden}</style><div><p id=x></div>`, false},
		{"visibility hidden is rendered", `<style>p{visibility:hidden}</style><p id=x>`, true},
		{"script", `<script id=x></script>`, false},
		{"input hidden", `<input type=hidden id=x>`, false},
		{"print only", `<style>@media screen{p{display:none}}</style><p id=x>`, false},
		{"video fallback", `<video><p id=x></video>`, false},
		{"svg defs", `<svg><defs><g id=x></g></defs></svg>`, false},
		{"inert is rendered", `<div inert><p id=x></div>`, true},
		{"audio without controls", `<audio id=x></audio>`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, s := resolve("<!doctype html>"+tt.page, Mode{})
			if got := s.Rendered(doc.ByID("x")); got != tt.want {
				t.Errorf("rendered = %t", got)
			}
		})
	}
}

func TestVisible(t *testing.T) {
	tests := []struct {
		name, css string
		want      bool
	}{
		{"plain", ``, true},
		{"visibility", `#x{visibility:hidden}`, false},
		{"visibility inherited", `div{visibility:hidden}`, false},
		{"visibility back", `div{visibility:hidden}#x{visibility:visible}`, true},
		{"opacity", `div{opacity:0}`, false},
		{"opacity half", `div{opacity:.5}`, true},
		{"clip pattern", `#x{position:absolute;width:1px;height:1px;margin:-1px;padding:0;overflow:hidden;clip:rect(0,0,0,0);border:0}`, false},
		{"clip without position", `#x{clip:rect(0,0,0,0)}`, true},
		{"clip-path", `#x{clip-path:inset(50%)}`, false},
		{"clip-path 100", `#x{clip-path:inset(100%)}`, false},
		{"clip-path some", `#x{clip-path:inset(10%)}`, true},
		{"circle", `#x{clip-path:circle(0)}`, false},
		{"left", `#x{position:absolute;left:-9999px}`, false},
		{"left em", `#x{position:absolute;left:-999em}`, false},
		{"left without position", `#x{left:-9999px}`, true},
		{"top of parent", `div{position:absolute;top:-10000px}`, false},
		{"text-indent", `#x{text-indent:-9999px}`, false},
		{"scale", `#x{transform:scale(0)}`, false},
		{"zero box", `#x{width:0;height:0;overflow:hidden}`, false},
		{"zero height", `#x{height:0;overflow:hidden}`, false},
		{"zero height visible overflow", `#x{height:0}`, true},
		{"zero height with padding", `#x{height:0;overflow:hidden;padding:4px}`, true},
		{"max-height", `#x{max-height:0;overflow:hidden}`, false},
		{"one pixel line", `#x{height:1px;overflow:hidden}`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, s := resolve("<!doctype html><style>"+tt.css+"</style><div><p id=x>text</p></div>", Mode{})
			x := doc.ByID("x")
			if got := s.Visible(x); got != tt.want {
				t.Errorf("visible = %t; unseen: %q", got, s.Of(x).Unseen())
			}
			if got := s.Visible(x.FirstChild); got != tt.want {
				t.Errorf("its text: visible = %t", got)
			}
		})
	}
}

func TestBackdrop(t *testing.T) {
	tests := []struct{ name, css, color, reason string }{
		{"canvas", ``, "#ffffff", ""},
		{"own", `#x{background:#eee}`, "#eeeeee", ""},
		{"body", `body{background:#123456}`, "#123456", ""},
		{"alpha", `body{background:#fff}div{background:rgb(0 0 0/50%)}`, "#808080", ""},
		{"two alphas", `body{background:#000}div{background:rgb(255 255 255/50%)}#x{background:rgb(255 255 255/50%)}`, "#bfbfbf", ""},
		{"opacity", `body{background:#fff}div{opacity:.5}#x{background:#000}`, "#808080", ""},
		{"image", `div{background:url(a.png)}`, "#ffffff", BackdropImage},
		{"image covered", `div{background:url(a.png)}#x{background:#ccc}`, "#cccccc", ""},
		{"image under alpha", `div{background:url(a.png)}#x{background:rgb(0 0 0/20%)}`, "#cccccc", BackdropImage},
		{"gradient", `div{background:linear-gradient(red,blue)}`, "#ffffff", BackdropGradient},
		{"gradient of one colour", `div{background:linear-gradient(red,red)}`, "#ff0000", ""},
		{"absolute", `#x{position:absolute}`, "#ffffff", BackdropOverlap},
		{"absolute with background", `#x{position:absolute;background:#ff0}`, "#ffff00", ""},
		{"negative margin", `div{margin-top:-40px}`, "#ffffff", BackdropOverlap},
		{"blend", `div{mix-blend-mode:multiply;background:#ff0}`, "#ffff00", BackdropBlend},
		{"dark canvas", `:root{color-scheme:dark}`, "#121212", ""},
		{"background-clip", `#x{background:linear-gradient(red,blue);-webkit-background-clip:text}`, "#ffffff", BackdropImage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, s := resolve("<!doctype html><style>"+tt.css+"</style><div><p id=x>text</p></div>", Mode{})
			b := s.Backdrop(doc.ByID("x"))
			if b.Color.String() != tt.color || b.Reason != tt.reason {
				t.Errorf("%v %q; want %s %q", b.Color, b.Reason, tt.color, tt.reason)
			}
		})
	}
}

func TestGradientStops(t *testing.T) {
	doc, s := resolve(`<!doctype html><style>div{background:linear-gradient(to right,#000 10%,rgb(255 255 255/50%))}</style><div><p id=x>`, Mode{})
	b := s.Backdrop(doc.ByID("x"))
	if len(b.Stops) != 2 || b.Stops[0].String() != "#000000" || b.Stops[1].String() != "#ffffff" {
		t.Errorf("stops = %v", b.Stops)
	}
	if b.At == nil || b.At.Name != "div" {
		t.Errorf("gradient at %v", b.At)
	}
}

func TestText(t *testing.T) {
	tests := []struct{ name, css, want string }{
		{"opaque", `#x{color:#333}`, "#333333"},
		{"alpha", `#x{color:rgb(0 0 0/50%)}`, "#808080"},
		{"opacity", `#x{color:#000;opacity:.5}`, "#808080"},
		{"opacity of a box on white", `div{background:#000;opacity:.5}#x{color:#fff}`, "#ffffff"},
		{"fill", `#x{color:#fff;-webkit-text-fill-color:#222}`, "#222222"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, s := resolve("<!doctype html><style>"+tt.css+"</style><div><p id=x>text</p></div>", Mode{})
			if got, _ := s.Text(doc.ByID("x")); got.String() != tt.want {
				t.Errorf("text = %v; want %s", got, tt.want)
			}
		})
	}
}
