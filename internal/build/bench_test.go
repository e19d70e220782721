package build

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// BenchmarkSite builds the repository's own site, or the folder of Markdown
// named by HANDRAIL_CORPUS, with and without the gate.
func BenchmarkSite(b *testing.B) {
	for _, gate := range []string{GateOff, GateReport} {
		b.Run("gate="+gate, func(b *testing.B) {
			o := Options{Source: "../..", Gate: gate}
			if dir := os.Getenv("HANDRAIL_CORPUS"); dir != "" {
				o = Options{Content: dir, Gate: gate}
			}
			b.ReportAllocs()
			for b.Loop() {
				_, res := buildDir(b, "", o)
				b.ReportMetric(float64(res.HTML), "pages")
			}
		})
	}
}

// BenchmarkPages builds sites of a thousand and of ten thousand pages; the
// time for one page has to be the same.
func BenchmarkPages(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			dir := b.TempDir()
			writePages(b, dir, n)
			runtime.GC()
			for b.Loop() {
				d, err := Publish(b.Context(), Options{Source: dir, Gate: GateOff, Clock: testClock, Tool: "handrail test"},
					Target{Dir: b.TempDir()})
				if err != nil || !d.Published {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/page")
		})
	}
}

// writePages writes a site of n pages in sections of forty, with links,
// topics and dates.
func writePages(tb testing.TB, dir string, n int) {
	tb.Helper()
	write := func(name, text string) {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	write("site.yaml", "title: Town hall\nbase-url: https://town.example\ndefault-language: en\nlanguages: [{tag: en}]\n")
	write("content/en/index.md", "# Welcome\n")
	for i := range n {
		text := fmt.Sprintf("---\ntitle: Page %d\nsummary: What page %d is about.\ndate: 2026-%02d-%02d\ntopics: [topic-%d]\n---\n\n", i, i, i%12+1, i%28+1, i/40)
		for j := range 8 {
			text += fmt.Sprintf("## Part %d\n\nSome **text** of part %d, with a [link](../section-%d/page-%d.md).\n\n- one\n- two\n\n",
				j, j, (i+j)%n/40, (i+j)%n)
		}
		write(fmt.Sprintf("content/en/section-%d/page-%d.md", i/40, i), text)
	}
}

// BenchmarkProgress builds a thousand pages with and without the ids of their
// blocks: what readers' places cost.
func BenchmarkProgress(b *testing.B) {
	for _, progress := range []bool{false, true} {
		b.Run(strconv.FormatBool(progress), func(b *testing.B) {
			dir := b.TempDir()
			writePages(b, dir, 1000)
			settings, err := os.ReadFile(filepath.Join(dir, "site.yaml"))
			if err != nil {
				b.Fatal(err)
			}
			settings = fmt.Appendf(settings, "progress: %v\n", progress)
			if err := os.WriteFile(filepath.Join(dir, "site.yaml"), settings, 0o644); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Run(b.Context(), Options{Source: dir, Gate: GateOff, Clock: testClock, Tool: "handrail test"}, newMemSink()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
