package report

import (
	"strings"
	"testing"
)

func TestExcerptPutsTheCaretUnderTheCharacter(t *testing.T) {
	for _, c := range []struct {
		name, line string
		col        int
		pad        int
	}{
		{"latin", "See ![](map.png)", 5, 4},
		{"Han is two columns wide", "办理地点：[](map.md)", 6, 10},
		{"kana and Hangul", "カナ한글x", 5, 8},
		{"a combining mark takes none", "e\u0301x", 3, 1},
		{"a tab is four", "\t<p>", 2, 4},
		{"Arabic is one", "مرحبا x", 7, 6},
		{"start of the line", "x", 1, 0},
		{"past the end", "ab", 9, 2},
		{"an empty line", "", 1, 0},
		{"halfwidth katakana", "ｶﾅx", 3, 2},
		{"fullwidth letters", "ＡＢx", 3, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, pad := excerpt(c.line, c.col)
			if len(pad) != c.pad {
				t.Errorf("caret at column %d, want %d", len(pad), c.pad)
			}
		})
	}
}

func TestExcerptCutsLongLines(t *testing.T) {
	line := strings.Repeat("长", 500) + "X" + strings.Repeat("y", 500)
	shown, pad := excerpt(line, 501)
	if n := columns(shown); n > maxExcerpt+8 {
		t.Errorf("excerpt is %d columns wide", n)
	}
	column := 0
	for _, r := range shown {
		if r == 'X' {
			break
		}
		_, w := cell(r)
		column += w
	}
	if column != len(pad) {
		t.Errorf("X is at column %d, caret at %d", column, len(pad))
	}
	if !strings.HasPrefix(shown, "… ") || !strings.HasSuffix(shown, " …") {
		t.Errorf("cuts are not marked: %q", shown)
	}
}

func TestExcerptHidesControls(t *testing.T) {
	shown, _ := excerpt("a\x1b[31mb\u202Ec", 1)
	if strings.ContainsAny(shown, "\x1b\u202E") {
		t.Errorf("controls reach the terminal: %q", shown)
	}
}
