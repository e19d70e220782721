package prefs

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestParseTakesOnlyWhatMayBeChosen(t *testing.T) {
	tests := []struct{ name, in, key, want string }{
		{"plain", `{"v":1,"size":"200"}`, "size", "200"},
		{"number", `{"v":1,"size":200}`, "size", "200"},
		{"no value of the table", `{"v":1,"size":"201"}`, "size", ""},
		{"markup", `{"v":1,"theme":"\"><script>"}`, "theme", ""},
		{"list", `{"v":1,"theme":["dark"]}`, "theme", ""},
		{"unknown key", `{"v":1,"class":"x"}`, "class", ""},
		{"version", `{"v":2,"size":"200"}`, "size", ""},
		{"no version", `{"size":"200"}`, "size", ""},
		{"broken", `{"v":1,"size":"2`, "size", ""},
		{"a list", `[1]`, "size", ""},
		{"nothing", ``, "size", ""},
		{"bad escape", "%zz", "size", ""},
	}
	for _, tt := range tests {
		for _, in := range []string{tt.in, url.PathEscape(tt.in)} {
			if got := Parse(in).Get(tt.key); got != tt.want {
				t.Errorf("%s: %s = %q; want %q", tt.name, tt.key, got, tt.want)
			}
		}
	}
}

func TestUnknownKeysSurvive(t *testing.T) {
	c := Parse(`{"v":1,"voice":"Ting-Ting 中文","rate":1.25,"edition":"care","size":"150"}`).With("size", "200").With("theme", "nonsense")
	text, err := url.PathUnescape(c.String())
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"edition":"care","rate":1.25,"size":"200","v":1,"voice":"Ting-Ting 中文"}`; text != want {
		t.Errorf("kept %s; want %s", text, want)
	}
	if got, _ := url.PathUnescape(c.Reset().String()); got != `{"edition":"care","v":1}` {
		t.Errorf("after a reset: %s", got)
	}
}

func TestTheCookieStaysSmall(t *testing.T) {
	c := Parse(`{"v":1,"size":"150","edition":"care","junk":"` + strings.Repeat("x", 9000) + `"}`)
	if s := c.String(); len(s) > longest || Parse(s).Get("size") != "150" {
		t.Errorf("%d bytes with size %q", len(s), Parse(s).Get("size"))
	}
}

func TestFormLeavesWhatItDoesNotAsk(t *testing.T) {
	c := Parse(`{"v":1,"theme":"dark","line":"2","under":"1","ruler":"1"}`)
	got := c.WithForm(url.Values{"line": {"0"}, "size": {"200"}, "pics": {"off"}, "evil": {"1"}})
	want := map[string]string{"theme": "dark", "line": "", "size": "200", "under": "", "ruler": "1", "pics": "off"}
	for k, v := range want {
		if got.Get(k) != v {
			t.Errorf("%s = %q; want %q", k, got.Get(k), v)
		}
	}
}

// TestScriptHasTheSameTable holds the theme's script to this package.
func TestScriptHasTheSameTable(t *testing.T) {
	src, err := os.ReadFile("../../themes/civic/assets/ts/choices.ts")
	if err != nil {
		t.Fatal(err)
	}
	var script []Key
	table := regexp.MustCompile(`(?s)const table.*?};`).FindString(string(src))
	for _, m := range regexp.MustCompile(`(\w+): "([^"]+)",`).FindAllStringSubmatch(table, -1) {
		script = append(script, Key{Name: m[1], Values: strings.Fields(m[2])})
	}
	head, err := os.ReadFile("../../themes/civic/assets/head.ts")
	if err != nil {
		t.Fatal(err)
	}
	if len(script) != len(Keys) {
		t.Fatalf("%d keys in the script; want %d", len(script), len(Keys))
	}
	for i, k := range Keys {
		if script[i].Name != k.Name || strings.Join(script[i].Values, " ") != strings.Join(k.Values, " ") {
			t.Errorf("the script has %v; want %v", script[i], k)
		}
		if k.Name != "keys" && !regexp.MustCompile(`[",]`+k.Name+`[",]`).Match(head) {
			t.Errorf("the head script does not know %s", k.Name)
		}
	}
}

const built = `@charset "UTF-8";:root,:root[data-theme=light]{--ink:#111}
@media (prefers-color-scheme: dark){:root:not([data-theme]){--ink:#eee}}
:root[data-theme=dark]{--ink:#eee}html[data-edition=care][data-size="200"]{font-size:300%}
[data-big] .a,.b{content:"}[data-x]{"}[data-pointer] *{cursor:url(/assets/a.png) 5 5,auto}
@media print{[data-under] a,[data-big][data-size="200"] a{color:#000}}`

func TestDerive(t *testing.T) {
	s := Derive(map[string]string{"care": built, "standard": built})
	got := s.CSS(Parse(`{"v":1,"theme":"dark","size":"200","under":"1"}`))
	const care = `:root[data-edition=care]{--ink:#eee}` +
		`html[data-edition=care][data-edition=care]{font-size:300%}` +
		`[data-edition=care] .a{content:"}[data-x]{"}` +
		`@media print{[data-edition=care] a{color:#000}}@media print{[data-edition=care][data-edition=care] a{color:#000}}`
	if !strings.Contains(got, care) {
		t.Errorf("care:\n%s\nwant within it:\n%s", got, care)
	}
	if standard := strings.Count(got, "[data-edition=standard]"); standard != 5 {
		t.Errorf("%d selectors of the standard edition; want 5, none of them of the care edition's size:\n%s", standard, got)
	}
	if !strings.Contains(got, `#size-200+label::after{content:" ✓"}`) {
		t.Error("the form does not show what was chosen")
	}
	if got := s.CSS(Choices{}); got != "" {
		t.Errorf("nothing chosen: %q", got)
	}
	if again, err := ReadSheet(s.JSON()); err != nil || again.CSS(Parse(`{"v":1,"pointer":"1"}`)) == "" {
		t.Errorf("through JSON: %v", err)
	}
}

func FuzzDerive(f *testing.F) {
	f.Add(built)
	f.Add(`[data-theme=dark]{a:b`)
	f.Add(`@media x{[data-size`)
	f.Fuzz(func(t *testing.T, css string) {
		_ = Derive(map[string]string{"care": css}).CSS(Parse(`{"v":1,"theme":"dark"}`))
	})
}

func request(method, target, cookie, body string) *http.Request {
	r := httptest.NewRequest(method, "https://anhe.example"+target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: Name, Value: cookie})
	}
	return r
}

func TestPostKeepsAndLeadsBack(t *testing.T) {
	h := Handler(nil)
	old := url.PathEscape(`{"v":1,"edition":"care","theme":"dark"}`)
	for _, tt := range []struct{ name, body, location, size, theme string }{
		{"save", "size=200&back=/care/en/display/", "/care/en/display/#saved", "200", "dark"},
		{"reset", "size=200&reset=1&back=/display/", "/display/#reset", "", ""},
		{"elsewhere", "size=200&back=https://evil.example/", "/display/#saved", "200", "dark"},
		{"no scheme", "size=200&back=//evil.example/", "/display/#saved", "200", "dark"},
		{"backslash", `size=200&back=/\evil.example/`, "/display/#saved", "200", "dark"},
		{"hidden", "size=200&back=/%252F/../x%0d%0aX:1", "/%2F/../x%0D%0AX:1#saved", "200", "dark"},
		{"no page", "theme=0", "/display/#saved", "", ""},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, request("POST", "/prefs", old, tt.body))
		res := w.Result()
		if tt.name == "hidden" {
			tt.location = res.Header.Get("Location")
			if strings.ContainsAny(tt.location, "\r\n\\") || !strings.HasPrefix(tt.location, "/") || strings.HasPrefix(tt.location, "//") {
				t.Errorf("hidden: %q", tt.location)
			}
		}
		if res.StatusCode != 303 || res.Header.Get("Location") != tt.location || res.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: %d %v", tt.name, res.StatusCode, res.Header)
		}
		for _, c := range res.Cookies() {
			got := Parse(c.Value)
			if got.Get("size") != tt.size || got.Get("theme") != tt.theme || c.Path != "/" || c.MaxAge != 31536000 || c.SameSite != http.SameSiteLaxMode || !c.Secure {
				t.Errorf("%s: cookie %v", tt.name, c)
			}
			if !strings.Contains(c.Value, "care") {
				t.Errorf("%s: the edition is gone: %s", tt.name, c.Value)
			}
		}
		if len(res.Cookies()) != 1 {
			t.Errorf("%s: %d cookies", tt.name, len(res.Cookies()))
		}
	}
}

func TestPostFromElsewhereChangesNothing(t *testing.T) {
	for name, headers := range map[string][2]string{
		"fetch metadata": {"Sec-Fetch-Site", "cross-site"}, "origin": {"Origin", "https://evil.example"},
	} {
		r := request("POST", "/prefs", "", "size=200")
		r.Header.Set(headers[0], headers[1])
		w := httptest.NewRecorder()
		Handler(nil).ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s: %d, %v", name, w.Code, w.Result().Cookies())
		}
	}
}

func TestBadRequests(t *testing.T) {
	for name, tt := range map[string]struct {
		r    *http.Request
		want int
	}{
		"long":   {request("POST", "/prefs", "", "back="+strings.Repeat("x", 9000)), 400},
		"escape": {request("POST", "/prefs", "", "size=%zz"), 400},
		"method": {request("DELETE", "/prefs", "", ""), 405},
	} {
		w := httptest.NewRecorder()
		Handler(nil).ServeHTTP(w, tt.r)
		if w.Code != tt.want {
			t.Errorf("%s: %d; want %d", name, w.Code, tt.want)
		}
	}
}

func TestSheetIsPrivate(t *testing.T) {
	h := Handler(Derive(map[string]string{"standard": built}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request("GET", "/prefs.css", url.PathEscape(`{"v":1,"theme":"dark"}`), ""))
	res := w.Result()
	if res.StatusCode != 200 || !strings.HasPrefix(w.Body.String(), ":root[data-edition=standard]{--ink:#eee}") ||
		res.Header.Get("Cache-Control") != "private, no-store" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/css") {
		t.Errorf("%d %v %q", res.StatusCode, res.Header, w.Body)
	}
}
