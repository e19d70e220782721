package source

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/markdown"
)

// files makes a file system of name, text pairs.
func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

// load loads a site whose languages are en (default) and zh-Hans.
func load(t *testing.T, fsys fs.FS, prev *Tree) (*Tree, []string) {
	t.Helper()
	cfg, diags := config.Parse("site.yaml", []byte("languages: [{tag: en}, {tag: zh-Hans}]\ntime-zone: Asia/Shanghai\n"))
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	return loadWith(t, fsys, cfg, Options{Prev: prev})
}

func loadWith(t *testing.T, fsys fs.FS, cfg *config.Config, opt Options) (*Tree, []string) {
	t.Helper()
	tree, list, err := Load(t.Context(), fsys, cfg, markdown.New(markdown.Options{}), opt)
	if err != nil {
		t.Fatal(err)
	}
	return tree, messages(list)
}

func messages(list diag.List) []string {
	var out []string
	for _, d := range list {
		out = append(out, d.Pos.String()+" "+d.Severity.String()+" "+d.Code+": "+d.Msg)
	}
	return out
}

// file returns the page at a path.
func file(t *testing.T, tree *Tree, path string) *File {
	t.Helper()
	for _, f := range tree.Files {
		if f.Path == path {
			return f
		}
	}
	t.Fatalf("page %s is lost", path)
	return nil
}

// TestBadInput holds every broken file to its message and place, and to the
// promise that the page is built all the same.
func TestBadInput(t *testing.T) {
	const a = "content/en/a.md"
	for _, tt := range []struct {
		name, in string
		want     []string
		body     string // what is left of the page
	}{
		{"never closed", "---\ntitle: A\nsummary: b\n\nText.\n",
			[]string{a + ":1:1 error front-matter-open: the front matter that begins here is never closed"}, "<p>Text.</p>"},
		{"never closed, no blank line", "---\ntitle: A\n# Heading\n",
			[]string{a + ":1:1 error front-matter-open: the front matter that begins here is never closed"}, "<h2"},
		{"TOML never closed", "+++\ntitle = \"A\"\n\nText.\n",
			[]string{a + ":1:1 error front-matter-open: the front matter that begins here is never closed"}, "<p>Text.</p>"},
		{"tab", "---\ntitle: A\nplain:\n\twho: b\n---\nText.\n",
			[]string{a + ":4:1 error yaml-tab: a tab cannot be used to indent here"}, "<p>Text.</p>"},
		{"a rule, not front matter", "---\n\nText.\n", nil, "<p>Text.</p>"},
		{"a list", "---\n- a\n- b\n---\nText.\n",
			[]string{a + ":2:1 error front-matter-shape: front matter is a group of fields, such as “title: Visit us”"}, "<p>Text.</p>"},
		{"strict, unknown and missing", "---\ntype: interpretation\ntitel: A\n---\n# A\n\nText.\n",
			[]string{
				a + `:2:7 error missing-field: "interprets" is missing`,
				a + `:3:1 error unknown-key: unknown key "titel"; did you mean "title"?`,
			}, "<p>Text.</p>"},
		{"unknown type", "---\ntype: servce\n---\n# A\n\nText.\n",
			[]string{a + `:2:7 error unknown-type: unknown type "servce"; did you mean "service"?`}, "<p>Text.</p>"},
		{"bad date, strict", "---\ntype: page\ndate: 2026-13-01\n---\n# A\n\nText.\n",
			[]string{a + `:3:7 error bad-date: "2026-13-01" is no date: "date"`}, "<p>Text.</p>"},
		{"bad date, lenient", "---\ndate: tomorrow\n---\nText.\n",
			[]string{a + `:2:7 warning bad-date: "tomorrow" is no date: "date"`}, "<p>Text.</p>"},
		{"TOML, strict", "+++\ntype = \"page\"\nweight = \"x\"\nsumary = \"y\"\n+++\n# A\n\nText.\n",
			[]string{
				a + `:3:10 error wrong-type: "weight" has to be a number, not "x"`,
				a + `:4:1 error unknown-key: unknown key "sumary"; did you mean "summary"?`,
			}, "<p>Text.</p>"},
		{"NUL", "Te\x00xt.\n", []string{a + ":1:3 error nul-byte: a NUL byte cannot stand in a text file"}, "<p>Te\uFFFDxt.</p>"},
		{"invalid UTF-8", "# 标题\n\nОдин caf\xe9 два.\n", []string{a + ":3:9 error invalid-utf8: 1 byte is here no UTF-8"}, "caf\uFFFD"},
		{"unlisted language", "---\ntype: page\nlang: fr\n---\n# A\n\nText.\n",
			[]string{a + `:3:7 error unlisted-language: language "fr" is not one of this site's languages`}, "<p>Text.</p>"},
		{"another language", "---\nlang: zh-CN\n---\nText.\n",
			[]string{a + `:2:7 warning lang-mismatch: the page says it is "zh-CN", but it is built as "en"`}, "<p>Text.</p>"},
		{"cascade", "---\ntype: page\ncascade: x\n---\n# A\n\nText.\n",
			[]string{a + `:3:10 error wrong-type: "cascade" has to be a group of fields, not "x"`}, "<p>Text.</p>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tree, got := load(t, files(a, tt.in), nil)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if html := string(file(t, tree, a).Doc.HTML); !strings.Contains(html, tt.body) {
				t.Errorf("body = %q; want %q in it", html, tt.body)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	gb := "# \xb0\xec\xca\xc2\xd6\xb8\xc4\xcf\n\n\xd5\xe2\xca\xc7\xd2\xbb\xb8\xf6\xb7\xfe\xce\xf1\xd2\xb3\xc3\xe6\xa1\xa3\n"
	tree, got := load(t, files(
		"content/zh-Hans/gb.md", gb,
		"content/zh-Hans/utf16.md", "\xff\xfe#\x00 \x00\x9e\x52\x8b\x4e\n\x00",
		"content/en/bom.md", "\xEF\xBB\xBF---\ntitle: A\n---\nText.\n",
		"content/en/crlf.md", "---\r\ntitle: B\r\n---\r\nOne\r\n\r\nTwo\r\n",
	), nil)
	want := []string{
		"content/en/bom.md notice bom: the byte order mark at the beginning is left out",
		"content/en/crlf.md notice crlf: Windows line ends are read as plain ones",
		"content/zh-Hans/gb.md notice converted: read as GB18030 and converted to UTF-8",
		"content/zh-Hans/utf16.md notice converted: read as UTF-16 and converted to UTF-8",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	if f := file(t, tree, "content/zh-Hans/gb.md"); f.Title == nil || f.Title.Text != "办事指南" {
		t.Errorf("title of the GB18030 page = %v", f.Title)
	}
	if f := file(t, tree, "content/zh-Hans/utf16.md"); f.Title == nil || f.Title.Text != "办事" {
		t.Errorf("title of the UTF-16 page = %v", f.Title)
	}
	if f := file(t, tree, "content/en/bom.md"); f.Front.String("title") != "A" {
		t.Errorf("front matter after a byte order mark is lost")
	}
	if html := string(file(t, tree, "content/en/crlf.md").Doc.HTML); strings.Contains(html, "\r") {
		t.Errorf("body = %q; line ends are not converted", html)
	}
}

func TestLatin1IsNotTakenForChinese(t *testing.T) {
	for _, in := range []string{"na\xefve caf\xe9", "\xfcber Stra\xdfe, gr\xf6\xdfer", "只有一个坏字节\xff在这里"} {
		if d := decode([]byte(in)); d.from != "" || d.bad == 0 {
			t.Errorf("decode(%q): from %q, %d bad bytes; want invalid UTF-8", in, d.from, d.bad)
		}
	}
}

func TestPlainFolders(t *testing.T) {
	cfg := config.Default()
	tree, got := loadWith(t, files(
		"README.md", "# Start\n",
		"办事 指南/津贴（一）.md", "# 高龄津贴\n\n每个月都能领。\n",
		"notes/Old Notes.MD", "Nothing much.\n",
		"help.md", "---\nlang: ar\n---\nمرحبا\n",
		"مساعدة.md", "# مرحبا بكم\n",
	), cfg, Options{Content: ".", Prefix: "docs"})
	if got != nil {
		t.Errorf("diagnostics = %q; want none", got)
	}
	for path, want := range map[string][2]string{
		"docs/README.md":          {"en", ""},
		"docs/办事 指南/津贴（一）.md":     {"zh-Hans", "办事 指南/津贴（一）"},
		"docs/notes/Old Notes.MD": {"en", "notes/Old Notes"},
		"docs/help.md":            {"ar", "help"},
		"docs/مساعدة.md":          {"ar", "مساعدة"},
	} {
		f := file(t, tree, path)
		if f.Lang != want[0] || f.LogicalPath != want[1] {
			t.Errorf("%s: language %q, logical path %q; want %q", path, f.Lang, f.LogicalPath, want)
		}
	}
	if tree.Cfg.DefaultLang != "ar" && tree.Cfg.DefaultLang != "en" || len(cfg.Languages) != 0 {
		t.Errorf("default language %q; the given configuration has to stay as it was", tree.Cfg.DefaultLang)
	}
}

func TestLanguageFoldersAreDiscovered(t *testing.T) {
	tree, _ := loadWith(t, files("content/zh/a.md", "x", "content/en/a.md", "x", "content/en/b.md", "x"), config.Default(), Options{})
	var got []string
	for _, l := range tree.Cfg.Languages {
		got = append(got, l.Tag)
	}
	if diff := cmp.Diff([]string{"en", "zh"}, got); diff != "" || tree.Cfg.DefaultLang != "en" {
		t.Errorf("languages %v, default %s; want en before zh", got, tree.Cfg.DefaultLang)
	}
	tree, _ = loadWith(t, files("content/it/a.md", "x", "content/staff/a.md", "x"), config.Default(), Options{})
	if len(tree.Cfg.Languages) != 1 || tree.Cfg.Languages[0].Tag != "en" {
		t.Errorf("languages = %v; it/ beside staff/ is not Italian", tree.Cfg.Languages)
	}
}

func TestStrayFolder(t *testing.T) {
	tree, got := load(t, files("content/en/a.md", "x", "content/zh-Hnas/b.md", "# 标题"), nil)
	want := []string{`content/zh-Hnas error unlisted-language: folder "zh-Hnas" is not one of this site's languages; did you mean "zh-Hans"?`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	file(t, tree, "content/zh-Hnas/b.md")
}

func TestCascade(t *testing.T) {
	tree, got := load(t, files(
		"content/en/news/index.md", "---\ntitle: News\ncascade:\n  type: news\n  department: press\n  source: \"[Press](press.md)\"\n---\n",
		"content/en/news/old/index.md", "---\ntitle: Old\ncascade: {department: archive}\n---\n",
		"content/en/news/a.md", "---\ntitle: A\ndate: 2026-01-02\n---\n",
		"content/en/news/old/b.md", "---\ntitle: B\ndate: 2025-01-02\nsource: own\ncolour: red\n---\n",
		"content/en/news/c/index.md", "---\ntitle: C\n---\n",
	), nil)
	want := []string{
		`content/en/news/c/index.md:1:1 error missing-field: "date" is missing`,
		`content/en/news/old/b.md:5:1 error unknown-key: unknown key "colour"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	a, b := file(t, tree, "content/en/news/a.md"), file(t, tree, "content/en/news/old/b.md")
	if a.Type != "news" || !a.Strict || a.Get("department").Text != "press" {
		t.Errorf("a: type %q, strict %v, department %v", a.Type, a.Strict, a.Get("department"))
	}
	if b.Get("department").Text != "archive" || b.Get("source").Text != "own" {
		t.Errorf("b: department %q, source %q; the nearest wins", b.Get("department").Text, b.Get("source").Text)
	}
	if pos := a.Pos(a.Get("department")).String(); pos != "content/en/news/index.md:5:15" {
		t.Errorf("department of a is at %s", pos)
	}
	if in := a.Inline[a.Get("source")]; in == nil || len(in.Doc.Links) != 1 {
		t.Errorf("the inline Markdown of a value passed down is lost")
	}
	if s := file(t, tree, "content/en/news/index.md"); s.Type != "section" || s.Get("department") != nil {
		t.Errorf("a section gets its own cascade: type %q", s.Type)
	}
	if c := file(t, tree, "content/en/news/c/index.md"); !c.Bundle || c.Type != "news" {
		t.Errorf("c: bundle %v, type %q; want a bundle of type news", c.Bundle, c.Type)
	}
}

func TestOtherGeneratorsNames(t *testing.T) {
	tree, got := load(t, files(
		"content/en/a.md", "---\ntitle: A\ntags: [x, y]\ncategories: z\nexpiryDate: 2026-01-01\nlayout_id: 7\n---\n",
		"content/en/b.md", "---\ntitle: B\ntags: u, v\nlayout_id: 8\n---\n",
	), nil)
	want := []string{
		`content/en/a.md:3:1 notice foreign-key: "tags" is read as "keywords" (2 pages)`,
		`content/en/a.md:4:1 notice foreign-key: "categories" is read as "keywords"`,
		`content/en/a.md:5:1 notice foreign-key: "expiryDate" is read as "expires-at"`,
		`content/en/a.md:6:1 notice unread-key: key "layout_id" says nothing to Handrail (2 pages)`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	a := file(t, tree, "content/en/a.md")
	if diff := cmp.Diff([]string{"x", "y", "z"}, a.Front.Strings("keywords")); diff != "" {
		t.Errorf("keywords (-want +got):\n%s", diff)
	}
	shanghai := time.Date(2025, 12, 31, 16, 0, 0, 0, time.UTC)
	if !a.ExpiresAt.Equal(shanghai) {
		t.Errorf("expires at %v; a day begins in the site's time zone", a.ExpiresAt)
	}
	if diff := cmp.Diff([]string{"u", "v"}, file(t, tree, "content/en/b.md").Front.Strings("keywords")); diff != "" {
		t.Errorf("keywords (-want +got):\n%s", diff)
	}
}

func TestPlainVersionsAndResources(t *testing.T) {
	tree, got := load(t, files(
		"content/en/a/index.md", "# A\n", "content/en/a/map.png", "png", "content/en/a/parts/b.pdf", "pdf",
		"content/en/a/index.plain.md", "Short.\n",
		"content/en/lost.plain.md", "Short.\n",
		"data/offices.yaml", "- name: One\n- name: Two\n", "data/bad.json", "{\"a\": 1,}\n",
		"static/logo.svg", "<svg/>",
	), nil)
	want := []string{
		`content/en/lost.plain.md error plain-alone: there is no page "lost.md" that this could be the plain version of`,
		"data/bad.json:1:9 error json-syntax: this cannot be read as JSON: invalid character '}' looking for beginning of object key string",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	f := file(t, tree, "content/en/a/index.md")
	if !f.Bundle || f.Plain == nil || len(f.Resources) != 2 || f.LogicalPath != "a" {
		t.Errorf("bundle %v, plain %v, %d resources", f.Bundle, f.Plain != nil, len(f.Resources))
	}
	if d := tree.Data["offices"]; d == nil || len(d.Value.List) != 2 || d.Value.List[1].String("name") != "Two" {
		t.Errorf("data/offices.yaml is lost")
	}
	if len(tree.Static) != 1 || tree.Static[0].Rel != "logo.svg" {
		t.Errorf("static = %v", tree.Static)
	}
}

// TestLinksInTheFileSystem needs real links, which a MapFS does not have.
func TestLinksInTheFileSystem(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights that Windows users do not have")
	}
	dir := t.TempDir()
	en := filepath.Join(dir, "content", "en")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(filepath.Join(en, "sub"), 0o755))
	must(os.MkdirAll(filepath.Join(dir, "shared"), 0o755))
	must(os.WriteFile(filepath.Join(dir, "shared", "s.md"), []byte("# S\n"), 0o644))
	must(os.WriteFile(filepath.Join(en, "a.md"), []byte("# A\n"), 0o644))
	for link, to := range map[string]string{
		"loop": "loop", "up": "..", "sub/back": "../sub", "ping": "pong", "pong": "ping",
		"gone.md": "nowhere.md", "out.md": "../../../out.md", "passwd.md": "/etc/passwd", "shared": "../../shared", "also-a.md": "a.md",
		".etc": "/etc", "through-hidden.md": ".etc/hostname", ".up": "../..", "by-hidden.md": ".up/shared/s.md", "round.md": ".up/../x.md",
		"../../static": "/etc",
	} {
		must(os.Symlink(to, filepath.Join(en, link)))
	}
	tree, got := load(t, os.DirFS(dir), nil)
	want := []string{
		"content/en/gone.md error symlink-broken: this link leads to nothing",
		"content/en/loop error symlink-loop: this link leads back to itself",
		"content/en/out.md error symlink-out: this link leads out of the site",
		"content/en/passwd.md error symlink-out: this link leads out of the site",
		"content/en/ping error symlink-loop: this link leads back to itself",
		"content/en/pong error symlink-loop: this link leads back to itself",
		"content/en/round.md error symlink-out: this link leads out of the site",
		"content/en/sub/back error symlink-loop: this link leads back to a folder that holds it",
		"content/en/through-hidden.md error symlink-out: this link leads out of the site",
		"content/en/up error symlink-loop: this link leads back to a folder that holds it",
		"static error symlink-out: this link leads out of the site",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	for _, p := range []string{"content/en/a.md", "content/en/also-a.md", "content/en/shared/s.md", "content/en/by-hidden.md"} {
		file(t, tree, p)
	}
}

// denied is a file system with one file that may not be read.
type denied struct {
	fs.FS
	name string
}

func (d denied) Open(name string) (fs.File, error) {
	if name == d.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return d.FS.Open(name)
}

func TestUnreadableFile(t *testing.T) {
	m := files("content/en/a.md", "# A\n", "content/en/b.md", "# B\n", "data/x.yaml", "a: 1\n")
	for _, name := range []string{"content/en/b.md", "data/x.yaml"} {
		tree, got := load(t, denied{m, name}, nil)
		if diff := cmp.Diff([]string{name + " error unreadable: cannot be read: permission denied"}, got); diff != "" {
			t.Errorf("diagnostics (-want +got):\n%s", diff)
		}
		file(t, tree, "content/en/a.md")
	}
}

func TestLargePages(t *testing.T) {
	big := "# Big\n\n" + strings.Repeat(strings.Repeat("Some words of text.\n", 50)+"\n", 10_000)
	tree, got := load(t, files("content/en/a.md", big), nil)
	if got != nil || len(file(t, tree, "content/en/a.md").Src) != len(big) {
		t.Errorf("diagnostics = %q; a page of 10 MB is fine", got)
	}
	m := fstest.MapFS{"content/en/a.md": {Data: make([]byte, maxPage+1)}}
	_, got = load(t, m, nil)
	if diff := cmp.Diff([]string{"content/en/a.md error page-too-large: a page of 64 MB is too large; the limit is 64 MB"}, got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

func TestUnchangedFilesAreReused(t *testing.T) {
	old := time.Now().Add(-time.Hour)
	m := files(
		"content/en/index.md", "---\ntitle: Home\n---\n", "content/en/a.md", "---\ntype: page\nwrong: 1\n---\n![](x)\n", "content/en/b.md", "# B\n")
	for _, f := range m {
		f.ModTime = old
	}
	first, before := load(t, m, nil)
	m["content/en/b.md"] = &fstest.MapFile{Data: []byte("# C\n"), ModTime: old.Add(time.Minute)}
	second, after := load(t, m, first)
	if file(t, second, "content/en/a.md").Doc != file(t, first, "content/en/a.md").Doc {
		t.Error("an unchanged page was rendered again")
	}
	if got := file(t, second, "content/en/b.md").Title.Text; got != "C" {
		t.Errorf("title of the changed page = %q; want C", got)
	}
	if diff := cmp.Diff(before, after); diff != "" || len(after) == 0 {
		t.Errorf("diagnostics of unchanged files differ (-first +second):\n%s", diff)
	}
	// What a section passes down changes how its pages are read.
	m["content/en/index.md"] = &fstest.MapFile{Data: []byte("---\ncascade: {type: news}\n---\n"), ModTime: old.Add(time.Minute)}
	third, got := load(t, m, second)
	if f := file(t, third, "content/en/b.md"); f.Type != "news" || !f.Strict {
		t.Errorf("type %q, strict %v after the cascade changed; want a strict news page", f.Type, f.Strict)
	}
	if len(got) != 2+len(after) { // b.md lacks date and source
		t.Errorf("diagnostics = %q", got)
	}
}

func TestLoadStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := Load(ctx, files("content/en/a.md", "x"), config.Default(), markdown.New(markdown.Options{}), Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v; want context.Canceled", err)
	}
}
