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
