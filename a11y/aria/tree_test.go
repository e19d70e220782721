package aria_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// newTree returns the tree of a page with its own styles.
func newTree(src string) *aria.Tree {
	doc := dom.Parse(src)
	return aria.New(doc, style.Resolve(doc, style.Sheets(doc, nil), style.Mode{}))
}

// TestTree runs the archives in testdata. Each file is a page; an attribute
// x-role, x-name, x-description, x-exposed or x-focus of an element says what it
// must come to. x-focus is tab, script or no.
func TestTree(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	if len(files) == 0 {
		t.Fatal("no archives")
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			t.Run(filepath.Base(file)+"/"+f.Name, func(t *testing.T) { checkTree(t, string(f.Data)) })
		}
	}
}

func checkTree(t *testing.T, src string) {
	tree := newTree(src)
	asked := 0
	for _, n := range tree.Doc().Nodes {
		for _, a := range n.Attrs {
			got, ok := ask(tree, n, a.Name)
			if !ok {
				continue
			}
			asked++
			if got != a.Value {
				t.Errorf("%s: %s = %q, want %q", n.Path(), strings.TrimPrefix(a.Name, "x-"), got, a.Value)
			}
		}
	}
	if asked == 0 {
		t.Error("the page asks nothing")
	}
}

func ask(tree *aria.Tree, n *dom.Node, what string) (string, bool) {
	switch what {
	case "x-role":
		return tree.Role(n).String(), true
	case "x-name":
		return tree.Name(n), true
	case "x-description":
		return tree.Description(n), true
	case "x-exposed":
		return map[bool]string{true: "yes", false: "no"}[tree.Exposed(n)], true
	case "x-focus":
		switch {
		case tree.Tabbable(n):
			return "tab", true
		case tree.Focusable(n):
			return "script", true
		}
		return "no", true
	}
	return "", false
}
