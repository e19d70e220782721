package build

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"handrail/a11y/report"
	"handrail/internal/publish"
)

// memSink keeps what a build hands on.
type memSink struct {
	mu    sync.Mutex
	files map[string][]byte
}

func newMemSink() *memSink { return &memSink{files: map[string][]byte{}} }

func (s *memSink) Add(f publish.File) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, twice := s.files[f.Path]; twice {
		return fmt.Errorf("two files for %s", f.Path)
	}
	s.files[f.Path] = f.Data
	return nil
}

func (s *memSink) paths() []string { return slices.Sorted(maps.Keys(s.files)) }

var testClock = func() time.Time { return time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC) }

// buildDir builds the site in dir and returns its files and the result.
func buildDir(t testing.TB, dir string, o Options) (*memSink, *Result) {
	t.Helper()
	if o.Source == "" && o.Content == "" {
		o.Source = dir
	}
	if o.Gate == "" {
		o.Gate = GateReport
	}
	o.Clock, o.Tool = testClock, "handrail test"
	sink := newMemSink()
	res, err := Run(t.Context(), o, sink)
	if err != nil {
		t.Fatal(err)
	}
	return sink, res
}

// unpack writes the files of an archive below a new folder.
func unpack(t testing.TB, ar *txtar.Archive) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range ar.Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// said lists errors and what authors are told, one a line, as an archive
// writes it: place, severity, code and message.
func said(res *Result) []string {
	var lines []string
	for _, f := range res.Report.Findings {
		if f.Severity == report.Error || f.Message == f.Rule {
			lines = append(lines, fmt.Sprintf("%s %s %s: %s", f.Source, f.Severity, f.Rule, f.Args["_text"]))
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// TestBadInput builds the sites of testdata/bad. The comment of each archive
// says in its first line what is wrong, and then everything that the author is
// told; nothing may be missing and nothing may come on top.
func TestBadInput(t *testing.T) {
	names, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(names) < 30 {
		t.Fatalf("%d archives, err %v; want at least 30", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, res := buildDir(t, unpack(t, ar), Options{})
			title, _, _ := strings.Cut(string(ar.Comment), "\n")
			got := title + "\n" + strings.Join(said(res), "\n") + "\n"
			if *update && got != string(ar.Comment) {
				ar.Comment = []byte(got)
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(ar.Comment), got); diff != "" {
				t.Errorf("what the author is told (-want +got):\n%s", diff)
			}
		})
	}
}
