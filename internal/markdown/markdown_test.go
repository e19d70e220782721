package markdown

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the tests get into testdata")

// The archives in testdata hold a text, name.md, and what becomes of it:
// name.html, with slots filled in, and name.diags.
func TestArchives(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives", err)
	}
	c := New(Options{Articles: true, Words: map[string]Words{"zh-Hans": {
		Done: "已完成：", Open: "未完成：", Notes: "注释", Note: "注{n}", BackNote: "回到正文，注{n}",
		Date: func(d time.Time) string { return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day()) },
	}}})
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := &txtar.Archive{Comment: ar.Comment}
			for _, f := range ar.Files {
				name, ok := strings.CutSuffix(f.Name, ".md")
				if !ok {
					continue
				}
				d := c.Convert(f.Name, f.Data, 0, nil)
				if err := soundness(d, f.Data); err != nil {
					t.Errorf("%s: %v", f.Name, err)
				}
				want.Files = append(want.Files, f, txtar.File{Name: name + ".html", Data: []byte(show(d))})
				if len(d.Diags) > 0 {
					want.Files = append(want.Files, txtar.File{Name: name + ".diags", Data: []byte(showDiags(d))})
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(want), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(ar)), string(txtar.Format(want))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// show writes HTML with its slots: links and images filled in, directives as
// comments. There is a line break between tags, for reading.
func show(d *Document) string {
	var b bytes.Buffer
	at := 0
	type end struct {
		out  int
		name string
	}
	var ends []end
	to := func(out int) {
		for len(ends) > 0 && ends[len(ends)-1].out <= out {
			e := ends[len(ends)-1]
			ends = ends[:len(ends)-1]
			b.Write(d.HTML[at:e.out])
			at = e.out
			b.WriteString("<!-- /" + e.name + " -->")
		}
		b.Write(d.HTML[at:out])
		at = out
	}
	for _, s := range d.Slots {
		to(int(s.Out))
		switch s.Kind {
		case SlotLink, SlotMedia:
			b.WriteString(html.EscapeString(d.Links[s.Index].URL()))
		case SlotImage:
			b.WriteString(` src="` + html.EscapeString(d.Images[s.Index].Dest) + `"`)
		case SlotDirective:
			dir := d.Directives[s.Index]
			b.WriteString("<!-- " + dir.Name)
			if dir.TitleHTML != "" {
				b.WriteString(" [" + dir.TitleHTML + "]")
			}
			for _, k := range slices.Sorted(mapKeys(dir.Attrs)) {
				fmt.Fprintf(&b, " %s=%q", k, dir.Attrs[k])
			}
			b.WriteString(" -->")
			ends = append(ends, end{int(s.End), dir.Name})
		}
	}
	to(len(d.HTML))
	return strings.ReplaceAll(b.String(), "><", ">\n<") + "\n"
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// showDiags writes one diagnostic a line.
func showDiags(d *Document) string {
	var b strings.Builder
	for _, x := range d.Diags {
		fmt.Fprintf(&b, "%d:%d: %s %s: %s", x.Pos.Line, x.Pos.Col, x.Severity, x.Code, x.Msg)
		if x.Hint != "" {
			fmt.Fprintf(&b, " (%s)", x.Hint)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
