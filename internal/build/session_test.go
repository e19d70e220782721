package build

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// A workbench is a session on a site of its own, and what it built last.
type workbench struct {
	t    *testing.T
	dir  string
	s    *Session
	last *memSink
}

func newWorkbench(t *testing.T) *workbench {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/session.txtar")
	if err != nil {
		t.Fatal(err)
	}
	b := &workbench{t: t, dir: unpack(t, ar)}
	b.s = NewSession(Options{Source: b.dir, Gate: GateReport, Clock: testClock, Tool: "handrail test"})
	b.rebuild(nil)
	return b
}

func (b *workbench) rebuild(changed []string) *Result {
	b.t.Helper()
	b.last = newMemSink()
	res, err := b.s.Rebuild(b.t.Context(), b.last, changed)
	if err != nil {
		b.t.Fatal(err)
	}
	return res
}

// An edit writes, removes ("-") or renames (">name") a file.
type edit struct{ name, text string }

// do makes changes and returns what a watcher would report.
func (b *workbench) do(edits ...edit) []string {
	b.t.Helper()
	var changed []string
	for _, e := range edits {
		name := filepath.Join(b.dir, e.name)
		changed = append(changed, name)
		var err error
		switch to, renamed := strings.CutPrefix(e.text, ">"); {
		case e.text == "-":
			err = os.RemoveAll(name)
		case renamed:
			changed = append(changed, filepath.Join(b.dir, to))
			err = os.Rename(name, filepath.Join(b.dir, to))
		default:
			if err = os.MkdirAll(filepath.Dir(name), 0o755); err == nil {
				err = os.WriteFile(name, []byte(e.text), 0o644)
			}
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	return changed
}

// madeAgain lists the pages of the last build that were not taken from the
// one before.
func (b *workbench) madeAgain(before *memSink) []string {
	var out []string
	for _, name := range b.last.paths() {
		now, was := b.last.files[name], before.files[name]
		if strings.HasSuffix(name, ".html") && unsafe.SliceData(now) != unsafe.SliceData(was) && !strings.Contains(name, "old/") {
			out = append(out, strings.TrimSuffix(name, "index.html"))
		}
	}
	slices.Sort(out)
	return out
}

// TestSessionBuildsWhatAFreshBuildDoes changes one thing after the other.
func TestSessionBuildsWhatAFreshBuildDoes(t *testing.T) {
	b := newWorkbench(t)
	for _, step := range []struct {
		name  string
		edits []edit
	}{
		{"nothing", nil},
		{"body", []edit{{"content/en/services/ice.md", "---\ntitle: Ice\ntopics: [winter]\ndate: 2026-01-06\nweight: 2\naliases: [/old/ice/]\n---\n\n## Salt\n\nSand, too.\n"}}},
		{"title", []edit{{"content/en/services/ice.md", "---\ntitle: Black ice\ntopics: [winter]\ndate: 2026-01-06\nweight: 2\naliases: [/old/ice/]\n---\n\nSand.\n"}}},
		{"new page", []edit{{"content/en/services/hail.md", "---\ntitle: Hail\ntopics: [winter]\ndate: 2026-01-07\n---\n\nRoofs. See [ice](ice.md).\n"}}},
		{"new folder", []edit{{"content/en/news/first.md", "---\ntype: news\ntitle: First\ndate: 2026-02-01\nsummary: News.\n---\n\nText.\n"}}},
		{"new page in another language", []edit{{"content/zh-Hans/services/ice.md", "---\ntitle: 冰\n---\n\n撒盐。\n"}}},
		{"keyword and draft", []edit{{"content/en/services/tax.md", "---\ntitle: Tax\nkeywords: [money, law]\ndraft: true\n---\n\nWhat you pay.\n"}}},
		{"no draft any more", []edit{{"content/en/services/tax.md", "---\ntitle: Tax\nkeywords: [money, law]\nslug: taxes\n---\n\nWhat you pay.\n"}}},
		{"cascade", []edit{{"content/en/services/_index.md", "---\ntitle: Services\ncascade: {department: civil}\n---\n\nEverything.\n"}}},
		{"page gone", []edit{{"content/en/services/ice.md", "-"}}},
		{"page renamed", []edit{{"content/en/services/hail.md", ">content/en/services/thunder.md"}}},
		{"folder renamed", []edit{{"content/en/news", ">content/en/reports"}}},
		{"data", []edit{{"data/facts.yaml", "people: 13000\n"}}},
		{"picture", []edit{{"content/en/visit/map.gif", "GIF89a\x40\x00\x30\x00\x00\x00\x00"}}},
		{"static file", []edit{{"static/robots-note.txt", "Robots are not welcome.\n"}, {"static/new.txt", "New.\n"}}},
		{"layout", []edit{{"themes/own/layouts/partials/footer.html", "<footer class=\"foot\"><p>Another footer</p></footer>\n"}}},
		{"style", []edit{{"themes/own/assets/css/last.css", "main { color: #111 }\n"}}},
		{"broken settings", []edit{{"site.yaml", "title: [\n"}, {"content/en/index.md", "# Hello\n\nChanged while the settings were broken.\n"}}},
		{"settings", []edit{{"site.yaml", "title: {en: City hall}\nbase-url: https://city.example\ndefault-language: en\nlanguages: [{tag: en}, {tag: zh-Hans}]\ntheme: own\n"}}},
		{"plain version", []edit{{"content/en/services/snow.plain.md", "- Who: you\n"}}},
		{"folder gone", []edit{{"content/en/reports", "-"}, {"content/en/visit/map.gif", "-"}}},
	} {
		changed := b.do(step.edits...)
		if changed == nil {
			changed = []string{}
		}
		got := b.rebuild(changed)
		want, fresh := buildDir(t, b.dir, Options{Gate: GateOff})
		if diff := cmp.Diff(want.paths(), b.last.paths()); diff != "" {
			t.Errorf("%s: files of a fresh build and of the session:\n%s", step.name, diff)
		}
		for _, name := range want.paths() {
			if !bytes.Equal(want.files[name], b.last.files[name]) {
				t.Errorf("%s: %s differs:\n%s", step.name, name, cmp.Diff(string(want.files[name]), string(b.last.files[name])))
			}
		}
		if got.Known != nil {
			var err error
			if got.Report, err = got.Known(); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(said(fresh), said(got)); diff != "" {
			t.Errorf("%s: what authors are told by a fresh build and by the session:\n%s", step.name, diff)
		}
	}
	checkJudged(t, b)
}

// checkJudged holds what a session found on its pages, over many builds,
// against what one build finds.
func checkJudged(t *testing.T, b *workbench) {
	t.Helper()
	rep, err := b.rebuild([]string{}).Judge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, fresh := buildDir(t, b.dir, Options{})
	if diff := cmp.Diff(fresh.Report.Findings, rep.Findings); diff != "" {
		t.Errorf("findings of a fresh build and of the session:\n%s", diff)
	}
}

// TestOnlyPagesThatReadAChangeAreMadeAgain counts what an edit costs.
func TestOnlyPagesThatReadAChangeAreMadeAgain(t *testing.T) {
	b := newWorkbench(t)
	const front = "topics: [winter]\ndate: 2026-01-06\nweight: 2\naliases: [/old/ice/]\n---\n\nSalt for the pavement.\n"
	for _, tt := range []struct {
		name string
		edit edit
		want []string
	}{
		{"nothing", edit{"content/en/services/ice.md", "---\ntitle: Ice\n" + front}, nil},
		{"body", edit{"content/en/services/ice.md", "---\ntitle: Ice\n" + front + "\nAnd sand.\n"}, []string{"services/ice/"}},
		{"title", edit{"content/en/services/ice.md", "---\ntitle: Black ice\n" + front + "\nAnd sand.\n"},
			[]string{"a-z/", "services/", "services/heating/", "services/ice/", "services/snow/", "site-map/", "topics/winter/"}},
		{"data", edit{"data/facts.yaml", "people: 13000\n"}, []string{"", "zh-hans/"}},
		{"static file", edit{"static/robots-note.txt", "Robots are not welcome.\n"}, nil},
		{"a note beside the site", edit{"notes.txt", "Buy milk.\n"}, nil},
	} {
		before := b.last
		b.rebuild(b.do(tt.edit))
		var want []string // a page is made again in both editions
		for _, p := range tt.want {
			want = append(want, p, "care/"+p)
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, b.madeAgain(before)); diff != "" {
			t.Errorf("%s: pages to be made again and those that were:\n%s", tt.name, diff)
		}
	}
}
