package formpage_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"handrail/i18n"
	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/formstate"
)

var now = time.Date(2026, 11, 24, 9, 30, 0, 0, time.FixedZone("CST", 8*3600))

const shell = `<!DOCTYPE html><html lang="x"><title>-handrail-title-</title><a href="/care/-handrail-path-/">care</a>-handrail-way-<main>-handrail-head--handrail-main-</main>`

var langs = []string{"zh-Hans", "en", "ar"}

func both(s string) forms.Texts { return forms.Texts{"zh-Hans": s, "en": s, "ar": s} }

// form has a field of every kind.
func form() *forms.Definition {
	personal := &forms.Personal{Purpose: both("P"), Basis: both("B"), RetentionDays: 365}
	one, ten := 1.0, 10.0
	d := &forms.Definition{ID: "f", Languages: langs, Kind: forms.Application, Title: both("T"), Path: both("/f/"), Department: "d", RetentionDays: 30,
		UndoMinutes: 10, Limit: &forms.Limit{Days: 5, Unit: "workday"}, Ways: []forms.Way{{Kind: "phone", Text: both("W"), Tel: "12345"}},
		Sections: []*forms.Section{{ID: "s", Title: both("S")}, {ID: "g", Title: both("G"), Repeat: &forms.Repeat{Min: 1, Max: 3, Item: both("I")},
			Fields: []*forms.Field{{ID: "member", Kind: forms.Name, Label: both("M"), Personal: personal}}}}}
	for _, k := range forms.Kinds {
		f := &forms.Field{ID: "x-" + string(k), Kind: k, Label: both("L-" + string(k)), Text: both("D")}
		switch k {
		case forms.Choice, forms.Choices:
			f.Options = []forms.Option{{Value: "a", Label: both("A"), Hint: both("H")}, {Value: "b", Label: both("B")}, {Value: "c", Label: both("C")}}
			if k == forms.Choices {
				f.MinPicked, f.MaxPicked = 2, 2
			}
		case forms.Number:
			f.Min, f.Max, f.Whole = &one, &ten, true
		case forms.Text, forms.LongText:
			f.MinLength = 3
		case forms.Date:
			f.Earliest, f.Latest = "1900-01-01", "today"
		case forms.Upload:
			f.Accept, f.MaxMB, f.MaxFiles, f.Camera = []string{"jpg", "pdf"}, 5, 2, true
		case forms.Commitment:
			f.Promise = &forms.Promise{Replaces: both("R"), Days: 30, Unit: "day", Consequence: both("E")}
		}
		if slices.Contains(forms.PersonalKinds, k) {
			f.Personal = personal
		}
		d.Sections[0].Fields = append(d.Sections[0].Fields, f)
	}
	d.Sections[0].Fields = append(d.Sections[0].Fields,
		&forms.Field{ID: "digits", Kind: forms.Text, Label: both("N"), Digits: true, MinLength: 4, MaxLength: 6},
		&forms.Field{ID: "ahead", Kind: forms.Date, Label: both("F"), Earliest: "today", Latest: "2030-01-01", Optional: true},
	)
	return d
}

func kit(t testing.TB) *formpage.Kit {
	t.Helper()
	m := fstest.MapFS{}
	site := formpage.Site{Format: 1, Title: map[string]string{"": "T"}, TimeZone: "Asia/Shanghai", Editions: []string{"standard", "care"}, Forms: []string{"f"},
		Departments: []formpage.Department{{ID: "d", Name: map[string]string{"": "D"}, Phone: "1", Text: "2"}}}
	set, diags := i18n.Load(i18n.Embedded())
	if diags.Errors() > 0 {
		t.Fatal(diags[0])
	}
	for _, tag := range langs {
		site.Languages = append(site.Languages, formpage.Language{Tag: tag, HTML: tag, Default: tag == "zh-Hans"})
		data, err := set.For(tag).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		m["texts/"+tag+".json"] = &fstest.MapFile{Data: data}
		for _, e := range site.Editions {
			m["shells/"+e+"/"+tag+".html"] = &fstest.MapFile{Data: []byte(shell)}
		}
	}
	data, err := json.Marshal(site)
	if err != nil {
		t.Fatal(err)
	}
	m["site.json"] = &fstest.MapFile{Data: data}
	if data, err = form().Encode(); err != nil {
		t.Fatal(err)
	}
	m["forms/f.json"] = &fstest.MapFile{Data: data}
	theme := os.DirFS("../../themes/civic/server")
	names, err := fs.Glob(theme, "*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(theme, name)
		if err != nil {
			t.Fatal(err)
		}
		m[path.Join("templates", name)] = &fstest.MapFile{Data: data}
	}
	k, err := formpage.Open(m)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var (
	idOf     = regexp.MustCompile(` id="([^"]*)"`)
	refersTo = regexp.MustCompile(` (?:for|aria-labelledby|aria-describedby)="([^"]*)"|href="#([^"]*)"`)
)

// Every state draws in every language and edition: each reference leads to an
// element, no id is there twice, no address was refused, and an error page
// says so in its title, tells it first and marks each field.
func TestEveryState(t *testing.T) {
	k := kit(t)
	for _, edition := range []string{"standard", "care"} {
		for _, lang := range langs {
			prefix := k.Site().Prefix(lang, edition)
			for _, s := range append(formstate.Of(k.Form("f"), edition, prefix, now), formstate.Common(prefix)...) {
				html, err := k.Render(formpage.At{Lang: lang, Edition: edition, Path: "/f/" + s.Name}, s.View)
				if err != nil {
					t.Fatalf("%s %s %s: %v", edition, lang, s.Name, err)
				}
				where, page := edition+" "+lang+" "+s.Name, string(html)
				checkReferences(t, where, page)
				if strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "-handrail-") {
					t.Errorf("%s: %.2000s", where, page)
				}
				checkErrors(t, where, page, s.View, k, lang)
			}
		}
	}
}

func checkReferences(t *testing.T, where, page string) {
	ids := map[string]bool{}
	for _, m := range idOf.FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("%s: id %q is there twice", where, m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range refersTo.FindAllStringSubmatch(page, -1) {
		for _, id := range strings.Fields(m[1] + m[2]) {
			if !ids[id] {
				t.Errorf("%s: nothing has the id %q", where, id)
			}
		}
	}
}

func checkErrors(t *testing.T, where, page string, v formpage.View, k *formpage.Kit, lang string) {
	step, ok := v.(*formpage.Step)
	if !ok {
		return
	}
	isError := strings.Contains(page, "<title>"+k.Text(lang, "form.title-error"))
	if isError != (len(step.Problems) > 0) {
		t.Errorf("%s: error in the title: %v; %d problems", where, isError, len(step.Problems))
	}
	if len(step.Problems) == 0 {
		return
	}
	oops, h1 := strings.Index(page, `id="oops"`), strings.Index(page, "<h1")
	if oops < 0 || oops > h1 || !strings.Contains(page, `tabindex="-1" aria-labelledby="oops-h"><div role="alert">`) {
		t.Errorf("%s: the summary has to stand above the heading", where)
	}
	if n := strings.Count(page, `class="err"`); n != len(step.Problems) {
		t.Errorf("%s: %d messages at fields; want %d", where, n, len(step.Problems))
	}
}

// Each message about a mistake can happen, and is seen by the gate.
func TestEveryProblemIsDrawn(t *testing.T) {
	k := kit(t)
	drawn := map[string]bool{}
	for _, s := range formstate.Of(k.Form("f"), "care", "", now) {
		if step, ok := s.View.(*formpage.Step); ok {
			for _, p := range step.Problems {
				drawn[p.Message] = true
			}
		}
		if c, ok := s.View.(*formpage.Case); ok {
			for _, a := range c.Asked {
				if a.Problem != nil {
					drawn[a.Problem.Message] = true
				}
			}
		}
	}
	set, _ := i18n.Load(i18n.Embedded())
	for _, key := range set.For("en").Keys() {
		rest, ok := strings.CutPrefix(key, "form.error.")
		if ok && !drawn[key] && !slices.Contains(forms.Kinds, forms.FieldKind(rest[strings.LastIndexByte(rest, '.')+1:])) {
			t.Errorf("no state shows %s", key)
		}
	}
}

// What people typed stays what it is: text.
func TestTypedTextIsEscaped(t *testing.T) {
	k := kit(t)
	d := k.Form("f")
	const evil = `"><script>alert(1)</script>{{.}}</textarea>`
	a := &forms.Answers{Values: map[string][]string{}}
	for _, f := range d.Sections[0].Fields {
		a.Values[f.ID] = []string{evil, evil, evil}
	}
	a.AddFile("x-file", forms.File{ID: evil, Name: evil, Size: 1})
	p, _ := d.Page("standard", "s", a)
	for _, v := range []formpage.View{
		&formpage.Step{Form: d, Page: p, Answers: a, Problems: d.Validate(a, now), Action: "/f/", Number: 1, Total: 2},
		&formpage.Check{Form: d, Answers: a, Change: func(id string) string { return "/f/" + id }},
		&formpage.Busy{Form: d, Answers: a},
		&formpage.Case{Form: d, State: "working", Answers: a, Action: "/x", Typed: evil, Messages: []formpage.Message{{Text: evil}}, Result: evil},
		&formpage.Resume{Typed: evil},
	} {
		html, err := k.Render(formpage.At{Lang: "en", Edition: "standard", Path: `/f/"><script>`}, v)
		if err != nil {
			t.Fatal(err)
		}
		if page := string(html); strings.Contains(page, "<script>") || strings.Contains(page, "{{.}}</textarea>{{") {
			t.Errorf("%T: %s", v, page)
		}
	}
}

// Nothing that was typed is lost when a page comes back with errors.
func TestTypedTextComesBack(t *testing.T) {
	k := kit(t)
	d := k.Form("f")
	a := &forms.Answers{Values: map[string][]string{"x-date": {"1948", "13", "x"}, "x-phone": {"12"}, "x-choice": {"b"}, "x-long-text": {"a\nb"}}}
	p, _ := d.Page("standard", "s", a)
	html, err := k.Render(formpage.At{Lang: "en", Edition: "standard", Path: "/f/x"}, &formpage.Step{Form: d, Page: p, Answers: a, Problems: d.Validate(a, now)})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`value="1948"`, `value="13"`, `value="x"`, `value="12"`, `value="b" checked`, "a\nb</textarea>", `action=""`, `id="website"`} {
		if !strings.Contains(string(html), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
