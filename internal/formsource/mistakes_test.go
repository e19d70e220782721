package formsource

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handrail/i18n"
)

const siteYAML = `title: T
languages: [{tag: en}, {tag: zh-Hans}]
default-language: en
departments: {d: {name: D}}
`

// page is a form with these sections; what personal data need is said for all.
const page = `---
title: T
type: form
form: f
kind: application
summary: S
department: d
retention: { years: 1 }
basis: B
other-ways: [{ kind: phone, text: W, tel: "1" }]
sections:
`

func compilePages(t *testing.T, pages map[string]string) []string {
	t.Helper()
	dir := t.TempDir()
	pages = maps.Clone(pages)
	pages["site.yaml"] = siteYAML
	for name, text := range pages {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, _ := load(t, dir)
	_, diags := Compile(s)
	diags.Sort()
	var out []string
	for _, d := range diags {
		pos := strings.TrimPrefix(d.Pos.String(), "content/")
		out = append(out, pos+" "+d.Code+" "+d.Args["arg"].(string))
	}
	return out
}

// Each mistake is told at its own line.
func TestMistakesLeadHome(t *testing.T) {
	choice := `{ id: a, kind: choice, label: L, options: [{ value: x, label: X }, { value: y, label: Y }] }`
	for _, tt := range []struct{ name, sections, want string }{
		{"well", `  - { id: s, title: T, fields: [` + choice + `] }`, ""},
		{"unknown field", "  - id: s\n    title: T\n    fields:\n      - " + choice + "\n      - id: b\n        kind: text\n        label: L\n        show-when: [{ field: nope, is: x }]\n",
			"en/f.md:19:30 form-unknown-field nope"},
		{"unknown option", "  - id: s\n    title: T\n    fields:\n      - " + choice + "\n      - id: b\n        kind: text\n        label: L\n        show-when: [{ field: a, is: z }]\n",
			"en/f.md:19:30 form-unknown-option z"},
		{"later field", "  - id: s\n    title: T\n    fields:\n      - id: b\n        kind: text\n        label: L\n        show-when: [{ field: a, is: x }]\n      - " + choice + "\n",
			"en/f.md:18:30 form-later-field a"},
		{"circle", "  - id: s\n    title: T\n    fields:\n      - { id: a, kind: yes-no, label: L, show-when: [{ field: b, is: yes }] }\n      - { id: b, kind: yes-no, label: L, show-when: [{ field: a, is: yes }] }\n",
			"en/f.md:15:63 form-circle a"},
		{"duplicate id", "  - id: s\n    title: T\n    fields:\n      - { id: s, kind: text, label: L }\n",
			"en/f.md:15:15 form-duplicate-id s"},
		{"bad and reserved ids", "  - { id: check, title: T, fields: [{ id: Ö, kind: text, label: L }] }\n",
			"en/f.md:12:11 form-reserved-id check\nen/f.md:12:43 form-bad-id Ö"},
		{"no purpose", "  - id: s\n    title: T\n    fields:\n      - { id: n, kind: name, label: L }\n",
			"en/f.md:15:9 form-no-purpose n"},
		{"sensitive", "  - id: s\n    title: T\n    fields:\n      - { id: n, kind: text, label: L, personal: { purpose: P, sensitive: true, consent: true } }\n",
			"en/f.md:15:50 form-no-consent n\nen/f.md:15:50 form-no-reason n"},
		{"limits", "  - id: s\n    title: T\n    fields:\n      - { id: n, kind: number, label: L, min: 5, max: 1 }\n      - { id: d, kind: date, label: L, latest: soon }\n      - { id: u, kind: file, label: L, accept: [exe], personal: { purpose: P } }\n",
			"en/f.md:15:24 form-bad-limits n\nen/f.md:16:48 form-bad-day soon\nen/f.md:17:49 form-bad-accept exe"},
		{"another group", "  - { id: g, title: T, repeat: { max: 3, item: I }, fields: [" + choice + "] }\n  - { id: s, title: T, fields: [{ id: b, kind: text, label: L, show-when: [{ field: a, is: x }] }] }\n",
			"en/f.md:13:85 form-other-group a"},
		{"no promise", "  - { id: s, title: T, fields: [{ id: c, kind: commitment, label: L }] }\n",
			"en/f.md:12:33 form-no-promise c\nen/f.md:12:33 form-no-text c"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := compilePages(t, map[string]string{"content/en/f.md": page + tt.sections + "\n---\n"})
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

// A translation asks what the original asks.
func TestTranslationsAgree(t *testing.T) {
	fields := func(s string) string { return page + "  - { id: s, title: T, fields: [" + s + "] }\n---\n" }
	for _, tt := range []struct{ name, zh, want string }{
		{"other words", "{ id: a, kind: text, label: 名 }", ""},
		{"another kind", "{ id: a, kind: long-text, label: 名 }", "zh-Hans/f.md:12:33 form-differs kind"},
		{"another id", "{ id: b, kind: text, label: 名 }", `zh-Hans/f.md:12:33 form-differs field "b", not "a"`},
		{"one more", "{ id: a, kind: text, label: 名 }, { id: b, kind: text, label: 名 }", `zh-Hans/f.md:12:5 form-differs 2 fields in section "s", not 1`},
		{"no hint", "{ id: a, kind: text, label: 名, hint: 怎么填 }", "zh-Hans/f.md:12:33 form-differs hint"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := compilePages(t, map[string]string{"content/en/f.md": fields("{ id: a, kind: text, label: L }"), "content/zh-Hans/f.md": fields(tt.zh)})
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

// Every flaw has words, in English here and in Chinese in the catalogue.
func TestFlawsHaveWords(t *testing.T) {
	layer := i18n.Embedded()
	layer.Dir += "/tool"
	set, diags := i18n.Load(layer)
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	zh := set.For("zh-Hans")
	for _, code := range slices.Sorted(maps.Keys(flaws)) {
		if zh.Message("diag."+code) == nil {
			t.Errorf("%s has no words in Chinese", code)
		}
	}
}
