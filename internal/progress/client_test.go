package progress_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"handrail/internal/progress"
	"handrail/internal/seal"
	"handrail/internal/server"
	"handrail/internal/server/servertest"
	"handrail/internal/store/sqlite"
)

// serve starts a real server over a database in dir.
func serve(t *testing.T) (url, dir string) {
	t.Helper()
	dir = t.TempDir()
	st, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	keys := servertest.Identities(t, 2)
	srv, err := server.New(t.Context(), server.Options{
		Store: st, Kit: servertest.Kit(t, servertest.Form()), Now: servertest.NewClock().Now, Log: slog.New(slog.DiscardHandler),
		Recipients: map[string][]age.Recipient{"housing": {keys[0].Recipient(), keys[1].Recipient()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(srv.Handler())
	t.Cleanup(h.Close)
	return h.URL, dir
}

func device(t *testing.T, url string, card seal.Code) *progress.Client {
	t.Helper()
	k, err := progress.KeysOf(card)
	if err != nil {
		t.Fatal(err)
	}
	return &progress.Client{Base: url, HTTP: http.DefaultClient, Keys: k}
}

func entry(dev string, clock progress.Clock, block string) *progress.Slot {
	return &progress.Slot{V: 1, Page: "services/bus-card", Entries: []progress.Entry{
		{Device: dev, Clock: clock, Block: block, Reason: progress.Mark, Title: "公交卡怎么办", URL: "/services/bus-card/"}}}
}

// TestClient lets devices of one card write at the same time: all end with
// the same, and the disk shows nothing of what they read.
func TestClient(t *testing.T) {
	t.Parallel()
	url, dir := serve(t)
	card := seal.NewCode()
	one, two := device(t, url, card), device(t, url, card)
	ctx := t.Context()
	if err := one.Pull(ctx); err != nil || len(one.Pages()) != 0 {
		t.Fatalf("a card that is not known: %v", err)
	}
	var wg sync.WaitGroup
	for i, c := range []*progress.Client{one, two} {
		wg.Go(func() {
			for n := range 5 {
				if err := c.Put(ctx, entry(fmt.Sprint("device", i), progress.Clock(100*n+i), fmt.Sprint("block", n))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, c := range []*progress.Client{one, two} {
		if err := c.Pull(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(one.Slot("services/bus-card"), two.Slot("services/bus-card")); d != "" {
		t.Errorf("the devices differ:\n%s", d)
	}
	offer := one.Slot("services/bus-card").Offer("device0")
	if offer == nil || offer.Device != "device1" || offer.Block != "block4" {
		t.Errorf("offer: %+v", offer)
	}
	stranger := device(t, url, seal.NewCode())
	if err := stranger.Pull(ctx); err != nil || len(stranger.Pages()) != 0 {
		t.Errorf("a stranger sees %d pages, %v", len(stranger.Pages()), err)
	}
	unreadable(t, dir, "services/bus-card", "公交卡", "block4", "device0", card.Digits(), card.Groups(), "127.0.0.1", "Go-http-client")
	if err := one.Erase(ctx); err != nil {
		t.Fatal(err)
	}
	fresh := device(t, url, card)
	if err := fresh.Pull(ctx); err != nil || len(fresh.Pages()) != 0 {
		t.Errorf("after erasing: %d pages, %v", len(fresh.Pages()), err)
	}
	if err := two.Put(ctx, entry("device1", 1000, "block9")); err != nil { // finds its slot gone and makes it
		t.Error(err)
	}
}

// TestClientWorks: when many cards are made, the next one costs work, and the
// client does it.
func TestClientWorks(t *testing.T) {
	t.Parallel()
	url, _ := serve(t)
	for range 11 {
		if err := device(t, url, seal.NewCode()).Put(t.Context(), entry("a", 1, "x")); err != nil {
			t.Fatal(err)
		}
	}
}

// TestClientRefused: an answer that is no success is an error with its word.
func TestClientRefused(t *testing.T) {
	t.Parallel()
	url, _ := serve(t)
	c := device(t, url+"/nowhere", seal.NewCode())
	var refused *progress.ErrRefused
	if err := c.Pull(t.Context()); !errors.As(err, &refused) || refused.Code != 404 {
		t.Errorf("err = %v", err)
	}
}

func unreadable(t *testing.T, dir string, canaries ...string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, c := range canaries {
			if bytes.Contains(b, []byte(c)) {
				t.Errorf("%q can be read in %s", c, filepath.Base(path))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
