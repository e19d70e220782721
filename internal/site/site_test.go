package site

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/markdown"
	"handrail/internal/source"
)

const siteYAML = `title: Anhe
languages: [{tag: zh-Hans}, {tag: en}, {tag: ar}]
time-zone: Asia/Shanghai
departments:
  health: {name: {en: Health Office, zh-Hans: 卫生局}}
  civil: {name: Civil Affairs}
topics:
  money: {name: {en: Money, zh-Hans: 钱}}
`

var now = time.Date(2026, 9, 18, 0, 0, 0, 0, time.FixedZone("", 8*3600))

// build builds a site of name, text pairs. The pair "site.yaml" is added to
// the test's own.
func build(t testing.TB, pairs ...string) (*Site, []string) {
	t.Helper()
	m := fstest.MapFS{}
	yaml := siteYAML
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] == "site.yaml" {
			yaml += pairs[i+1]
			continue
		}
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	cfg, list := config.Parse("site.yaml", []byte(yaml))
	tree, more, err := source.Load(t.Context(), m, cfg, markdown.New(markdown.Options{}), source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, found := Build(cfg, tree, now, Options{})
	list = append(append(list, more...), found...)
	list.Sort()
	return s, messages(list)
}

func messages(list diag.List) []string {
	var out []string
	for _, d := range list {
		s := d.Pos.String() + " " + d.Code + ": " + d.Msg
		if d.Severity != diag.Error {
			s = d.Severity.String() + " " + s
		}
		out = append(out, s)
	}
	return out
}

// page returns the page at a path.
func page(t *testing.T, s *Site, path string) *Page {
	t.Helper()
	p := s.Page(path)
	if p == nil {
		var have []string
		for _, p := range s.Pages {
			have = append(have, p.Path)
		}
		t.Fatalf("no page %s; there are %s", path, strings.Join(have, " "))
	}
	return p
}

func paths(pages []*Page) []string {
	var out []string
	for _, p := range pages {
		out = append(out, p.Path)
	}
	return out
}

// TestBadInput holds every mistake about the site as a whole to its message
// and place.
func TestBadInput(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []string
		want []string
	}{
		{"link to a missing page", []string{"content/en/a.md", "One.\n\nSee [this](b.md) and [that](../up.md).\n", "content/en/up.md", "# Up\n"},
			[]string{
				`content/en/a.md:3:12 broken-link: there is no page or file "b.md"`,
				`content/en/a.md:3:29 broken-link: there is no page or file "../up.md"; did you mean "/en/up/"?`,
			}},
		{"link out of the content folder", []string{"content/en/a.md", "[x](../../up.md) [y](../../../../etc/passwd)\n"},
			[]string{
				`content/en/a.md:1:5 link-outside: link "../../up.md" leads out of the content folder`,
				`content/en/a.md:1:22 link-outside: link "../../../../etc/passwd" leads out of the content folder`,
			}},
		{"link with a slip", []string{"content/en/s/a.md", "[x](pensoin.md)\n", "content/en/s/pension.md", "# P\n"},
			[]string{`content/en/s/a.md:1:5 broken-link: there is no page or file "pensoin.md"; did you mean "pension"?`}},
		{"link to another folder's page", []string{"content/en/a.md", "[x](/pension/)\n", "content/en/s/pension.md", "# P\n"},
			[]string{`content/en/a.md:1:5 broken-link: there is no page or file "/pension/"; did you mean "/en/s/pension/"?`}},
		{"link in another case", []string{"content/en/a.md", "[x](Pension.md)\n", "content/en/pension.md", "# P\n"},
			[]string{`content/en/a.md:1:5 link-case: link "Pension.md" and the file content/en/pension.md differ in upper and lower case`}},
		{"missing anchor", []string{"content/en/a.md", "中文 [x](b.md#stepz)\n", "content/en/b.md", "# B\n\n## Steps\n"},
			[]string{`content/en/a.md:1:8 broken-anchor: content/en/b.md has no place called "#stepz"; did you mean "#steps"?`}},
		{"missing anchor on the page itself", []string{"content/en/a.md", "[x](#nowhere)\n"},
			[]string{`content/en/a.md:1:5 broken-anchor: content/en/a.md has no place called "#nowhere"`}},
		{"missing image", []string{"content/en/a.md", "![A map](map.png)\n"},
			[]string{`content/en/a.md:1:10 missing-file: there is no file "map.png"`}},
		{"page as an image", []string{"content/en/a.md", "![A map](b.md)\n", "content/en/b.md", "# B\n"},
			[]string{`content/en/a.md:1:10 page-not-file: "b.md" is a page, not a file`}},
		{"link to a draft", []string{"content/en/a.md", "[x](b.md)\n", "content/en/b.md", "---\ndraft: true\n---\n"},
			[]string{`content/en/a.md:1:5 link-to-draft: link "b.md" leads to content/en/b.md, which is a draft`}},
		{"link to a future page", []string{"content/en/a.md", "[x](b)\n", "content/en/b.md", "---\npublish-at: 2026-10-01\n---\n"},
			[]string{`content/en/a.md:1:5 link-to-future: link "b" leads to content/en/b.md, which is not published before 2026-10-01`}},
		{"link to an expired page", []string{"content/en/a.md", "[x](/b/)\n", "content/en/b.md", "---\nexpires-at: 2026-09-18\n---\n"},
			[]string{`content/en/a.md:1:5 link-to-expired: link "/b/" leads to content/en/b.md, which expired on 2026-09-18`}},
		{"file and folder", []string{"content/en/a.md", "# A\n", "content/en/a/index.md", "# A\n"},
			[]string{
				"content/en/a.md:1:1 address-clash: its address /en/a/ is also that of content/en/a/index.md",
				"content/en/a/index.md:1:1 address-clash: its address /en/a/ is also that of content/en/a.md",
			}},
		{"addresses that differ by case", []string{"content/en/Ab.md", "# A\n", "content/en/aB.md", "# B\n"},
			[]string{
				"content/en/Ab.md:1:1 address-clash: its address /en/ab/ is also that of content/en/aB.md",
				"content/en/aB.md:1:1 address-clash: its address /en/ab/ is also that of content/en/Ab.md",
			}},
		{"addresses that differ by case beyond ASCII", []string{"content/en/É.md", "# A\n", "content/en/é.md", "# B\n"},
			[]string{
				"content/en/É.md:1:1 address-clash: its address /en/É/ is also that of content/en/é.md",
				"content/en/é.md:1:1 address-clash: its address /en/é/ is also that of content/en/É.md",
			}},
		{"addresses that differ by Unicode form", []string{"content/en/caf\u00e9.md", "# A\n", "content/en/cafe\u0301.md", "# B\n"},
			[]string{
				"content/en/cafe\u0301.md:1:1 address-clash: its address /en/café/ is also that of content/en/caf\u00e9.md",
				"content/en/caf\u00e9.md:1:1 address-clash: its address /en/café/ is also that of content/en/cafe\u0301.md",
			}},
		{"url of another page", []string{"content/en/a.md", "---\nurl: /b/\n---\n", "content/en/b.md", "# B\n"},
			[]string{
				"content/en/a.md:1:1 address-clash: its address /en/b/ is also that of content/en/b.md",
				"content/en/b.md:1:1 address-clash: its address /en/b/ is also that of content/en/a.md",
			}},
		{"static file on a page", []string{"content/zh-Hans/a.md", "# A\n", "static/a/index.html", "x"},
			[]string{
				"content/zh-Hans/a.md:1:1 address-clash: its address /a/ is also that of static/a/index.html",
				"static/a/index.html address-clash: its address /a/index.html is also that of content/zh-Hans/a.md",
			}},
		{"reserved file", []string{"content/zh-Hans/search.md", "# A\n"},
			[]string{"content/zh-Hans/search.md:1:1 reserved-path: addresses that begin with /search/ are reserved for Handrail itself"}},
		{"reserved folder", []string{"content/zh-Hans/Care/x.md", "# A\n"},
			[]string{"content/zh-Hans/Care/x.md:1:1 reserved-path: addresses that begin with /care/ are reserved for Handrail itself"}},
		{"reserved slug", []string{"content/en/a.md", "---\ntitle: A\nslug: api\n---\n"},
			[]string{"content/en/a.md:3:7 reserved-path: addresses that begin with /api/ are reserved for Handrail itself"}},
		{"reserved url", []string{"content/zh-Hans/s/a.md", "---\ntitle: A\nurl: /en/a/\n---\n"},
			[]string{"content/zh-Hans/s/a.md:3:6 reserved-path: addresses that begin with /en/ are reserved for Handrail itself"}},
		{"reserved alias", []string{"content/en/a.md", "---\ntitle: A\naliases: [/old/, /en/f/x/, /ar/y/]\n---\n"},
			[]string{
				"content/en/a.md:3:18 reserved-path: addresses that begin with /f/ are reserved for Handrail itself",
				"content/en/a.md:3:28 reserved-path: addresses that begin with /ar/ are reserved for Handrail itself",
			}},
		{"reserved static folder", []string{"content/en/a.md", "# A\n", "static/api/v1.json", "{}"},
			[]string{"static/api/v1.json reserved-path: addresses that begin with /api/ are reserved for Handrail itself"}},
		{"alias on a page", []string{"content/en/a.md", "---\ntitle: A\naliases:\n  - /b/\n---\n", "content/en/b.md", "# B\n"},
			[]string{"content/en/a.md:4:5 alias-on-page: alias /en/b/ is the address of content/en/b.md"}},
		{"one alias, two pages", []string{"content/en/a.md", "---\ntype: page\naliases: [/o/]\n---\n# T\n", "content/en/b.md", "---\ntype: page\naliases: [/o/]\n---\n# T\n"},
			[]string{"content/en/b.md:3:11 alias-clash: alias /en/o/ is already an alias on content/en/a.md:3:11"}},
		{"path tricks", []string{"content/en/a.md", "---\ntitle: A\nurl: /x/../../etc/\nslug: a/b\naliases: [/a//b/, /%2e%2e/c/, \"/x\\u0000\", '/a\\b', /%zz/, //evil.example/]\n---\n"},
			[]string{
				`content/en/a.md:3:6 path-dots: "/x/../../etc/" cannot be an address: it climbs from folder to folder with dots`,
				`content/en/a.md:4:7 slug-slash: "a/b" cannot be an address: it holds a slash; a slug is one part of the address`,
				`content/en/a.md:5:11 path-slashes: "/a//b/" cannot be an address: it has two slashes in a row`,
				`content/en/a.md:5:19 path-dots: "/%2e%2e/c/" cannot be an address: it climbs from folder to folder with dots`,
				`content/en/a.md:5:31 path-invisible: "/x\x00" cannot be an address: it holds characters that nobody can see`,
				`content/en/a.md:5:43 path-characters: "/a\\b" cannot be an address: it holds characters that an address cannot have`,
				`content/en/a.md:5:51 path-escapes: "/%zz/" cannot be an address: its %-signs do not form characters`,
				`content/en/a.md:5:58 path-external: "//evil.example/" cannot be an address: it is an address of another site`,
			}},
		{"translations of two types", []string{"content/zh-Hans/a.md", "---\ntype: page\n---\n# A\n", "content/en/a.md", "---\ntype: news\nsource: x\ndate: 2026-01-01\n---\n# A\n"},
			[]string{`content/en/a.md:2:7 translation-type: this page is of type "news", but it translates content/zh-Hans/a.md, which is of type "page"`}},
		{"one translationKey twice", []string{"content/en/a.md", "---\ntype: page\ntranslationKey: k\n---\n# T\n", "content/en/b.md", "---\ntype: page\ntranslationKey: k\n---\n# T\n"},
			[]string{"content/en/b.md:3:17 translation-key-twice: content/en/a.md has this translationKey in the same language"}},
		{"unknown department", []string{"content/en/a.md", "---\ntype: page\ndepartment: helth\n---\n# A\n"},
			[]string{`content/en/a.md:3:13 unknown-department: unknown department "helth"; did you mean "health"?`}},
		{"url of the home page", []string{"content/en/a.md", "---\ntitle: A\nurl: /\n---\n"},
			[]string{`content/en/a.md:3:6 path-home: "/" cannot be an address: it is the home page`}},
		{"interpretation of a page", []string{"content/en/a.md", "---\ntype: interpretation\ninterprets: b.md\n---\n# A\n", "content/en/b.md", "# B\n"},
			[]string{`content/en/a.md:3:13 wrong-target: "interprets" has to lead to a page of type "policy"; this is a page of type "page"`}},
		{"interpretation of nothing", []string{"content/en/a.md", "---\ntype: interpretation\ninterprets: b.md\n---\n# A\n"},
			[]string{`content/en/a.md:3:13 broken-link: there is no page or file "b.md"`}},
		{"link in a field", []string{"content/en/a.md", "---\ntype: page\nsummary: \"See [b](b.md).\"\nsource: |\n  One\n  [c](c.md)\n---\n# A\n"},
			[]string{
				`content/en/a.md:3:19 broken-link: there is no page or file "b.md"`,
				`content/en/a.md:6:7 broken-link: there is no page or file "c.md"`,
			}},
		{"link in a cascade, reported once", []string{
			"content/en/s/index.md", "---\ntype: section\ncascade:\n  related: [/nowhere/]\n---\n# S\n",
			"content/en/s/a.md", "# A\n", "content/en/s/b.md", "# B\n"},
			[]string{`content/en/s/index.md:4:13 broken-link: there is no page or file "/nowhere/"`}},
		{"link in the plain version", []string{"content/en/a.md", "# A\n", "content/en/a.plain.md", "One.\n[b](b.md)\n"},
			[]string{`content/en/a.plain.md:2:5 broken-link: there is no page or file "b.md"`}},
		{"menu", []string{"content/en/a.md", "# A\n", "site.yaml", "menus:\n  en:\n    - {text: A, page: /a/}\n    - {text: B, page: /b/}\n"},
			[]string{`site.yaml:12:23 broken-link: there is no page or file "/b/"`}},
		{"redirects", []string{"content/zh-Hans/a.md", "# A\n", "data/redirects.yaml", "- {from: /old/, to: /a/}\n- {from: /older/, to: /b/}\n- {from: /a/, to: /a/}\n- {from: /care/, to: /a/}\n- {to: /a/}\n"},
			[]string{
				`data/redirects.yaml:2:23 broken-link: there is no page "/b/"`,
				"data/redirects.yaml:4:10 reserved-path: addresses that begin with /care/ are reserved for Handrail itself",
				"data/redirects.yaml:5:3 bad-redirect: a redirect says from and to",
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got := build(t, tt.in...)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	for _, tt := range []struct{ file, front, want string }{
		{"content/zh-Hans/index.md", "", "/"},
		{"content/en/index.md", "", "/en/"},
		{"content/en/Services/Old Age.md", "", "/en/services/old-age/"},
		{"content/zh-Hans/法律/密码法（2019）.md", "", "/法律/密码法（2019）/"},
		{"content/en/what?#50%.md", "", "/en/what-50/"},
		{"content/en/a/index.md", "", "/en/a/"},
		{"content/en/a/_index.md", "", "/en/a/"},
		{"content/en/a.md", "slug: Other Name", "/en/other-name/"},
		{"content/en/s/a.md", "url: /Somewhere/Else", "/en/somewhere/else/"},
		{"content/en/s/a.md", "permalink: /old/page.html", "/en/old/page.html"},
		{"content/en/a.v2.md", "", "/en/a.v2/"},
	} {
		s, diags := build(t, tt.file, "---\ntitle: A\n"+tt.front+"\n---\n")
		for _, d := range diags {
			if !strings.HasPrefix(d, "notice") {
				t.Errorf("%s: %s", tt.file, d)
			}
		}
		p := page(t, s, tt.want)
		if p.File == nil || p.File.Path != tt.file {
			t.Errorf("%s is not the page of %s", tt.want, tt.file)
		}
	}
	s, _ := build(t, "content/en/a.md", "# A\n", "content/en/b.md", "---\nurl: /b.html\n---\n")
	a, b := page(t, s, "/en/a/"), page(t, s, "/en/b.html")
	for got, want := range map[string]string{
		a.URL(Care): "/care/en/a/", a.OutFile(Standard): "en/a/index.html", a.OutFile(Care): "care/en/a/index.html",
		b.OutFile(Care): "care/en/b.html", s.Lang("en").NotFoundPage.OutFile(Standard): "en/404.html",
	} {
		if got != want {
			t.Errorf("got %s; want %s", got, want)
		}
	}
}

func TestLinksThatLeadSomewhere(t *testing.T) {
	others := []string{
		"content/zh-Hans/index.md", "# 首页\n", "content/zh-Hans/services/old-age.md", "# 津贴\n", "content/zh-Hans/only.md", "# 只有中文\n",
		"content/en/index.md", "# Home\n", "content/en/services/index.md", "# Services\n",
		"content/en/services/old-age.md", "# Old age\n\n## What to bring\n",
		"content/en/services/办事（一）.md", "# CJK\n",
		"content/en/places/hall/index.md", "# Hall\n", "content/en/places/hall/map.png", "png",
		"content/zh-Hans/places/hall/index.md", "# 厅\n", "content/zh-Hans/places/hall/plan.pdf", "pdf",
		"content/en/services/moved.md", "---\naliases: [/gone/, old-name]\n---\n# Moved\n",
		"static/logo.svg", "<svg/>",
	}
	for _, tt := range []struct{ from, link, want string }{
		{"services/x.md", "old-age.md", "/en/services/old-age/"},
		{"services/x.md", "old-age", "/en/services/old-age/"},
		{"services/x.md", "./old-age/", "/en/services/old-age/"},
		{"services/x.md", "old-age.html", "/en/services/old-age/"},
		{"services/x.md", "../old-age/", "/en/services/old-age/"}, // as a browser would
		{"places.md", "hall.md", "/en/places/hall/"},              // b.md beside the folder b
		{"services/x.md", "../index.md", "/en/"},
		{"services/x.md", "..", "/en/"},
		{"services/x.md", "index.md", "/en/services/"},
		{"services/x.md", "../services/", "/en/services/"},
		{"services/x.md", "../services/old-age.md#what-to-bring", "/en/services/old-age/#what-to-bring"},
		{"services/x.md", "old-age.md?from=x#what-to-bring", "/en/services/old-age/?from=x#what-to-bring"},
		{"services/x.md", "/services/old-age/", "/en/services/old-age/"},
		{"services/x.md", "/services/old-age.md", "/en/services/old-age/"},
		{"services/x.md", "/en/services/old-age/", "/en/services/old-age/"},
		{"services/x.md", "/en/services/old-age.md", "/en/services/old-age/"},
		{"services/x.md", "/care/en/services/old-age/", "/en/services/old-age/"},
		{"services/x.md", "/only/", "/only/"}, // the default language's
		{"services/x.md", "../../zh-Hans/only.md", "/only/"},
		{"services/x.md", "%E5%8A%9E%E4%BA%8B%EF%BC%88%E4%B8%80%EF%BC%89.md", "/en/services/办事（一）/"},
		{"services/x.md", "/gone/", "/en/services/moved/"},
		{"services/x.md", "/en/services/old-name/", "/en/services/moved/"},
		{"services/x.md", "../places/hall/map.png", "/en/places/hall/map.png"},
		{"services/x.md", "/places/hall/map.png", "/en/places/hall/map.png"},
		{"services/x.md", "/logo.svg", "/logo.svg"},
		{"places/hall/x.md", "map.png", "/en/places/hall/map.png"},
		{"places/hall/x.md", "plan.pdf", "/places/hall/plan.pdf"}, // from the default language
		{"services/x.md", "https://example.org/a?b#c", "https://example.org/a?b#c"},
		{"services/x.md", "mailto:a@example.org", "mailto:a@example.org"},
		{"services/x.md", "tel:12345", "tel:12345"},
		{"services/x.md", "//example.org/", "//example.org/"},
		{"services/x.md", "#top", "/en/services/x/#top"},
		{"services/x.md", "?a=b", "/en/services/x/?a=b"},
		{"services/x.md", "/topics/money/", "/en/topics/money/"},
		{"services/x.md", "/a-z/#letter-o", "/en/a-z/#letter-o"},
	} {
		s, diags := build(t, append(others, "content/en/"+tt.from, "---\ntitle: X\ntopics: [money]\n---\n[link]("+tt.link+")\n")...)
		if len(diags) > 0 {
			t.Errorf("%s from %s: %s", tt.link, tt.from, diags[0])
			continue
		}
		p := page(t, s, "/en/"+strings.TrimSuffix(tt.from, ".md")+"/")
		if got := p.Links[0].URL(Standard); got != tt.want {
			t.Errorf("%s from %s = %s; want %s", tt.link, tt.from, got, tt.want)
		}
	}
}

// A page with errors may be published on purpose, but no script.
func TestRefusedSchemesReachNoPage(t *testing.T) {
	s, _ := build(t, "content/en/index.md", "---\nsource: x\n---\n# H\n")
	for _, link := range []string{"javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x"} {
		if got := s.Resolve(page(t, s, "/"), link).URL(Standard); got != "#unsafe-url" {
			t.Errorf("%s leads to %s", link, got)
		}
	}
}

func TestAnchorsOfFields(t *testing.T) {
	_, diags := build(t, "content/en/a.md", "[x](b.md#number) [y](b.md#effective)\n",
		"content/en/b.md", "---\ntype: policy\nsummary: s\nnumber: 1\nissuer: i\nissued: 2026-01-01\nstatus: in-force\n---\n# B\n")
	want := []string{`content/en/a.md:1:22 broken-anchor: content/en/b.md has no place called "#effective"`}
	if diff := cmp.Diff(want, diags); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

func TestSections(t *testing.T) {
	s, diags := build(t,
		"content/en/news/2026/b.md", "---\ntitle: B\ndate: 2026-02-01\n---\n",
		"content/en/news/2026/a.md", "---\ntitle: A\ndate: 2026-01-01\n---\n",
		"content/en/news/2026/c.md", "---\ntitle: C\nweight: 1\n---\n",
		"content/en/news/2026/d.md", "---\ntitle: D\ndraft: true\n---\n",
		"content/en/news/2026/e.md", "---\ntitle: E\npublish-at: 2026-09-19\n---\n",
		"content/en/news/2026/f.md", "---\ntitle: F\nexpires-at: 2026-09-17\n---\n",
		"content/en/guide/index.md", "---\ntitle: Guide\norder: title\nmenu-title: G\n---\n",
		"content/en/guide/z.md", "---\ntitle: A first\nweight: 9\n---\n",
		"content/en/guide/y.md", "---\ntitle: B second\nweight: 1\n---\n",
	)
	if diags != nil {
		t.Errorf("diagnostics = %q", diags)
	}
	if s.LeftOut != (LeftOut{1, 1, 1}) {
		t.Errorf("left out = %+v", s.LeftOut)
	}
	year := page(t, s, "/en/news/2026/")
	if diff := cmp.Diff([]string{"/en/news/2026/c/", "/en/news/2026/b/", "/en/news/2026/a/"}, paths(year.Children)); diff != "" {
		t.Errorf("children (-want +got):\n%s", diff)
	}
	b := year.Children[1]
	if b.Prev != year.Children[0] || b.Next != year.Children[2] {
		t.Errorf("neighbours of b are %v and %v", b.Prev, b.Next)
	}
	if diff := cmp.Diff([]string{"/en/", "/en/news/", "/en/news/2026/"}, paths(b.Ancestors)); diff != "" {
		t.Errorf("ancestors (-want +got):\n%s", diff)
	}
	if year.Title != "2026" || page(t, s, "/en/news/").Title != "News" {
		t.Errorf("folders without an index are called %q and %q", year.Title, page(t, s, "/en/news/").Title)
	}
	if diff := cmp.Diff([]string{"/en/guide/z/", "/en/guide/y/"}, paths(page(t, s, "/en/guide/").Children)); diff != "" {
		t.Errorf("ordered by title (-want +got):\n%s", diff)
	}
	var menu []string
	for _, m := range s.Lang("en").Menu {
		menu = append(menu, m.Text+" "+m.Page.Path)
	}
	if diff := cmp.Diff([]string{"G /en/guide/", "News /en/news/"}, menu); diff != "" {
		t.Errorf("menu (-want +got):\n%s", diff)
	}
}

func TestMistakesOnPagesLeftOutCloseNoGate(t *testing.T) {
	s, _ := build(t, "content/en/a.md", "---\ntype: page\ntitle: A\ndraft: true\n---\n", "content/en/b.md", "# B\n")
	list := diag.List{{Pos: diag.Pos{File: "content/en/a.md"}}, {Pos: diag.Pos{File: "content/en/b.md"}}}
	got := s.Spare(list)
	if got[0].Severity != diag.Warning || got[1].Severity != diag.Error || list[0].Severity != diag.Error {
		t.Errorf("severities %v and %v, before %v", got[0].Severity, got[1].Severity, list[0].Severity)
	}
}

func TestTranslations(t *testing.T) {
	s, diags := build(t,
		"content/zh-Hans/a.md", "# 甲\n", "content/en/a.md", "# A\n", "content/ar/a.md", "# ا\n",
		"content/zh-Hans/乙.md", "---\ntranslationKey: second\n---\n", "content/en/second.md", "---\ntranslationKey: second\n---\n",
		"content/en/alone.md", "# Alone\n",
	)
	if diags != nil {
		t.Errorf("diagnostics = %q", diags)
	}
	if diff := cmp.Diff([]string{"/en/a/", "/ar/a/"}, paths(page(t, s, "/a/").Translations)); diff != "" {
		t.Errorf("translations of a (-want +got):\n%s", diff)
	}
	if got := page(t, s, "/en/second/").Translation("zh-Hans"); got != page(t, s, "/乙/") {
		t.Errorf("translation by key = %v", got)
	}
	if got := page(t, s, "/en/alone/").Translations; got != nil {
		t.Errorf("translations of alone = %v", paths(got))
	}
	if got := page(t, s, "/en/a-z/").Translation("ar"); got == nil || got.Path != "/ar/a-z/" {
		t.Errorf("lists translate each other; got %v", got)
	}
}

func TestTaxonomies(t *testing.T) {
	s, diags := build(t,
		"content/en/a.md", "---\ntitle: A\ntopics: [money, Health Care]\nkeywords: [Cash, cash]\ndepartment: health\n---\n",
		"content/en/b.md", "---\ntitle: B\ntopics: [money]\nkeywords: [cash]\nrelated: [c.md]\n---\n",
		"content/en/c.md", "---\ntitle: C\n---\n",
		"content/en/topics/money.md", "---\ntitle: Money matters\n---\nAll about it.\n",
		"content/en/departments/index.md", "---\ntitle: Who does what\n---\n",
	)
	if diags != nil {
		t.Errorf("diagnostics = %q", diags)
	}
	money := page(t, s, "/en/topics/money/")
	if money.Kind != Term || money.Title != "Money matters" || len(money.Items) != 2 {
		t.Errorf("topic money: kind %s, title %q, %d pages", money.Kind, money.Title, len(money.Items))
	}
	if p := page(t, s, "/en/topics/health-care/"); p.Title != "Health Care" || p.Parent != s.Lang("en").TopicsPage {
		t.Errorf("topic made of a word: %q below %v", p.Title, p.Parent)
	}
	if p := page(t, s, "/en/keywords/cash/"); len(p.Items) != 2 || p.Title != "Cash" {
		t.Errorf("keyword cash: %q with %d pages", p.Title, len(p.Items))
	}
	deps := page(t, s, "/en/departments/")
	if deps.Kind != Taxonomy || deps.Title != "Who does what" || len(deps.Items) != 1 || deps.Items[0].Title != "Health Office" {
		t.Errorf("departments: kind %s, title %q, terms %v", deps.Kind, deps.Title, paths(deps.Items))
	}
	if got := paths(page(t, s, "/en/b/").Related); !cmp.Equal(got, []string{"/en/c/", "/en/a/"}) {
		t.Errorf("related to b = %v; want the named page, then those of its topics", got)
	}
	if s.Lang("zh-Hans").TopicsPage != nil || s.Page("/keywords/") != nil {
		t.Error("a language without topics has a list of them")
	}
}

func TestPagers(t *testing.T) {
	in := []string{"site.yaml", "page-size: 4\n", "content/en/news/index.md", "# News\n"}
	for i := range 9 {
		in = append(in, fmt.Sprintf("content/en/news/n%d.md", i), fmt.Sprintf("---\ntitle: N%d\ntopics: [money]\n---\n", i))
	}
	s, diags := build(t, in...)
	if diags != nil {
		t.Errorf("diagnostics = %q", diags)
	}
	news := page(t, s, "/en/news/")
	if g := news.Pager; g == nil || g.Total != 3 || len(g.Items) != 4 || g.Prev != nil || g.Next.Path != "/en/news/page/2/" {
		t.Fatalf("pager of the section = %+v", news.Pager)
	}
	last := news.Pager.Pages[2]
	if last.Path != "/en/news/page/3/" || len(last.Pager.Items) != 1 || last.Pager.Number != 3 || last.Pager.Next != nil {
		t.Errorf("last page = %s %+v", last.Path, last.Pager)
	}
	n := 0
	for _, p := range s.Pages {
		if strings.Contains(p.Path, "/page/") {
			n++
		}
	}
	if n != 4 { // two of the section, two of the topic
		t.Errorf("%d further pages; want 4", n)
	}
}

func TestAlphabet(t *testing.T) {
	s, _ := build(t,
		"content/zh-Hans/a.md", "---\ntitle: 高龄津贴\nalso-called: [敬老金, ATM 取款]\n---\n", "content/zh-Hans/b.md", "---\ntitle: 残疾人证\n---\n",
		"content/zh-Hans/c.md", "---\ntitle: “一件事”办理\n---\n", "content/zh-Hans/d.md", "---\ntitle: 12345热线\n---\n",
		"content/en/a.md", "---\ntitle: école\n---\n", "content/en/b.md", "---\ntitle: Zoo\nalso-called: [Animal park]\n---\n",
		"content/ar/a.md", "---\ntitle: الخدمات\n---\n", "content/ar/b.md", "---\ntitle: أوقات العمل\n---\n",
	)
	for lang, want := range map[string][]string{
		"zh-Hans": {"A ATM 取款+", "C 残疾人证", "D 大字版*", "G 高龄津贴 关爱版* 关怀版*", "J 敬老金+", "Q 亲情版*", "S 适老版*", "Y 一件事”办理", "Z 长辈版*", "# 12345热线"},
		"en":      {"A Animal park+", "C Care edition*", "E Easy read* école", "L Large print*", "S Senior mode* Simple version*", "Z Zoo"},
		"ar": {"ا أوقات العمل", "خ الخدمات الخط الكبير*", "ق القراءة السهلة*", "ن نسخة الرعاية* النسخة المبسطة*",
			"و وضع كبار السن*"},
	} {
		var got []string
		for _, l := range s.Lang(lang).AZ {
			line := l.Letter
			for _, it := range l.Items {
				line += " " + strings.TrimLeft(it.Text, "“")
				switch {
				case it.Care:
					line += "*"
				case it.Also:
					line += "+"
				}
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("A–Z of %s (-want +got):\n%s", lang, diff)
		}
	}
}

func TestPinyinInitials(t *testing.T) {
	x := newLetters()
	for _, word := range strings.Fields(`A阿 A安 A爱 B办 B八 B补 C残 C城 C财 C曾 D登 D大 D低 E儿 E恶 F发 F法 F服 G高 G公 G关 H户 H婚 H环
		J结 J居 J就 K看 K困 L老 L临 L劳 M民 M慢 N农 N年 N拿 O欧 P平 P普 Q取 Q企 Q区 R人 R入 S社 S身 S失 S市 T提 T退 T通
		W无 W网 W外 X新 X学 X县 Y医 Y养 Y一 Y预 Z住 Z证 Z政 Z招 Z作`) {
		r := []rune(word)
		if got := x.initial(r[1]); got != string(r[0]) {
			t.Errorf("initial of %c = %s; want %c", r[1], got, r[0])
		}
	}
}

func TestInterpretations(t *testing.T) {
	policy := "---\ntype: policy\nsummary: s\nnumber: 1\nissuer: i\nissued: 2026-01-01\nstatus: in-force\n---\n# P\n"
	s, diags := build(t, "content/en/p.md", policy, "content/en/i.md", "---\ntype: interpretation\ninterprets: p.md\n---\n# I\n")
	if diags != nil {
		t.Errorf("diagnostics = %q", diags)
	}
	p, i := page(t, s, "/en/p/"), page(t, s, "/en/i/")
	if i.Interprets != p || len(p.InterpretedBy) != 1 || p.InterpretedBy[0] != i {
		t.Errorf("interprets %v, interpreted by %v", i.Interprets, p.InterpretedBy)
	}
}

func TestEmptySite(t *testing.T) {
	s, diags := build(t)
	if diff := cmp.Diff([]string{"content no-pages: there are no pages here"}, diags); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	if len(s.Langs) != 3 || s.Lang("en").Home.Title != "Anhe" {
		t.Errorf("%d languages, home page %q", len(s.Langs), s.Lang("en").Home.Title)
	}
}
