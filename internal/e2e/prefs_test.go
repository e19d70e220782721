package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"handrail/internal/build"
	"handrail/internal/dev"
	"handrail/internal/prefs"
)

var plain = look{1280, "light", false}

// choose keeps a record of choices as if it had been made in another tab.
func choose(t *testing.T, ctx context.Context, record string) {
	t.Helper()
	eval[bool](t, ctx, `(localStorage.setItem("handrail", `+quote(record)+`), dispatchEvent(new StorageEvent("storage")), true)`)
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// becomes waits for an expression to become true: a module comes over the
// network.
func becomes(t *testing.T, ctx context.Context, what, expr string) {
	t.Helper()
	ok := eval[bool](t, ctx, `new Promise(done => { let n = 0; const look = () => (`+expr+`) ? done(true) : ++n > 100 ? done(false) : setTimeout(look, 20); look(); })`)
	if !ok {
		t.Errorf("%s: not so after two seconds: %s", what, expr)
	}
}

// TestChoices goes through all that readers may choose, in one tab.
func TestChoices(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		test func(*testing.T, context.Context)
	}{
		{"EveryChoiceShows", everyChoiceShows},
		{"JoinedScriptsKeepTogether", joinedScriptsKeepTogether},
		{"SettingsPage", settingsPage},
		{"BadStorage", badStorage},
		{"ChoicesComeBeforeThePaint", choicesComeBeforeThePaint},
		{"GuidesLeaveTheFocusAlone", guidesLeaveTheFocusAlone},
		{"OneAtATime", oneAtATime},
		{"Shortcuts", shortcuts},
		{"ChoicesWithHalfAScript", halfAScript},
		{"SheetSaysWhatAttributesSay", sheetSaysWhatAttributesSay},
		{"WithoutScript", withoutScript},
	} {
		t.Run(tt.name, func(t *testing.T) {
			show(t, ctx, "/", plain)
			eval[bool](t, ctx, `(localStorage.clear(), document.cookie = "handrail=;path=/;max-age=0", true)`)
			tt.test(t, ctx)
		})
	}
}

// everyChoiceShows makes each choice and looks for what it changes.
func everyChoiceShows(t *testing.T, ctx context.Context) {
	show(t, ctx, "/services/old-age-allowance/", plain)
	eval[bool](t, ctx, `(document.querySelector(".run").insertAdjacentHTML("beforeend",
		'<p id="x-p">字 word</p><p>next</p><p id="x-n">next</p><ruby class="py">缴<rt id="x-rt">jiǎo</rt></ruby><img id="x-img" alt="A lift" src="/favicon.none">'), true)`)
	for _, tt := range []struct{ key, value, expr, want string }{
		{"theme", "dark", `getComputedStyle(document.documentElement).backgroundColor`, "rgb(24, 23, 21)"},
		{"theme", "cream", `getComputedStyle(document.documentElement).backgroundColor`, "rgb(247, 236, 210)"},
		{"theme", "yellow-black", `getComputedStyle(document.body).color`, "rgb(255, 230, 0)"},
		{"size", "125", `getComputedStyle(document.documentElement).fontSize`, "22.5px"},
		{"size", "200", `getComputedStyle(document.documentElement).fontSize`, "36px"},
		{"size", "400", `getComputedStyle(document.documentElement).fontSize`, "72px"},
		{"size", "300", `String(document.documentElement.dataset.big)`, ""},
		{"line", "2", `getComputedStyle(document.body).lineHeight`, "45px"},
		{"letter", "1", `getComputedStyle(document.body).letterSpacing`, "1.08px"},
		{"word", "2", `getComputedStyle(document.body).wordSpacing`, "5.76px"},
		{"para", "2", `getComputedStyle(document.getElementById("x-n")).marginBlockStart`, "36px"},
		{"narrow", "1", `getComputedStyle(document.querySelector(".body")).maxInlineSize`, "468px"},
		{"under", "1", `getComputedStyle(document.querySelector(".nav a")).textDecorationLine`, "underline"},
		{"pinyin", "1", `getComputedStyle(document.getElementById("x-rt")).display`, "ruby-text"},
	} {
		choose(t, ctx, `{"v":1}`)
		before := eval[string](t, ctx, tt.expr)
		choose(t, ctx, fmt.Sprintf(`{"v":1,%q:%q}`, tt.key, tt.value))
		if got := eval[string](t, ctx, tt.expr); got != tt.want || got == before {
			t.Errorf("%s=%s: %s is %q, was %q; want %q", tt.key, tt.value, tt.expr, got, before, tt.want)
		}
	}
	choose(t, ctx, `{"v":1,"pics":"off"}`)
	becomes(t, ctx, "pictures off", `document.querySelector("#x-img + .pic-text") && getComputedStyle(document.getElementById("x-img")).display === "none" && document.querySelector("#x-img + .pic-text").innerText === "A lift"`)
	choose(t, ctx, `{"v":1}`)
	becomes(t, ctx, "pictures on", `getComputedStyle(document.querySelector(".pic-text")).display === "none" && getComputedStyle(document.getElementById("x-img")).display !== "none"`)
	for _, size := range []string{"1", "2"} {
		choose(t, ctx, `{"v":1,"pointer":"`+size+`"}`)
		becomes(t, ctx, "pointer "+size, `(() => { const c = getComputedStyle(document.querySelector("main a")).cursor;
			const url = /url\("?([^")]+)"?\) \d+ \d+, pointer/.exec(c); if (!url || new URL(url[1]).origin !== location.origin) return false;
			const i = window["__p`+size+`"] = window["__p`+size+`"] || Object.assign(new Image(), {src: url[1]}); return i.naturalWidth === `+fmt.Sprint(map[string]int{"1": 64, "2": 128}[size])+`; })()`)
	}
	if got := eval[[]string](t, ctx, `window.__problems.filter(p => !p.includes("favicon.none"))`); len(got) > 0 {
		t.Error(got)
	}
	show(t, ctx, "/care/services/old-age-allowance/", plain)
	choose(t, ctx, `{"v":1,"size":"400"}`)
	if got := eval[string](t, ctx, `getComputedStyle(document.documentElement).fontSize`); got != "96px" {
		t.Errorf("care at 400 %%: %s; want 96px", got)
	}
}

// joinedScriptsKeepTogether puts the widest letter spacing on pages with
// Arabic script.
func joinedScriptsKeepTogether(t *testing.T, ctx context.Context) {
	const spaced = `[...document.querySelectorAll("body, body *")].filter(e => /^(ar|ug|fa|ur|bo)/.test(e.closest("[lang]").lang) && parseFloat(getComputedStyle(e).letterSpacing) > 0).length`
	for _, path := range []string{"/ar/", "/care/ar/", "/"} {
		show(t, ctx, path, plain)
		choose(t, ctx, `{"v":1,"letter":"2","word":"2"}`)
		eval[bool](t, ctx, `(document.querySelector("main").insertAdjacentHTML("beforeend",
			'<p>x <span lang="ug">ئۇيغۇرچە</span> <span lang="fa"><b>فارسی</b></span> <span lang="en" id="x-en">word</span></p>'), true)`)
		if n := eval[int](t, ctx, spaced); n > 0 {
			t.Errorf("%s: %d elements in joined scripts are spaced out", path, n)
		}
		if s := eval[float64](t, ctx, `parseFloat(getComputedStyle(document.getElementById("x-en")).letterSpacing)`); !(s > 1) {
			t.Errorf("%s: English among it has %gpx", path, s)
		}
	}
}

// settingsPage chooses on the settings page and goes on to another
// language and edition.
func settingsPage(t *testing.T, ctx context.Context) {
	show(t, ctx, "/display/", plain)
	becomes(t, ctx, "the form shows", `!document.getElementById("display-form").hidden && document.getElementById("size-100").checked`)
	click := func(id string) {
		t.Helper()
		eval[bool](t, ctx, `(document.querySelector("label[for=`+id+`]").click(), true)`)
	}
	top := `Math.round(document.querySelector("label[for=theme-dark]").getBoundingClientRect().top)`
	click("size-150")
	click("under-1")
	eval[bool](t, ctx, `(document.getElementById("theme-dark").focus(), true)`)
	before := eval[int](t, ctx, top)
	click("theme-dark")
	if after := eval[int](t, ctx, top); after < before-2 || after > before+2 {
		t.Errorf("what was pressed moved from %d to %d", before, after)
	}
	eval[bool](t, ctx, `(document.querySelector("#display-form [type=submit]").click(), true)`)
	becomes(t, ctx, "saved", `document.getElementById("display-status").textContent === document.getElementById("saved").textContent`)
	const kept = `(d => [d.size, d.theme, d.under].join())(document.documentElement.dataset)`
	for _, path := range []string{"/care/en/services/", "/ar/", "/display/"} {
		show(t, ctx, path, plain)
		if got := eval[string](t, ctx, kept); got != "150,dark,1" {
			t.Errorf("%s: %s; want 150,dark,1", path, got)
		}
	}
	becomes(t, ctx, "the form knows", `document.getElementById("theme-dark").checked && document.getElementById("under-1").checked`)
	eval[bool](t, ctx, `(document.querySelector("[name=reset]").click(), true)`)
	becomes(t, ctx, "reset", `document.getElementById("display-status").textContent === document.getElementById("reset").textContent && document.getElementById("size-100").checked`)
	if got := eval[string](t, ctx, kept+` + localStorage.getItem("handrail")`); got != `,,{"v":1}` {
		t.Errorf("after a reset: %s", got)
	}
	if got := eval[[]string](t, ctx, `window.__problems`); len(got) > 0 {
		t.Error(got)
	}
}

// badStorage loads pages with values that no reader chose, and with
// storage that is closed or full.
func badStorage(t *testing.T, ctx context.Context) {
	show(t, ctx, "/", plain)
	const attrs = `[...document.documentElement.attributes].map(a => a.name + "=" + a.value).filter(a => !/^(lang|dir|data-edition|data-js|data-sw)=/.test(a)).join()`
	whole := func(what, want string) {
		t.Helper()
		if got := eval[string](t, ctx, attrs); got != want {
			t.Errorf("%s: html has %s; want %s", what, got, want)
		}
		if n := eval[int](t, ctx, `document.querySelector("main").innerText.length`); n < 100 {
			t.Errorf("%s: %d characters of text", what, n)
		}
		if got := eval[[]string](t, ctx, `window.__problems`); len(got) > 0 {
			t.Errorf("%s: %v", what, got)
		}
	}
	for _, tt := range []struct{ raw, want string }{
		{`{"v":1,"theme":"dark"`, ""}, {`null`, ""}, {`[]`, ""}, {`"x"`, ""}, {`{"v":2,"theme":"dark"}`, ""},
		{`{"v":1,"theme":"dark\" onload=\"alert(1)","size":{"a":1},"edition":"x","class":"a","style":"color:red","lang":"xx"}`, ""},
		{`{"v":1,"size":["200"],"theme":"` + strings.Repeat("a", 100000) + `"}`, ""},
		{`{"v":1,"__proto__":{"theme":"dark"},"size":"1e3","pics":"</script>"}`, ""},
	} {
		eval[bool](t, ctx, `(localStorage.setItem("handrail", `+quote(tt.raw)+`), true)`)
		show(t, ctx, "/care/", plain)
		becomes(t, ctx, "main.ts has run", `!document.documentElement.dataset.theme && (document.documentElement.dataset.size || "200") === "200"`)
		whole(fmt.Sprintf("%.40s", tt.raw), tt.want)
	}
	eval[bool](t, ctx, `(localStorage.setItem("handrail", "{broken"), document.cookie = "handrail=" + encodeURIComponent('{"v":1,"theme":"cream"}') + ";path=/", true)`)
	show(t, ctx, "/", plain)
	whole("the cookie counts where storage is broken", "data-theme=cream")

	eval[bool](t, ctx, `(localStorage.removeItem("handrail"), document.cookie = "handrail=;path=/;max-age=0", true)`)
	with(t, ctx, `Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }`, func() {
		show(t, ctx, "/display/", plain)
		becomes(t, ctx, "the form shows", `!document.getElementById("display-form").hidden`)
		eval[bool](t, ctx, `(document.getElementById("size-150").click(), true)`)
		show(t, ctx, "/care/en/", plain)
		whole("full storage: the cookie keeps", "data-size=150")
	})
	eval[bool](t, ctx, `(document.cookie = "handrail=;path=/;max-age=0", true)`)
	with(t, ctx, `Object.defineProperty(window, "localStorage", {get() { throw new DOMException("closed", "SecurityError"); }});
		Object.defineProperty(document, "cookie", {get() { throw new DOMException("closed", "SecurityError"); }, set() { throw new DOMException("closed", "SecurityError"); }})`, func() {
		show(t, ctx, "/display/", plain)
		becomes(t, ctx, "the form shows", `!document.getElementById("display-form").hidden`)
		whole("closed storage", "")
		eval[bool](t, ctx, `(document.getElementById("size-150").click(), true)`)
		becomes(t, ctx, "the reader is told", `document.getElementById("display-status").textContent === document.getElementById("not-kept").textContent`)
		whole("closed storage, on this page", "data-size=150")
	})
}

// with runs f while a script comes before each page's own.
func with(t *testing.T, ctx context.Context, script string, f func()) {
	t.Helper()
	r, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	if err != nil {
		t.Fatal(err)
	}
	f()
	if _, err := chromedp.Call(ctx, page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams(r)); err != nil {
		t.Fatal(err)
	}
}

// choicesComeBeforeThePaint looks at html at the moment that the body
// begins: nothing has been painted then.
func choicesComeBeforeThePaint(t *testing.T, ctx context.Context) {
	show(t, ctx, "/", plain)
	choose(t, ctx, `{"v":1,"theme":"white-black","size":"200","line":"2"}`)
	with(t, ctx, `new MutationObserver((_, o) => { if (document.body) { const d = document.documentElement.dataset;
		window.__first = [d.theme, d.size, d.line, d.big].join(); o.disconnect(); } }).observe(document, {childList: true, subtree: true})`, func() {
		for _, path := range []string{"/services/", "/care/"} {
			show(t, ctx, path, plain)
			if got := eval[string](t, ctx, `window.__first`); got != "white-black,200,2," {
				t.Errorf("%s: the body begins with %q", path, got)
			}
		}
	})
}

// guidesLeaveTheFocusAlone takes a picture of a focused link with and
// without the ruler and the cross line over it.
func guidesLeaveTheFocusAlone(t *testing.T, ctx context.Context) {
	show(t, ctx, "/services/old-age-allowance/", plain)
	picture := func() []byte {
		t.Helper()
		r := eval[map[string]float64](t, ctx, `(r => ({x: r.x - 6, y: r.y - 6, width: r.width + 12, height: r.height + 12}))(document.activeElement.getBoundingClientRect())`)
		shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: &page.Viewport{X: r["x"], Y: r["y"], Width: r["width"], Height: r["height"], Scale: 1}})
		if err != nil {
			t.Fatal(err)
		}
		return shot.Data
	}
	eval[bool](t, ctx, `(scrollTo(0, 0), document.querySelector(".crumbs a").focus(), true)`)
	before := picture()
	choose(t, ctx, `{"v":1,"ruler":"1","cross":"1"}`)
	becomes(t, ctx, "the ruler is there", `document.querySelector(".guide") && getComputedStyle(document.querySelector(".guide .r")).display === "block"`)
	at := eval[map[string]float64](t, ctx, `(r => ({x: r.x + r.width / 2, y: r.y + r.height / 2}))(document.activeElement.getBoundingClientRect())`)
	eval[bool](t, ctx, fmt.Sprintf(`new Promise(done => { document.body.dispatchEvent(new PointerEvent("pointermove", {bubbles: true, clientX: %g, clientY: %g, pointerType: "mouse"})); requestAnimationFrame(() => requestAnimationFrame(() => done(true))); })`, at["x"], at["y"]))
	if !bytes.Equal(before, picture()) {
		t.Error("the ruler or the cross line lies over the focus")
	}
	over := eval[bool](t, ctx, fmt.Sprintf(`(() => { const g = document.querySelector(".guide"), y = g.querySelector(".x").getBoundingClientRect().y;
		return Math.abs(y - %g) < 3 && g.getAttribute("aria-hidden") === "true" && getComputedStyle(g).pointerEvents === "none" && document.elementFromPoint(300, y) !== g; })()`, at["y"]))
	if !over {
		t.Error("the cross line is not where the pointer is, or it can be touched")
	}
	eval[bool](t, ctx, `(document.querySelector(".foot a").focus(), true)`)
	becomes(t, ctx, "the ruler follows the focus", `(f => { const r = [...document.querySelectorAll(".guide .r")].map(e => e.getBoundingClientRect().y); return r[0] < f.bottom && r[1] > f.top; })(document.activeElement.getBoundingClientRect())`)
	choose(t, ctx, `{"v":1}`)
	becomes(t, ctx, "the ruler goes", `getComputedStyle(document.querySelector(".guide .r")).display === "none"`)
}

// oneAtATime goes through a page part by part.
func oneAtATime(t *testing.T, ctx context.Context) {
	const shown = `[...document.querySelectorAll("main .run h2")].filter(e => !e.hidden).length`
	for _, path := range []string{"/services/old-age-allowance/", "/care/en/services/old-age-allowance/"} {
		show(t, ctx, path, plain)
		all := eval[int](t, ctx, shown)
		text := eval[int](t, ctx, `document.querySelector("main .run").textContent.length`)
		choose(t, ctx, `{"v":1,"one":"section"}`)
		becomes(t, ctx, path+": parts", `document.querySelector(".turner")`)
		if n := eval[int](t, ctx, shown); n > 1 || all < 4 {
			t.Errorf("%s: %d of %d headings show; want one", path, n, all)
		}
		if got := eval[string](t, ctx, `document.activeElement.tagName`); got != "BODY" {
			t.Errorf("%s: the focus moved to %s without a press", path, got)
		}
		if n := eval[int](t, ctx, `document.querySelector("main .run").textContent.length`); n < text {
			t.Errorf("%s: %d of %d characters are left in the page", path, n, text)
		}
		first := eval[string](t, ctx, `document.querySelector("main .run").innerText`)
		eval[bool](t, ctx, `(document.querySelector(".turner button").click(), true)`)
		if second := eval[string](t, ctx, `document.querySelector("main .run").innerText`); second == first {
			t.Errorf("%s: Next shows the same", path)
		}
		if ok := eval[bool](t, ctx, `(e => e !== document.body && !e.closest(".turner") && document.querySelector("main .run").contains(e) && !e.hidden)(document.activeElement)`); !ok {
			t.Errorf("%s: after Next the focus is not on the part", path)
		}
		last := `[...document.querySelectorAll("main .run [hidden=until-found]")].pop()`
		eval[bool](t, ctx, `(window.__last = `+last+`, window.__last.dispatchEvent(new Event("beforematch", {bubbles: true})), true)`)
		becomes(t, ctx, path+": what is found shows", `!window.__last.hidden`)
		// the first features win where two are given, so print comes alone
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
			t.Fatal(err)
		}
		if n := eval[int](t, ctx, `[...document.querySelectorAll("main .run .away")].filter(e => getComputedStyle(e).contentVisibility !== "visible").length`); n > 0 {
			t.Errorf("%s: %d parts are missing in print", path, n)
		}
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: ""}); err != nil {
			t.Fatal(err)
		}
		choose(t, ctx, `{"v":1,"one":"paragraph"}`)
		becomes(t, ctx, path+": paragraphs", `/\d+.*\d+/.test(document.querySelector(".turner p").textContent)`)
		eval[bool](t, ctx, `([...document.querySelectorAll(".turner button")].pop().click(), true)`)
		becomes(t, ctx, path+": the whole page again", `!document.querySelector(".turner") && !document.querySelector("main .run .away") && `+shown+` === `+fmt.Sprint(all))
	}
}

// shortcuts presses keys with and without the modifier.
func shortcuts(t *testing.T, ctx context.Context) {
	show(t, ctx, "/en/", plain)
	press := func(code, more string) {
		t.Helper()
		eval[bool](t, ctx, `(e => ((document.activeElement || document.body).dispatchEvent(e), new Promise(done => setTimeout(() => done(true), 80))))(new KeyboardEvent("keydown", {code: "`+code+`", key: "x", bubbles: true, cancelable: true, `+more+`}))`)
	}
	size := func(want, what string) {
		t.Helper()
		if got := eval[string](t, ctx, `document.documentElement.dataset.size || ""`); got != want {
			t.Errorf("%s: size %q; want %q", what, got, want)
		}
	}
	const mod = "altKey: true, shiftKey: true"
	press("Equal", "")
	size("", "a single key without leave")
	press("Equal", mod)
	becomes(t, ctx, "the first shortcut", `document.documentElement.dataset.size === "125"`)
	press("Equal", mod)
	size("150", "plus")
	press("Equal", mod+", ctrlKey: true")
	size("150", "with Ctrl as well")
	press("Minus", mod)
	size("125", "minus")
	press("Digit0", mod)
	size("", "zero")
	press("KeyJ", mod)
	if got := eval[string](t, ctx, `document.documentElement.dataset.theme`); got != "light" {
		t.Errorf("other colours: %s", got)
	}
	press("KeyN", mod)
	if got := eval[string](t, ctx, `document.activeElement.id`); got != "help" {
		t.Errorf("help: the focus is on %q", got)
	}
	choose(t, ctx, `{"v":1,"keys":"1"}`)
	press("Equal", "")
	size("125", "a single key with leave")
	press("Equal", "isComposing: true")
	press("Equal", "keyCode: 229")
	press("Equal", "ctrlKey: true")
	eval[bool](t, ctx, `(document.querySelector("main").insertAdjacentHTML("beforeend", "<input id=x-in><p id=x-ed contenteditable>e</p>"), document.getElementById("x-in").focus(), true)`)
	press("Equal", "")
	eval[bool](t, ctx, `(document.getElementById("x-ed").focus(), true)`)
	press("Equal", "")
	size("125", "while typing, composing or holding Ctrl")
}

// halfAScript loads pages whose modules never come.
func halfAScript(t *testing.T, ctx context.Context) {
	files := dev.Files(os.DirFS(built.dir))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".js") {
			w.Header().Set("Content-Type", "text/javascript")
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write([]byte("import {")) // and the connection breaks
			return
		}
		files.ServeHTTP(w, r)
	}))
	defer srv.Close()
	if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+"/display/")); err != nil {
		t.Fatal(err)
	}
	eval[bool](t, ctx, `(localStorage.setItem("handrail", '{"v":1,"theme":"dark","ruler":"1","one":"section"}'), true)`)
	for _, path := range []string{"/display/", "/care/services/old-age-allowance/"} {
		if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+path)); err != nil {
			t.Fatal(err)
		}
		if got := eval[string](t, ctx, `document.documentElement.dataset.theme + getComputedStyle(document.documentElement).backgroundColor`); got != "darkrgb(24, 23, 21)" {
			t.Errorf("%s: %s", path, got)
		}
		if n := eval[int](t, ctx, `document.querySelector("main").innerText.length`); n < 150 {
			t.Errorf("%s: %d characters of text", path, n)
		}
	}
	if ok := eval[bool](t, ctx, `document.querySelectorAll("main h2").length === [...document.querySelectorAll("main h2")].filter(e => e.offsetHeight > 0).length`); !ok {
		t.Error("parts are put away without a way to them")
	}
}

// companion publishes a small site and runs as much of the companion server,
// if it is to have one, as the choices need.
func companion(t *testing.T, server bool) *httptest.Server {
	t.Helper()
	src, out := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		"site.yaml":                "title: { zh-Hans: 测试, en: Test }\nserver: " + fmt.Sprint(server) + "\nlanguages: [{ tag: zh-Hans }, { tag: en }]\ndefault-language: zh-Hans\n",
		"content/zh-Hans/index.md": "---\ntitle: 测试\nsummary: 一页。\n---\n\n## 一\n\n字 word [链接](a.md)\n\n第二段\n\n- 甲\n- 乙\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n",
		"content/zh-Hans/a.md":     "---\ntitle: 甲\nsummary: 又一页。\n---\n\n文字\n",
		"content/en/index.md":      "---\ntitle: Test\nsummary: One page.\n---\n\n## One\n\nWords and more words.\n",
	} {
		p := filepath.Join(src, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	done, err := build.Publish(context.Background(), build.Options{Source: src, Gate: build.GateOff, Clock: time.Now, Tool: "handrail e2e"}, build.Target{Dir: out})
	if err != nil || !done.Published {
		t.Fatal("the site was not built: ", err)
	}
	files := dev.Files(os.DirFS(out))
	live := files
	if server {
		data, err := os.ReadFile(filepath.Join(out, ".handrail", "prefs.json"))
		if err != nil {
			t.Fatal(err)
		}
		sheet, err := prefs.ReadSheet(data)
		if err != nil {
			t.Fatal(err)
		}
		live = prefs.Handler(sheet)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/prefs" || r.URL.Path == "/prefs.css" {
			live.ServeHTTP(w, r)
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv
}

// styles reads what choices can change: of every element, and of what stands
// before and after it.
const styles = `[...document.querySelectorAll("html, body, header *, main, main *")].map(e => [null, "::before", "::after"].map(p => {
	const s = getComputedStyle(e, p); return ["color", "color-scheme", "background-color", "border-inline-start-color", "font-size", "line-height", "letter-spacing", "word-spacing",
		"margin-block-start", "padding-block-start", "padding-inline-start", "min-block-size", "max-inline-size", "inline-size", "display", "position", "cursor", "content",
		"text-decoration-line", "text-align", "white-space", "overflow-wrap", "--ink", "--hair", "--lh", "--gap"].map(k => k + ":" + s.getPropertyValue(k)).join(";");
}).join("\n"))`

// sheetSaysWhatAttributesSay compares the page under attributes with the
// page under /prefs.css, value by value.
func sheetSaysWhatAttributesSay(t *testing.T, ctx context.Context) {
	srv := companion(t, true)
	for _, path := range []string{"/", "/care/"} {
		setLook(t, ctx, look{1280, "dark", false})
		if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+path)); err != nil {
			t.Fatal(err)
		}
		for _, record := range []string{
			`{"theme":"light","line":"1","letter":"1","word":"1","para":"1","pointer":"1"}`,
			`{"theme":"dark","size":"125","narrow":"1","pics":"off"}`,
			`{"theme":"black-white","size":"150","under":"1","pinyin":"1"}`,
			`{"theme":"white-black","size":"200","line":"2","letter":"2","word":"2","para":"2"}`,
			`{"theme":"yellow-black","size":"300","pointer":"2"}`,
			`{"theme":"cream","size":"400","narrow":"1","under":"1"}`,
		} {
			got := eval[string](t, ctx, `(async () => {
				const d = document.documentElement, c = `+record+`, styles = () => `+styles+`;
				const set = on => { for (const k in c) on ? d.setAttribute("data-" + k, c[k]) : d.removeAttribute("data-" + k);
					on && c.size > 199 ? d.setAttribute("data-big", "") : d.removeAttribute("data-big"); };
				set(true);
				const by = styles();
				set(false);
				const none = styles();
				document.cookie = "handrail=" + encodeURIComponent(JSON.stringify({v: 1, ...c})) + ";path=/";
				const l = document.createElement("link");
				l.rel = "stylesheet"; l.href = "/prefs.css?" + Math.random();
				await new Promise(done => { l.onload = done; document.body.append(l); });
				const sheet = styles();
				l.remove();
				if (by.join() === none.join()) return "the attributes change nothing";
				const i = by.findIndex((s, i) => s !== sheet[i]);
				if (i < 0) return "";
				const a = by[i].split(/[;\n]/), b = sheet[i].split(/[;\n]/), j = a.findIndex((s, j) => s !== b[j]);
				return "element " + i + ": " + a[j] + " by attributes, " + b[j] + " by the sheet";
			})()`)
			if got != "" {
				t.Errorf("%s %s: %s", path, record, got)
			}
		}
	}
}

// withoutScript sends the settings form in a browser without script, and
// sees the choice on the other edition and language.
func withoutScript(t *testing.T, ctx context.Context) {
	srv := companion(t, true)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	setLook(t, ctx, plain)
	if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+"/en/display/"),
		chromedp.Click("label[for=size-150]"), chromedp.Click("label[for=theme-cream]"), chromedp.Click("#display-form [type=submit]"),
		chromedp.WaitVisible("#saved")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/en/display/": "27px rgb(247, 236, 210)", "/care/": "36px rgb(247, 236, 210)"} {
		if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+path)); err != nil {
			t.Fatal(err)
		}
		if got := eval[string](t, ctx, `(s => s.fontSize + " " + s.backgroundColor)(getComputedStyle(document.documentElement))`); got != want {
			t.Errorf("%s: %s; want %s", path, got, want)
		}
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+"/display/"), chromedp.Click("[name=reset]"), chromedp.WaitVisible("#reset")); err != nil {
		t.Fatal(err)
	}
	if got := eval[string](t, ctx, `getComputedStyle(document.documentElement).fontSize`); got != "18px" {
		t.Errorf("after a reset: %s", got)
	}

	// Where there is no server: no link, no form, other ways.
	if err := chromedp.Do(ctx, chromedp.Navigate(companion(t, false).URL+"/display/")); err != nil {
		t.Fatal(err)
	}
	if ok := eval[bool](t, ctx, `!document.getElementById("display-form").offsetHeight && !document.querySelector("a[data-ruler-src]").offsetHeight && document.getElementById("part-other").offsetHeight > 0`); !ok {
		t.Error("without script and server the settings are offered all the same")
	}
}
