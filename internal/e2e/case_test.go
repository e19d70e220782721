package e2e

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"handrail/internal/desk"
	"handrail/internal/formpage"
	"handrail/internal/serve"
	"handrail/internal/server"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/store/sqlite"
	"handrail/internal/upload"
)

// A town is the built site with its companion server, a clerk, and a person
// in a browser.
type town struct {
	t     *testing.T
	ctx   context.Context // the tab
	url   string
	clock *servertest.Clock
	srv   *server.Server
	clerk *desk.Client
	paper string // a file to hand in
	// judged are the kinds of pages that have been looked at closely.
	judged map[string]bool
}

const heatingForm = "heating-subsidy"

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{t: t, clock: servertest.NewClock(), paper: filepath.Join(t.TempDir(), "证件.pdf")}
	if err := os.WriteFile(w.paper, []byte("%PDF-1.7 a paper"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	st, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	files, err := upload.Open(filepath.Join(dir, "files"), upload.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	hidden, err := fs.Sub(siteFS(), ".handrail")
	if err != nil {
		t.Fatal(err)
	}
	kit, err := formpage.Open(hidden)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := serve.Open(built.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pages.Close() })
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys, dep := servertest.Identities(t, 2), kit.Form(heatingForm).Department
	recipients := []age.Recipient{keys[0].Recipient(), keys[1].Recipient()}
	api := desk.Handler(desk.Options{Store: st, Files: files, Now: w.clock.Now, Log: slog.New(slog.DiscardHandler),
		Departments: map[string]desk.Department{dep: {Clerks: []desk.Clerk{{Name: "wang", Key: public}}, Recipients: recipients}}})
	w.srv, err = server.New(t.Context(), server.Options{Store: st, Uploads: files, Kit: kit, Static: pages, API: api, Now: w.clock.Now,
		Log: slog.New(slog.DiscardHandler), Recipients: map[string][]age.Recipient{dep: recipients}})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewTLSServer(w.srv.Handler()) // browsers keep keys of drafts only over HTTPS
	t.Cleanup(web.Close)
	w.url = web.URL
	w.clerk = &desk.Client{Server: web.URL, Department: dep, Key: private, Identities: []age.Identity{keys[0]}, HTTP: web.Client(), Now: w.clock.Now}
	w.ctx = w.tab()
	return w
}

// tab opens a browser of its own that takes the certificate of the test.
func (w *town) tab() context.Context {
	w.t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.UserDataDir(w.t.TempDir()),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("ignore-certificate-errors", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	actx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	w.t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(actx)
	w.t.Cleanup(cancel)
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watchScript}); err != nil {
		w.t.Fatal(err)
	}
	return ctx
}

// goTo opens an address of the site.
func (w *town) goTo(path string) {
	w.t.Helper()
	if err := goTo(w.t, w.ctx, w.url+path); err != nil {
		w.t.Fatalf("%s: %v", path, err)
	}
	w.sound()
}

// press pushes a button and waits for the next page.
func (w *town) press(selector string) {
	w.t.Helper()
	if !eval[bool](w.t, w.ctx, `(() => { const b = document.querySelector(`+quoted(selector)+`); window.__old = true; if (b) b.click(); return !!b })()`) {
		w.t.Fatalf("no %s on %s", selector, w.at())
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		// While the page changes there is none to ask.
		there, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](`!window.__old && document.readyState === "complete"`))
		if err == nil && there {
			break
		}
		if time.Now().After(end) {
			w.t.Fatalf("%s leads nowhere: %v", selector, err)
		}
	}
	w.sound()
}

// sound fails for a page that broke a rule while it loaded.
func (w *town) sound() {
	w.t.Helper()
	for _, p := range eval[[]string](w.t, w.ctx, "window.__problems") {
		w.t.Errorf("%s: %s", w.at(), p)
	}
}

// judge looks closely at the page that is open, once for each kind of page.
func (w *town) judge(kind string) {
	w.t.Helper()
	if w.judged[kind] {
		return
	}
	w.judged[kind] = true
	where := w.at() + " (" + kind + ")"
	judgeShown(w.t, w.ctx, where)
	walkShown(w.t, w.ctx, where)
}

func (w *town) at() string   { return eval[string](w.t, w.ctx, "location.pathname") }
func (w *town) text() string { return eval[string](w.t, w.ctx, "document.body.innerText") }

func (w *town) has(words ...string) {
	w.t.Helper()
	text := w.text()
	for _, word := range words {
		if !strings.Contains(text, word) {
			w.t.Fatalf("%s: no %q in\n%s", w.at(), word, text)
		}
	}
}

func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// fill types what is asked for on the page, and nothing else.
func (w *town) fill(answers map[string]string) {
	w.t.Helper()
	eval[bool](w.t, w.ctx, `(() => { const a = `+quoted(answers)+`;
		for (const e of document.querySelectorAll("main input, main textarea")) {
			if (!(e.name in a) || e.type === "hidden" || e.type === "file") continue;
			if (e.type === "radio" || e.type === "checkbox") { if (e.value === a[e.name]) e.checked = true } else e.value = a[e.name];
		} return true })()`)
}

// choose puts the paper into the first input for files, if there is one.
func (w *town) choose() bool {
	w.t.Helper()
	if !eval[bool](w.t, w.ctx, `!!document.querySelector("main input[type=file]")`) {
		return false
	}
	if err := chromedp.Do(w.ctx, chromedp.SetUploadFiles("main input[type=file]", []string{w.paper})); err != nil {
		w.t.Fatal(err)
	}
	return true
}

// code reads a number in groups with so many digits off the page.
func (w *town) code(digits int) string {
	w.t.Helper()
	for _, c := range eval[[]string](w.t, w.ctx, `[...document.querySelectorAll(".code")].map(e => e.textContent)`) {
		if c = strings.ReplaceAll(c, " ", ""); len(c) == digits {
			return c
		}
	}
	w.t.Fatalf("no number of %d digits on %s:\n%s", digits, w.at(), w.text())
	return ""
}

var heatingAnswers = map[string]string{
	"name": "王秀英", "id-number": "11010519491231002X", "phone": "13800138000",
	"home:area": "安和市平桥区", "home:street": "平桥路18号", "home:postcode": "100000",
	"household-kind": "unsure", "heating": "own", "card": "social", "notify": "letter", "truth": "yes",
}

// TestCase plays a whole case in a browser, in both editions: filled
// in wrongly, mended, with a file, saved, gone on with by its number, sent,
// taken back, sent again, followed, a document handed in, the result read.
func TestCase(t *testing.T) {
	needBrowser(t)
	w := newTown(t)
	for _, prefix := range []string{"/care", "/care/en", ""} {
		t.Run("edition"+prefix, func(t *testing.T) {
			w.t, w.judged = t, map[string]bool{}
			reference, secret := w.apply(prefix)
			w.follow(prefix, reference, secret)
		})
	}
}

func (w *town) apply(prefix string) (reference, secret string) {
	t := w.t
	w.goTo(prefix + "/forms/" + heatingForm + "/")
	w.press(`form[action$="/f/` + heatingForm + `/"] [type=submit]`)
	w.press(`[name=do][value=next]`) // wrongly first: nothing is typed
	if !eval[bool](t, w.ctx, `!!document.getElementById("oops") && document.querySelectorAll("[aria-invalid=true]").length > 0`) {
		t.Errorf("%s: what is wrong is not said", w.at())
	}
	w.judge("step with a mistake")
	saved := false
	for i := 0; !strings.HasSuffix(w.at(), "/check"); i++ {
		if i > 40 {
			t.Fatalf("stuck at %s:\n%s", w.at(), w.text())
		}
		w.fill(heatingAnswers)
		if w.choose() && !saved {
			saved = true
			w.judge("step with a file")
			w.press(`[name=do][value=save]`)
			w.judge("saved")
			number := w.code(20)
			w.press(`form[action*="/f/forget"] [type=submit]`)
			w.goTo(prefix + "/f/resume")
			w.judge("resume")
			w.fill(map[string]string{"code": number})
			w.press("main form [type=submit]")
			continue
		}
		w.press(`[name=do][value=next]`)
	}
	if !saved {
		t.Error("no page asked for a file")
	}
	w.has("王秀英", "证件.pdf")
	w.judge("check")
	w.clock.Add(time.Minute)
	w.press(`[name=do][value=send]`)
	w.judge("sent")
	w.press(`[name=do][value=undo]`)
	w.press(`main a[href$="/check"]`)
	w.has("王秀英", "证件.pdf")
	w.press(`[name=do][value=send]`)
	return w.code(8), w.code(20)
}

func (w *town) follow(prefix, reference, secret string) {
	t := w.t
	w.clock.Add(11 * time.Minute)
	if err := w.srv.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.clerk.Act(t.Context(), reference, desk.Act{Kind: store.EventAck}, ""); err != nil {
		t.Fatal(err)
	}
	due := time.Date(2026, 12, 31, 0, 0, 0, 0, time.FixedZone("", 8*3600))
	if _, err := w.clerk.Act(t.Context(), reference, desk.Act{Kind: store.EventAsk, Due: due}, "请补交煤炉照片"); err != nil {
		t.Fatal(err)
	}
	w.press(`form[action*="/f/forget"] [type=submit]`)
	w.goTo(prefix + "/case/")
	w.judge("case asked for")
	w.fill(map[string]string{"reference": reference, "secret": secret})
	w.press("main form [type=submit]")
	w.has("请补交煤炉照片", "2026", "31")
	w.press(`[name=do][value=supply]`) // wrongly first: there is nothing in it
	if !eval[bool](t, w.ctx, `!!document.getElementById("oops")`) {
		t.Errorf("%s: what is wrong is not said", w.at())
	}
	w.judge("case with a mistake")
	w.fill(map[string]string{"text": "煤炉在厨房"})
	w.choose()
	w.press(`[name=do][value=supply]`)
	w.has("煤炉在厨房", "证件.pdf")
	x, err := w.clerk.Case(t.Context(), reference)
	if err != nil || x.State != store.Working {
		t.Fatalf("%v, %v", x, err)
	}
	if _, err := w.clerk.Act(t.Context(), reference, desk.Act{Kind: store.EventResult}, "同意补贴"); err != nil {
		t.Fatal(err)
	}
	w.goTo(prefix + "/case/" + reference)
	w.has("同意补贴", "煤炉在厨房")
	w.judge("case with a result")
	if res, err := w.clerk.HTTP.Get(w.url + prefix + "/case/" + reference); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("asks for the secret: %v", err)
	} else {
		res.Body.Close()
	}
}
