//go:build linux

package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/server/servertest"
)

const publicName = "anhe.example"

// A front is a reverse proxy, running, set up by the example in deploy/.
type front struct {
	http, https string // where it listens
	roots       *x509.CertPool
	log         func() string
}

// client reaches the public name through the front, from a local address.
func (f *front) client(from string) *http.Client {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		if strings.HasSuffix(address, ":80") {
			return d.DialContext(ctx, network, f.http)
		}
		return d.DialContext(ctx, network, f.https)
	}
	return &http.Client{
		Transport: &http.Transport{DialContext: dial, DisableCompression: true, ForceAttemptHTTP2: true,
			TLSClientConfig: &tls.Config{RootCAs: f.roots}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       30 * time.Second,
	}
}

// certificate writes a certificate for the public name that nobody has signed.
func certificate(t *testing.T, dir string) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: publicName}, DNSNames: []string{publicName},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	write(t, cert, string(certPEM))
	write(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})))
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(certPEM)
	return cert, key, roots
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// example reads a file of deploy/ and changes what an operator changes. What
// is not there to change fails: the example has moved on.
func example(t *testing.T, name string, changes ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for ; len(changes) > 1; changes = changes[2:] {
		if !strings.Contains(text, changes[0]) {
			t.Fatalf("deploy/%s has no %q", name, changes[0])
		}
		text = strings.ReplaceAll(text, changes[0], changes[1])
	}
	return text
}

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// background runs a command until the test ends.
func background(t *testing.T, ready string, cmd *exec.Cmd) (log func() string) {
	t.Helper()
	var out tail
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &out, &out, 5*time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp", ready); err == nil {
			c.Close()
			return out.String
		}
		if time.Now().After(end) {
			cmd.Process.Kill()
			cmd.Wait()
			t.Fatalf("%s does not answer\n%s", cmd.Path, &out)
		}
	}
}

func startNginx(t *testing.T, site, backend string) *front {
	exe := need(t, "nginx")
	dir := t.TempDir()
	cert, key, roots := certificate(t, dir)
	f := &front{http: freeAddress(t), https: freeAddress(t), roots: roots}
	write(t, filepath.Join(dir, "handraild.conf"), example(t, "nginx.conf",
		"listen 80 default_server;", "listen "+f.http+";", "listen [::]:80 default_server;", "",
		"listen 443 ssl http2;", "listen "+f.https+" ssl http2;", "listen [::]:443 ssl http2;", "",
		"/etc/ssl/anhe.example.pem", cert, "/etc/ssl/private/anhe.example.key", key,
		"/var/log/nginx/", dir+"/", "http://127.0.0.1:8080", "http://"+backend, "/srv/handrail/public", site))
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n" // folders of tests are private
	}
	conf := filepath.Join(dir, "nginx.conf")
	write(t, conf, user+"daemon off;\nmaster_process off;\npid "+dir+"/pid;\nerror_log "+dir+"/error.log;\nevents {}\nhttp {\ninclude /etc/nginx/mime.types;\n"+
		"gzip on;\nclient_body_temp_path "+dir+"/body;\nproxy_temp_path "+dir+"/proxy;\ninclude "+dir+"/handraild.conf;\n}\n")
	if out, err := exec.Command(exe, "-t", "-c", conf).CombinedOutput(); err != nil || bytes.Contains(out, []byte("[warn]")) {
		t.Fatalf("nginx -t: %v\n%s", err, out)
	}
	background(t, f.https, exec.Command(exe, "-c", conf))
	f.log = func() (all string) {
		for _, name := range []string{"handraild.log", "handraild-error.log"} {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Error(err)
			}
			all += string(b)
		}
		return all
	}
	t.Cleanup(func() { // nothing of people lay in files
		for _, name := range []string{"body", "proxy"} {
			if left, err := filepath.Glob(filepath.Join(dir, name, "*")); err != nil || len(left) > 0 {
				t.Errorf("nginx kept %v, %v", left, err)
			}
		}
	})
	return f
}

func startCaddy(t *testing.T, site, backend string) *front {
	exe := need(t, "caddy")
	dir := t.TempDir()
	cert, key, roots := certificate(t, dir)
	f := &front{http: freeAddress(t), https: freeAddress(t), roots: roots}
	_, httpPort, _ := net.SplitHostPort(f.http)
	_, httpsPort, _ := net.SplitHostPort(f.https)
	file := filepath.Join(dir, "Caddyfile")
	write(t, file, example(t, "Caddyfile",
		"\tlog {\n\t\texclude", fmt.Sprintf("\tadmin off\n\tdefault_bind 127.0.0.1\n\thttp_port %s\n\thttps_port %s\n\tlog {\n\t\texclude", httpPort, httpsPort),
		"\nanhe.example {\n", fmt.Sprintf("\nanhe.example {\n\ttls %s %s\n", cert, key),
		"reverse_proxy 127.0.0.1:8080", "reverse_proxy "+backend, "/srv/handrail/public", site))
	home := append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	check := exec.Command(exe, "validate", "--adapter", "caddyfile", "--config", file)
	check.Env = home
	if out, err := check.CombinedOutput(); err != nil {
		t.Fatalf("caddy validate: %v\n%s", err, out)
	}
	cmd := exec.Command(exe, "run", "--adapter", "caddyfile", "--config", file)
	cmd.Env = home
	f.log = background(t, f.https, cmd)
	return f
}

// papers is the form of the tests with a file of at most 1 MB.
func papers() *forms.Definition {
	say := func(s string) forms.Texts { return forms.Texts{"zh-Hans": s, "en": s} }
	d := servertest.Form()
	d.Sections = append(d.Sections, &forms.Section{ID: "papers", Title: say("papers"), Fields: []*forms.Field{
		{ID: "bill", Kind: forms.Upload, Label: say("bill"), Accept: []string{"pdf"}, MaxMB: 1, MaxFiles: 1,
			Personal: &forms.Personal{Purpose: say("to check"), Basis: say("law"), RetentionDays: 365}},
	}})
	return d
}

// publicSite writes the test site with what proxies have to carry.
func publicSite(t *testing.T) string {
	t.Helper()
	site := filepath.Join(t.TempDir(), "public")
	servertest.WriteSite(t, site, papers())
	for _, prefix := range []string{"", "en", "care", "care/en"} {
		write(t, filepath.Join(site, prefix, "503.html"), "<title>down "+prefix+"</title>")
	}
	for _, edition := range []string{"standard", "care"} { // the shells say which they are
		for _, lang := range []string{"zh-Hans", "en"} {
			name := filepath.Join(site, ".handrail", "shells", edition, lang+".html")
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			write(t, name, strings.Replace(string(b), "<html>", "<html lang="+lang+" class="+edition+">", 1))
		}
	}
	write(t, filepath.Join(site, ".handrail", "prefs.json"), `[{"when":["size=200"],"css":"html{font-size:200%}"}]`)
	write(t, filepath.Join(site, "text.txt"), strings.Repeat("0123456789", 1000))
	write(t, filepath.Join(site, "text.txt.br"), "BR")
	return site
}

// TestTooLarge: without a proxy too, who sends much too much hears why.
func TestTooLarge(t *testing.T) {
	a := activate(t, publicSite(t), t.TempDir(), settingsFile(t, "listen: 127.0.0.1:0\n"))
	throughTooLarge(t, "http://"+a.address(), &http.Client{Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }})
}

// TestNginx and TestCaddy run the examples of deploy/ with the real programs
// before the real server.
func TestNginx(t *testing.T) { testFront(t, startNginx) }

func TestCaddy(t *testing.T) { testFront(t, startCaddy) }

func testFront(t *testing.T, start func(t *testing.T, site, backend string) *front) {
	site, data := publicSite(t), t.TempDir()
	metrics := freeAddress(t)
	a := activate(t, site, data, settingsFile(t, "listen: 127.0.0.1:0\ntrusted-proxies: [127.0.0.1]\nmetrics: "+metrics+"\n"))
	f := start(t, site, a.address())
	client := f.client("127.0.0.1")
	t.Run("Pages", func(t *testing.T) { throughPages(t, client) })
	t.Run("Journey", func(t *testing.T) { throughJourney(t, client) })
	t.Run("TooLarge", func(t *testing.T) { throughTooLarge(t, "https://"+publicName, client) })
	t.Run("Address", func(t *testing.T) { throughAddress(t, f, metrics) })
	t.Run("Restart", func(t *testing.T) { restartUnderLoad(t, a, "https://"+publicName, client) })
	t.Run("Down", func(t *testing.T) {
		a.stop(t)
		a.listener.Close()
		throughDown(t, client)
	})
	if log := f.log(); strings.Contains(log, "127.0.0.") && strings.Contains(log, "/f/heating/") {
		t.Errorf("the log names who asked for what:\n%s", log)
	}
	if strings.Contains(a.stderr.String(), "ERROR") {
		t.Errorf("the server's log:\n%s", &a.stderr)
	}
}

// fetch gets an address and reads it.
func fetch(t *testing.T, client *http.Client, url string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for ; len(header) > 1; header = header[2:] {
		r.Header.Set(header[0], header[1])
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

// throughPages: TLS and HTTP/2, headers once, entity tags, ranges, compressed
// files, moves, and the 404 page of edition and language.
func throughPages(t *testing.T, client *http.Client) {
	base := "https://" + publicName
	res, body := fetch(t, client, base+"/care/en/")
	if res.Proto != "HTTP/2.0" || res.StatusCode != 200 || !strings.Contains(body, "home care en") {
		t.Errorf("%s %s %q", res.Proto, res.Status, body)
	}
	for _, once := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Strict-Transport-Security", "X-Test", "Cache-Control", "Etag", "Date"} {
		if n := len(res.Header.Values(once)); n != 1 {
			t.Errorf("%s comes %d times: %q", once, n, res.Header.Values(once))
		}
	}
	if again, _ := fetch(t, client, base+"/care/en/", "If-None-Match", res.Header.Get("Etag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("the same again: %s", again.Status)
	}
	if res, body = fetch(t, client, base+"/text.txt", "Accept-Encoding", "br, gzip"); body != "BR" || res.Header.Get("Content-Encoding") != "br" || res.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("compressed: %q %v", body, res.Header)
	}
	if res, body = fetch(t, client, base+"/text.txt", "Range", "bytes=10-14"); res.StatusCode != http.StatusPartialContent || body != "01234" {
		t.Errorf("range: %s %q", res.Status, body)
	}
	if res, _ = fetch(t, client, base+"/old/"); res.StatusCode != 301 || res.Header.Get("Location") != "/care/" {
		t.Errorf("moved: %s %s", res.Status, res.Header.Get("Location"))
	}
	for path, want := range map[string]string{"/none/": "nothing standard zh-Hans", "/care/en/none": "nothing care en", "/.handrail/site.json": "nothing standard zh-Hans"} {
		if res, body = fetch(t, client, base+path); res.StatusCode != 404 || !strings.Contains(body, want) {
			t.Errorf("%s: %s %q", path, res.Status, body)
		}
	}
	res, _ = fetch(t, client, "http://"+publicName+"/f/heating/?x=1")
	if to := res.Header.Get("Location"); res.StatusCode/100 != 3 || !strings.HasPrefix(to, "https://"+publicName) || !strings.HasSuffix(to, "/f/heating/?x=1") {
		t.Errorf("plain HTTP: %s to %q", res.Status, to)
	}
}

// throughJourney: a form with a file, as an old browser sends it that names
// only Origin, so that Host has to be kept; its pages are never compressed.
func throughJourney(t *testing.T, client *http.Client) {
	p := servertest.NewPerson(t, &remote{"https://" + publicName, client})
	p.Header.Set("Sec-Fetch-Site", "")
	p.Header.Set("Origin", "https://"+publicName)
	p.Header.Set("Accept-Encoding", "gzip, br")
	p.Post("/en/f/heating/", "form", "heating")
	for p.Title() != "step papers" {
		if p.Code != 200 {
			t.Fatalf("%d %s", p.Code, p.Body)
		}
		p.Submit("name", "王秀英", "phone", "13800138000", "heated", "yes")
	}
	pdf := append([]byte("%PDF-1.7 "), bytes.Repeat([]byte("bill "), 150<<10)...)
	p.Upload([]servertest.File{{Key: "bill", Name: "电费.pdf", Data: pdf}}, "do", "next").Want(200, "check").Has("电费.pdf")
	if p.Answer.Get("Content-Encoding") != "" || p.Answer.Get("Cache-Control") != "no-store" {
		t.Errorf("a page of a person: %v", p.Answer)
	}
	p.Submit().Want(200, "sent")
	if n := len(p.Answer.Values("Content-Security-Policy")); n != 1 {
		t.Errorf("%d policies", n)
	}
	p.Header.Set("Origin", "https://elsewhere.example")
	if p.Post("/en/f/heating/", "form", "heating"); p.Code != http.StatusForbidden {
		t.Errorf("another site: %d", p.Code)
	}
	p.Header.Set("Origin", "https://"+publicName)
	res, err := client.PostForm("https://"+publicName+"/prefs", url.Values{"size": {"200"}, "back": {"/en/"}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	c := res.Cookies()
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/en/#saved" || len(c) != 1 || !c[0].Secure {
		t.Fatalf("choices: %s to %q, cookies %v", res.Status, res.Header.Get("Location"), c)
	}
	if _, css := fetch(t, client, "https://"+publicName+"/prefs.css", "Cookie", c[0].Name+"="+c[0].Value); !strings.Contains(css, "font-size:200%") {
		t.Errorf("the sheet of choices: %q", css)
	}
}

// throughTooLarge: what is much too large is refused by the server, in the
// reader's language, while it is still being sent.
func throughTooLarge(t *testing.T, base string, client *http.Client) {
	t.Helper()
	for range rounds(3) {
		p := servertest.NewPerson(t, &remote{base, client})
		p.Post("/care/en/f/heating/", "form", "heating")
		for i := 0; p.Title() != "step bill" && i < 10; i++ {
			p.Submit("name", "王秀英", "phone", "13800138000", "heated", "yes")
		}
		p.Upload([]servertest.File{{Key: "bill", Name: "a.pdf", Data: append([]byte("%PDF-"), make([]byte, 8<<20)...)}}, "do", "next").
			Want(http.StatusRequestEntityTooLarge, "notice too-large").Has("<html lang=en class=care>")
	}
}

// throughAddress: the server tells people apart behind the proxy, and nobody
// becomes somebody else by what they claim. The server counts whom it holds.
func throughAddress(t *testing.T, f *front, metrics string) {
	slowed := func() (n int) {
		_, body := fetch(t, http.DefaultClient, "http://"+metrics+"/metrics")
		_, after, _ := strings.Cut(body, `handraild_events_total{event="slowed"} `)
		fmt.Sscan(after, &n)
		return n
	}
	guess := func(from, claim string) {
		p := servertest.NewPerson(t, &remote{"https://" + publicName, f.client(from)})
		for k, v := range map[string]string{"X-Forwarded-For": claim, "X-Real-Ip": claim, "Forwarded": "for=" + claim} {
			p.Header.Set(k, v)
		}
		p.Post("/f/resume", "code", seal.NewCode().Digits()).Want(422, "resume")
	}
	for i := 0; slowed() == 0; i++ { // ten are free, and one each second
		if i == 60 {
			t.Fatal("claiming to be others nobody is slowed down")
		}
		guess("127.0.0.2", fmt.Sprintf("203.0.113.%d", i))
	}
	before := slowed()
	if guess("127.0.0.3", "127.0.0.2"); slowed() > before {
		t.Error("another person had to wait")
	}
}

// throughDown: pages can be read while the server is away; forms say so.
func throughDown(t *testing.T, client *http.Client) {
	base := "https://" + publicName
	for path, want := range map[string]string{"/": "home standard zh-Hans", "/care/en/": "home care en"} {
		res, body := fetch(t, client, base+path)
		if res.StatusCode != 200 || !strings.Contains(body, want) || len(res.Header.Values("Content-Security-Policy")) != 1 {
			t.Errorf("%s: %s %q %v", path, res.Status, body, res.Header)
		}
	}
	p := servertest.NewPerson(t, &remote{base, client})
	for path, want := range map[string]string{"/f/heating/x/name": "down ", "/en/case/": "down en", "/care/en/f/heating/": "down care/en", "/.handrail/site.json": "down ", "/_headers": "down "} {
		if p.Get(path); p.Code != 503 || p.Title() != strings.TrimSpace(want) && p.Title() != want || p.Answer.Get("Retry-After") == "" {
			t.Errorf("GET %s: %d %q %v", path, p.Code, p.Title(), p.Answer)
		}
		if len(p.Answer.Values("Content-Security-Policy")) != 1 {
			t.Errorf("GET %s: policies %q", path, p.Answer.Values("Content-Security-Policy"))
		}
	}
	if p.Post("/care/en/f/heating/", "form", "heating"); p.Code != 503 || p.Title() != "down care/en" {
		t.Errorf("POST: %d %q", p.Code, p.Body)
	}
}
