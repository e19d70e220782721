package servertest

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A Person fills in forms without script: follows redirects, keeps cookies,
// and posts what stands in the form on the page plus what is typed.
type Person struct {
	T       testing.TB
	Handler http.Handler
	Remote  string
	Cookies map[string]*http.Cookie
	Header  http.Header // of every request

	Path   string // of the page that is open
	Code   int
	Body   string
	Answer http.Header

	kind string // of the body; "" is a form without files
}

// NewPerson returns somebody with an empty cookie jar.
func NewPerson(t testing.TB, h http.Handler) *Person {
	return &Person{T: t, Handler: h, Remote: "192.0.2.1:4000", Cookies: map[string]*http.Cookie{}, Header: http.Header{}}
}

// Get opens an address.
func (p *Person) Get(path string) *Person { return p.do(http.MethodGet, path, "") }

// Post sends values to an address.
func (p *Person) Post(path string, values ...string) *Person {
	return p.do(http.MethodPost, path, pairs(values).Encode())
}

// A File is chosen in a field.
type File struct {
	Key, Name string
	Data      []byte
}

// Upload posts the form on the page with values and files, as a browser does.
func (p *Person) Upload(chosen []File, values ...string) *Person {
	p.T.Helper()
	to, own := p.Form()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for v := append(own, values...); len(v) > 1; v = v[2:] {
		if err := m.WriteField(v[0], v[1]); err != nil {
			p.T.Fatal(err)
		}
	}
	for _, f := range chosen {
		w, err := m.CreateFormFile(f.Key, f.Name)
		if err != nil {
			p.T.Fatal(err)
		}
		if _, err := w.Write(f.Data); err != nil {
			p.T.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		p.T.Fatal(err)
	}
	p.kind = m.FormDataContentType()
	defer func() { p.kind = "" }()
	return p.do(http.MethodPost, to, b.String())
}

func pairs(values []string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(values); i += 2 {
		v.Add(values[i], values[i+1])
	}
	return v
}

var (
	action = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
	title  = regexp.MustCompile(`<title>([^<]*)</title>`)
)

// Form returns where the form on the page goes and its hidden inputs.
func (p *Person) Form() (to string, values []string) {
	p.T.Helper()
	m := action.FindStringSubmatch(p.Body)
	if m == nil {
		p.T.Fatalf("no form on %s (%d %s)", p.Path, p.Code, p.Title())
	}
	for _, h := range hidden.FindAllStringSubmatch(p.Body, -1) {
		values = append(values, html.UnescapeString(h[1]), html.UnescapeString(h[2]))
	}
	return html.UnescapeString(m[1]), values
}

// Submit posts the form on the page with values.
func (p *Person) Submit(values ...string) *Person {
	p.T.Helper()
	to, own := p.Form()
	return p.Post(to, append(own, values...)...)
}

// Title returns the title of the page.
func (p *Person) Title() string {
	if m := title.FindStringSubmatch(p.Body); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

// Text returns the text of the element with the id.
func (p *Person) Text(id string) string {
	m := regexp.MustCompile(`id="` + id + `">([^<]*)<`).FindStringSubmatch(p.Body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// Want fails unless the page has the code and title.
func (p *Person) Want(code int, title string) *Person {
	p.T.Helper()
	if p.Code != code || p.Title() != title {
		p.T.Fatalf("%s: %d %q; want %d %q\n%s", p.Path, p.Code, p.Title(), code, title, p.Body)
	}
	return p
}

// Has fails unless the page has the text.
func (p *Person) Has(text string) *Person {
	p.T.Helper()
	if !strings.Contains(p.Body, text) {
		p.T.Fatalf("%s: no %q in\n%s", p.Path, text, p.Body)
	}
	return p
}

// Lacks fails if the page has the text.
func (p *Person) Lacks(text string) *Person {
	p.T.Helper()
	if strings.Contains(p.Body, text) {
		p.T.Fatalf("%s: %q stands in\n%s", p.Path, text, p.Body)
	}
	return p
}

func (p *Person) do(method, path, body string) *Person {
	p.T.Helper()
	for range 10 {
		r := httptest.NewRequest(method, "https://anhe.example"+path, strings.NewReader(body))
		r.RemoteAddr = p.Remote
		if method == http.MethodPost {
			r.Header.Set("Content-Type", cmp.Or(p.kind, "application/x-www-form-urlencoded"))
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		for k, v := range p.Header {
			r.Header[k] = v
		}
		for _, c := range p.Cookies {
			r.AddCookie(c)
		}
		rec := httptest.NewRecorder()
		p.Handler.ServeHTTP(rec, r)
		p.keep(rec.Result())
		p.Path = path
		to := p.Answer.Get("Location")
		if p.Code < 300 || p.Code > 399 || to == "" {
			return p
		}
		method, path, body = http.MethodGet, to, ""
	}
	p.T.Fatalf("more than ten redirects, the last to %s", path)
	return p
}

func (p *Person) keep(res *http.Response) {
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.T.Fatal(err)
	}
	p.Code, p.Body, p.Answer = res.StatusCode, string(b), res.Header
	for _, c := range res.Cookies() {
		if strings.HasPrefix(c.Name, "__Host-") && (!c.Secure || c.Path != "/" || c.Domain != "") {
			p.T.Errorf("browsers refuse cookie %s", c.Name)
		}
		if c.MaxAge < 0 {
			delete(p.Cookies, c.Name)
			continue
		}
		p.Cookies[c.Name] = &http.Cookie{Name: c.Name, Value: c.Value}
	}
}

// Fill goes from the start of the test form to its answers to check.
func (p *Person) Fill(prefix string) *Person {
	p.T.Helper()
	p.Post(prefix+"/f/heating/", "form", "heating")
	for i := 0; p.Title() != "check"; i++ {
		if i > 10 || p.Code != http.StatusOK {
			p.T.Fatalf("stuck at %s: %d %s", p.Path, p.Code, p.Title())
		}
		p.Submit("name", "王秀英", "phone", "13800138000", "heated", "no", "stove", "煤炉"+fmt.Sprint(i))
	}
	return p
}
