package server_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/server"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/upload"
)

// papers is the test form with a page that asks for files and a room number.
func papers() *forms.Definition { return servertest.Papers() }

func photo(t *testing.T, note string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	gps := "Exif\x00\x00 39.9042 116.4074"
	return append(append([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, byte(len(gps) + 2)}, gps...), append(b.Bytes()[2:], note...)...)
}

func bill(name string, data []byte) []servertest.File {
	return []servertest.File{{Key: "bill", Name: name, Data: data}}
}

// atPapers fills in the form up to its last page.
func atPapers(t *testing.T, x *rig) *servertest.Person {
	t.Helper()
	p := servertest.NewPerson(t, x.handler)
	p.Post("/f/heating/", "form", "heating")
	for p.Title() != "step papers" {
		if p.Code != 200 {
			t.Fatal(p.Body)
		}
		p.Submit("name", "王秀英", "heated", "yes")
	}
	return p
}

var fileLink = regexp.MustCompile(`<a href="([^"]*/file/[^"]*)">([^<]*)</a>`)

func onDisk(t *testing.T, x *rig) int {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(x.dir, "files", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

// TestUploads follows files through a journey: kept when another field is
// wrong, given back, taken away, sent, undone, sent again, read by the
// department, and gone with the case.
func TestUploads(t *testing.T) {
	t.Parallel()
	x := newRig(t, papers())
	p := atPapers(t, x)
	p.Upload(bill("../电费 王秀英.JPEG", photo(t, "")), "rooms", "").Want(422, "step papers").Has("form.error.missing").
		Has("电费 王秀英.jpg").Lacks(`href="#bill"`)
	p.Upload(bill("second.pdf", []byte("%PDF-1.7 bill two")), "rooms", "many").Want(422, "step papers").Has("second.pdf")
	p.Upload(bill("third.pdf", []byte("%PDF-1.7 three")), "rooms", "2").Want(422, "step papers").Has("form.error.file-many").Lacks("third.pdf")
	if n := onDisk(t, x); n != 2 {
		t.Errorf("%d files on the disk", n)
	}
	link := fileLink.FindAllStringSubmatch(p.Body, -1)
	give := *p
	give.Get(link[0][1])
	for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
		"X-Content-Type-Options": "nosniff", "Content-Type": "image/jpeg", "Cache-Control": "no-store",
		"Content-Disposition": `attachment; filename="file.jpg"; filename*=UTF-8''%E7%94%B5%E8%B4%B9%20%E7%8E%8B%E7%A7%80%E8%8B%B1.jpg`} {
		if got := give.Answer.Get(name); got != want {
			t.Errorf("%s: %q; want %q", name, got, want)
		}
	}
	give.Lacks("39.9042")
	if _, err := jpeg.Decode(strings.NewReader(give.Body)); err != nil {
		t.Error(err)
	}
	servertest.NewPerson(t, x.handler).Get(link[0][1]).Want(410, "expired")

	// Take one away, and go on.
	id := link[1][1][strings.LastIndex(link[1][1], "/")+1:]
	p.Upload(nil, "rooms", "2", "unfile", id).Want(200, "step papers").Lacks("second.pdf").Has("电费")
	if n := onDisk(t, x); n != 1 {
		t.Errorf("%d files on the disk", n)
	}
	p.Upload(nil, "rooms", "2", "do", "next").Want(200, "check").Has("电费")
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent")
	p.Submit().Want(200, "undone") // undo
	p.Get(strings.TrimSuffix(p.Path, "undo")+"check").Want(200, "check")
	p.Submit().Want(200, "sent")
	reference, secret := p.Text("reference"), p.Text("secret")
	own := *p
	own.Get(link[0][1])
	x.clock.Add(11 * time.Minute)
	if err := x.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	own.Get(link[0][1]).Want(200, "")

	// From another device, with the secret.
	other := servertest.NewPerson(t, x.handler)
	other.Post("/case/", "reference", reference, "secret", secret).Want(200, "case received").Has("电费")
	other.Get(fileLink.FindStringSubmatch(other.Body)[1])
	if other.Body != own.Body || other.Answer.Get("Content-Type") != "image/jpeg" {
		t.Error("the case gives another file")
	}
	servertest.NewPerson(t, x.handler).Get(other.Path).Want(200, "find")

	// By the department.
	c, err := x.store.Case(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := seal.Open(c.Sealed, x.keys[1])
	if err != nil {
		t.Fatal(err)
	}
	var b server.Bundle
	if err := json.Unmarshal(plain, &b); err != nil {
		t.Fatal(err)
	}
	for id, k := range b.Keys {
		key, err := age.ParseX25519Identity(k)
		if err != nil {
			t.Fatal(err)
		}
		r, err := x.uploads.Read(c.Draft, id, key)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	if len(b.Keys) != 1 {
		t.Errorf("%d keys of files", len(b.Keys))
	}
	assertNothingReadable(t, x, "王秀英", "bill two", "39.9042", "AGE-SECRET-KEY-")

	if err := x.store.DeleteCase(t.Context(), store.Tombstone{Reference: reference, Deleted: x.clock.Now(), Why: "test"}); err != nil {
		t.Fatal(err)
	}
	x.clock.Add(1000 * 24 * time.Hour) // of files the system's clock counts
	if err := x.SweepFiles(t.Context()); err != nil || onDisk(t, x) != 0 {
		t.Errorf("%v, %d files stay", err, onDisk(t, x))
	}
}

// TestRefusedFiles: the page says in its words what is wrong with a file, and
// nothing of it stays.
func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	x := newRig(t, papers())
	p := atPapers(t, x)
	flood := photo(t, "")
	at := bytes.Index(flood, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint32(flood[at+5:], 0x7FFF7FFF)
	for problem, f := range map[string][]servertest.File{
		"file-empty":   bill("a.pdf", nil),
		"file-large":   bill("a.pdf", []byte("%PDF-"+strings.Repeat("x", 1<<20))),
		"file-type":    bill("a.pdf", []byte("MZ program")),
		"file-damaged": bill("a.jpg", photo(t, "")[:200]),
		"file-pixels":  bill("a.jpg", flood),
		"file":         {{Key: "bill", Name: "", Data: nil}},
		"number":       {{Key: "rooms", Name: "a.pdf", Data: []byte("%PDF-")}, {Key: "no-field", Name: "b.pdf", Data: []byte("%PDF-")}},
	} {
		p.Upload(f, "rooms", map[bool]string{true: "many", false: "2"}[problem == "number"]).Want(422, "step papers").Has(">form.error." + problem + "<")
		if problem != "number" && strings.Count(p.Body, `class="problem"`) != 1 {
			t.Errorf("%s: also other problems: %s", problem, p.Body)
		}
	}
	p.Upload(bill("a.pdf", bytes.Repeat([]byte("%PDF-"), 1<<20)), "rooms", "2").Want(413, "notice too-large")
	stranger := servertest.NewPerson(t, x.handler)
	stranger.Body, stranger.Cookies = strings.NewReplacer(`name="token"`, `name="other"`).Replace(atPapers(t, x).Body), p.Cookies
	stranger.Upload(bill("a.pdf", []byte("%PDF-")), "rooms", "2")
	if stranger.Code != http.StatusGone && stranger.Code != http.StatusForbidden {
		t.Errorf("without a token: %d", stranger.Code)
	}
	if n := onDisk(t, x); n != 0 {
		t.Errorf("%d files stay", n)
	}
}

// TestNoRoom: a full disk answers 507 with everything typed, which is kept;
// when there is room again it goes on.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	x := newRig(t, papers())
	p := atPapers(t, x)
	roomy := x.uploads
	var err error
	if x.uploads, err = upload.Open(filepath.Join(x.dir, "files"), upload.Limits{Reserve: 1 << 60}); err != nil {
		t.Fatal(err)
	}
	defer x.uploads.Close()
	x.restart(t, papers())
	q := *p
	q.Handler = x.handler
	q.Upload(bill("a.pdf", []byte("%PDF-1.7")), "rooms", "37").Want(507, "busy full").Has("37").Has("王秀英")
	x.uploads = roomy
	x.restart(t, papers())
	p.Handler = x.handler
	p.Get(p.Path).Want(200, "step papers").Has(`value="37"`)
	p.Upload(bill("a.pdf", []byte("%PDF-1.7")), "rooms", "37").Want(200, "check").Has("a.pdf")

	// A draft that cannot be stored leaves no file.
	real := x.store
	x.store = fullStore{real}
	x.restart(t, papers())
	p.Handler = x.handler
	p.Get(strings.TrimSuffix(p.Path, "check")+"papers").Upload(bill("b.pdf", []byte("%PDF-1.7")), "rooms", "38").Want(507, "busy full").Has("38")
	if n := onDisk(t, x); n != 1 {
		t.Errorf("%d files on the disk", n)
	}
}

type fullStore struct{ store.Store }

func (fullStore) SaveDraft(context.Context, *store.Draft) error { return store.ErrFull }

// TestLostFile: what the disk has lost is not sent as if it were there.
func TestLostFile(t *testing.T) {
	t.Parallel()
	x := newRig(t, papers())
	p := atPapers(t, x)
	p.Upload(bill("a.pdf", []byte("%PDF-1.7")), "rooms", "2").Want(200, "check")
	if err := os.RemoveAll(filepath.Join(x.dir, "files")); err != nil {
		t.Fatal(err)
	}
	x.clock.Add(time.Minute)
	p.Submit().Want(422, "check").Has("form.error.file-lost")
	if _, err := x.store.Stats(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestOddParts: malformed bodies with files are refused and leave nothing.
func TestOddParts(t *testing.T) {
	t.Parallel()
	x := newRig(t, papers())
	p := atPapers(t, x)
	to, own := p.Form()
	token := "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n" + own[1] + "\r\n"
	file := "--b\r\nContent-Disposition: form-data; name=\"bill\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7\r\n"
	for name, body := range map[string]string{
		"no end":     token + file,
		"cut":        token + file[:len(file)-6],
		"no name":    token + "--b\r\nContent-Disposition: form-data; filename=\"a.pdf\"\r\n\r\nx\r\n--b--\r\n",
		"many parts": token + file + strings.Repeat("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n", 500) + "--b--\r\n",
		"long value": token + file + "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n" + strings.Repeat("x", 600<<10) + "\r\n--b--\r\n",
	} {
		r := httptest.NewRequest(http.MethodPost, "https://anhe.example"+to, strings.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		for _, c := range p.Cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		x.handler.ServeHTTP(w, r)
		if w.Code != 400 && w.Code != 413 {
			t.Errorf("%s: %d", name, w.Code)
		}
		if n := onDisk(t, x); n != 0 {
			t.Fatalf("%s: %d files stay", name, n)
		}
	}
}
