// Package servertest has what tests of the server need: a small site as the
// generator writes it, with one form, and a person who fills it in without
// script.
package servertest

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"filippo.io/age"

	"handrail/internal/formpage"
	"handrail/internal/forms"
)

func both(zh, en string) forms.Texts { return forms.Texts{"zh-Hans": zh, "en": en} }

// Form returns the form of the test site: 采暖补贴.
func Form() *forms.Definition {
	return &forms.Definition{
		ID: "heating", Languages: []string{"zh-Hans", "en"}, Kind: forms.Application,
		Title: both("采暖补贴申请", "Heating allowance"), Path: both("/forms/heating/", "/forms/heating/"),
		Department: "housing", UndoMinutes: 10, RetentionDays: 365,
		Ways: []forms.Way{{Kind: "phone", Text: both("打电话", "By telephone"), Tel: "12345"}},
		Sections: []*forms.Section{
			{ID: "you", Title: both("您", "You"), Fields: []*forms.Field{
				{ID: "name", Kind: forms.Name, Label: both("姓名", "Name"), Personal: personal()},
				{ID: "phone", Kind: forms.Phone, Label: both("电话", "Telephone"), Optional: true, Personal: personal()},
			}},
			{ID: "home", Title: both("住处", "Your home"), Fields: []*forms.Field{
				{ID: "heated", Kind: forms.YesNo, Label: both("有没有集中供暖", "Is there district heating?")},
				{ID: "stove", Kind: forms.LongText, Label: both("怎么取暖", "How do you heat?"), MaxLength: 2000,
					ShowWhen: []forms.Condition{{Field: "heated", Is: []string{"no"}}}},
			}},
		},
	}
}

// Papers returns the form with one more page, which asks for files and a
// number of rooms.
func Papers() *forms.Definition {
	d := Form()
	say := func(s string) forms.Texts { return both(s, s) }
	d.Sections = append(d.Sections, &forms.Section{ID: "papers", Title: say("papers"), Fields: []*forms.Field{
		{ID: "rooms", Kind: forms.Number, Label: say("rooms")},
		{ID: "bill", Kind: forms.Upload, Label: say("bill"), Personal: personal(), Accept: []string{"jpg", "pdf"}, MaxMB: 1, MaxFiles: 2, Camera: true},
	}})
	return d
}

func personal() *forms.Personal {
	return &forms.Personal{Purpose: both("核对", "To check"), Basis: both("条例", "The ordinance"), RetentionDays: 365}
}

// Files returns the site with the forms as the generator writes it, pages and
// .handrail.
func Files(definitions ...*forms.Definition) fstest.MapFS {
	site := formpage.Site{
		Format: 1, Title: map[string]string{"zh-Hans": "安和市", "en": "Anhe"}, BaseURL: "https://anhe.example", TimeZone: "Asia/Shanghai",
		Languages: []formpage.Language{{Tag: "zh-Hans", HTML: "zh-CN", Dir: "ltr", Name: "中文", Default: true},
			{Tag: "en", HTML: "en", Dir: "ltr", Name: "English"}},
		Editions:    []string{forms.Standard, forms.Care},
		Departments: []formpage.Department{{ID: "housing", Name: map[string]string{"zh-Hans": "住建局", "en": "Housing"}, Phone: "12345"}},
		Headers:     []formpage.Header{{Name: "Content-Security-Policy", Value: "default-src 'self'; frame-ancestors 'none'"}},
	}
	out := fstest.MapFS{}
	put := func(name, text string) { out[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644} }
	for _, d := range definitions {
		site.Forms = append(site.Forms, d.ID)
		body, err := d.Encode()
		if err != nil {
			panic(err)
		}
		put(".handrail/forms/"+d.ID+".json", string(body))
	}
	b, err := json.Marshal(site)
	if err != nil {
		panic(err)
	}
	put(".handrail/site.json", string(b))
	for _, l := range site.Languages {
		put(".handrail/texts/"+l.Tag+".json", texts)
		for _, e := range site.Editions {
			prefix := site.Prefix(l.Tag, e)
			put(".handrail/shells/"+e+"/"+l.Tag+".html", shell)
			put(prefix[min(1, len(prefix)):]+slash(prefix)+"index.html", "<!doctype html><title>home "+e+" "+l.Tag+"</title>")
			put(prefix[min(1, len(prefix)):]+slash(prefix)+"404.html", "<!doctype html><title>nothing "+e+" "+l.Tag+"</title>")
		}
	}
	put(".handrail/templates/all.html", templates)
	put("_headers", "/*\n  X-Test: yes\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n")
	put("_redirects", "/old/ /care/ 301\n")
	return out
}

func slash(prefix string) string {
	if prefix == "" {
		return ""
	}
	return "/"
}

// Kit returns the kit of the test site.
func Kit(t testing.TB, definitions ...*forms.Definition) *formpage.Kit {
	t.Helper()
	fsys, err := fs.Sub(Files(definitions...), ".handrail")
	if err != nil {
		t.Fatal(err)
	}
	kit, err := formpage.Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return kit
}

// WriteSite writes the test site into a folder.
func WriteSite(t testing.TB, dir string, definitions ...*forms.Definition) {
	t.Helper()
	for name, f := range Files(definitions...) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Identities returns n fresh keys of a department.
func Identities(t testing.TB, n int) []*age.X25519Identity {
	t.Helper()
	out := make([]*age.X25519Identity, n)
	for i := range out {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		out[i] = id
	}
	return out
}

// A Clock is a time that tests move.
type Clock struct{ ch chan time.Time }

// NewClock starts on a working morning.
func NewClock() *Clock {
	c := &Clock{make(chan time.Time, 1)}
	c.ch <- time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	return c
}

// Now returns the time.
func (c *Clock) Now() time.Time {
	t := <-c.ch
	c.ch <- t
	return t
}

// Add moves the clock.
func (c *Clock) Add(d time.Duration) { c.ch <- (<-c.ch).Add(d) }
