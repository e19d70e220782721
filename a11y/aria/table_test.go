package aria_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// headers returns "cell: headers" for each cell of the first table.
func headers(t *testing.T, src string) []string {
	tree := newTree(src)
	var out []string
	for _, n := range tree.Elements() {
		if !n.Is("table") {
			continue
		}
		m := tree.Table(n)
		for i := range m.Cells {
			c := &m.Cells[i]
			var names []string
			for _, h := range m.Headers(tree, c.Node) {
				names = append(names, h.TextContent())
			}
			out = append(out, fmt.Sprintf("%s %d,%d %dx%d: %s", c.Node.TextContent(), c.X, c.Y, c.W, c.H, strings.Join(names, " ")))
		}
		return out
	}
	t.Fatal("no table")
	return nil
}

func TestTableHeaders(t *testing.T) {
	for _, tt := range []struct {
		name, table string
		want        []string
	}{
		{"rows and columns", `<tr><td><th>A<th>B<tr><th>1<td>a<td>b`, []string{
			" 0,0 1x1: ", "A 1,0 1x1: ", "B 2,0 1x1: ", "1 0,1 1x1: ", "a 1,1 1x1: 1 A", "b 2,1 1x1: 1 B"}},
		{"spans", `<tr><th colspan=2>AB<tr><td rowspan=2>a<td>b<tr><td>c`, []string{
			"AB 0,0 2x1: ", "a 0,1 1x2: AB", "b 1,1 1x1: AB", "c 1,2 1x1: AB"}},
		{"rowspan to the end of its group", `<tbody><tr><td rowspan=0>a<td>b<tr><td>c<tbody><tr><td>d<td>e`, []string{
			"a 0,0 1x2: ", "b 1,0 1x1: ", "c 1,1 1x1: ", "d 0,2 1x1: ", "e 1,2 1x1: "}},
		{"a second header hides the first", `<tr><th scope=col>A<tr><td>a<tr><th scope=col>B<tr><td>b`, []string{
			"A 0,0 1x1: ", "a 0,1 1x1: A", "B 0,2 1x1: ", "b 0,3 1x1: B"}},
		{"two header rows", `<tr><th scope=col>A<tr><th scope=col>B<tr><td>b`, []string{
			"A 0,0 1x1: ", "B 0,1 1x1: A", "b 0,2 1x1: B A"}},
		{"groups", `<colgroup span=2><colgroup><tr><th scope=colgroup colspan=2>AB<th scope=col>C<tbody><tr><th scope=rowgroup>G<td>b<td>c`, []string{
			"AB 0,0 2x1: ", "C 2,0 1x1: ", "G 0,1 1x1: AB", "b 1,1 1x1: AB G", "c 2,1 1x1: C G"}},
		{"headers attribute", `<tr><th id=a>A<th id=b>B<tr><td headers="b a none">x<td headers="">y`, []string{
			"A 0,0 1x1: ", "B 1,0 1x1: ", "x 0,1 1x1: B A", "y 1,1 1x1: "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, headers(t, "<table>"+tt.table+"</table>")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A long table must not take time that grows with its square.
func TestLongTable(t *testing.T) {
	const rows = 20000
	tree := newTree("<table><tr><th>A<th>B" + strings.Repeat("<tr><th>x<td>y", rows) + "</table>")
	start := time.Now()
	found := 0
	for _, n := range tree.Elements() {
		if n.Is("td") {
			found += len(tree.Table(n.Closest("table")).Headers(tree, n))
		}
		tree.Role(n)
	}
	if found != 2*rows {
		t.Errorf("%d headers, want %d", found, 2*rows)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
}
