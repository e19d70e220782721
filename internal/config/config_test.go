package config

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"handrail/internal/diag"
)

func messages(list diag.List) []string {
	var out []string
	for _, d := range list {
		out = append(out, d.Pos.String()+" "+d.Code+": "+d.Msg)
	}
	return out
}

func TestBadInput(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"syntax", "title: \"Anhe\nlanguages: [en]\n", []string{"site.yaml:1:8 yaml-open-quote: this quote is never closed"}},
		{"tab", "help:\n\tphone: 1\n", []string{"site.yaml:2:1 yaml-tab: a tab cannot be used to indent here"}},
		{"a list", "- a\n", []string{"site.yaml:1:1 wrong-type: site.yaml has to be a group of fields, such as “title: Town hall”"}},
		{"NUL", "title: a\x00\n", []string{"site.yaml:1:9 nul-byte: a NUL byte cannot stand in a text file"}},
		{"not UTF-8", "title: caf\xe9\n", []string{"site.yaml:1:11 invalid-utf8: this is not valid UTF-8"}},
		{"all at once", `titel: Anhe
base-url: anhe.example
time-zone: Asia/Peking2
default-language: fr
languages:
  - {tag: zh-Hans}
  - {tag: not a tag}
  - {tag: zh-Hans}
  - {name: English}
title: {zh-Hans: 安和, zh-Hnas: 安和}
editions: [standard, kare]
strict: perhaps
on-fail: wait
page-size: 0
departments:
  health: {phone: 1}
menus:
  en: [{text: Home, page: /}]
  zh-Hans: [{text: 首页}]
acceptances:
  - {rule: image-name, page: /a/, reason: later, until: soon}
strict: true
`, []string{
			`site.yaml:1:1 unknown-key: unknown key "titel"; did you mean "title"?`,
			`site.yaml:2:11 bad-base-url: "anhe.example" is no address of a site`,
			`site.yaml:3:12 unknown-time-zone: unknown time zone "Asia/Peking2"`,
			`site.yaml:4:19 unlisted-language: language "fr" is not one of this site's languages`,
			`site.yaml:7:11 unknown-language: "not a tag" is no language tag`,
			`site.yaml:8:11 duplicate-language: language "zh-Hans" is listed twice`,
			`site.yaml:9:5 missing-field: "languages.tag" is missing`,
			`site.yaml:10:22 unlisted-language: language "zh-Hnas" is not one of this site's languages; did you mean "zh-Hans"?`,
			`site.yaml:11:22 unknown-word: "editions" cannot be "kare"; did you mean "care"?`,
			`site.yaml:12:9 wrong-type: "strict" has to be true or false, not "perhaps"`,
			`site.yaml:13:10 unknown-word: "on-fail" cannot be "wait"`,
			`site.yaml:14:12 out-of-range: "page-size" has to be from 1 to 1000`,
			`site.yaml:16:3 missing-field: "departments.health.name" is missing`,
			`site.yaml:18:3 unlisted-language: language "en" is not one of this site's languages`,
			`site.yaml:19:13 missing-field: "menus.zh-Hans.page" is missing`,
			`site.yaml:21:57 bad-date: "soon" is no date: "acceptances.until"`,
			`site.yaml:22:1 duplicate-key: key "strict" is given twice; the first is on line 12`,
		}},
		{"base URL with a folder", "base-url: https://example.org/city/\n",
			[]string{"site.yaml:1:11 bad-base-url: a site has to lie at the root of its host, not in a folder"}},
		{"text that is a list", "languages: [{tag: en}]\ntitle: [a]\nfooter: {note: {en: {b: c}}}\n", []string{
			`site.yaml:2:8 wrong-type: "title" has to be a text, or a text for each language`,
			`site.yaml:3:21 wrong-type: "en" has to be a text, or a text for each language`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, diags := Parse("site.yaml", []byte(tt.in))
			if diff := cmp.Diff(tt.want, messages(diags)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	in := `title: {zh-Hans: 安和, en: Anhe}
base-url: https://anhe.example/
time-zone: Asia/Shanghai
languages: [{tag: zh-Hans, name: 中文}, {tag: en}, {tag: ar}]
default-language: zh-Hans
on-fail: hold
departments:
  health: {name: {en: Health}, phone: 12345}
topics: {money: {name: {en: Money}}}
menus: {en: [{text: Home, page: /}]}
help: {phone: 12345, hours: always}
care: {doors: {en: [{text: Do, note: things, page: /s/, icon: hand}]}}
acceptances: [{rule: r, page: "*", reason: why, until: 2026-12-31}]
rules: {editorial-jargon: error}
params: {colour: green}
`
	c, diags := Load(fstest.MapFS{"site.yaml": {Data: []byte(in)}}, "site.yaml")
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	zh, ar := c.Lang("zh-Hans"), c.Lang("ar")
	if zh.HTMLLang != "zh-CN" || zh.Name != "中文" || zh.Title != "安和" || ar.Dir != "rtl" || ar.Name != "العربية" || ar.Title != "安和" {
		t.Errorf("languages = %+v", c.Languages)
	}
	if c.BaseURL != "https://anhe.example" || c.TimeZone.String() != "Asia/Shanghai" || c.OnFail != "hold" || c.Theme != "civic" || c.PageSize != 20 {
		t.Errorf("settings = %q %v %q %q %d", c.BaseURL, c.TimeZone, c.OnFail, c.Theme, c.PageSize)
	}
	d := c.Departments["health"]
	if d == nil || d.Phone.Text != "12345" || d.Name.In(c, "ar").S != "Health" || d.Pos.Line != 8 {
		t.Errorf("department = %+v", d)
	}
	if got := c.Help.Hours.In(c, "en").S; got != "always" {
		t.Errorf("a text without a language serves all of them; got %q", got)
	}
	if len(c.Doors["en"]) != 1 || c.Doors["en"][0].Icon != "hand" || c.Menus["en"][0].Page != "/" {
		t.Errorf("doors %v, menus %v", c.Doors, c.Menus)
	}
	want := time.Date(2026, 12, 31, 0, 0, 0, 0, c.TimeZone)
	if len(c.Acceptances) != 1 || !c.Acceptances[0].Until.Equal(want) {
		t.Errorf("acceptances = %+v", c.Acceptances)
	}
	if c.Rules["editorial-jargon"] != "error" || c.Params.String("colour") != "green" {
		t.Errorf("rules %v, params %v", c.Rules, c.Params)
	}
}

func TestMissingFile(t *testing.T) {
	c, diags := Load(fstest.MapFS{}, "site.yaml")
	if diff := cmp.Diff([]string{"site.yaml config-unreadable: there is no such file"}, messages(diags)); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	if c.Theme != "civic" || len(c.Editions) != 2 {
		t.Errorf("defaults are lost: %+v", c)
	}
}

func TestMatch(t *testing.T) {
	c, _ := Parse("site.yaml", []byte("languages: [{tag: zh-Hans}, {tag: en}, {tag: pt-BR}]\n"))
	for tag, want := range map[string]string{
		"zh-Hans": "zh-Hans", "zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-TW": "", "en-GB": "en", "pt": "pt-BR", "fr": "", "!": "",
	} {
		if got, _ := c.Match(tag); got != want {
			t.Errorf("Match(%q) = %q; want %q", tag, got, want)
		}
	}
}

// FuzzParse holds site.yaml to no panic, and to places inside the file.
func FuzzParse(f *testing.F) {
	f.Add([]byte("title: {en: x}\nlanguages: [{tag: en}]\nmenus: {en: [{text: a, page: /}]}\n"))
	f.Add([]byte("departments: {a: {name: [x]}}\ncare: {doors: {en: x}}\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		_, diags := Parse("site.yaml", in)
		for _, d := range diags {
			if d.Pos.File != "site.yaml" || d.Pos.Line < 1 || d.Pos.Col < 1 {
				t.Errorf("%v has no place", d)
			}
		}
	})
}
