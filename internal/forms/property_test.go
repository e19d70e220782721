package forms

import (
	"net/url"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// apply posts a form to every page that it leads to, in an order that the
// person chooses.
func apply(d *Definition, edition string, form url.Values, order []int) *Answers {
	a := &Answers{}
	for _, n := range order {
		pages := d.Pages(edition, a)
		a = d.Apply(a, pages[((n%len(pages))+len(pages))%len(pages)], form)
	}
	return a
}

// noneHidden holds that every stored answer belongs to a question that can be
// seen.
func noneHidden(d *Definition, a *Answers) (key string, ok bool) {
	visible := d.Visible(a)
	for k := range a.Values {
		if !slices.ContainsFunc(visible, func(it Item) bool { return it.Key == k }) {
			return k, false
		}
	}
	return "", true
}

var someValues = []string{"", "a", "b", "yes", "no", "x", "Zhou", "12", "030001194803271227", "2026", "2", "30", "a@b.example", "１２３４５６７", "\x00\xff", "=cmd"}

func posted(t *rapid.T, d *Definition) url.Values {
	form := url.Values{}
	for _, s := range d.Sections {
		for _, f := range s.Fields {
			for _, key := range []string{f.ID, s.ID + ".0." + f.ID, s.ID + ".1." + f.ID, f.ID + ":year", f.ID + ":day", f.ID + ":area"} {
				if rapid.Bool().Draw(t, key) {
					form[key] = rapid.SliceOfN(rapid.SampledFrom(someValues), 1, 3).Draw(t, key+" values")
				}
			}
		}
	}
	return form
}

func TestHiddenAnswersAreNeverStored(t *testing.T) {
	d := sample()
	rapid.Check(t, func(t *rapid.T) {
		edition := rapid.SampledFrom([]string{Standard, Care}).Draw(t, "edition")
		a := apply(d, edition, posted(t, d), rapid.SliceOfN(rapid.IntRange(0, 30), 1, 12).Draw(t, "order"))
		if key, ok := noneHidden(d, a); !ok {
			t.Fatalf("%s is hidden and stored", key)
		}
		for _, p := range d.Validate(a, now) {
			if p.Message == "" || !slices.ContainsFunc(d.Visible(a), func(it Item) bool { return it.Key == p.Key }) {
				t.Fatalf("a problem about what cannot be seen: %+v", p)
			}
		}
	})
}

// Posting the same page twice changes nothing, and the two editions ask the
// same questions.
func TestApplyIsStable(t *testing.T) {
	d := sample()
	rapid.Check(t, func(t *rapid.T) {
		form := posted(t, d)
		a := apply(d, Standard, form, []int{0, 1, 2, 3, 4, 5, 6})
		for _, p := range d.Pages(Standard, a) {
			b := d.Apply(a, p, form)
			if c := d.Apply(b, p, form); !equal(b, c) {
				t.Fatalf("page %s changes again", p.ID)
			}
		}
		var standard, care []string
		for _, p := range d.Pages(Standard, a) {
			for _, it := range p.Items {
				standard = append(standard, it.Key)
			}
		}
		for _, p := range d.Pages(Care, a) {
			if len(p.Items) != 1 {
				t.Fatalf("care asks %d questions on %s", len(p.Items), p.ID)
			}
			care = append(care, p.Items[0].Key)
		}
		if !slices.Equal(standard, care) {
			t.Fatalf("standard asks %v, care %v", standard, care)
		}
	})
}

func equal(a, b *Answers) bool {
	x, err1 := a.Encode()
	y, err2 := b.Encode()
	return err1 == nil && err2 == nil && string(x) == string(y)
}

// Each page leads on to the next one, to the end, and back.
func TestNextAndPrevAgree(t *testing.T) {
	d := sample()
	rapid.Check(t, func(t *rapid.T) {
		edition := rapid.SampledFrom([]string{Standard, Care}).Draw(t, "edition")
		a := apply(d, edition, posted(t, d), []int{0, 1, 2, 3, 4, 5})
		pages := d.Pages(edition, a)
		seen := map[string]bool{}
		for i, p := range pages {
			if seen[p.ID] || !IsPageID(p.ID) {
				t.Fatalf("page id %q is there twice or is no segment of an address", p.ID)
			}
			seen[p.ID] = true
			next, ok := d.Next(edition, p.ID, a)
			if ok != (i+1 < len(pages)) || ok && next.ID != pages[i+1].ID {
				t.Fatalf("after %s: %s", p.ID, next.ID)
			}
			if ok {
				if back, ok := d.Prev(edition, next.ID, a); !ok || back.ID != p.ID {
					t.Fatalf("before %s: %s", next.ID, back.ID)
				}
			}
		}
	})
}

// FuzzApply posts anything: no panic, nothing hidden stored, nothing that the
// page does not ask for.
func FuzzApply(f *testing.F) {
	f.Add("name=Zhou&kind=b&detail=x&member.0.who=a&member.9.who=b&birth:year=1948", uint8(3))
	f.Add("kind=a&kind=b&truth=on&picks=x&picks=x&website=spam&../x=1", uint8(0))
	f.Add("name=%00%ff%E2%80%AE&card=０３０００１１９４８０３２７１２２７", uint8(250))
	d := sample()
	f.Fuzz(func(t *testing.T, query string, order uint8) {
		form, err := url.ParseQuery(query)
		if err != nil && len(form) == 0 {
			return
		}
		for _, edition := range []string{Standard, Care} {
			a := apply(d, edition, form, []int{0, 1, int(order), 2, 3, int(order >> 2)})
			if key, ok := noneHidden(d, a); !ok {
				t.Fatalf("%q is hidden and stored", key)
			}
			d.Validate(a, now)
			data, err := a.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ParseAnswers(data); err != nil {
				t.Fatal(err)
			}
		}
	})
}
