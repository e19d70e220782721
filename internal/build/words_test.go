package build

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"handrail/a11y/report"
)

func wordsSite(t *testing.T) string {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/words.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return unpack(t, ar)
}

func mustHold(t *testing.T, files *memSink, name string, want ...string) {
	t.Helper()
	html := string(files.files[name])
	for _, w := range want {
		if !strings.Contains(html, w) {
			t.Errorf("%s lacks %s in\n%s", name, w, html)
		}
	}
}

func TestWordsChartsAndStatementInBothEditions(t *testing.T) {
	files, res := buildDir(t, wordsSite(t), Options{})
	if res.Report.Count(report.Error) > 0 {
		t.Fatal(said(res))
	}
	for _, prefix := range []string{"", "care/"} {
		home := "/" + prefix + "numbers/"
		mustHold(t, files, prefix+"index.html",
			`A <a class="term" href="#word.carer" id="use.carer">carer</a> can ask the CAB<span class="term-def"> (citizens advice bureau)</span>. Two carers can`,
			`<dt id="word.carer">carer</dt>`, "Somebody who helps you.", `href="#use.carer"`, `<a href="`+home+`">`)
		mustHold(t, files, prefix+"words/index.html", `<dt id="word.carer">carer</dt>`, `<dt id="word.cab">CAB</dt>`, "citizens advice bureau")
		mustHold(t, files, prefix+"numbers/index.html", `<div class="chart-plot" role="img" aria-label="Bar chart: Letters">`, `class="chart-sum">`,
			`<td class="ta-end" data-label="2026" role="cell">30</td>`)
		mustHold(t, files, prefix+"statement/index.html", "It is being mended.", `<time datetime="2026-12-31">`, `<time datetime="2026-11-24">`, "Standard edition", "WCAG 2.2 AAA")
		if html := string(files.files[prefix+"statement/index.html"]); strings.Contains(html, "Not needed.") {
			t.Error("an acceptance that let nothing pass is in the statement")
		}
	}
}

// The statement's figures are those of this build without the statement
// itself; a build without checks has none, and says so.
func TestStatementCountsThisBuild(t *testing.T) {
	dir := wordsSite(t)
	files, res := buildDir(t, dir, Options{})
	rows := regexp.MustCompile(`data-label="Pages">(\d+)</td>`).FindAllSubmatch(files.files["statement/index.html"], -1)
	if len(rows) != 2 {
		t.Fatalf("%d editions in\n%s", len(rows), files.files["statement/index.html"])
	}
	if got, want := string(rows[0][1])+" "+string(rows[1][1]), pages(res.HTML/2-1); got != want {
		t.Errorf("the statement counts %s pages, want %s", got, want)
	}
	again, _ := buildDir(t, dir, Options{})
	if !bytes.Equal(files.files["statement/index.html"], again.files["statement/index.html"]) {
		t.Error("two builds differ")
	}
	files, _ = buildDir(t, dir, Options{Gate: GateOff})
	mustHold(t, files, "statement/index.html", "made without checks")
}

func pages(n int) string {
	b, _ := json.Marshal(n)
	return string(b) + " " + string(b)
}

func TestWhatIsKeptOffline(t *testing.T) {
	dir := wordsSite(t)
	files, res := buildDir(t, dir, Options{Gate: GateOff})
	text := string(files.files["sw.js"])
	list, _, ok := strings.Cut(strings.TrimPrefix(text, "self.handrail="), ";")
	var kept struct {
		Version      string
		Pages, Files []string
		Lists        map[string]string
	}
	if err := json.Unmarshal([]byte(list), &kept); !ok || err != nil {
		t.Fatal(err, text)
	}
	if got, want := strings.Join(kept.Pages, " "), "/ /care/ /care/numbers/ /care/statement/ /numbers/ /statement/"; got != want {
		t.Errorf("pages: %s\nwant: %s", got, want)
	}
	size := 0
	for _, f := range append(kept.Pages, kept.Files...) {
		name := f[1:]
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		data, ok := files.files[name]
		if !ok {
			t.Errorf("%s is kept, but not written", f)
		}
		size += len(data)
	}
	if res.OfflineBytes != size || res.OfflinePages != 6 {
		t.Errorf("the report says %d pages, %d bytes; want 6, %d", res.OfflinePages, res.OfflineBytes, size)
	}
	if kept.Lists["/care/"] != "/care/statement/" {
		t.Errorf("lists = %v", kept.Lists)
	}
	mustHold(t, files, "index.html", `data-sw="/sw.js"`, `<p id="saved"`)
	if strings.Contains(string(files.files["words/index.html"]), `id="saved"`) {
		t.Error("a page that is not kept has the line of kept pages")
	}

	b := &workbench{t: t, dir: dir}
	b.do(edit{"content/en/numbers.md", "---\ntitle: Numbers\n---\n\nOther.\n"})
	changed, _ := buildDir(t, dir, Options{Gate: GateOff})
	if v, _, _ := strings.Cut(string(changed.files["sw.js"]), ";"); strings.Contains(v, kept.Version) {
		t.Error("a page has changed, the version has not")
	}
	site, err := os.ReadFile(filepath.Join(dir, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	b.do(edit{"site.yaml", strings.Replace(string(site), "offline:", "#", 1)})
	off, _ := buildDir(t, dir, Options{Gate: GateOff})
	if got := string(off.files["sw.js"]); got != noWorker {
		t.Errorf("sw.js = %s", got)
	}
	if strings.Contains(string(off.files["index.html"]), "sw.js") {
		t.Error("pages still name the worker")
	}
}

// A preview keeps nothing, marks words anew when the glossary changes, and
// comes to rest.
func TestPreviewFollowsTheGlossary(t *testing.T) {
	b := &workbench{t: t, dir: wordsSite(t)}
	b.s = NewSession(Options{Source: b.dir, Gate: GateReport, Clock: testClock, Tool: "handrail test"})
	b.rebuild(nil)
	if got := string(b.last.files["sw.js"]); got != noWorker {
		t.Errorf("sw.js = %s", got)
	}
	mustHold(t, b.last, "statement/index.html", "made without checks")
	before := b.last
	b.rebuild([]string{})
	if made := b.madeAgain(before); len(made) > 0 {
		t.Errorf("nothing has changed; made again: %v", made)
	}
	src, err := os.ReadFile(filepath.Join(b.dir, "data/glossary.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	b.rebuild(b.do(edit{"data/glossary.yaml", strings.Replace(string(src), "term: carer", "term: numbers", 1)}))
	mustHold(t, b.last, "index.html", "A carer can ask")
	mustHold(t, b.last, "words/index.html", `<dt id="word.numbers">numbers</dt>`)
}

func TestFormsAreNeverKept(t *testing.T) {
	dir := wordsSite(t)
	b := &workbench{t: t, dir: dir}
	site, err := os.ReadFile(filepath.Join(dir, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	b.do(edit{"site.yaml", strings.Replace(string(site), "pages: [/,", "pages: [/letter/,", 1)},
		edit{"content/en/letter.md", "---\ntitle: A letter\ntype: form\n---\n\nText.\n"})
	_, res := buildDir(t, dir, Options{Gate: GateOff})
	found := false
	for _, f := range res.Report.Findings {
		if f.Rule == "offline-form" && f.Source.File == "site.yaml" && f.Source.Line == 4 && f.Source.Col == 20 {
			found = true
		}
	}
	if !found {
		t.Errorf("no offline-form at site.yaml:4:20 in %v", said(res))
	}
}
