package a11y_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"handrail/a11y"
	"handrail/a11y/act"
	"handrail/a11y/rules"
	"handrail/a11y/style"
	"handrail/a11y/texts"
	"handrail/a11y/wcag"
)

// One page, judged at level AA in the modes of any site.
func ExampleCheckHTML() {
	const page = `<!doctype html><html lang=en><title>Visit us</title>
<h1>Visit us</h1><main><img src=map.png><a href=/>home page</a></main>`
	res := a11y.CheckHTML("visit.html", page, a11y.Options{Rules: rules.For(false), Level: wcag.AA})
	for _, f := range res.Findings {
		if f.Outcome == act.Failed {
			fmt.Println(f.Rule, f.WCAG, f.Target, f.Offset)
			fmt.Println(texts.For("en").Title(f.Rule))
		}
	}
	// Output:
	// image-name [1.1.1] main > img 76
	// A picture says what it shows, or says that it is decoration
}

// A folder: pages may link style sheets, and rules compare pages.
func ExampleCheckDir() {
	site := fstest.MapFS{
		"index.html":       {Data: []byte(`<!doctype html><html lang=en><title>Home</title><link rel=stylesheet href=/look.css><main><h1>Home</h1><p>Grey text.</p></main>`)},
		"about/index.html": {Data: []byte(`<!doctype html><html lang=en><title>About</title><main><h1>About</h1><p>Black text.</p></main>`)},
		"look.css":         {Data: []byte(`p { color: #999 }`)},
	}
	results, err := a11y.CheckDir(context.Background(), site, a11y.Options{Rules: rules.For(false), Level: wcag.AA})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, res := range results {
		fmt.Println(res.Page, res.Count(act.Failed))
	}
	// Output:
	// about/index.html 0
	// index.html 1
}

// The modes in which a page is judged; a finding says in which of them it holds.
func ExampleOptions_modes() {
	const page = `<!doctype html><html lang=en><title>Notice</title><style>
body { background: #fff; color: #000 }
@media (prefers-color-scheme: dark) { body { background: #222; color: #555 } }
</style><main><h1>Notice</h1></main>`
	res := a11y.CheckHTML("notice.html", page, a11y.Options{Rules: rules.For(false), Level: wcag.AA, Modes: []style.Mode{
		{Name: "day", Scheme: "light"}, {Name: "night", Scheme: "dark"},
	}})
	for _, f := range res.Findings {
		if f.Outcome == act.Failed {
			fmt.Println(f.Rule, f.Modes)
		}
	}
	// Output:
	// contrast-minimum [night]
}
