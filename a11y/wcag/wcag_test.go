package wcag_test

import (
	"testing"

	"handrail/a11y/wcag"
)

func TestCriteria(t *testing.T) {
	levels := map[wcag.Level]int{}
	var untranslated []wcag.SC
	for _, c := range wcag.All() {
		levels[c.Level]++
		if c.Title == "" || c.ID == "" || c.Since == "" {
			t.Errorf("%s lacks a title, an ID or a version: %+v", c.Number, c)
		}
		if c.TitleZh == "" {
			untranslated = append(untranslated, c.Number)
			if c.Since != "2.2" {
				t.Errorf("%s of WCAG %s has no Chinese title", c.Number, c.Since)
			}
		}
	}
	if levels[wcag.A] != 31 || levels[wcag.AA] != 24 || levels[wcag.AAA] != 31 {
		t.Errorf("levels %v; want 31 A, 24 AA, 31 AAA", levels)
	}
	if len(untranslated) != 9 {
		t.Errorf("%d criteria without an authorised title: %v; want the 9 of WCAG 2.2", len(untranslated), untranslated)
	}
}

func TestName(t *testing.T) {
	for _, tt := range []struct {
		sc         wcag.SC
		lang, want string
	}{
		{"1.1.1", "en", "Non-text Content"},
		{"1.1.1", "zh-Hans", "非文本内容"},
		{"2.5.8", "zh-Hans", "Target Size (Minimum)"},
	} {
		c, ok := wcag.Of(tt.sc)
		if !ok || c.Name(tt.lang) != tt.want {
			t.Errorf("%s in %s = %q, %v; want %q", tt.sc, tt.lang, c.Name(tt.lang), ok, tt.want)
		}
	}
	if _, ok := wcag.Of("4.1.1"); ok {
		t.Error("4.1.1 is still there; WCAG 2.2 removed it")
	}
}

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		level, want wcag.Level
		in          bool
	}{{wcag.A, wcag.AA, true}, {wcag.AA, wcag.AA, true}, {wcag.AAA, wcag.AA, false}, {wcag.AAA, wcag.AAA, true}} {
		if got := tt.level.Within(tt.want); got != tt.in {
			t.Errorf("%s within %s = %v", tt.level, tt.want, got)
		}
	}
}
