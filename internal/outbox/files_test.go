package outbox_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/store"
	"handrail/internal/upload"
)

// TestFiles: what was handed in lies in the folder beside its case, sealed as
// it was on the disk; a webhook names it. What comes later brings its own.
func TestFiles(t *testing.T) {
	x := newRig(t)
	files, err := upload.Open(filepath.Join(t.TempDir(), "files"), upload.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	keep := func(id, text string) {
		t.Helper()
		if _, err := files.Keep("d", id, strings.NewReader(text), []string{"pdf"}, 1<<20, key.Recipient()); err != nil {
			t.Fatal(err)
		}
	}
	keep("bill", "%PDF-1.7 canary bill")
	in := &receiver{code: 204, now: x.clock.Now, secret: secret(t)}
	srv := httptest.NewServer(in)
	defer srv.Close()
	dir := t.TempDir()
	w := x.worker(outbox.Options{Files: files, Client: outbox.NewClient(outbox.Egress{Hosts: []string{"127.0.0.1"}, Private: true}),
		Routes: map[string]outbox.Route{"housing": {Folder: dir, Webhook: &outbox.Webhook{URL: srv.URL, Secret: in.secret}}}})
	once(t, w)
	sealedBill, err := os.ReadFile(filepath.Join(dir, reference+"-file-bill.age"))
	if err != nil || strings.Contains(string(sealedBill), "canary") {
		t.Fatalf("the file in the folder: %v", err)
	}
	if plain, err := seal.Open(sealedBill, key); err != nil || string(plain) != "%PDF-1.7 canary bill" {
		t.Errorf("opened: %q, %v", plain, err)
	}
	if c, err := x.store.Case(t.Context(), reference); err != nil || c.Delivered.IsZero() {
		t.Errorf("delivered at %v, %v", c.Delivered, err)
	}

	keep("photo", "%PDF-1.7 canary photo")
	supply := store.Event{ID: "supply-1", Reference: reference, Kind: store.EventSupply, At: x.clock.Now(), Sealed: []byte("sealed words")}
	job := outbox.NewJob(outbox.Update, &store.Case{Reference: reference, Department: "housing"}, outbox.Payload{Event: "supply-1", Files: []string{"photo"}}, x.clock.Now())
	if _, err := x.store.Act(t.Context(), &store.Act{Event: supply, Jobs: []store.Job{job}}); err != nil {
		t.Fatal(err)
	}
	once(t, w)
	if _, err := os.Stat(filepath.Join(dir, reference+"-file-photo.age")); err != nil {
		t.Error(err)
	}
	var names [2][]string
	for i, body := range in.bodies {
		var d outbox.Delivery
		if err := json.Unmarshal([]byte(body), &d); err != nil {
			t.Fatal(err)
		}
		for _, f := range d.Data.Files {
			names[i] = append(names[i], f.ID)
			if f.Size == 0 {
				t.Errorf("%s has no size", f.ID)
			}
		}
	}
	if got := strings.Join(names[0], " ") + "; " + strings.Join(names[1], " "); got != "bill; photo" {
		t.Errorf("the webhook named %s", got)
	}
}

// TestNoRoute: a case that nobody carried is not delivered, until a clerk
// says that it has come.
func TestNoRoute(t *testing.T) {
	x := newRig(t)
	once(t, x.worker(outbox.Options{}))
	c, err := x.store.Case(t.Context(), reference)
	if err != nil || !c.Delivered.IsZero() || x.job(t, "job-1").State != store.JobDone {
		t.Errorf("delivered at %v, %v", c.Delivered, err)
	}
}
