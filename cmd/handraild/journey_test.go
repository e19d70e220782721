package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"handrail/internal/cli"
	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/server"
	"handrail/internal/server/servertest"
	"handrail/internal/settings"
	"handrail/internal/store/sqlite"
	"handrail/internal/upload"
)

// An office is the server with its outbox, and the machine of a clerk, at a
// time that the test moves.
type office struct {
	t      *testing.T
	dir    string
	clock  *servertest.Clock
	srv    *server.Server
	worker *outbox.Worker
	http   *httptest.Server
	log    *bytes.Buffer
	sms    *sink
	own    []string // options of the clerk
}

// A sink is a gateway for text messages.
type sink struct {
	mu  sync.Mutex
	got []string
}

func (s *sink) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, string(b))
}

// stove is the test form with a page for a bill.
func stove() *forms.Definition {
	d := servertest.Form()
	say := func(s string) forms.Texts { return forms.Texts{"zh-Hans": s, "en": s} }
	d.Sections = append(d.Sections, &forms.Section{ID: "papers", Title: say("papers"), Fields: []*forms.Field{
		{ID: "bill", Kind: forms.Upload, Label: say("bill"), Accept: []string{"jpg", "pdf"}, MaxMB: 1, MaxFiles: 2,
			Personal: &forms.Personal{Purpose: say("to check"), Basis: say("law"), RetentionDays: 365}},
	}})
	return d
}

// run is one command on the clerk's machine.
func (o *office) run(in string, args ...string) (string, error) {
	var out bytes.Buffer
	g := &globals{env: &env{&out, &out, func(string) string { return "" }, o.clock.Now}, tool: cli.Texts("en")}
	root := newRootCmd(g)
	root.SetArgs(args)
	root.SetIn(strings.NewReader(in))
	root.SetOut(&out)
	root.SetErr(&out)
	err := root.ExecuteContext(o.t.Context())
	return strings.TrimSpace(out.String()), err
}

func (o *office) must(in string, args ...string) string {
	o.t.Helper()
	out, err := o.run(in, args...)
	if err != nil {
		o.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

func (o *office) inbox(in string, args ...string) string {
	o.t.Helper()
	return o.must(in, append(append([]string{"inbox"}, args...), o.own...)...)
}

func (o *office) file(name string) string { return filepath.Join(o.dir, name) }

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, dir: t.TempDir(), clock: servertest.NewClock(), log: &bytes.Buffer{}, sms: &sink{}}
	if err := os.Mkdir(o.file("folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	gateway := httptest.NewServer(o.sms)
	t.Cleanup(gateway.Close)
	clerk := o.must("", "keys", "generate", "--clerk", o.file("wang.key"))
	daily := o.must("", "keys", "generate", "--identity", o.file("daily.key"))
	spare := o.must("", "keys", "generate", "--identity", o.file("spare.key"))
	o.must("", "keys", "generate", "--notice", o.file("notice.key"))
	s, diags := settings.Parse("server.yaml", fmt.Appendf(nil, `notice-key: file:%s
sms: {url: "%s", body: '{"to":"{to}","text":"{text}"}'}
departments:
  housing:
    recipients: [%s, %s]
    clerks: {wang: %s}
    folder: %s
`, o.file("notice.key"), gateway.URL, daily, spare, clerk, o.file("folder")))
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	o.open(s)
	o.own = []string{"--server", o.http.URL, "--department", "housing", "--clerk", o.file("wang.key"), "--identity", o.file("daily.key")}
	return o
}

// open starts the server the way that serve does.
func (o *office) open(s *settings.Settings) {
	t := o.t
	t.Helper()
	g := &globals{env: &env{io.Discard, io.Discard, os.Getenv, o.clock.Now}, tool: cli.Texts("en"), data: o.file("data")}
	log := slog.New(slog.NewJSONHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	st, err := sqlite.Open(t.Context(), g.data, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	files, err := upload.Open(filepath.Join(g.data, filesDir), s.Uploads)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	grave := g.keeper(s, st).grave
	kit := servertest.Kit(t, stove())
	api, err := g.desk(s, grave, files, func() []string { return hosts(kit.Site()) }, log)
	if err != nil {
		t.Fatal(err)
	}
	key, err := g.noticeKey(s)
	if err != nil {
		t.Fatal(err)
	}
	o.srv, err = server.New(t.Context(), server.Options{Store: grave, Uploads: files, Kit: kit, Recipients: s.Recipients, API: api,
		NoticeKey: key, Tells: tells(s), Proved: newProofs(grave, s).Proved, Now: o.clock.Now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	if o.worker, err = g.outbox(s, grave, files, func() *formpage.Kit { return kit }, key, log); err != nil {
		t.Fatal(err)
	}
	o.http = httptest.NewServer(o.srv.Handler())
	t.Cleanup(o.http.Close)
}

// pass lets time go by, with all that happens then.
func (o *office) pass(d time.Duration) {
	o.t.Helper()
	o.clock.Add(d)
	if err := o.srv.Sweep(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	if err := o.worker.Once(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

// TestWholeJourney is a case from its first question to its end, without
// script, from both sides: filled in wrongly, mended, with a file, saved, gone
// on with on another device, sent, taken back, sent again; opened by a clerk,
// who asks for a document, and decides; handed in, and read.
func TestWholeJourney(t *testing.T) {
	for _, prefix := range []string{"", "/en", "/care", "/care/en"} {
		t.Run("prefix "+prefix, func(t *testing.T) {
			o := newOffice(t)
			reference, secret := o.apply(prefix)
			o.handle(prefix, reference, secret)
			for _, canary := range []string{"王秀英", "煤炉", "canary", "13800138000", secret} {
				if strings.Contains(o.log.String(), canary) {
					t.Errorf("%q stands in the log", canary)
				}
				for _, m := range o.sms.got {
					if canary != "13800138000" && strings.Contains(m, canary) {
						t.Errorf("%q stands in a text message", canary)
					}
				}
			}
		})
	}
}

func pdf(key, name, text string) []servertest.File {
	return []servertest.File{{Key: key, Name: name, Data: []byte("%PDF-1.7 " + text)}}
}

// apply is what the person does until the department has the case.
func (o *office) apply(prefix string) (reference, secret string) {
	p := servertest.NewPerson(o.t, o.srv.Handler())
	p.Post(prefix+"/f/heating/", "form", "heating").Want(503, "notice not-proved")
	o.must("", append([]string{"keys", "prove"}, o.own...)...)
	o.must("", "keys", "prove", "--server", o.http.URL, "--department", "housing", "--clerk", o.file("wang.key"), "--identity", o.file("spare.key"))

	first := p.Post(prefix+"/f/heating/", "form", "heating").Title()
	p.Submit("name", "", "phone", "13800138000", "do", "next").Want(422, first).Has("form.error")
	for i := 0; !strings.Contains(p.Body, `name="bill"`); i++ {
		if p.Submit("name", "王秀英", "phone", "13800138000", "heated", "no", "stove", "煤炉", "do", "next"); p.Code != 200 || i > 9 {
			o.t.Fatalf("%s: %d %s", p.Path, p.Code, p.Body)
		}
	}
	page := p.Title()
	p.Upload([]servertest.File{{Key: "bill", Name: "virus.exe", Data: []byte("MZ\x90")}}, "do", "next").Want(422, page).Has("form.error.file-type")
	p.Upload(pdf("bill", "电费.pdf", "canary bill"), "do", "save").Want(200, "saved")
	kept := *p
	kept.Get(strings.TrimSuffix(p.Path, "save") + "file")

	other := servertest.NewPerson(o.t, o.srv.Handler())
	other.Get(prefix+"/f/resume").Upload([]servertest.File{{Key: "file", Name: "heating.txt", Data: []byte(kept.Body)}}, "code", "")
	other.Want(200, "check").Has("电费.pdf").Has("煤炉")
	o.clock.Add(time.Minute)
	other.Submit("do", "send", "by", "sms", "to", "13800138000").Want(200, "sent")
	undone := other.Text("reference")
	other.Submit("do", "undo").Want(200, "undone")
	other.Get(strings.TrimSuffix(other.Path, "undo")+"check").Want(200, "check").Has("电费.pdf")
	other.Submit("do", "send", "by", "sms", "to", "13800138000").Want(200, "sent")
	reference, secret = other.Text("reference"), other.Text("secret")
	if out := o.inbox("", "list"); out != "" {
		o.t.Errorf("before the time to undo is over: %s", out)
	}
	o.pass(0)
	if len(o.sms.got) != 1 || !strings.Contains(o.sms.got[0], "13800138000") {
		o.t.Errorf("text messages at once: %q", o.sms.got)
	}
	o.pass(11 * time.Minute)
	if undone == reference {
		o.t.Error("the same reference again")
	}
	return reference, secret
}

// handle is what the clerk does, and the person at the page of the case.
func (o *office) handle(prefix, reference, secret string) {
	t := o.t
	if out := o.inbox("", "list"); !strings.HasPrefix(out, reference+"\treceived") || strings.Contains(out, "\n") {
		t.Errorf("list: %s", out)
	}
	if names, _ := filepath.Glob(o.file("folder/" + reference + "*.age")); len(names) != 2 {
		t.Errorf("in the folder of the department: %v", names)
	}
	out := o.inbox("", "open", seal.Groups(reference), "--files", o.file("saved"))
	if !strings.Contains(out, "王秀英") || !strings.Contains(out, "01-电费.pdf") {
		t.Errorf("open: %s", out)
	}
	if b, err := os.ReadFile(filepath.Join(o.file("saved"), reference, "01-电费.pdf")); err != nil || string(b) != "%PDF-1.7 canary bill" {
		t.Errorf("saved %q, %v", b, err)
	}
	o.inbox("", "ack", reference)
	o.inbox("", "status", reference, "working")
	if out, err := o.run("", append([]string{"inbox", "status", reference, "working"}, o.own...)...); err == nil {
		t.Errorf("to where it is: %s", out)
	}
	o.inbox("请补交煤炉照片", "ask-for", reference, "--by", "2026-12-31")

	p := servertest.NewPerson(t, o.srv.Handler())
	p.Get(prefix+"/case/").Submit("reference", reference, "secret", secret).Want(200, "case asked").Has("ask: 请补交煤炉照片").Has("2026-12-31").Has("电费.pdf")
	ask := regexp.MustCompile(`/supply/([0-9a-f]+)"`).FindStringSubmatch(p.Body)[1]
	p.Upload(nil, "text", "").Want(422, "case asked").Has("supply-missing")
	p.Upload(pdf("ask-"+ask, "煤炉.pdf", "canary stove"), "text", "canary words").Want(200, "case working").Has("you: canary words").Has("煤炉.pdf")

	out = o.inbox("", "open", reference, "--files", o.file("saved"))
	if !strings.Contains(out, "canary words") || !strings.Contains(out, "02-煤炉.pdf") {
		t.Errorf("open: %s", out)
	}
	o.inbox("同意补贴", "answer", reference, "--result")
	o.inbox("", "status", reference, "closed")
	o.pass(time.Minute)
	p.Get(prefix+"/case/"+reference).Want(200, "case closed").Has("同意补贴").Has("you: canary words")
	if len(o.sms.got) < 4 {
		t.Errorf("text messages: %q", o.sms.got)
	}
	if names, _ := filepath.Glob(o.file("folder/" + reference + "*.age")); len(names) != 4 {
		t.Errorf("in the folder of the department: %v", names)
	}
}
