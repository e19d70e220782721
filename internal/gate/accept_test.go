package gate

import (
	"testing"

	"handrail/a11y/report"
	"handrail/internal/config"
)

// TestAcceptanceCovers says which findings an acceptance is about.
func TestAcceptanceCovers(t *testing.T) {
	f := &report.Finding{Rule: "heading-order", Page: "history/index.html", Target: "h4",
		Source: report.Place{File: "content/en/history.md"}}
	for _, c := range []struct {
		name string
		a    config.Acceptance
		want bool
	}{
		{"every page", config.Acceptance{Rule: "heading-order", Page: "*"}, true},
		{"address", config.Acceptance{Rule: "heading-order", Page: "/history/"}, true},
		{"file", config.Acceptance{Rule: "heading-order", Page: "content/en/history.md"}, true},
		{"other page", config.Acceptance{Rule: "heading-order", Page: "/other/"}, false},
		{"other rule", config.Acceptance{Rule: "image-name", Page: "*"}, false},
		{"the element", config.Acceptance{Rule: "heading-order", Page: "*", Target: "h4"}, true},
		{"other element", config.Acceptance{Rule: "heading-order", Page: "*", Target: "h5"}, false},
	} {
		if got := covers(&c.a, f); got != c.want {
			t.Errorf("%s: covers = %v, want %v", c.name, got, c.want)
		}
	}
}
