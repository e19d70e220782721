package e2e

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"handrail/internal/site"
)

//go:embed measure/stops.js
var measureStops string

// A stop is an element that the Tab key reaches.
type stop struct {
	Key    string   `json:"key"`
	Name   string   `json:"name"`
	Kind   string   `json:"kind"`
	State  string   `json:"state"`
	Faults []string `json:"faults"`
}

// TestKeyboard walks through every template with Tab, in both editions: the
// skip link comes first and leads into the main element, every control is
// reached in turn, in view, with nothing over it and a ring around it; it does
// what it is for, and Tab leads out of it again, forwards and backwards.
func TestKeyboard(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	for _, p := range sample(languages()[0]) {
		for _, edition := range []string{site.Standard, site.Care} {
			path := p.URL(edition)
			show(t, ctx, path, look{1280, "light", false})
			skip(t, ctx, path)
			show(t, ctx, path, look{1280, "light", false})
			for _, f := range walk(t, ctx) {
				t.Errorf("%s: %s", path, f)
			}
		}
	}
}

// walk presses Tab until every control has had the focus.
func walk(t *testing.T, ctx context.Context) []string {
	t.Helper()
	var faults []string
	want := inPage[int](t, ctx, measureStops, "true")
	seen := map[string]bool{}
	last := stop{}
	for range want + 80 {
		s := tab(t, ctx, kb.Tab)
		if s.Key != "" && s.Key == last.Key && (strings.HasPrefix(s.Kind, "audio") || strings.HasPrefix(s.Kind, "video")) {
			continue // a player has stops of its own
		}
		if s.Key == "" || seen[s.Key] {
			break
		}
		seen[s.Key] = true
		for _, f := range append(s.Faults, operate(t, ctx, s)...) {
			faults = append(faults, fmt.Sprintf("stop %d %s %s", len(seen), s.Name, f))
		}
		last = s
	}
	if len(seen) < want {
		faults = append(faults, fmt.Sprintf("Tab reaches %d of %d controls, the last %s", len(seen), want, last.Name))
	}
	return faults
}

// tab presses a key and says where the focus is then.
func tab(t *testing.T, ctx context.Context, key string, opts ...chromedp.KeyOption) stop {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.KeyEvent(key, opts...)); err != nil {
		t.Fatal(err)
	}
	return inPage[stop](t, ctx, measureStops, "")
}

// operate presses the key that works a control, if that leaves the page as it
// was: what opens has to close again, what is ticked to lose its tick.
func operate(t *testing.T, ctx context.Context, s stop) []string {
	t.Helper()
	key := map[string]string{"summary": kb.Enter, "input:checkbox": " "}[s.Kind]
	if key == "" {
		return nil
	}
	once, twice := tab(t, ctx, key), tab(t, ctx, key)
	switch {
	case once.Key != s.Key || twice.Key != s.Key:
		return []string{"loses the focus when it is used"}
	case once.State == s.State || twice.State != s.State:
		return []string{"does nothing"}
	}
	return nil
}

// skip demands that the first stop skips to the main element, so that two stops
// at most lie before it, and that Shift and Tab lead back.
func skip(t *testing.T, ctx context.Context, path string) {
	t.Helper()
	tab(t, ctx, kb.Tab)
	tab(t, ctx, kb.Enter)
	if !eval[bool](t, ctx, `!!document.activeElement.closest("main") || location.hash === "#main"`) {
		t.Errorf("%s: the first link does not skip to the main element", path)
	}
	first := tab(t, ctx, kb.Tab)
	if !eval[bool](t, ctx, `!!document.activeElement.closest("main") || !document.querySelector("main a[href], main button, main input")`) {
		t.Errorf("%s: after the skip link Tab leads to %s", path, first.Name)
	}
	second := tab(t, ctx, kb.Tab)
	if back := tab(t, ctx, kb.Tab, chromedp.KeyModifiers(8)); back.Key != first.Key && second.Key != "" {
		t.Errorf("%s: Shift and Tab lead from %s to %s, not back to %s", path, second.Name, back.Name, first.Name)
	}
}
