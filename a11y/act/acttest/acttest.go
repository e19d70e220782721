// Package acttest reads the cases of a rule. A case is a page; the attribute
// expect marks a target and says its outcome and message, and is taken away
// before the rule sees the page:
//
//	<img src="map.svg" expect="failed no-name">
//
// An element without expect must not be a target. A comment
// <!-- mode: dark forced 320 --> in the page sets the display mode: dark,
// more (contrast), forced (colours), print, or a width.
//
// Files of an archive whose names begin with site/ are other pages and
// scripts of the site; the case stands at its root.
package acttest

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// Parse returns the page of a case and the outcomes that it expects, in
// document order, each as "path: outcome message".
func Parse(t testing.TB, name string, data []byte) (*act.Page, []string) {
	t.Helper()
	doc := dom.Parse(string(data))
	var want []string
	for _, n := range doc.Nodes {
		if i := slices.IndexFunc(n.Attrs, func(a dom.Attr) bool { return a.Name == "expect" }); i >= 0 {
			if n.Attrs[i].Value == "" {
				t.Fatalf("%s: empty expect", name)
			}
			want = append(want, n.Path()+": "+strings.Join(strings.Fields(n.Attrs[i].Value), " "))
			n.Attrs = slices.Delete(n.Attrs, i, i+1)
		}
	}
	p := act.NewPage(doc, style.Resolve(doc, style.Sheets(doc, nil), mode(t, doc)))
	p.URL = name
	return p, want
}

// Format returns the results as Parse returns what is expected; an error of
// the rule is one more line.
func Format(results []act.Result, err error) []string {
	var got []string
	for _, r := range results {
		got = append(got, strings.TrimSpace(r.Target.Path()+": "+r.Outcome.String()+" "+r.Message))
	}
	if err != nil {
		got = append(got, err.Error())
	}
	return got
}

// mode returns the display mode that a comment in the page asks for.
func mode(t testing.TB, doc *dom.Doc) style.Mode {
	m := style.Mode{Name: "light", Width: 1280, Scheme: "light"}
	for _, n := range doc.Nodes {
		words, ok := strings.CutPrefix(strings.TrimSpace(n.Text), "mode:")
		if n.Type != dom.Comment || !ok {
			continue
		}
		for word := range strings.FieldsSeq(words) {
			switch word {
			case "dark":
				m.Scheme = "dark"
			case "more":
				m.Contrast = "more"
			case "forced":
				m.Forced = true
			case "print":
				m.Print = true
			default:
				width, err := strconv.Atoi(word)
				if err != nil {
					t.Fatalf("unknown mode %q", word)
				}
				m.Width = width
			}
		}
	}
	return m
}

// Files are the other files of a site, by their path. They are an act.Site.
type Files map[string]string

// SiteOf returns the files of an archive that are no cases; nil when there are
// none.
func SiteOf(ar *txtar.Archive) Files {
	var files Files
	for _, f := range ar.Files {
		if name, ok := strings.CutPrefix(f.Name, "site/"); ok {
			if files == nil {
				files = Files{}
			}
			files[name] = string(f.Data)
		}
	}
	return files
}

// Page implements act.Site; href is taken from the root.
func (f Files) Page(_, _, href string) (*act.Other, bool) {
	name := f.name(href)
	src, ok := f[name]
	if !ok {
		return nil, false
	}
	return act.NewOther(name, dom.Parse(src)), true
}

// File implements act.Site.
func (f Files) File(_, _, href string) (string, bool) {
	src, ok := f[f.name(href)]
	return src, ok
}

func (f Files) name(href string) string {
	name, _, _ := strings.Cut(href, "#")
	name, _, _ = strings.Cut(name, "?")
	return strings.TrimPrefix(name, "/")
}
