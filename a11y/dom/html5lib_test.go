package dom

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

var dumpDiffs = flag.Bool("dump-differences", false, "print html5lib cases that differ, with both trees")

// A treeCase is one case of the html5lib tree-construction tests.
type treeCase struct {
	name             string
	data, context    string
	want             string
	scriptOn, script bool // script: the case says whether scripting is on
}

// TestHTML5Lib runs the tree-construction cases that the x/net module carries.
// Each expected difference stands in testdata/differences.txt with its reason;
// an unlisted difference fails, as does a listed case that passes.
func TestHTML5Lib(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/net").Output()
	if err != nil {
		t.Fatalf("find golang.org/x/net: %v", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "html", "testdata")
	var files []string
	for _, pattern := range []string{"html5lib-tests/tree-construction/*.dat", "go/*.dat"} {
		fs, _ := filepath.Glob(filepath.Join(dir, pattern))
		files = append(files, fs...)
	}
	if len(files) < 50 {
		t.Fatalf("%d test files in %s", len(files), dir)
	}
	listed := readDifferences(t)
	seen := map[string]bool{}
	runs := 0
	for _, f := range files {
		for _, c := range readTreeCases(t, f) {
			for _, on := range []bool{true, false} {
				if c.script && c.scriptOn != on {
					continue
				}
				runs++
				name := c.name
				if !c.script && !on {
					name += " noscript"
				}
				got := runTreeCase(c, on)
				if got == c.want {
					continue
				}
				seen[name] = true
				if listed[name] == "" {
					t.Errorf("%s: not listed in differences.txt", name)
				}
				if *dumpDiffs {
					fmt.Printf("=== %s\n--- data (context %q)\n%s\n--- want\n%s\n--- got\n%s\n", name, c.context, c.data, c.want, got)
				}
			}
		}
	}
	for name := range listed {
		if !seen[name] {
			t.Errorf("%s: listed in differences.txt, but passes or is gone", name)
		}
	}
	t.Logf("%d runs, %d listed differences", runs, len(listed))
}

func readDifferences(t *testing.T) map[string]string {
	f, err := os.Open("testdata/differences.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m := map[string]string{}
	for s := bufio.NewScanner(f); s.Scan(); {
		line := strings.TrimSpace(s.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, reason, ok := strings.Cut(line, ": ")
		if !ok {
			t.Errorf("differences.txt: no reason in %q", line)
		}
		m[name] = reason
	}
	return m
}

// readTreeCases reads a .dat file.
func readTreeCases(t *testing.T, file string) []treeCase {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []treeCase
	var cur *treeCase
	section := ""
	var lines []string
	flush := func() {
		text := strings.Join(lines, "\n")
		switch section {
		case "#data":
			cur.data = text
		case "#document-fragment":
			cur.context = text
		case "#document":
			cur.want = strings.TrimRight(text, "\n")
		}
		lines = nil
	}
	base := strings.TrimSuffix(filepath.Base(file), ".dat")
	if strings.Contains(file, "scripted") {
		base = "scripted/" + base
	}
	for i, line := range strings.Split(string(b), "\n") {
		switch line {
		case "#data":
			if cur != nil {
				flush()
			}
			cases = append(cases, treeCase{name: fmt.Sprintf("%s:%d", base, i+1)})
			cur = &cases[len(cases)-1]
			section = line
		case "#errors", "#new-errors", "#document-fragment", "#document":
			flush()
			section = line
		case "#script-on", "#script-off":
			flush()
			cur.script, cur.scriptOn, section = true, line == "#script-on", ""
		default:
			lines = append(lines, line)
		}
	}
	if cur != nil {
		flush()
	}
	return cases
}

func runTreeCase(c treeCase, scripting bool) string {
	opt := Options{NoScript: !scripting}
	if c.context == "" {
		return dump(ParseWith(c.data, opt).Root)
	}
	ns, name := HTML, c.context
	if s, ok := strings.CutPrefix(name, "svg "); ok {
		ns, name = SVG, s
	} else if s, ok := strings.CutPrefix(name, "math "); ok {
		ns, name = MathML, s
	}
	return dump(ParseFragment(c.data, name, ns, opt).HTML())
}

// dump writes the children of root as the tests do.
func dump(root *Node) string {
	var b strings.Builder
	for c := range root.Children() {
		dumpNode(&b, c, 0)
	}
	return strings.TrimRight(b.String(), "\n")
}

func dumpNode(b *strings.Builder, n *Node, level int) {
	indent := "| " + strings.Repeat("  ", level)
	switch n.Type {
	case Doctype:
		fmt.Fprintf(b, "%s<!DOCTYPE %s", indent, n.Name)
		if len(n.Attrs) > 0 {
			fmt.Fprintf(b, " \"%s\" \"%s\"", n.Get("public"), n.Get("system"))
		}
		b.WriteString(">\n")
	case Comment:
		fmt.Fprintf(b, "%s<!-- %s -->\n", indent, n.Text)
	case Text:
		fmt.Fprintf(b, "%s\"%s\"\n", indent, n.Text)
	case Element:
		fmt.Fprintf(b, "%s<%s>\n", indent, []string{"", "svg ", "math "}[n.NS]+n.Name)
		var attrs []string
		for _, a := range n.Attrs {
			attrs = append(attrs, fmt.Sprintf("%s  %s=\"%s\"\n", indent, attrLabel(n, a.Name), a.Value))
		}
		sort.Strings(attrs)
		b.WriteString(strings.Join(attrs, ""))
		if n.Content != nil {
			fmt.Fprintf(b, "%s  content\n", indent)
			for c := range n.Content.Children() {
				dumpNode(b, c, level+2)
			}
		}
		for c := range n.Children() {
			dumpNode(b, c, level+1)
		}
	}
}

// attrLabel writes namespaced attributes of foreign elements as the tests do.
func attrLabel(n *Node, name string) string {
	if n.NS == HTML {
		return name
	}
	switch name {
	case "xlink:actuate", "xlink:arcrole", "xlink:href", "xlink:role", "xlink:show", "xlink:title",
		"xlink:type", "xml:lang", "xml:space", "xmlns:xlink":
		return strings.Replace(name, ":", " ", 1)
	}
	return name
}
