package build

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"handrail/a11y/dom"
)

// Whoever follows a link out of their language knows so before: programs by
// hreflang, people by words; and the page says so again, in their language.
func TestLinksOutOfALanguageSaySo(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/foreign.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files, res := buildDir(t, unpack(t, ar), Options{})
	if res.Failed {
		t.Fatal(said(res))
	}
	seen := map[string]bool{}
	for _, p := range res.Site.Pages {
		for _, edition := range res.Editions {
			if p.Lang.Tag != "en" {
				continue
			}
			name := p.OutFile(edition)
			for n := range dom.Parse(string(files.files[name])).Body().Descendants() {
				if n.Is("a") && !n.Has("lang") && !n.ParentElement().Has("lang") && strings.HasPrefix(n.Get("href"), "/") {
					checkForeign(t, files, name, n, seen)
				}
			}
		}
	}
	for _, text := range []string{
		"Rules (in Chinese)", "It is cold (in Chinese)", "About (in Chinese)", "All ways to get help (in Chinese)", "办事处 (in Chinese)", "津贴 (in Chinese)",
		"Civil affairs (in Chinese)", "rule (in Chinese)", "its first part (in Chinese)", "the office (in Chinese)", "规定 (in Chinese)", "The rule (in Chinese)",
	} {
		if !seen[text] {
			t.Errorf("no link says %q of %q", text, slices.Sorted(maps.Keys(seen)))
		}
	}
}

// checkForeign holds one link of an English page to what it leads to.
func checkForeign(t *testing.T, files *memSink, name string, a *dom.Node, seen map[string]bool) {
	t.Helper()
	path, fragment, _ := strings.Cut(a.Get("href"), "#")
	target := files.files[strings.TrimPrefix(path, "/")+"index.html"]
	if target == nil || strings.Contains(path, "/en/") {
		return
	}
	text := strings.Join(strings.Fields(a.TextContent()), " ")
	seen[text] = true
	if a.Get("hreflang") != "zh-CN" || !strings.HasSuffix(text, " (in Chinese)") {
		t.Errorf("%s: the link %q to %s does not say its language", name, text, path)
	}
	for n := range a.Descendants() {
		if n.Type == dom.Text && strings.ContainsFunc(n.Text, func(r rune) bool { return r >= '一' }) && n.ParentElement().Get("lang") != "zh-CN" {
			t.Errorf("%s: the words %q are not marked as Chinese", name, n.Text)
		}
	}
	if fragment != "from-en" && fragment != "第一部分" {
		t.Errorf("%s: the link %q leads to %q", name, text, a.Get("href"))
	}
	here := dom.Parse(string(target)).ByID("from-en")
	if here == nil || here.Get("lang") != "en" || !strings.HasPrefix(here.TextContent(), "This page is not in English yet. What follows is in Chinese.") {
		t.Errorf("%s says nothing to those who come from English", path)
	}
}
