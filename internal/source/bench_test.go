package source

import (
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"handrail/internal/config"
	"handrail/internal/markdown"
)

// BenchmarkLoad reads 1,000 pages: all of them, and again when one changed.
func BenchmarkLoad(b *testing.B) {
	m := fstest.MapFS{}
	for i := range 1000 {
		m[fmt.Sprintf("content/en/s%d/p%d.md", i/50, i)] = &fstest.MapFile{ModTime: time.Now().Add(-time.Hour), Data: fmt.Appendf(nil,
			"---\ntitle: Page %d\ndescription: What it is about.\ndate: \"2026-01-02\"\ntags:\n  - a\n  - b\n---\n\n# Page\n\nText with [a link](p%d.md).\n", i, i)}
	}
	conv := markdown.New(markdown.Options{})
	load := func(prev *Tree) *Tree {
		tree, _, err := Load(b.Context(), m, config.Default(), conv, Options{Prev: prev})
		if err != nil {
			b.Fatal(err)
		}
		return tree
	}
	b.Run("first", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			load(nil)
		}
	})
	b.Run("again", func(b *testing.B) {
		prev := load(nil)
		b.ReportAllocs()
		for b.Loop() {
			prev = load(prev)
		}
	})
}
