package markdown

import (
	"fmt"
	"strings"
	"testing"

	blocks "handrail/internal/block"
)

// TestBlocks lists the blocks of a text with their own words.
func TestBlocks(t *testing.T) {
	const text = "Intro & more.\n\n## One {#first}\n\n- a *b*\n  - nested\n\n  more of a\n- [ ] task\n\n### Two\n\n| x | y |\n| - | - |\n| 1 | 2 |\n\n" +
		"> quoted\n\n:::steps\n1. Go\n2. Stay\n:::\n\nterm\n: meaning\n\n```\ncode < x\n```\n\n![](a.png){decorative}\n\n<p>raw</p>\n"
	d := New(Options{}).Convert("a.md", []byte(text), 0, nil)
	var got []string
	list, outs := d.Blocks(true)
	for i, b := range list {
		name := string(d.HTML[:outs[i]])
		name = name[strings.LastIndexByte(name, '<')+1:]
		got = append(got, fmt.Sprintf("%c %s %s %s", b.Kind, name, b.ID, b.Print))
		if len(b.Grams) == 0 {
			t.Errorf("block %s has no grams", name)
		}
	}
	say := func(kind, name, id, text string) string {
		return fmt.Sprintf("%s %s %s %s", kind, name, id, blocks.Fingerprint(text))
	}
	want := []string{
		say("p", "p", "", "Intro & more."), say("h", "h2", "first", "One"), say("l", "p", "", "a b"), say("l", "li", "", "nested"),
		say("l", "p", "", "more of a"), say("l", "p", "", "task"), say("h", "h3", "", "Two"),
		say("r", "tr", "", "x y"), say("r", "tr", "", "1 2"), say("p", "p", "", "quoted"), say("l", "li", "", "Go"), say("l", "li", "", "Stay"),
		say("d", "dt", "", "term"), say("d", "dd", "", "meaning"), say("c", "pre", "", "code < x"), say("p", "p", "", "raw"),
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got:\n%s\nwant:\n%s\n%s", g, w, d.HTML)
	}
}

func BenchmarkBlocks(b *testing.B) {
	text := strings.Repeat("## Part of the page\n\nYou can apply **in person** or *by post*. Bring the papers named below, and see [the next page](page-1.md) for what it costs.\n\n- your identity card\n- the form, filled in and signed\n\n", 12)
	c := New(Options{})
	d := c.Convert("a.md", []byte(text), 0, nil)
	b.Run("convert", func(b *testing.B) {
		for b.Loop() {
			c.Convert("a.md", []byte(text), 0, nil)
		}
	})
	b.Run("blocks", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d.Blocks(false)
		}
	})
}
