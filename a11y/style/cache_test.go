package style

import (
	"fmt"
	"strings"
	"testing"

	"handrail/a11y/dom"
)

// What a cache knows from other pages changes no style: neither counts among
// siblings, attributes, languages and directions, nor what the root element
// lends to all others.
func TestCacheForgetsPages(t *testing.T) {
	sheet := ParseSheet(`
		:root.small { font-size: 62.5% } :root.dark { color-scheme: dark }
		body { font-size: 18px; color: var(--ink, #222); margin: 1rem } p { padding: .5rem; width: 10vw }
		p:nth-child(2n) { color: red } p:lang(zh) { line-height: 1.2 } p:dir(rtl) { text-align: end; margin-inline-start: 3px }
		.pale { --ink: #aaa } .pale p { color: var(--ink) } .box > * { border: 1px solid; padding: inherit }
		[data-note]::before { content: attr(data-note); width: 2rem } a:focus { outline: .2rem solid var(--ink, blue) }
		@media (max-width: 400px) { .pale { display: none } } @media (prefers-color-scheme: dark) { body { background: #111 } }`, "s.css")
	var pages []string
	for _, body := range []string{
		`<p>1<p>2<p lang=zh>3<a href=x>4</a>`, `<div class=pale><p>1<p data-note=n>2</div>`, `<p style="color: lime">1<p>2<div class=box><p>3<i>4</i></div>`,
		`<table bgcolor=black><tr><td>1</table><img width=20>`, `<section dir=rtl class=pale><p>1<p>2</section><a href=x>3</a>`,
	} {
		for _, root := range []string{``, `class=small`, `class=dark lang=zh`, `style="font-size: 8px"`} {
			for _, head := range []string{``, `<meta name=color-scheme content=dark>`} {
				pages = append(pages, fmt.Sprintf(`<!doctype html><html %s><head>%s<body>%s`, root, head, body))
			}
		}
	}
	cache := NewCache()
	for i := range pages {
		src := pages[i*7%len(pages)]
		doc := dom.Parse(src)
		shared, alone := cache.Matcher(doc, []*Sheet{sheet}), NewMatcher(doc, []*Sheet{sheet})
		for _, mode := range modes() {
			a, b := shared.Styles(mode), alone.Styles(mode)
			compareStyles(t, mode.Name+" "+src, a, b)
			for _, n := range doc.Nodes {
				if n.Is("a") && a.OfState(n, Focus).Outline() != b.OfState(n, Focus).Outline() {
					t.Errorf("%s %s: another outline", mode.Name, src)
				}
			}
		}
		if t.Failed() {
			return
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	cache := NewCache()
	sheet := ParseSheet(`p { color: red }`, "s.css")
	for i := range 3 {
		var b strings.Builder
		for j := range maxSlots/2 + 1 {
			fmt.Fprintf(&b, "<i style='margin:%dpx'>", i*maxSlots+j)
			b.WriteString("</i>")
		}
		cache.Matcher(dom.Parse(b.String()), []*Sheet{sheet}).Styles(Mode{})
		if got := len(cache.stores[len(cache.stores)-1].slots); got > 2*maxSlots {
			t.Errorf("%d slots are kept after %d pages", got, i+1)
		}
	}
	for i := range 2 * maxStores {
		cache.Matcher(dom.Parse("<!doctype html><p>"), []*Sheet{ParseSheet("p{color:red}", fmt.Sprint(i))})
	}
	if len(cache.stores) != maxStores {
		t.Errorf("%d stores are kept; want %d", len(cache.stores), maxStores)
	}
}
