package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"handrail/internal/seal"
	"handrail/internal/server/servertest"
)

const guide = `<!doctype html><title>Bus card</title><body><h2 id="menu">Menu</h2>
<main data-page="services/bus-card" data-blocks="/services/bus-card/blocks.json"><h1>Bus <b>card</b></h1>
<p data-b="aaaaa">Who</p><h2 id="part-bring" data-b="bring">What to <ruby>bring<rt>x</rt></ruby></h2><p data-b="bbbbb">A photograph</p>
<h2 id="part-cost" data-b="costs">What it costs</h2></main>`

// pages answers as a published folder would.
type pages map[string]string

func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := p[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Write([]byte(body))
}

func newReading(t *testing.T) (*rig, pages) {
	t.Helper()
	site := pages{"/services/bus-card/": guide, "/en/services/bus-card/": guide, "/care/en/services/bus-card/": guide}
	return newRig(t).serving(t, site), site
}

// TestLinkBack makes a link without script and opens it again, in either
// edition, also when the page has changed.
func TestLinkBack(t *testing.T) {
	t.Parallel()
	x, site := newReading(t)
	p := servertest.NewPerson(t, x.handler)
	p.Post("/continue/link", "page", "/care/en/services/bus-card/").Want(200, "choose").Has("part-bring=What to bring").Lacks("Menu")
	p.Submit("part", "part-bring").Want(200, "kept").Has("Bus card: What to bring").Has("/care/en/services/bus-card/#part-bring")
	code := p.Text("code")
	if len(code) != 20 || p.Text("link") != "https://anhe.example/care/en/continue#"+code {
		t.Fatalf("code %q, link %q", code, p.Text("link"))
	}
	open := func(path, want string) {
		t.Helper()
		q := servertest.NewPerson(t, x.handler)
		q.Get(path).Want(200, "continue").Submit("code", strings.ReplaceAll(seal.Groups(code), "1", "１")).Want(200, "continue").Has(want)
	}
	exact := `#part-bring">Bus card: What to bring (exact)`
	open("/care/en/continue", `href="/care/en/services/bus-card/`+exact)
	open("/continue", `href="/services/bus-card/`+exact)
	open("/care/continue", `href="/care/en/services/bus-card/`+exact) // not there in Chinese

	site["/services/bus-card/"] = strings.ReplaceAll(strings.ReplaceAll(guide, "part-bring", "part-papers"), "What to", "Papers to")
	open("/continue", `href="/services/bus-card/#part-papers">Bus card: Papers to bring (exact)`)
	site["/services/bus-card/"] = strings.ReplaceAll(strings.ReplaceAll(guide, `"bring"`, `"other"`), "part-bring", "part-x")
	open("/continue", `href="/services/bus-card/">Bus card:  (changed)`)
	site["/services/bus-card/blocks.json"] = `{"v":1,"retired":{"bring":{"to":"gone1"},"gone1":{"to":"costs"},"a":{"to":"a"}}}`
	open("/continue", `href="/services/bus-card/#part-cost">Bus card: What it costs (near)`)
	clear(site)
	open("/continue", `(gone)`)

	assertNothingReadable(t, x, code, seal.Groups(code), "bus-card", "part-bring", "What to bring")
	x.clock.Add(90 * 24 * time.Hour)
	q := servertest.NewPerson(t, x.handler)
	q.Get("/continue").Submit("code", code).Want(422, "continue").Has("unknown 0")
}

// TestLinkBackRefuses names what is wrong with a number, and takes only pages
// of this site.
func TestLinkBackRefuses(t *testing.T) {
	t.Parallel()
	x, _ := newReading(t)
	for typed, want := range map[string]string{"": "missing 0", "1234": "wrong-length 0", "1234 5678 901 3456 7895": "wrong-group 3", seal.NewCode().Digits(): "unknown 0"} {
		servertest.NewPerson(t, x.handler).Post("/continue", "code", typed).Want(422, "continue").Has(want)
	}
	for _, page := range []string{"", "/", "https://evil.example/", "//evil.example/", "/none/", "/services/../services/bus-card/", "/services/bus-card/blocks.json"} {
		if p := servertest.NewPerson(t, x.handler).Post("/continue/link", "page", page); p.Code != 404 {
			t.Errorf("%q: %d %s", page, p.Code, p.Title())
		}
	}
	p := servertest.NewPerson(t, x.handler).Post("/continue/link", "page", "/services/bus-card/", "part", "none").Want(200, "kept")
	q := servertest.NewPerson(t, x.handler)
	q.Post("/continue", "code", p.Text("code")).Want(200, "continue").Has(`href="/services/bus-card/">Bus card:  (page)`)
	r := servertest.NewPerson(t, x.handler).Post("/api/progress/v1/links", "page", "/en/services/bus-card/", "part", "part-cost")
	if r.Code != 200 || !strings.Contains(r.Body, `"code":"`) || !strings.Contains(r.Body, `"until":"2027-`) {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r.Post("/api/progress/v1/links", "page", "/none/"); r.Code != 404 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
}
