package block

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var day = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

func texts(list ...string) []Block {
	out := make([]Block, len(list))
	for i, s := range list {
		out[i] = Block{Kind: Paragraph, Print: Fingerprint(s), Grams: Grams(s)}
		if s[0] == '#' {
			out[i].Kind, out[i].Level = Heading, 2
		}
	}
	Place(out)
	return out
}

func gramsFor(blocks []Block) [][]uint16 {
	out := make([][]uint16, len(blocks))
	for i := range blocks {
		out[i] = blocks[i].Grams
	}
	return out
}

// edition is one state of a page.
type edition struct {
	blocks []Block
	index  *Index
}

func (e *edition) next(today time.Time, list ...string) *edition {
	t := Task{Page: "a/b", Blocks: texts(list...), Today: today}
	if e != nil {
		t.Old, t.OldGrams = e.index, gramsFor(e.blocks)
	}
	x := Assign(t)
	return &edition{t.Blocks, x}
}

var page = []string{
	"# Bus card", "People aged 65 and over travel free on all city buses.", "# What to bring", "Your identity card", "One recent photograph",
	"The form that you find at every counter, filled in", "# What it costs", "The card is free. A new one for a lost card costs 10 yuan.",
	"# How long it takes", "You get the card at once at the counter, or by post within 5 working days.",
	"You will be told by text message.", "# Ask", "You will be told by text message.", "Call 12345 at any time.",
}

func edited(f func(p []string) []string) []string { return f(slices.Clone(page)) }

func TestAssign(t *testing.T) {
	first := (*edition)(nil).next(day, page...)
	later := day.AddDate(0, 0, 7)
	for _, c := range []struct {
		name string
		now  []string
		from int    // a block of the first state
		to   int    // where it is now
		kind string // "" when the id lives on and says the same
	}{
		{"inserted before", edited(func(p []string) []string { return slices.Insert(p, 1, "Read this first.") }), 4, 5, ""},
		{"changed", edited(func(p []string) []string {
			p[7] = "The card costs nothing. A new one for a lost card costs 15 yuan."
			return p
		}), 7, 7, Changed},
		{"section moved", edited(func(p []string) []string { return append(p[8:11:11], append(p[:8:8], p[11:]...)...) }), 9, 1, ""},
		{"section renamed", edited(func(p []string) []string { p[2] = "# Papers"; return p }), 4, 4, ""},
		{"repeated text keeps its place", edited(func(p []string) []string { return slices.Delete(p, 10, 11) }), 12, 11, ""},
		{"removed", edited(func(p []string) []string { return slices.Delete(p, 4, 5) }), 4, 4, Removed},
		{"merged into the one before", edited(func(p []string) []string { p[9] += " " + p[10]; return slices.Delete(p, 10, 11) }), 9, 9, Changed},
		{"merged into a longer one", edited(func(p []string) []string {
			p[3] = "Your identity card, one recent photograph, and the form that you find at every counter, filled in"
			return slices.Delete(p, 4, 6)
		}), 4, 3, Merged},
	} {
		t.Run(c.name, func(t *testing.T) {
			second := first.next(later, c.now...)
			id := first.index.Live[c.from]
			got, ok := second.index.Resolve(id, first.index.Prints[c.from])
			want := Found{ID: second.index.Live[c.to], Certainty: Exact}
			if c.kind != "" {
				want.Certainty, want.Kind, want.Date = Near, c.kind, "2026-11-27"
			}
			if !ok || got != want {
				t.Errorf("got %+v, %v; want %+v\n%v", got, ok, want, second.index)
			}
			third := second.next(later.AddDate(0, 0, 30), c.now...)
			if string(third.index.Encode()) != string(second.index.Encode()) {
				t.Error("building again changes the index")
			}
		})
	}
}

func TestAuthorsIDs(t *testing.T) {
	first := (*edition)(nil).next(day, page...)
	list := texts(page...)
	list[7].ID = "cost"
	x := Assign(Task{Page: "a/b", Blocks: list, Old: first.index, OldGrams: gramsFor(first.blocks), Today: day})
	if x.Live[7] != "cost" {
		t.Errorf("the author's id became %q", x.Live[7])
	}
	if got, ok := x.Resolve(first.index.Live[7], 0); !ok || got.ID != "cost" || got.Kind != Renamed {
		t.Errorf("the old id leads to %+v", got)
	}
}

// TestForgotten: what became of a block is told for KeepDays.
func TestForgotten(t *testing.T) {
	first := (*edition)(nil).next(day, page...)
	gone := first.index.Live[4]
	now := edited(func(p []string) []string { return slices.Delete(p, 4, 5) })
	second := first.next(day, now...)
	for days, want := range map[int]bool{1: true, KeepDays: true, KeepDays + 1: false} {
		later := second.next(day.AddDate(0, 0, days), now...)
		if _, ok := later.index.Resolve(gone, 0); ok != want {
			t.Errorf("after %d days it is known: %v", days, ok)
		}
	}
}

// TestAssignProperties: whatever an editor does, ids are unique, ids that are
// gone lead to blocks that are there, unchanged texts keep their id, and the
// same page gives the same index.
func TestAssignProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"# Fees", "# Papers", "# Ask", "yes", "no", "Call 12345 at any time.",
			"You get the card at once at the counter.", "The card costs 10 yuan when it is lost.", "The card costs 15 yuan when it is lost.",
			"申请人应当提交下列材料", "申请人应当提交下列全部材料", "One recent photograph of yours", "Two recent photographs of yours"})
		list := rapid.SliceOfN(word, 0, 20)
		e := (*edition)(nil).next(day, list.Draw(t, "first")...)
		known := map[string]bool{}
		for i := range rapid.IntRange(1, 5).Draw(t, "builds") {
			for _, id := range e.index.Live {
				known[id] = true
			}
			now := list.Draw(t, fmt.Sprint("build ", i))
			next := e.next(day.AddDate(0, 0, i), now...)
			if len(now) > 0 {
				for id := range known {
					if f, ok := next.index.Resolve(id, 0); !ok || !slices.Contains(next.index.Live, f.ID) {
						t.Fatalf("id %s leads to %+v, %v", id, f, ok)
					}
				}
			} else {
				clear(known)
			}
			live := map[string]bool{}
			for _, id := range next.index.Live {
				if live[id] {
					t.Fatalf("the id %s is given twice", id)
				}
				live[id] = true
			}
			back, err := Decode(next.index.Encode())
			if err != nil {
				t.Fatal(err)
			}
			again := &edition{next.blocks, back}
			if again = again.next(day.AddDate(0, 0, i), now...); string(again.index.Encode()) != string(next.index.Encode()) {
				t.Fatal("building again changes the index")
			}
			e = next
		}
	})
}

// TestAlignProperties: pairs are one to one, and equal pages pair in order.
func TestAlignProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.StringMatching(`[a-c]{1,2}|# [a-b]`), 0, 60)
		old, new := texts(list.Draw(t, "old")...), texts(list.Draw(t, "new")...)
		seen := map[int]bool{}
		for _, n := range Align(old, new) {
			if n < -1 || n >= len(new) || n >= 0 && seen[n] {
				t.Fatalf("block %d is paired twice or is none", n)
			}
			seen[n] = true
		}
		for o, n := range Align(old, old) {
			if o != n {
				t.Fatalf("block %d of the same page became %d", o, n)
			}
		}
	})
}

func TestTranslate(t *testing.T) {
	original := texts("# A", "a1", "a2", "# B", "b1", "# C", "c1", "c2", "c3")
	for _, c := range []struct {
		name string
		list []Block
		want []int
	}{
		{"the same shape", texts("# 甲", "甲一", "甲二", "# 乙", "乙一", "# 丙", "丙一", "丙二", "丙三"), []int{0, 1, 2, 3, 4, 5, 6, 7, 8}},
		{"a section less", texts("# 甲", "甲一", "甲二", "# 丙", "丙一", "丙二", "丙三"), []int{0, 1, 2, 5, 6, 7, 8}},
		{"a section more", texts("# 新", "新一", "新二", "新三", "新四", "# 甲", "甲一", "甲二", "# 乙", "乙一", "# 丙", "丙一", "丙二", "丙三"), []int{-1, -1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8}},
		{"nothing", nil, []int{}},
	} {
		if got := Translate(original, c.list); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add((*edition)(nil).next(day, page...).index.Encode())
	f.Add([]byte(`{"v":1,"live":["a"],"fp":["000000000001"],"sec":[1],"kind":"h"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := Decode(data)
		if err != nil {
			return
		}
		blocks := texts(page...)
		y := Assign(Task{Page: x.Page, Blocks: blocks, Old: x, Today: day})
		if len(y.Live) != len(page) {
			t.Error("blocks are lost")
		}
		Match(x.Blocks(), NewAnchor(blocks, 3))
	})
}

// long is a page of n blocks, of which some are boilerplate, and with each
// tenth changed when edited.
func long(n int, edit bool) []string {
	out := make([]string, n)
	for i := range out {
		switch {
		case i%20 == 0:
			out[i] = fmt.Sprintf("# Chapter %d", i)
		case i%7 == 0:
			out[i] = "The authority decides within ten working days."
		default:
			out[i] = fmt.Sprintf("Article %d says on matter %d that the applicant of kind %d shall hand in paper %d and wait for letter %d.", i, i*31%97, i*17%89, i*13, i*7%83)
		}
		if edit && i%10 == 3 {
			out[i] += fmt.Sprintf(" It is %d from now on.", i)
		}
	}
	return out
}

func BenchmarkAssign(b *testing.B) {
	for _, c := range []struct {
		name string
		now  func() []string
	}{
		{"same", func() []string { return long(2000, false) }},
		{"edited", func() []string { return long(2000, true) }},
		{"rewritten", func() []string {
			out := long(2000, false)
			for i := range out {
				out[i] = fmt.Sprintf("%d other words %d than before %d in this part", i*7919, i*104729, i*1299709)
			}
			return out
		}},
		{"turned round", func() []string { out := long(2000, false); slices.Reverse(out); return out }},
	} {
		b.Run(c.name, func(b *testing.B) {
			first := (*edition)(nil).next(day, long(2000, false)...)
			now, grams := texts(c.now()...), gramsFor(first.blocks)
			b.ReportAllocs()
			for b.Loop() {
				Assign(Task{Page: "a/b", Blocks: slices.Clone(now), Old: first.index, OldGrams: grams, Today: day})
			}
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	old, now := texts(long(2000, false)...), texts(long(2000, true)...)
	a := NewAnchor(old, 1003)
	b.ReportAllocs()
	for b.Loop() {
		Match(now, a)
	}
}

func BenchmarkFingerprint(b *testing.B) {
	for _, s := range []string{page[9], "申请人应当自收到通知之日起十五个工作日内，向所在地的区人民政府提交全部材料。", "Günther’s café – naïve façade"} {
		b.Run(s[:6], func(b *testing.B) {
			var buf []uint16
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				buf = Normalise(buf[:0], s)
				Hash(buf)
			}
		})
	}
}
