package render

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"handrail/i18n"
	"handrail/internal/asset"
	"handrail/internal/config"
	"handrail/internal/markdown"
	"handrail/internal/site"
	"handrail/internal/source"
	"handrail/internal/theme"
	"handrail/themes"
)

// medianPage is about 4 kB of Markdown, the median of real public-service
// pages: headings, paragraphs with links, lists and a table.
func medianPage(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Page %d\nsummary: What page %d is for.\ndate: 2026-03-%02d\n---\n\n", n, n, n%28+1)
	for i := range 6 {
		fmt.Fprintf(&b, "## Part %d\n\n", i+1)
		for range 2 {
			b.WriteString("You can apply **in person** or *by post*. Bring the papers named below, and see [the next page](page-1.md) for what it costs; we answer within ten working days and write to you at the address you gave.\n\n")
		}
		b.WriteString("- your identity card\n- the form, filled in and signed\n- a recent photograph\n\n")
	}
	b.WriteString("| paper | copies |\n| --- | --- |\n| card | 1 |\n| form | 2 |\n")
	return b.String()
}

func civic(b *testing.B) (*theme.Theme, fs.FS) {
	b.Helper()
	base, err := fs.Sub(themes.FS, "civic")
	if err != nil {
		b.Fatal(err)
	}
	th, diags := theme.Load([]theme.Layer{{FS: base, Name: "themes/civic"}}, []string{site.Standard, site.Care}, Funcs())
	if diags.Errors() > 0 {
		b.Fatal(diags)
	}
	return th, base
}

// civicSite is a site of 200 median pages in the theme that ships.
func civicSite(b *testing.B, opt Options) *Renderer {
	b.Helper()
	m := fstest.MapFS{"site.yaml": {Data: []byte("title: Site\nbase-url: https://example.org\nlanguages: [{tag: en}]\ndefault-language: en\n")}}
	for i := range 200 {
		m[fmt.Sprintf("content/en/guide-%d/page-%d.md", i/20, i%20)] = &fstest.MapFile{Data: []byte(medianPage(i))}
	}
	cfg, _ := config.Load(m, "site.yaml")
	tree, _, err := source.Load(context.Background(), m, cfg, markdown.New(markdown.Options{}), source.Options{})
	if err != nil {
		b.Fatal(err)
	}
	opt.Site, _ = site.Build(cfg, tree, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), site.Options{})
	opt.Theme, _ = civic(b)
	opt.Assets, _ = asset.Build(asset.Options{Theme: opt.Theme})
	opt.Messages, _ = i18n.Load(i18n.Embedded())
	r, _ := New(opt)
	return r
}

// BenchmarkPage renders a median page in both editions, as a build without
// and with the gate does, and as a preview does. BenchmarkParse is what the
// parser takes for the same page.
func BenchmarkPage(b *testing.B) {
	for _, c := range []struct {
		name string
		opt  Options
	}{
		{"plain", Options{}}, {"spans", Options{Spans: true}}, {"record", Options{Spans: true, Record: true}},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := civicSite(b, c.opt)
			p := r.opt.Site.Page("/guide-3/page-7/")
			b.ReportAllocs()
			for b.Loop() {
				for _, e := range []string{site.Standard, site.Care} {
					if _, err := r.Page(p, e); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	src := []byte(medianPage(7))
	conv := markdown.New(markdown.Options{})
	b.ReportAllocs()
	for b.Loop() {
		conv.Convert("content/en/a.md", src, strings.Index(string(src), "\n---\n\n")+6, nil)
	}
}

// BenchmarkStale asks whether a page must be rendered again when nothing has
// changed.
func BenchmarkStale(b *testing.B) {
	r := civicSite(b, Options{Record: true})
	o, err := r.Page(r.opt.Site.Page("/guide-3/page-7/"), site.Standard)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if r.Stale(o.Reads) {
			b.Fatal("the page is stale")
		}
	}
}

func BenchmarkLoadTheme(b *testing.B) {
	for b.Loop() {
		civic(b)
	}
}
