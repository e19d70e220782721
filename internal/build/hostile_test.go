package build

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// smallSite is a site of one sound page, to put something hostile beside.
func smallSite(t *testing.T) string {
	return unpack(t, txtar.Parse([]byte("-- site.yaml --\nlanguages: [{tag: en}]\n-- content/en/index.md --\n# Home\n")))
}

// TestHostilePages puts a page beside a sound one that is too large, too deep
// or no text. Its author is told so at the place, the build takes no more than
// its time, and the sound page is there in any case.
func TestHostilePages(t *testing.T) {
	for _, tt := range []struct {
		name, page string
		want       string // what the author is told first; "": nothing is wrong
	}{
		{"10 MB", "# Ten\n\n" + strings.Repeat(strings.Repeat("word ", 20)+"\n\n", 100_000), ""},
		{"100,000 rows", "# Table\n\n| a | b |\n|---|---|\n" + strings.Repeat("| 1 | 2 |\n", 100_000), ""},
		{"100,000 keywords", "---\ntitle: A\nkeywords: [" + strings.Repeat("a, ", 100_000) + "a]\n---\n", ""},
		{"5,000 quotations deep", "# Deep\n\n" + strings.Repeat("> ", 5000) + "x\n", "content/en/x.md:3:201 error nesting-too-deep"},
		{"5,000 directives deep", "# Deep\n\n" + strings.Repeat(":::note\n", 5000), "content/en/x.md:103:1 error nesting-too-deep"},
		{"10,000 lists deep in front matter", "---\na: " + strings.Repeat("[", 20_000) + "\n---\n", "content/en/x.md:2:10004 error yaml-syntax"},
		{"NUL", "# N\n\na\x00b\n", "content/en/x.md:3:2 error nul-byte"},
		{"no UTF-8", "# N\n\na\xffb \xc3(\n", "content/en/x.md:3:2 error invalid-utf8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := smallSite(t)
			if err := os.WriteFile(filepath.Join(dir, "content/en/x.md"), []byte(tt.page), 0o644); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			sink, res := buildDir(t, dir, Options{Gate: GateOff})
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("the build took %v", took)
			}
			got := said(res)
			if tt.want == "" && slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, " error ") }) ||
				tt.want != "" && !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, tt.want+":") }) {
				t.Errorf("the author is told %.300q; want %q", got, tt.want)
			}
			for _, name := range []string{"index.html", "x/index.html", "care/index.html"} {
				if sink.files[name] == nil {
					t.Errorf("%s is lost", name)
				}
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links and rights are other things on Windows")
	}
	dir := smallSite(t)
	en := filepath.Join(dir, "content", "en")
	for link, to := range map[string]string{"loop": ".", "self.md": "self.md"} {
		if err := os.Symlink(to, filepath.Join(en, link)); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"content/en/loop error symlink-loop: ", "content/en/self.md error symlink-loop: "}
	if os.Getuid() != 0 { // root may read everything
		if err := os.WriteFile(filepath.Join(en, "closed.md"), []byte("# Closed\n"), 0); err != nil {
			t.Fatal(err)
		}
		want = append(want, "content/en/closed.md error unreadable: ")
	}
	sink, res := buildDir(t, dir, Options{Gate: GateOff})
	for _, w := range want {
		if !slices.ContainsFunc(said(res), func(s string) bool { return strings.HasPrefix(s, w) }) {
			t.Errorf("the author is told %q; want %q", said(res), w)
		}
	}
	if sink.files["index.html"] == nil {
		t.Error("the sound page is lost")
	}
}

// A link in a theme or in assets/ must not put a file from elsewhere on the
// web.
func TestLinksOutOfThemesAndAssetsAreRefused(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.svg")
	if err := os.WriteFile(secret, []byte("<svg>secret</svg>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"themes/civic/assets", "assets"} {
		dir := smallSite(t)
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(secret, filepath.Join(dir, folder, "icon.svg")); err != nil {
			t.Skip("no links here:", err)
		}
		sink, res := buildDir(t, dir, Options{Gate: GateOff})
		if !slices.ContainsFunc(said(res), func(s string) bool { return strings.HasPrefix(s, folder+"/icon.svg error unreadable-file") }) {
			t.Errorf("%s: the author is told %q", folder, said(res))
		}
		for name, data := range sink.files {
			if strings.Contains(string(data), "secret") {
				t.Errorf("%s: %s was published", folder, name)
			}
		}
	}
}
