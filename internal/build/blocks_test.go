package build

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"handrail/internal/block"
)

// guide is a page with a section for each name.
func guide(intro string, sections ...string) string {
	text := "---\ntitle: Guide\n---\n\n" + intro + "\n\n"
	for i, s := range sections {
		text += "## " + s + "\n\n" + []string{"First", "Second", "Third", "Fourth"}[i%4] + " words on " + s + " that somebody reads here.\n\n- a card for " + s + "\n- a form for " + s + "\n\n"
	}
	return text
}

const twoLanguages = "title: Hall\nbase-url: https://hall.example\ndefault-language: en\nlanguages: [{tag: en}, {tag: zh-Hans}]\n"

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func guides() map[string]string {
	return map[string]string{
		"site.yaml": twoLanguages, "content/en/index.md": "# Hall\n", "content/zh-Hans/index.md": "# 大厅\n",
		"content/en/guide.md":      guide("Hello.", "Fees", "Papers", "Times"),
		"content/zh-Hans/guide.md": guide("你好。", "费用", "材料", "时间"),
		"content/en/short.md":      "# Short\n\nNothing to come back to.\n",
	}
}

func publishTo(t *testing.T, src string, to Target) *Done {
	t.Helper()
	d, err := Publish(t.Context(), Options{Source: src, Gate: GateOff, Clock: testClock, Tool: "handrail test"}, to)
	if err != nil || !d.Published {
		t.Fatalf("not published: %v", err)
	}
	return d
}

func indexOf(t *testing.T, dir, name string) *block.Index {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	x, err := block.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

var dataB = regexp.MustCompile(` data-b="([^"]*)"`)

func idsIn(t *testing.T, dir, name string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range dataB.FindAllStringSubmatch(string(data), -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// shownIn is the index that a page without one stands for.
func shownIn(t *testing.T, dir, name string) *block.Index {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	x := &block.Index{}
	for _, b := range blocksIn(data) {
		x.Live, x.Prints = append(x.Live, b.id), append(x.Prints, block.Fingerprint(b.text.String()))
	}
	return x
}

// TestBlockIDs: both editions and all languages show the ids of the index,
// and short pages have none.
func TestBlockIDs(t *testing.T) {
	src, out := t.TempDir(), t.TempDir()
	writeFiles(t, src, guides())
	d := publishTo(t, src, Target{Dir: out})
	if d.Blocks != 2 || !d.Fresh || d.Carried != "" {
		t.Errorf("%d pages with blocks, fresh %v, carried %q", d.Blocks, d.Fresh, d.Carried)
	}
	live := idsIn(t, out, "guide/index.html")
	if len(live) != 13 {
		t.Errorf("the page shows the ids %v", live)
	}
	for _, name := range []string{"guide/index.html", "care/guide/index.html", "zh-hans/guide/index.html", "care/zh-hans/guide/index.html"} {
		if got := idsIn(t, out, name); !slices.Equal(got, live) {
			t.Errorf("%s shows %v, want %v", name, got, live)
		}
	}
	for name, text := range treeOf(t, out) {
		if strings.Contains(name, "blocks.json") || strings.Contains(text, "data-blocks=") {
			t.Errorf("%s tells of changes in a site that has none", name)
		}
	}
	if ids := idsIn(t, out, "short/index.html"); len(ids) > 0 {
		t.Errorf("a short page has the ids %v", ids)
	}
	if again := publishTo(t, src, Target{Dir: out}); again.Stats.Written+again.Stats.Deleted > 0 {
		t.Errorf("building again: %+v", again.Stats)
	}
	fresh := t.TempDir()
	publishTo(t, src, Target{Dir: fresh})
	if !maps.Equal(treeOf(t, out), treeOf(t, fresh)) {
		t.Error("a site that was built twice differs from one that was built once")
	}
}

func treeOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		out[strings.TrimPrefix(p, dir)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCarriedIDs: ids outlive edits by way of the folder, of another folder
// and of the live site alike, and building again changes nothing.
func TestCarriedIDs(t *testing.T) {
	src, live := t.TempDir(), t.TempDir()
	writeFiles(t, src, guides())
	publishTo(t, src, Target{Dir: live})
	before := shownIn(t, live, "guide/index.html")
	edited := strings.Replace(guide("Hello.", "News", "Fees", "Papers", "Times"), "Second words on Fees that somebody reads here", "Other words on Fees that somebody reads here today", 1)
	edited = strings.Replace(edited, "- a card for Papers\n", "", 1)
	writeFiles(t, src, map[string]string{"content/en/guide.md": edited})

	server := httptest.NewServer(http.FileServer(http.Dir(live)))
	defer server.Close()
	copied, remote, unknown := t.TempDir(), t.TempDir(), t.TempDir()
	publishTo(t, src, Target{Dir: copied, Previous: live})
	d := publishTo(t, src, Target{Dir: remote, Previous: server.URL})
	if d.Fresh || d.Carried == "" {
		t.Errorf("fresh %v, carried %q", d.Fresh, d.Carried)
	}
	publishTo(t, src, Target{Dir: unknown, Previous: NoPrevious})
	publishTo(t, src, Target{Dir: live})
	want := treeOf(t, live)
	for _, dir := range []string{copied, remote} {
		if !maps.Equal(treeOf(t, dir), want) {
			t.Error("what was published before gives other files from another place")
		}
	}
	if again := publishTo(t, src, Target{Dir: live}); again.Stats.Written+again.Stats.Deleted > 0 {
		t.Errorf("building again: %+v", again.Stats)
	}
	if maps.Equal(treeOf(t, unknown), want) {
		t.Error("nothing was carried on")
	}
	now := indexOf(t, live, "guide/blocks.json")
	page, _ := os.ReadFile(filepath.Join(live, "care/guide/index.html"))
	if want := `data-page="guide" data-rev="` + now.Rev + `" data-blocks="/guide/blocks.json"`; !strings.Contains(string(page), want) {
		t.Errorf("the page lacks %s", want)
	}
	changed, gone := before.Live[2], before.Live[7]
	if f, ok := now.Resolve(changed, before.Prints[2]); !ok || f.ID != changed || f.Kind != block.Changed || f.Date != "2026-11-24" {
		t.Errorf("a block that was changed: %+v, %v", f, ok)
	}
	if f, ok := now.Resolve(gone, before.Prints[7]); !ok || f.Kind != block.Removed || f.ID != before.Live[8] {
		t.Errorf("a block that was removed: %+v, %v", f, ok)
	}
	for i, id := range before.Live {
		if i != 2 && i != 7 && !slices.Contains(now.Live, id) {
			t.Errorf("block %d lost its id", i)
		}
	}
	if zh := idsIn(t, live, "zh-hans/guide/index.html"); !slices.Equal(zh, before.Live) {
		t.Errorf("the translation, as yet the same, shows %v, want %v", zh, before.Live)
	}
}

func TestNoProgress(t *testing.T) {
	src, out := t.TempDir(), t.TempDir()
	files := guides()
	files["site.yaml"] += "progress: false\n"
	writeFiles(t, src, files)
	publishTo(t, src, Target{Dir: out})
	for name, text := range treeOf(t, out) {
		if strings.Contains(name, "blocks.json") || strings.HasSuffix(name, ".html") && strings.Contains(text, "data-b=") {
			t.Errorf("%s speaks of blocks", name)
		}
	}
}

// TestPreviousErrors: who names a previous site that is none is told so.
func TestPreviousErrors(t *testing.T) {
	src := t.TempDir()
	writeFiles(t, src, guides())
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	defer broken.Close()
	foreign := t.TempDir()
	writeFiles(t, foreign, map[string]string{"manifest.json": `{"name":"an app"}`})
	for name, want := range map[string]string{
		t.TempDir():                           "no manifest.json",
		filepath.Join(t.TempDir(), "no-such"): "no such file",
		server.URL:                            "no manifest.json",
		broken.URL + "/site":                  "502",
		foreign:                               "was not written by handrail",
	} {
		_, err := Publish(t.Context(), Options{Source: src, Gate: GateOff, Clock: testClock}, Target{Dir: t.TempDir(), Previous: name})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}
