package server_test

import (
	"bytes"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/server"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/store/sqlite"
	"handrail/internal/upload"
)

// A rig is a server in memory over a real database.
type rig struct {
	*server.Server
	store   store.Store
	uploads *upload.Dir
	clock   *servertest.Clock
	dir     string
	log     *locked
	handler http.Handler
	keys    []*age.X25519Identity
	static  http.Handler
	api     http.Handler
}

// serving makes the server again, with pages.
func (x *rig) serving(t testing.TB, pages http.Handler) *rig {
	t.Helper()
	x.static = pages
	x.restart(t, servertest.Form())
	return x
}

func newRig(t testing.TB, definitions ...*forms.Definition) *rig {
	t.Helper()
	if len(definitions) == 0 {
		definitions = []*forms.Definition{servertest.Form()}
	}
	x := &rig{clock: servertest.NewClock(), dir: t.TempDir(), log: &locked{}, keys: servertest.Identities(t, 2)}
	st, err := sqlite.Open(t.Context(), x.dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	x.store = st
	if x.uploads, err = upload.Open(filepath.Join(x.dir, "files"), upload.Limits{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.uploads.Close() })
	x.restart(t, definitions...)
	return x
}

// restart makes a new server over the same database.
func (x *rig) restart(t testing.TB, definitions ...*forms.Definition) {
	t.Helper()
	var err error
	x.Server, err = server.New(t.Context(), server.Options{
		Store: x.store, Uploads: x.uploads, Kit: servertest.Kit(t, definitions...), Now: x.clock.Now, Static: x.static, API: x.api,
		Recipients: map[string][]age.Recipient{"housing": {x.keys[0].Recipient(), x.keys[1].Recipient()}},
		Log:        slog.New(slog.NewJSONHandler(x.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	x.handler = x.Handler()
}

// A locked buffer takes the logs of several servers.
type locked struct {
	sync.Mutex
	w bytes.Buffer
}

func (l *locked) String() string {
	l.Lock()
	defer l.Unlock()
	return l.w.String()
}

func (l *locked) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.w.Write(b)
}

// TestJourney goes through everything once, in both editions and languages:
// filled wrongly, mended, sent, undone, sent again, followed.
func TestJourney(t *testing.T) {
	for _, prefix := range []string{"", "/care", "/en", "/care/en"} {
		t.Run("prefix "+prefix, func(t *testing.T) { journey(t, prefix) })
	}
}

func journey(t *testing.T, prefix string) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler)
	first := "you"
	if strings.HasPrefix(prefix, "/care") {
		first = "name"
	}
	p.Post(prefix+"/f/heating/", "form", "heating").Want(200, "step "+first)
	if p.Answer.Get("Cache-Control") != "no-store" {
		t.Error("a personal page can be cached")
	}
	p.Submit("name", "", "phone", "13800138000").Want(422, "step "+first).Has("form.error")
	if prefix == "" {
		p.Has(`value="13800138000"`) // nothing is typed twice
	}
	x.clock.Add(time.Minute)
	for p.Title() != "check" {
		p.Submit("name", "王秀英", "phone", "13800138000", "heated", "no", "stove", "煤炉")
		if p.Code != 200 {
			t.Fatalf("%s: %d %s", p.Path, p.Code, p.Body)
		}
	}
	p.Has("王秀英").Has("煤炉")

	// Change one answer from the check page.
	step := strings.TrimSuffix(p.Path, "check") + first + "?change"
	p.Get(step).Want(200, "step "+first).Submit("name", "李秀英", "phone", "13800138000").Want(200, "check").Has("李秀英")

	check := *p
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent")
	reference, secret := p.Text("reference"), p.Text("secret")
	if len(reference) != 8 || len(secret) != 20 {
		t.Fatalf("receipt %q, %q", reference, secret)
	}
	sentPage := *p

	// A second click, a reload, the back button: the first receipt.
	again := check
	again.Submit().Want(200, "sent").Has(reference).Has(secret)
	p.Get(p.Path).Want(200, "sent").Has(reference)
	p.Get(check.Path).Want(200, "sent").Has(reference)
	old := strings.TrimSuffix(check.Path, "check") + first
	to, own := check.Form()
	_ = to
	p.Post(old, append(own, "name", "typed too late")...).Want(409, "already sent").Has("typed too late").Has("09:02")

	file := *p
	file.Get(strings.TrimSuffix(check.Path, "check") + "file")
	file.Has(seal.Groups(reference)).Has(seal.Groups(secret)).Has("anhe.example" + prefix + "/case/" + reference)

	// Undo, then send again.
	x.clock.Add(9 * time.Minute)
	sentPage.Submit().Want(200, "undone").Has("09:11")
	againUndo := sentPage
	againUndo.Get(sentPage.Path).Want(200, "undone")
	late := check
	late.Submit().Want(409, "already withdrawn").Has("09:11")
	p.Cookies = sentPage.Cookies
	p.Get(check.Path).Want(200, "check").Has("李秀英")
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent")
	second, secondSecret := p.Text("reference"), p.Text("secret")
	if second == reference || secondSecret == secret {
		t.Error("the second sending has the receipt of the first")
	}
	c, err := x.store.Case(t.Context(), second)
	if err != nil || !c.Received.Equal(x.clock.Now()) {
		t.Errorf("received %v, %v; want the time of the sending that stands", c.Received, err)
	}

	// Too late to undo.
	undo, token := p.Form()
	x.clock.Add(10 * time.Minute)
	p.Post(undo, token...).Want(409, "already sent").Lacks("form method")
	if err := x.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Get(sentPage.Path[:strings.LastIndex(sentPage.Path, "/")+1]+"sent").Want(200, "sent").Has(secondSecret).Has("李秀英")

	// The status, from another device.
	other := servertest.NewPerson(t, x.handler)
	other.Get(prefix+"/case/"+second).Want(200, "find").Submit("reference", seal.Groups(second), "secret", seal.Groups(secondSecret))
	other.Want(200, "case received").Has("李秀英").Has("煤炉").Lacks(secondSecret)
	other.Get(prefix+"/case/"+reference).Want(200, "find").Submit("reference", reference, "secret", secret).
		Want(200, "case withdrawn").Lacks("李秀英")

	// The department opens it, with either key.
	for _, k := range x.keys {
		if b, err := seal.Open(c.Sealed, k); err != nil || !bytes.Contains(b, []byte("李秀英")) {
			t.Errorf("a department's key: %v", err)
		}
	}
	assertNothingReadable(t, x, "王秀英", "李秀英", "煤炉", "13800138000", secret, secondSecret, "typed too late")
}

// assertNothingReadable looks for what people typed in the database and the
// log.
func assertNothingReadable(t *testing.T, x *rig, canaries ...string) {
	t.Helper()
	kept := []byte(x.log.String())
	err := filepath.WalkDir(x.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		kept = append(append(kept, path...), b...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range append(canaries, "192.0.2.1") {
		if bytes.Contains(kept, []byte(c)) {
			t.Errorf("%q can be read on the server", c)
		}
	}
}

// TestSendTogether posts one send a hundred times at once, half of them to a
// second server over the same database.
func TestSendTogether(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("")
	x.clock.Add(time.Minute)
	first := x.handler
	x.restart(t, servertest.Form())
	var mu sync.Mutex
	got := map[string]int{}
	var wg sync.WaitGroup
	to, own := p.Form()
	for i := range 100 {
		wg.Go(func() {
			click := servertest.NewPerson(t, first)
			if i%2 == 0 {
				click.Handler = x.handler
			}
			for k, v := range p.Cookies {
				click.Cookies[k] = v
			}
			click.Post(to, own...)
			mu.Lock()
			defer mu.Unlock()
			got[click.Title()+" "+click.Text("reference")+" "+click.Text("secret")]++
		})
	}
	wg.Wait()
	if len(got) != 1 {
		t.Errorf("%d different answers to one send: %v", len(got), got)
	}
	if st, err := x.store.Stats(t.Context()); err != nil || st.Cases != 1 || st.Waiting != 1 {
		t.Errorf("%+v, %v; want one case and one job", st, err)
	}
}
