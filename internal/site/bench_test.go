package site

import (
	"fmt"
	"testing"
	"testing/fstest"

	"handrail/internal/config"
	"handrail/internal/markdown"
	"handrail/internal/source"
)

// largeSite has n pages in sections of 100, in two languages, each with
// topics, keywords, four links and an anchor.
func largeSite(n int) fstest.MapFS {
	m := fstest.MapFS{}
	for i := range n {
		lang := []string{"zh-Hans", "en"}[i%2]
		k := i / 2
		text := fmt.Sprintf("---\ntitle: Page %d\ndate: 2026-01-02\ntopics: [t%d, t%d]\nkeywords: [k%d]\ndepartment: health\naliases: [/old/%d/]\n---\n\n"+
			"Text with [one](p%d.md), [two](../s%d/p%d.md#more), [three](/s%d/) and [four](https://example.org/).\n\n## More\n\nMore text.\n",
			k, k%37, k%11, k%500, k, k/100*100, k/100, k, k/100)
		m[fmt.Sprintf("content/%s/s%d/p%d.md", lang, k/100, k)] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// BenchmarkBuild shows that the model grows linearly: ns/page stays flat.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			cfg, _ := config.Parse("site.yaml", []byte(siteYAML))
			tree, _, err := source.Load(b.Context(), largeSite(n), cfg, markdown.New(markdown.Options{}), source.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				s, diags := Build(cfg, tree, now, Options{})
				if len(diags) > 0 || len(s.Pages) < n {
					b.Fatalf("%d pages, %v", len(s.Pages), diags[:min(1, len(diags))])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/page")
		})
	}
}
