package build

import (
	"os"
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
