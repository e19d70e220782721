package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"handrail/internal/speech"
)

// stubScript stands in for the voices of a device. What it does is read from
// localStorage: which voices there are, and how the engine behaves. It keeps
// every utterance with what was highlighted when it began.
const stubScript = `(() => {
	let how = {};
	try { how = JSON.parse(localStorage.getItem("stub") || "{}"); } catch {}
	window.__said = [];
	if (how.none) { delete window.speechSynthesis; Object.defineProperty(window, "speechSynthesis", {value: undefined}); return; }
	const every = window.setInterval;
	if (how.fast) window.setInterval = (f, ms) => every(f, ms / 25);
	if (how.plain) Object.defineProperty(CSS, "highlights", {value: undefined});
	const voice = v => { const [name, lang, local, def] = v.split("|"); return {name, lang, voiceURI: name, localService: local !== "remote", default: def === "default"}; };
	let voices = how.late ? [] : (how.voices || []).map(voice), now = null, left = how.bad || 0;
	const fire = (u, name, extra) => u["on" + name] && u["on" + name](Object.assign(new Event(name), extra));
	const end = () => { const u = now; now = null; if (u) { synth.speaking = false; fire(u, "end"); } };
	const synth = {
		speaking: false, pending: false, paused: false, onvoiceschanged: null,
		getVoices: () => voices,
		speak(u) {
			if (!u.text) return;
			const marks = CSS.highlights && CSS.highlights.get("speech");
			window.__said.push({text: u.text, lang: u.lang, voice: u.voice && u.voice.name, rate: u.rate, mark: marks ? [...marks].map(r => r.toString()).join("|") : ""});
			now = u;
			if (how.way === "mute" && left-- > 0) return;
			setTimeout(() => {
				if (now !== u) return;
				synth.speaking = true;
				fire(u, "start");
				if (how.way === "manual") return;
				if (how.way === "stall" && left-- > 0) return;
				if (how.way === "lost" && left-- > 0) { synth.speaking = false; now = null; return; }
				setTimeout(() => now === u && end(), 1);
			}, 1);
		},
		cancel() { const u = now; now = null; synth.speaking = false; window.__cancels = (window.__cancels || 0) + 1; if (u) setTimeout(() => fire(u, "error", {error: "interrupted"}), 1); },
		pause() { synth.paused = true; }, resume() { synth.paused = false; },
	};
	window.__end = end;
	window.__late = () => { voices = how.voices.map(voice); synth.onvoiceschanged && synth.onvoiceschanged(); };
	Object.defineProperty(window, "speechSynthesis", {value: synth, configurable: true});
	window.SpeechSynthesisUtterance = function (text) { this.text = text; this.rate = 1; };
})();`

// An utterance is what the stub has been given to say.
type utterance struct {
	Text, Lang, Voice, Mark string
	Rate                    float64
}

// A device says which voices there are and how the engine behaves.
type device struct {
	Voices []string `json:"voices,omitempty"`
	Way    string   `json:"way,omitempty"`   // auto, manual, mute, stall, lost
	Bad    int      `json:"bad,omitempty"`   // how many utterances go wrong
	Late   bool     `json:"late,omitempty"`  // the list of voices comes later
	Plain  bool     `json:"plain,omitempty"` // no CSS Custom Highlight API
	None   bool     `json:"none,omitempty"`  // no speech at all
	Fast   bool     `json:"fast,omitempty"`  // time flies
}

var (
	mandarin  = "Ting|zh-CN|local"
	cantonese = "Sin|zh-HK|local|default"
	english   = "Daniel|en-GB|local"
	everyone  = []string{cantonese, "Mei|zh-TW|local", mandarin, "Net|zh-CN|remote|default", english}
)

// mainText puts known content into the page, before anything is read.
const mainText = `document.getElementById("main").innerHTML = '<h1 id="t">高龄津贴</h1>' +
	'<p id="p1">年满<b>80周岁</b>的老人，每月¥1,200.50。电话<a href="tel:12345">12345</a>！</p>' +
	'<p id="p2">本站用<span lang="en">Handrail 2.0</span>做成。<span lang="ug">ياخشى</span></p>' +
	'<p>重<ruby>庆<rp>(</rp><rt>qìng</rt><rp>)</rp></ruby>市<span aria-hidden="true">看不见</span><span class="visually-hidden">藏着</span>。</p>' +
	'<nav><a href="#t">目录</a></nav><p hidden>不读</p><details><summary>问题</summary><p>合着的答案</p></details>' +
	'<table><thead><tr><th>材料</th><th>份数</th></tr></thead><tbody><tr><td>身份证</td><td>2份</td></tr></tbody></table>' +
	'<p id="end">完了。</p>'; document.getElementById("end").style.marginTop = "300vh"; true`

// listenTab opens a tab whose voices are the stub's.
func listenTab(t *testing.T) context.Context {
	t.Helper()
	ctx := newTab(t)
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: stubScript}); err != nil {
		t.Fatal(err)
	}
	show(t, ctx, "/404.html", look{width: 1280, scheme: "light"})
	return ctx
}

// on shows a page on a device.
func on(t *testing.T, ctx context.Context, d device, path string, width int64) {
	t.Helper()
	stub, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	eval[bool](t, ctx, fmt.Sprintf(`localStorage.clear(), document.cookie = "handrail=;max-age=0;path=/", localStorage.setItem("stub", %q), true`, stub))
	show(t, ctx, path, look{width: width, scheme: "light"})
}

// press presses the control and waits until the bar is there.
func press(t *testing.T, ctx context.Context) {
	t.Helper()
	eval[bool](t, ctx, `document.querySelector(".listen-button").focus(), document.querySelector(".listen-button").click(), true`)
	until(t, ctx, `!document.querySelector(".speech").hidden`, 5*time.Second)
}

// do presses a button of the bar.
func do(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	eval[bool](t, ctx, fmt.Sprintf(`document.querySelector("[data-do=%s]").click(), true`, name))
}

// until waits for something to hold.
func until(t *testing.T, ctx context.Context, cond string, atMost time.Duration) {
	t.Helper()
	for end := time.Now().Add(atMost); !eval[bool](t, ctx, "!!("+cond+")"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s does not hold after %v; said: %v", cond, atMost, said(t, ctx))
		}
	}
}

func said(t *testing.T, ctx context.Context) []utterance {
	t.Helper()
	return eval[[]utterance](t, ctx, "window.__said")
}

func texts(list []utterance) []string {
	var out []string
	for _, u := range list {
		out = append(out, u.Text)
	}
	return out
}

const finished = `document.querySelector("[data-do=toggle] span").hidden`

// TestListen reads pages aloud with voices that only keep what they are given.
func TestListen(t *testing.T) {
	needBrowser(t)
	ctx := listenTab(t)
	for _, x := range []struct {
		name string
		test func(*testing.T, context.Context)
	}{
		{"Shows", listenShows}, {"Reads", listenReads}, {"Controls", listenControls}, {"Recovers", listenRecovers}, {"Bar", listenBar},
	} {
		t.Run(x.name, func(t *testing.T) { x.test(t, ctx) })
	}
}

// listenShows: the control is there when, and only when, the device has a
// voice for the page's language.
func listenShows(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, x := range []struct {
		name string
		on   device
		path string
		want bool
	}{
		{"Mandarin", device{Voices: []string{mandarin}}, "/", true},
		{"as Android names it", device{Voices: []string{"x|cmn_CN|local"}}, "/care/", true},
		{"Cantonese only", device{Voices: []string{cantonese, "y|yue-HK|local", "粤语|zh|local", "z|zh-TW|local"}}, "/", false},
		{"no voice", device{}, "/", false},
		{"no speech", device{None: true}, "/", false},
		{"no English", device{Voices: []string{mandarin}}, "/en/", false},
		{"English", device{Voices: []string{english}}, "/en/", true},
		{"late", device{Voices: []string{mandarin}, Late: true}, "/", true},
	} {
		on(t, ctx, x.on, x.path, 1280)
		if x.on.Late {
			if !eval[bool](t, ctx, `document.getElementById("listen").hidden`) {
				t.Errorf("%s: the control is there before the voices", x.name)
			}
			eval[bool](t, ctx, `window.__late(), true`)
		}
		if got := eval[bool](t, ctx, `document.getElementById("listen").offsetParent !== null`); got != x.want {
			t.Errorf("%s: the control shows: %v; want %v", x.name, got, x.want)
		}
		if n := len(said(t, ctx)); n > 0 {
			t.Errorf("%s: %d sentences were said without a press", x.name, n)
		}
		if p := eval[[]string](t, ctx, "window.__problems"); len(p) > 0 {
			t.Errorf("%s: %v", x.name, p)
		}
	}
}

// listenReads: sentences in order, each highlighted, each with a voice of
// its language, and the page the same afterwards.
func listenReads(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, edition := range []string{"", "/care"} {
		on(t, ctx, device{Voices: everyone}, edition+"/", 1280)
		eval[bool](t, ctx, mainText)
		const whole = `(() => { const m = document.getElementById("main"), w = document.createTreeWalker(m, 4); let n = 0; while (w.nextNode()) n++; return m.outerHTML + n; })()`
		before := eval[string](t, ctx, whole)
		press(t, ctx)
		until(t, ctx, finished, 10*time.Second)
		if after := eval[string](t, ctx, whole); after != before {
			t.Errorf("%s: reading has changed the page:\n%s\n%s", edition, before, after)
		}
		list := said(t, ctx)
		want := []string{"高龄津贴", "年满八十周岁的老人，每月一千二百元五角。", "电话幺二三四五！", "本站用", "Handrail two point zero", "做成。",
			"重庆市。", "问题", "材料：身份证", "份数：两份", "完了。"}
		if got := texts(list); !slices.Equal(got, want) {
			t.Errorf("%s: said\n%q, want\n%q", edition, got, want)
		}
		for _, u := range list {
			voice, lang := "Ting", "zh-CN"
			if strings.HasPrefix(u.Text, "Handrail") {
				voice, lang = "Daniel", "en-GB"
			}
			if u.Voice != voice || u.Lang != lang {
				t.Errorf("%q is said by %s in %s; want %s in %s", u.Text, u.Voice, u.Lang, voice, lang)
			}
			mark := strings.ReplaceAll(u.Mark, "(qìng)", "")
			if spoken := speech.Say(mark, lang); !strings.HasSuffix(u.Text, spoken) && !strings.Contains(u.Mark, "qìng") {
				t.Errorf("%q is said while %q is highlighted", u.Text, u.Mark)
			}
		}
		if note := eval[string](t, ctx, `document.querySelector(".speech-note").textContent`); !strings.Contains(note, "维吾尔") {
			t.Errorf("%s: nothing tells that Uyghur was left out: %q", edition, note)
		}
		if eval[bool](t, ctx, `CSS.highlights.has("speech")`) {
			t.Errorf("%s: the highlight stays after the end", edition)
		}
		if !eval[bool](t, ctx, `document.activeElement.matches(".listen-button")`) {
			t.Errorf("%s: reading has moved the focus", edition)
		}
		if eval[int](t, ctx, `document.querySelectorAll("#listen [aria-live], #listen [role=status], #listen [role=alert]").length`) > 0 {
			t.Errorf("%s: the bar has a live region", edition)
		}
		if p := eval[[]string](t, ctx, "window.__problems"); len(p) > 0 {
			t.Errorf("%s: %v", edition, p)
		}
	}
	ownPage(t, ctx)
}

// ownPage reads a page of the site and holds every sentence to what was
// highlighted.
func ownPage(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, p := range sample("zh-Hans") {
		if p.Type != "service" {
			continue
		}
		on(t, ctx, device{Voices: everyone}, p.URL("care"), 1280)
		press(t, ctx)
		until(t, ctx, finished, 20*time.Second)
		list := said(t, ctx)
		if len(list) < 20 || list[0].Mark != p.Title {
			t.Fatalf("%d sentences, the first %q; want the title %q", len(list), list[0].Mark, p.Title)
		}
		for _, u := range list {
			if spoken := speech.Say(u.Mark, u.Lang); !strings.HasSuffix(u.Text, spoken) {
				t.Errorf("%q is said while %q is highlighted", u.Text, u.Mark)
			}
			if n := len([]rune(u.Text)); n > speech.Limit {
				t.Errorf("%q has %d characters", u.Text, n)
			}
		}
	}
}

// listenControls: pausing, steps, speed, voice, parts of the page, and
// what the reader chose is remembered.
func listenControls(t *testing.T, ctx context.Context) {
	t.Helper()
	on(t, ctx, device{Voices: everyone, Way: "manual"}, "/", 1280)
	eval[bool](t, ctx, mainText)
	last := func() utterance {
		t.Helper()
		time.Sleep(30 * time.Millisecond)
		list := said(t, ctx)
		return list[len(list)-1]
	}
	expect := func(what, text string) {
		t.Helper()
		if got := last().Text; got != text {
			t.Errorf("%s: says %q; want %q", what, got, text)
		}
	}
	press(t, ctx)
	expect("begin", "高龄津贴")
	eval[bool](t, ctx, `window.__end(), true`)
	expect("next by itself", "年满八十周岁的老人，每月一千二百元五角。")
	do(t, ctx, "toggle")
	n := len(said(t, ctx))
	if eval[bool](t, ctx, `speechSynthesis.speaking`) || !eval[bool](t, ctx, finished) {
		t.Error("the pause does not stop the voice")
	}
	do(t, ctx, "next")
	if got := len(said(t, ctx)); got != n {
		t.Error("a step while paused speaks")
	}
	do(t, ctx, "toggle")
	expect("go on", "电话幺二三四五！")
	do(t, ctx, "prev")
	expect("previous", "年满八十周岁的老人，每月一千二百元五角。")
	eval[bool](t, ctx, `(() => { const s = document.querySelector("[data-do=rate]"); s.value = "1.25"; s.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`)
	if u := last(); u.Rate != 1.25 {
		t.Errorf("the rate is %v; want 1.25", u.Rate)
	}
	eval[bool](t, ctx, `(() => { const s = document.querySelector("[data-do=voice]"); s.value = "Net"; s.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`)
	if u := last(); u.Voice != "Net" {
		t.Errorf("the voice is %s; want Net", u.Voice)
	}
	eval[bool](t, ctx, `(() => { const r = document.createRange(); r.selectNodeContents(document.getElementById("p2").firstChild);
		getSelection().removeAllRanges(); getSelection().addRange(r); return true; })()`)
	until(t, ctx, `!document.querySelector("[data-do=selection]").hidden`, time.Second)
	do(t, ctx, "selection")
	expect("selection", "本站用")
	eval[bool](t, ctx, `window.__end(), true`)
	until(t, ctx, finished, time.Second)
	do(t, ctx, "here")
	expect("from the selection", "本站用")
	eval[bool](t, ctx, `getSelection().removeAllRanges(), scrollTo(0, document.documentElement.scrollHeight), true`)
	time.Sleep(50 * time.Millisecond)
	do(t, ctx, "here")
	expect("from what is in view", "完了。")
	do(t, ctx, "top")
	expect("from the top", "高龄津贴")
	if !eval[bool](t, ctx, `(r => r.top >= 0 && r.bottom <= document.querySelector(".speech").getBoundingClientRect().top)(document.getElementById("t").getBoundingClientRect())`) {
		t.Error("the sentence is out of view")
	}
	remembered(t, ctx)
}

// remembered: choices last to the next page, Escape closes the bar, and a
// page that is left falls silent.
func remembered(t *testing.T, ctx context.Context) {
	t.Helper()
	show(t, ctx, "/care/", look{width: 1280, scheme: "light"})
	press(t, ctx)
	time.Sleep(30 * time.Millisecond)
	if u := said(t, ctx)[0]; u.Rate != 1.25 || u.Voice != "Net" {
		t.Errorf("the next page reads with %s at %v; want Net at 1.25", u.Voice, u.Rate)
	}
	eval[bool](t, ctx, `document.querySelector("[data-do=next]").focus(), true`)
	if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Escape)); err != nil {
		t.Fatal(err)
	}
	if !eval[bool](t, ctx, `document.querySelector(".speech").hidden && !speechSynthesis.speaking && document.activeElement.matches(".listen-button")`) {
		t.Error("Escape does not close the bar and give the focus back")
	}
	eval[bool](t, ctx, `document.dispatchEvent(new CustomEvent("handrail-listen"))`) // the shortcut
	until(t, ctx, `speechSynthesis.speaking`, time.Second)
	before := eval[int](t, ctx, `window.__cancels`)
	if eval[int](t, ctx, `dispatchEvent(new PageTransitionEvent("pagehide")), window.__cancels`) != before+1 {
		t.Error("leaving the page does not stop the voice")
	}
	show(t, ctx, "/display/", look{width: 1280, scheme: "light"})
	until(t, ctx, `document.querySelectorAll("#listen-settings select").length === 2 && document.getElementById("listen-part").offsetParent`, 3*time.Second)
	if !eval[bool](t, ctx, `(() => { const s = document.querySelector("#listen-settings select"); if (s.value !== "1.25") return false;
		s.value = "0.75"; s.dispatchEvent(new Event("change", {bubbles: true})); return JSON.parse(localStorage.getItem("handrail")).rate === "0.75"; })()`) {
		t.Error("the page with the settings does not keep the speed")
	}
}

// listenRecovers: an engine that never begins, stalls or forgets to say
// that it has finished does not end the reading.
func listenRecovers(t *testing.T, ctx context.Context) {
	t.Helper()
	short := `document.getElementById("main").innerHTML = "<p>一。二。</p>"; true`
	for _, x := range []struct {
		way  string
		bad  int
		want []string
	}{
		{"lost", 1, []string{"一。", "二。"}},
		{"stall", 1, []string{"一。", "二。"}},
		{"mute", 1, []string{"一。", "一。", "二。"}},
	} {
		on(t, ctx, device{Voices: everyone, Way: x.way, Bad: x.bad, Fast: true}, "/", 1280)
		eval[bool](t, ctx, short)
		press(t, ctx)
		until(t, ctx, finished, 10*time.Second)
		if got := texts(said(t, ctx)); !slices.Equal(got, x.want) {
			t.Errorf("%s: said %q; want %q", x.way, got, x.want)
		}
	}
}

// listenBar: the bar fits narrow screens and large text, its targets are
// large, and it covers nothing that has the focus; without the highlight of
// the browser, boxes lie over the words.
func listenBar(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, edition := range []string{"", "/care"} {
		least := 44.0
		if edition != "" {
			least = 60
		}
		for _, x := range []struct {
			width int64
			size  string
		}{{320, "100"}, {1280, "400"}, {320, "400"}} {
			on(t, ctx, device{Voices: everyone, Way: "manual", Plain: true}, edition+"/", x.width)
			eval[bool](t, ctx, fmt.Sprintf(`document.documentElement.dataset.size = %[1]q, %[1]s > 199 && (document.documentElement.dataset.big = ""), true`, x.size))
			press(t, ctx)
			eval[bool](t, ctx, `document.querySelector(".speech details").open = true`)
			time.Sleep(50 * time.Millisecond)
			where := fmt.Sprintf("%s at %d px, %s %%", edition, x.width, x.size)
			for _, s := range eval[[]string](t, ctx, fmt.Sprintf(`[...document.querySelectorAll(".listen-button, .speech button, .speech summary, .speech select")].filter(e => e.offsetParent)
				.map(e => [e.textContent.slice(0, 12), e.getBoundingClientRect()]).filter(([, r]) => r.height < %v - .5 || r.left < -1 || r.right > innerWidth + 1).map(([s, r]) => s + " " + r.width + "×" + r.height)`, least)) {
				t.Errorf("%s: too small or out of the screen: %s", where, s)
			}
			if over := eval[float64](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s: %v px of sideways scroll", where, over)
			}
			if share := eval[float64](t, ctx, `document.querySelector(".speech").getBoundingClientRect().height / innerHeight`); share > .51 {
				t.Errorf("%s: the bar takes %.2f of the screen", where, share)
			}
			if n := eval[int](t, ctx, `document.querySelectorAll(".speech-boxes[aria-hidden=true] div").length`); n == 0 {
				t.Errorf("%s: no box lies over the sentence", where)
			}
			if x.size == "100" {
				uncovered(t, ctx, where)
			}
		}
	}
}

// uncovered gives every control of the page the focus and demands that the
// bar does not lie over it, nor over the end of the page.
func uncovered(t *testing.T, ctx context.Context, where string) {
	t.Helper()
	covered := eval[[]string](t, ctx, `(() => {
		const bar = document.querySelector(".speech"), bad = [];
		for (const e of document.querySelectorAll("main a, main button, footer a")) {
			if (!e.offsetParent) continue;
			e.focus();
			const r = e.getBoundingClientRect(), top = bar.getBoundingClientRect().top;
			if (r.bottom > top + 1 && r.height < top) bad.push(e.textContent.trim().slice(0, 20));
		}
		scrollTo(0, document.documentElement.scrollHeight);
		const foot = document.querySelector("footer").getBoundingClientRect();
		if (foot.bottom > bar.getBoundingClientRect().top + 1) bad.push("the end of the page");
		return bad;
	})()`)
	if len(covered) > 0 {
		t.Errorf("%s: the bar covers %v", where, covered)
	}
}
