package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"handrail/internal/build"
	"handrail/internal/formpage"
	"handrail/internal/serve"
	"handrail/internal/server"
	"handrail/internal/store"
	"handrail/internal/store/sqlite"
)

// A readingSite is a small site with one long page, built and served by the
// real server.
type readingSite struct {
	t        *testing.T
	src, dir string // sources, and the published folder
	data     string // the database
	url      string
	log      bytes.Buffer
	store    store.Store
}

const readingYAML = `title: { zh-Hans: 安和市, en: Anhe }
base-url: https://anhe.example
time-zone: Asia/Shanghai
default-language: zh-Hans
languages:
  - { tag: zh-Hans, name: 中文 }
  - { tag: en, name: English }
editions: [standard, care]
theme: civic
server: true
`

// guideText is a guide of six parts with five paragraphs each.
func guideText() string {
	var b strings.Builder
	b.WriteString("---\ntitle: 公交卡怎么办\ndate: 2026-11-24\n---\n\n老年公交卡的办法都在这一页。\n")
	for i, part := range []string{"谁能办", "在哪里办", "带什么", "多少钱", "多久能拿到", "丢了怎么办"} {
		fmt.Fprintf(&b, "\n## %s\n", part)
		for n := range 5 {
			fmt.Fprintf(&b, "\n%s的第%d条：年满六十五岁的居民，凭本人身份证到窗口办理，第%d号窗口可以优先。%s\n", part, n+1, i*5+n, strings.Repeat("请提前打电话问清楚。", 6))
		}
	}
	return b.String()
}

func newReadingSite(t *testing.T) *readingSite {
	t.Helper()
	s := &readingSite{t: t, src: t.TempDir(), dir: t.TempDir(), data: t.TempDir()}
	s.write("site.yaml", readingYAML)
	s.write("content/zh-Hans/index.md", "---\ntitle: 安和市\n---\n\n您好。\n")
	s.write("content/en/index.md", "---\ntitle: Anhe\n---\n\nHello.\n")
	s.write("content/zh-Hans/guide.md", guideText())
	s.build()
	st, err := sqlite.Open(t.Context(), s.data, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s.store = st
	pages, err := serve.Open(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pages.Close() })
	kit, err := formpage.Open(os.DirFS(filepath.Join(s.dir, ".handrail")))
	if err != nil {
		t.Fatal(err)
	}
	srv, err := server.New(t.Context(), server.Options{Store: st, Kit: kit, Static: pages, Now: time.Now,
		Log: slog.New(slog.NewJSONHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(srv.Handler())
	t.Cleanup(h.Close)
	s.url = h.URL
	return s
}

func (s *readingSite) write(name, text string) {
	s.t.Helper()
	name = filepath.Join(s.src, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *readingSite) build() {
	s.t.Helper()
	done, err := build.Publish(context.Background(), build.Options{Source: s.src, Gate: build.GateOff, Now: today, Clock: time.Now, Tool: "handrail e2e"},
		build.Target{Dir: s.dir, Force: true})
	if err != nil || !done.Published {
		s.t.Fatalf("the site was not built: %v", err)
	}
}

// open loads a page and waits for its script.
func (s *readingSite) open(ctx context.Context, path string) {
	s.t.Helper()
	setLook(s.t, ctx, look{width: 1280, scheme: "light"})
	if err := chromedp.Do(ctx, chromedp.Navigate(s.url+path)); err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
}

// waitFor waits for a script to be true, also on the page that comes next.
func waitFor(t *testing.T, ctx context.Context, what, script string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		// An error is a page on its way.
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(() => { try { return !!(`+script+`); } catch { return false; } })()`))
		if err == nil && ok {
			return
		}
	}
	t.Fatalf("waited in vain: %s; the page says %q", what, eval[string](t, ctx, `(document.querySelector("#place, #card-say") || document.body).innerText`))
}

// clean fails on violations of the CSP, errors of scripts and what axe finds.
func clean(t *testing.T, ctx context.Context, where string) {
	t.Helper()
	for _, problem := range eval[[]string](t, ctx, "window.__problems") {
		t.Errorf("%s: %s", where, problem)
	}
	eval[bool](t, ctx, axeSource(t)+"; true")
	for _, v := range eval[[]violation](t, ctx, runAxe) {
		for _, n := range v.Nodes {
			t.Errorf("%s: %s: %s\n%s\n%s", where, v.ID, n.Target, n.HTML, n.Summary)
		}
	}
}

const (
	keepButton = `document.querySelector("#keep button")`
	barSays    = `document.querySelector("#place [role=status]").textContent`
	barButtons = `[...document.querySelectorAll("#place button")]`
)

// readTo scrolls like a reader, so that a heading stands at the top.
func readTo(t *testing.T, ctx context.Context, heading string) {
	t.Helper()
	eval[bool](t, ctx, `(() => { dispatchEvent(new WheelEvent("wheel")); const h = [...document.querySelectorAll("main h2")].find(h => h.textContent === `+
		fmt.Sprintf("%q", heading)+`); scrollTo(0, h.getBoundingClientRect().top + scrollY - 40); return true; })()`)
}

// remember turns remembering on, on the page that is open.
func remember(t *testing.T, ctx context.Context) {
	t.Helper()
	waitFor(t, ctx, "the control", `!document.getElementById("keep").hidden`)
	eval[bool](t, ctx, `localStorage.getItem("handrail-place") === null && (`+keepButton+`.click(), true)`)
	waitFor(t, ctx, "the answer", barSays+`.includes("这台手机或电脑会记住")`)
}

// TestResume reads on one device, edits the page, and goes on with another
// device through a card; the server's database shows nothing of it.
func TestResume(t *testing.T) {
	needBrowser(t)
	s := newReadingSite(t)
	a := newTab(t)
	s.open(a, "/guide/")
	remember(t, a)
	clean(t, a, "just turned on")
	eval[bool](t, a, barButtons+`[0].click(), true`)
	readTo(t, a, "带什么")
	waitFor(t, a, "the stored place", `JSON.parse(localStorage.getItem("handrail-place")).pages.guide.at[0].reason === "rest"`)

	s.open(a, "/continue")
	waitFor(t, a, "cards", `!document.getElementById("card-none").hidden`)
	judgeShown(t, a, "/continue")
	eval[bool](t, a, `document.querySelector("[data-do=make]").click(), true`)
	waitFor(t, a, "a card", `!document.getElementById("card-made").hidden`)
	judgeShown(t, a, "the card")
	digits := eval[string](t, a, `document.getElementById("card-code").textContent`)
	if !regexp.MustCompile(`^\d{4}( \d{4}){4}$`).MatchString(digits) || eval[int](t, a, `document.querySelectorAll("#card-qr svg path").length`) != 2 {
		t.Errorf("the card says %q", digits)
	}
	if w := eval[float64](t, a, `Array.from(document.querySelectorAll("#card-qr path")).every(p => getComputedStyle(p).stroke === "none") ? document.querySelector("#card-qr svg").getBoundingClientRect().width : 0`); w < 160 {
		t.Errorf("the code is drawn with strokes, or %v px wide: nobody can scan it", w)
	}
	eval[bool](t, a, `document.querySelector("[data-do=done]").click(), true`)
	waitFor(t, a, "the list", `document.querySelector("#card-list a").textContent === "公交卡怎么办"`)
	if eval[bool](t, a, `document.body.innerHTML.includes(`+fmt.Sprintf("%q", digits)+`)`) {
		t.Error("the digits stand on the page when they have been written down")
	}
	s.unreadable(digits, strings.ReplaceAll(digits, " ", ""))

	edited := strings.Replace(guideText(), "\n## 谁能办", "\n先看看这一段新写的话，再往下读。\n\n还有一段新写的话。\n\n## 谁能办", 1)
	edited = strings.Replace(edited, "带什么的第1条：年满六十五岁的居民，凭本人身份证", "带什么的第1条：年满六十岁的居民，凭社保卡", 1)
	s.write("content/zh-Hans/guide.md", edited)
	s.build()

	b := newTab(t)
	s.open(b, "/care/continue")
	waitFor(t, b, "cards", `!document.getElementById("card-none").hidden`)
	eval[bool](t, b, `(document.getElementById("code").value = `+fmt.Sprintf("%q", strings.ReplaceAll(digits, "1", "１"))+`, document.querySelector("#number button").click(), true)`)
	waitFor(t, b, "the card taken", `document.querySelector("#card-list a")`)
	judgeShown(t, b, "the card taken")
	s.open(b, "/care/guide/")
	waitFor(t, b, "the offer", barSays+`.includes("您在另一台设备上读到：带什么")`)
	judgeShown(t, b, "the offer")
	if eval[bool](t, b, `scrollY > 0 || document.getElementById("place").contains(document.activeElement)`) {
		t.Error("the page moved, or the focus, before the reader said so")
	}
	// By keyboard: the first stop in the bar is "go there".
	eval[bool](t, b, `(`+barButtons+`[0].focus(), true)`)
	if err := chromedp.Do(b, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	waitFor(t, b, "the place", `document.activeElement.dataset.b && document.getElementById("place").hidden`)
	if got := eval[string](t, b, `document.activeElement.textContent`); !strings.Contains(got, "带什么") {
		t.Errorf("went to %q", got)
	}
	if top := eval[float64](t, b, `document.activeElement.getBoundingClientRect().top`); top < 0 || top > 500 {
		t.Errorf("the place stands at %v", top)
	}
	clean(t, b, "at the place")

	// A shared computer gets the places, and keeps neither them nor the card.
	c := newTab(t)
	s.open(c, "/guide/")
	remember(t, c)
	eval[bool](t, c, barButtons+`[1].click(), true`)
	waitFor(t, c, "shared", barSays+`.includes("什么都不留下")`)
	// Whoever has a card sees what is read with it: a link alone, which may come
	// from anybody, makes no device use one.
	s.open(c, "/continue#k="+strings.ReplaceAll(digits, " ", ""))
	waitFor(t, c, "the scanned number", `document.getElementById("code").value === `+fmt.Sprintf("%q", digits)+` && !location.hash && document.getElementById("card-say").textContent.includes("填好了")`)
	if eval[bool](t, c, `!!document.querySelector("#card-list a") || JSON.stringify(sessionStorage).includes("带什么")`) {
		t.Error("a link alone made the device use a card")
	}
	eval[bool](t, c, `document.activeElement.closest("#number") && document.activeElement.click(), true`)
	waitFor(t, c, "the scanned card taken", `document.querySelector("#card-list a") && !location.hash`)
	if eval[bool](t, c, `indexedDB.databases().then(all => all.length > 0 || localStorage.length > 0)`) {
		t.Error("a shared computer keeps something beyond the tab")
	}
	s.open(c, "/guide/")
	waitFor(t, c, "the offer", barSays+`.includes("您在另一台设备上读到")`)

	// Forgotten here, and on the card.
	s.open(b, "/continue")
	waitFor(t, b, "the card", `!document.getElementById("card-on").hidden`)
	eval[bool](t, b, `document.querySelector("[data-do=sure]").click(), true`)
	waitFor(t, b, "asked again", `document.activeElement.id === "card-sure-h"`)
	eval[bool](t, b, `document.querySelector("[data-do=keep]").click(), true`)
	waitFor(t, b, "taken back", `document.getElementById("card-sure").hidden && document.activeElement.dataset.do === "sure"`)
	eval[bool](t, b, `document.querySelector("[data-do=sure]").click(), document.querySelector("[data-do=erase]").click(), true`)
	waitFor(t, b, "erased", `document.getElementById("card-say").textContent.includes("作废")`)
	later := time.Now().AddDate(1, 0, 0)
	if n, err := s.store.SweepProgress(t.Context(), later, later, 1000); n != 0 || err != nil {
		t.Errorf("%d rows are left on the server, %v", n, err)
	}
}

// unreadable fails if the server's files or logs show what was read, or by
// whom.
func (s *readingSite) unreadable(canaries ...string) {
	s.t.Helper()
	canaries = append(canaries, "guide", "公交卡", "带什么", "127.0.0.1", "Chrome", "Mozilla")
	kept := s.log.Bytes()
	err := filepath.WalkDir(s.data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		kept = append(kept, b...)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range canaries {
		if bytes.Contains(kept, []byte(c)) {
			s.t.Errorf("%q can be read on the server", c)
		}
	}
}

// TestRememberHere: on one device, without a server: off until asked for,
// offered and answered, marked, forgotten; a shared computer keeps nothing.
func TestRememberHere(t *testing.T) {
	needBrowser(t)
	s := newReadingSite(t)
	ctx := newTab(t)
	s.open(ctx, "/guide/")
	waitFor(t, ctx, "the control", `!document.getElementById("keep").hidden`)
	if n := eval[int](t, ctx, `localStorage.length + sessionStorage.length + performance.getEntriesByType("resource").filter(r => /progress/.test(r.name)).length`); n != 0 {
		t.Error("something is kept or loaded before the reader asks for it")
	}
	remember(t, ctx)
	if eval[string](t, ctx, keepButton+`.getAttribute("aria-pressed")`) != "true" {
		t.Error("the control does not say that it is on")
	}
	eval[bool](t, ctx, barButtons+`[0].click(), true`)
	readTo(t, ctx, "多少钱")
	eval[bool](t, ctx, keepButton+`.click(), true`)
	waitFor(t, ctx, "the menu", barSays+`.includes("正在记住")`)
	if n := eval[int](t, ctx, barButtons+`.filter(b => !b.hidden).length`); n != 2 {
		t.Errorf("%d buttons; want 2", n)
	}
	eval[bool](t, ctx, barButtons+`[0].click(), true`)
	waitFor(t, ctx, "the mark", barSays+`.includes("多少钱")`)

	s.open(ctx, "/guide/")
	waitFor(t, ctx, "the offer", barSays+`.includes("上次您读到：多少钱")`)
	kept := eval[string](t, ctx, `localStorage.getItem("handrail-place")`)
	readTo(t, ctx, "在哪里办") // before the place, and the offer is not answered
	time.Sleep(5500 * time.Millisecond)
	if eval[string](t, ctx, `localStorage.getItem("handrail-place")`) != kept {
		t.Error("a place was overwritten before the reader had read on")
	}
	eval[bool](t, ctx, barButtons+`[1].click(), true`)
	waitFor(t, ctx, "staying", `document.getElementById("place").hidden`)

	eval[bool](t, ctx, keepButton+`.click(), true`)
	waitFor(t, ctx, "the menu", barSays+`.includes("正在记住")`)
	eval[bool](t, ctx, barButtons+`[1].click(), true`)
	waitFor(t, ctx, "forgetting", barSays+`.includes("忘掉了") && localStorage.length === 0`)

	eval[bool](t, ctx, barButtons+`[0].click(), `+keepButton+`.click(), true`)
	waitFor(t, ctx, "on again", barSays+`.includes("这台手机或电脑会记住")`)
	eval[bool](t, ctx, barButtons+`[1].click(), true`)
	waitFor(t, ctx, "shared", barSays+`.includes("什么都不留下") && localStorage.length === 0 && sessionStorage.length === 1`)
	judgeShown(t, ctx, "shared")
}

// TestRememberBadly: storage that is broken, full or closed leaves the page as
// it is, and the reader is told.
func TestRememberBadly(t *testing.T) {
	needBrowser(t)
	s := newReadingSite(t)
	for name, script := range map[string]string{
		"broken":  `localStorage.setItem("handrail-place", '{"v":1,"dev":"x","pages":{"guide":{"at":7},"x":null}}')`,
		"no JSON": `localStorage.setItem("handrail-place", "{")`,
		"full":    `Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }`,
		"closed":  `for (const s of ["localStorage", "sessionStorage"]) Object.defineProperty(window, s, { get() { throw new DOMException("closed", "SecurityError"); } })`,
	} {
		ctx := newTab(t)
		if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
			t.Fatal(err)
		}
		s.open(ctx, "/guide/")
		waitFor(t, ctx, name+": the control", `!document.getElementById("keep").hidden`)
		eval[bool](t, ctx, keepButton+`.click(), true`)
		want := "这台手机或电脑"
		if name == "full" || name == "closed" {
			want = "记不住"
		}
		waitFor(t, ctx, name, barSays+`.includes(`+fmt.Sprintf("%q", want)+`)`)
		clean(t, ctx, name)
	}
}

// TestLinkBackWithoutScript asks for a number and comes back with it, with the
// theme's own pages and no script.
func TestLinkBackWithoutScript(t *testing.T) {
	needBrowser(t)
	s := newReadingSite(t)
	post := func(to string, values ...string) string {
		t.Helper()
		v := url.Values{}
		for i := 0; i < len(values); i += 2 {
			v.Add(values[i], values[i+1])
		}
		res, err := http.PostForm(s.url+to, v)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("%s: %d %v\n%s", to, res.StatusCode, err, b)
		}
		return string(b)
	}
	res, err := http.Get(s.url + "/care/guide/")
	if err != nil {
		t.Fatal(err)
	}
	static, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || !bytes.Contains(static, []byte(`name="page" value="/care/guide/"`)) {
		t.Fatalf("no form on the page: %v", err)
	}
	choose := post("/continue/link", "page", "/care/guide/")
	part := regexp.MustCompile(`value="([^"]+)"> <label for="[^"]+">带什么<`).FindStringSubmatch(choose)
	if part == nil {
		t.Fatalf("no part to choose:\n%s", choose)
	}
	kept := post("/continue/link", "page", "/care/guide/", "part", part[1])
	code := regexp.MustCompile(`class="code" dir="ltr">([\d ]+)<`).FindStringSubmatch(kept)
	if code == nil {
		t.Fatalf("no number:\n%s", kept)
	}
	found := post("/care/continue", "code", code[1])
	if at := "/care/guide/#" + url.PathEscape(part[1]); !strings.Contains(found, `href="`+at) || !strings.Contains(found, "公交卡怎么办：带什么") {
		t.Errorf("the number leads to\n%s", found)
	}
	s.unreadable(code[1], strings.ReplaceAll(code[1], " ", ""), part[1])

	ctx := newTab(t)
	s.open(ctx, "/care/continue#"+strings.ReplaceAll(code[1], " ", ""))
	waitFor(t, ctx, "the number in its field", `document.getElementById("code").value.length === 20 && !location.hash`)
	eval[bool](t, ctx, `document.querySelector("#number button").click(), true`)
	waitFor(t, ctx, "the place", `document.getElementById("found")`)
	judgeShown(t, ctx, "the place found")
}
