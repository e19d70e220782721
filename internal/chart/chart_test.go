package chart

import (
	"math"
	"strings"
	"testing"

	"handrail/a11y/dom"
)

func TestParseReadsNumbersAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		in   string
		want float64
		unit string
	}{
		{"1200", 1200, ""}, {"1,200", 1200, ""}, {"1 200 元", 1200, "元"}, {"¥ 3.50", 3.5, "¥"}, {"-4.5%", -4.5, "%"},
		{"−4", -4, ""}, {"１２．５", 12.5, ""}, {"١٢٫٥", 12.5, ""}, {"+3", 3, ""}, {"1’000", 1000, ""}, {"12.", 12, ""},
	} {
		n, ok := Parse(c.in)
		if !ok || n.Value != c.want || n.Unit != c.unit {
			t.Errorf("Parse(%q) = %v, %v; want %v %q", c.in, n, ok, c.want, c.unit)
		}
	}
	for _, in := range []string{"", "—", "无", "n/a"} {
		if n, ok := Parse(in); !ok || !math.IsNaN(n.Value) {
			t.Errorf("Parse(%q) = %v, %v; want a missing number", in, n, ok)
		}
	}
	for _, in := range []string{"many", "2021-2022", "1.2.3", "3 of 4", "1e999"} {
		if n, ok := Parse(in); ok {
			t.Errorf("Parse(%q) = %v; want no number", in, n)
		}
	}
}

func bars() *Chart {
	return &Chart{Kind: Bar, Title: "Visitors <here>", Labels: []string{"North & east", "South", "West"}, Series: []Series{{
		Name: "2026", Values: []float64{30, -10, math.NaN()}, Texts: []string{"30", "-10", ""},
	}}}
}

func TestBarsBeginAtZero(t *testing.T) {
	html, summary := bars().Draw(English)
	for _, want := range []string{
		`role="img" aria-label="Bar chart: Visitors &lt;here&gt;"`, "North &amp; east",
		`<rect class="chart-c1" fill="currentColor" x="25%" width="75%" height="100%">`, // 30 of a scale from -10 to 30
		`<rect class="chart-c1" fill="currentColor" x="0%" width="25%" height="100%">`,  // -10, to the left of zero
		`<span class="chart-value">no figure</span>`, `class="chart-zero" x1="25%"`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in\n%s", want, html)
		}
	}
	if strings.Count(html, "<rect") != 2 {
		t.Errorf("a missing number has a bar:\n%s", html)
	}
	if want := "The most: North & east, 30. The least: South, -10."; summary != want {
		t.Errorf("summary = %q, want %q", summary, want)
	}
}

func TestBarsGrowFromTheRightOnPagesThatDo(t *testing.T) {
	c := bars()
	c.RTL = true
	html, _ := c.Draw(English)
	if want := `<rect class="chart-c1" fill="currentColor" x="0%" width="75%" height="100%">`; !strings.Contains(html, want) {
		t.Errorf("no %s in\n%s", want, html)
	}
}

func two(kind string) *Chart {
	return &Chart{Kind: kind, Title: "Letters", Labels: []string{"2024", "2025"}, Series: []Series{
		{Name: "online", Values: []float64{10, 30}, Texts: []string{"10", "30"}},
		{Name: "paper", Values: []float64{30, 10}, Texts: []string{"30", "10"}},
	}}
}

func TestStackedBarsFollowEachOther(t *testing.T) {
	html, _ := two(Stacked).Draw(English)
	for _, want := range []string{
		`<rect class="chart-c1" fill="currentColor" x="0%" width="25%" height="100%">`, `<rect class="chart-c1" x="25%" width="75%" height="100%">`,
		"</svg> online 10</span>", "</svg> paper 30</span>",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in\n%s", want, html)
		}
	}
}

func TestLinesHaveMarkersAndKeys(t *testing.T) {
	c := two(Line)
	c.Series[0].Values = append(c.Series[0].Values, math.NaN())
	c.Series[0].Texts = append(c.Series[0].Texts, "")
	c.Series[1].Values, c.Series[1].Texts = append(c.Series[1].Values, 20), append(c.Series[1].Texts, "20")
	c.Labels = append(c.Labels, "2026")
	html, summary := c.Draw(English)
	if n := strings.Count(html, `<line class="chart-c1" x1="`); n != 2 { // one piece, and the key
		t.Errorf("%d pieces of the first line, want 2:\n%s", n, html)
	}
	if n := strings.Count(html, `<rect class="chart-c1" fill="currentColor" x="`); n != 4 { // three points, and the key
		t.Errorf("%d markers of the second line, want 4", n)
	}
	if want := "online: It begins with 2024: 10. It ends with 2025: 30. paper: It begins with 2024: 30. It ends with 2026: 20."; summary != want {
		t.Errorf("summary = %q, want %q", summary, want)
	}
}

// A drawing is balanced, holds no style and no script, and is the same each
// time.
func TestDrawingsAreSound(t *testing.T) {
	for _, kind := range []string{Bar, Stacked, Line} {
		a, _ := two(kind).Draw(English)
		b, _ := two(kind).Draw(English)
		if a != b {
			t.Errorf("%s: two drawings differ", kind)
		}
		for _, bad := range []string{"style", "script", "NaN", "Inf"} {
			if strings.Contains(a, bad) {
				t.Errorf("%s: %q in the drawing", kind, bad)
			}
		}
		doc := dom.Parse("<!doctype html><body>" + a + "<p id=after>")
		if p := doc.ByID("after"); p == nil || p.Parent != doc.Body() {
			t.Errorf("%s: the drawing leaves something open", kind)
		}
	}
}

func TestEqualNumbersAreSaidToBeEqual(t *testing.T) {
	c := &Chart{Kind: Bar, Labels: []string{"a", "b"}, Series: []Series{{Values: []float64{3, 3}, Texts: []string{"3", "3"}}}}
	if _, got := c.Draw(English); got != "All are 3." {
		t.Errorf("summary = %q", got)
	}
}

func TestAChartOfNothingIsDrawn(t *testing.T) {
	c := &Chart{Kind: Line, Labels: []string{"a"}, Series: []Series{{Values: []float64{math.NaN()}, Texts: []string{""}}}}
	if html, summary := c.Draw(English); html == "" || summary != "" {
		t.Errorf("got %q, %q", html, summary)
	}
}
