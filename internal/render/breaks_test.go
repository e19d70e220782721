package render

import (
	"slices"
	"strings"
	"testing"
)

func TestAddressesMayBreakAtTheirJoints(t *testing.T) {
	for in, want := range map[string][]string{
		"min@anhe.example":         {"min", "@anhe", ".example"},
		"https://anhe.example/a/b": {"https://", "anhe", ".example/", "a/", "b"},
		"":                         {""},
		"12345":                    {"12345"},
	} {
		got := breaks(in)
		if !slices.Equal(got, want) || strings.Join(got, "") != in {
			t.Errorf("breaks(%q) = %q; want %q", in, got, want)
		}
	}
}
