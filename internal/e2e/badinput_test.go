package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"handrail/internal/dev"
	"handrail/internal/site"
)

// badSite is written by people with other things to do than to spare a theme.
func badSite(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "site.yaml", "title: { zh-Hans: 县, en: "+strings.Repeat("Donaudampfschifffahrt", 8)+", ar: مدينة }\ndefault-language: zh-Hans\nlanguages:\n  - { tag: zh-Hans, name: 中文 }\n  - { tag: en, name: English }\n  - { tag: ar, name: العربية }\neditions: [standard, care]\ntheme: civic\n")
	for _, tag := range []string{"zh-Hans", "en", "ar"} {
		put(t, dir, "content/"+tag+"/index.md", "---\ntitle: "+tag+"\n---\n")
		put(t, dir, "content/"+tag+"/hard.md", hardPage(tag))
	}
	for _, kind := range []string{"page", "service", "policy", "news", "office", "interpretation"} {
		put(t, dir, "content/zh-Hans/only-"+kind+".md", "---\ntitle: 只有题目\ntype: "+kind+"\n---\n")
	}
	put(t, dir, "content/zh-Hans/empty/index.md", "---\ntitle: 空栏目\ntype: section\n---\n")
	put(t, dir, "content/zh-Hans/hard-service.md", hardService())
	put(t, dir, "content/zh-Hans/wide.png", picture(t, 8000, 12))
	put(t, dir, "content/zh-Hans/high.png", picture(t, 12, 8000))
	put(t, dir, "content/en/wide.png", picture(t, 8000, 12))
	put(t, dir, "content/en/high.png", picture(t, 12, 8000))
	put(t, dir, "content/ar/wide.png", picture(t, 8000, 12))
	put(t, dir, "content/ar/high.png", picture(t, 12, 8000))
	return dir
}

func picture(t *testing.T, w, h int) string {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.White, color.Black})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hardPage has one of everything that breaks a layout.
func hardPage(tag string) string {
	word := map[string]string{"zh-Hans": strings.Repeat("中华人民共和国", 43), "en": strings.Repeat("Antidisestablishmentarianism", 11), "ar": strings.Repeat("الاستقلالية", 28)}[tag]
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %.300s\nsummary: %s\n---\n\n", word, word)
	fmt.Fprintf(&b, "%s\n\n## %s\n\n### https://anhe.example/%s\n\n[%s](hard.md) and [%s](https://anhe.example/%s).\n\n", word, word, strings.Repeat("a/b", 90), word, strings.Repeat("x", 300), strings.Repeat("y", 300))
	b.WriteString("中文 English العربية 2026-11-24 (03) שלום 12345 \u200eالعربية\u200f mixed in one line, and again: مرحبا world 你好 `code.call(long_identifier_" + strings.Repeat("z", 120) + ")`\n\n")
	for _, row := range []string{"h", "-", "c"} {
		b.WriteString("|")
		for i := range 60 {
			if row == "-" {
				b.WriteString(" --- |")
			} else {
				fmt.Fprintf(&b, " %s%d |", row, i)
			}
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\n| %s | b |\n| --- | --- |\n| %s | %s |\n\n", word[:len(word)/7/3*3], strings.Repeat("w", 200), "c")
	for i := range 10 {
		fmt.Fprintf(&b, "%s- level %d %s\n", strings.Repeat("  ", i), i, strings.Repeat("w", 40))
	}
	b.WriteString("\n1. one\n")
	for i := range 9 {
		fmt.Fprintf(&b, "%s1. level %d\n", strings.Repeat("   ", i+1), i+2)
	}
	fmt.Fprintf(&b, "\n![wide](wide.png)\n\n![high](high.png)\n\n```\n%s\n```\n\n> %s\n\n%s\n: %s\n", strings.Repeat("unbroken", 60), word, strings.Repeat("term", 60), strings.Repeat("definition", 40))
	return b.String()
}

// hardService fills fields of a service with words that have no end.
func hardService() string {
	w, han := strings.Repeat("w", 150), strings.Repeat("证", 120)
	return fmt.Sprintf("---\ntitle: %s\ntype: service\nsummary: %s\naudience: %s\nget: %s\nphone: \"030055501234567890123456789012345678901234567890\"\nhours: %s\nconditions: [%s, %s]\nmaterials:\n  - { name: %s, form: original, copies: 99, source: self, needed: required, note: %s }\nsteps:\n  - { title: %s, text: %s, who: %s, time: %s }\nfaq:\n  - { q: %s, a: %s }\n---\n",
		han, w, w, han, w, w, han, w, han, w, w, w, w, han, w)
}

// listenForErrors notes what the browser complains of.
func listenForErrors(t *testing.T, ctx context.Context) func() []string {
	t.Helper()
	var mu sync.Mutex
	var list []string
	note := func(format string, a ...any) {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, fmt.Sprintf(format, a...))
	}
	err := chromedp.Listen(ctx, func(ev any) {
		switch e := ev.(type) {
		case *runtime.EventExceptionThrown:
			note("exception: %s", e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError {
				note("console error")
			}
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == cdplog.EntryLevelError {
				note("%s %s", e.Entry.Text, e.Entry.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		got := list
		list = nil
		return got
	}
}

// TestBadInput: whatever authors write, every page stays whole and readable in
// a narrow window, and the browser has nothing to complain of.
func TestBadInput(t *testing.T) {
	needBrowser(t)
	files, res := buildSite(t, badSite(t))
	h := serveFiles(t, files)
	ctx := newTab(t)
	errors := listenForErrors(t, ctx)
	for _, p := range res.Site.Pages {
		for _, edition := range res.Editions {
			path := p.URL(edition)
			setLook(t, ctx, look{320, "light", false})
			if err := chromedp.Do(ctx, chromedp.Navigate(h.URL+path)); err != nil {
				t.Fatal(err)
			}
			for _, f := range measure(t, ctx, measureBoxes, "").Faults {
				t.Errorf("%s: %v", path, f)
			}
			for _, f := range errors() {
				t.Errorf("%s: %s", path, f)
			}
			if !eval[bool](t, ctx, whole) {
				t.Errorf("%s is not whole", path)
			}
			for _, f := range eval[[]string](t, ctx, "window.__problems") {
				t.Errorf("%s: %s", path, f)
			}
		}
	}
}

// whole: there is a heading with words, text, a way on, and a sheet.
const whole = `(() => {
	const h1 = document.querySelector("main h1");
	return !!h1 && h1.innerText.trim() !== "" && h1.getBoundingClientRect().height > 0
		&& document.querySelectorAll("a[href]").length > 3 && getComputedStyle(document.querySelector("main")).maxInlineSize !== "none";
})()`

// Storage of a browser that does not do what a page hopes for; each is run
// before the page's own scripts.
var storages = map[string]string{
	"no storage":     `Object.defineProperty(window, "localStorage", {get() { throw new DOMException("denied", "SecurityError"); }})`,
	"no cookies":     `Object.defineProperty(document, "cookie", {get() { throw new DOMException("denied", "SecurityError"); }, set() { throw new DOMException("denied", "SecurityError"); }})`,
	"null storage":   `Object.defineProperty(window, "localStorage", {value: null})`,
	"full":           `Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }`,
	"not JSON":       `localStorage.setItem("handrail", "{\"v\":1,")`,
	"null":           `localStorage.setItem("handrail", "null")`,
	"a list":         `localStorage.setItem("handrail", "[1,2]")`,
	"other version":  `localStorage.setItem("handrail", JSON.stringify({v: 99, theme: "dark"}))`,
	"wrong types":    `localStorage.setItem("handrail", JSON.stringify({v: 1, theme: {a: 1}, size: ["400"], line: true, edition: 7, __proto__: {}}))`,
	"hostile values": `localStorage.setItem("handrail", JSON.stringify({v: 1, theme: "\"><script>alert(1)</script>", size: "100000", edition: "javascript:alert(1)", one: "x".repeat(1e5), pointer: "url(//evil.example)"}))`,
	"hostile cookie": `document.cookie = "handrail=" + encodeURIComponent("{\"v\":1,\"theme\":\"<img src=x onerror=alert(1)>\"}") + ";path=/"`,
}

// TestStorage: with storage denied, full, broken or hostile, pages stay whole,
// in both editions, and no made-up value reaches the page.
func TestStorage(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	errors := listenForErrors(t, ctx)
	for name, script := range storages {
		added, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		if err != nil {
			t.Fatal(err)
		}
		for _, edition := range []string{site.Standard, site.Care} {
			show(t, ctx, careService(t).URL(edition), look{320, "light", false})
			if !eval[bool](t, ctx, whole) {
				t.Errorf("%s: the page is not whole", name)
			}
			for _, f := range append(errors(), eval[[]string](t, ctx, "window.__problems")...) {
				t.Errorf("%s: %s", name, f)
			}
			if odd := eval[string](t, ctx, `[...document.documentElement.attributes].filter(a => /[<>{}]|evil|x{9}|javascript/.test(a.value)).map(a => a.name).join()`); odd != "" {
				t.Errorf("%s: html takes over %s", name, odd)
			}
			for _, f := range measure(t, ctx, measureBoxes, "").Faults {
				t.Errorf("%s: %v", name, f)
			}
		}
		if _, err := chromedp.Call(ctx, page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams(added)); err != nil {
			t.Fatal(err)
		}
		eval[bool](t, ctx, `delete window.localStorage, delete document.cookie, true`)
		show(t, ctx, "/404.html", look{320, "light", false})
		eval[bool](t, ctx, `localStorage.clear(), document.cookie = "handrail=;path=/;max-age=0", true`)
		errors()
	}
}

// TestHalfAScript: a script that breaks off in the middle, or is not found,
// takes nothing away from the page.
func TestHalfAScript(t *testing.T) {
	needBrowser(t)
	for name, spoil := range map[string]func(w http.ResponseWriter, body []byte){
		"half": func(w http.ResponseWriter, body []byte) { _, _ = w.Write(body[:len(body)/2]) },
		"broken off": func(w http.ResponseWriter, body []byte) {
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			_, _ = w.Write(body[:len(body)/2])
			panic(http.ErrAbortHandler)
		},
		"missing": func(w http.ResponseWriter, _ []byte) { http.Error(w, "gone", http.StatusNotFound) },
	} {
		plain := dev.Files(siteFS())
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, ".js") {
				plain.ServeHTTP(w, r)
				return
			}
			rec := httptest.NewRecorder()
			plain.ServeHTTP(rec, r)
			w.Header().Set("Content-Type", "text/javascript")
			spoil(w, rec.Body.Bytes())
		}))
		ctx := newTab(t)
		for _, edition := range []string{site.Standard, site.Care} {
			path := careService(t).URL(edition)
			setLook(t, ctx, look{320, "light", false})
			if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+path)); err != nil {
				t.Fatal(err)
			}
			if !eval[bool](t, ctx, whole) {
				t.Errorf("%s: %s is not whole", name, path)
			}
			for _, f := range measure(t, ctx, measureBoxes, "").Faults {
				t.Errorf("%s, %s: %v", name, path, f)
			}
			// Only what script alone can do is hidden, and what waits for a link to it.
			if n := eval[int](t, ctx, `[...document.querySelectorAll("main h2, main p, main li")].filter(e => !e.closest("[hidden], details, .arrived") && !e.getClientRects().length && getComputedStyle(e).display === "none").length`); n > 0 {
				t.Errorf("%s: %s hides %d parts", name, path, n)
			}
		}
		_ = chromedp.Cancel(ctx)
		srv.Close()
	}
}
