//go:build linux

package main

import (
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/store/pgtest"
	"handrail/internal/store/postgres"
)

// startOn starts an instance on a database, with the keys of site in data.
func startOn(t *testing.T, site, data, url string) *process {
	t.Helper()
	exe, err := exec.LookPath("handraild")
	if err != nil {
		t.Fatal(err)
	}
	secret, config := filepath.Join(data, "database"), filepath.Join(data, "server.yaml")
	if err := errors.Join(os.MkdirAll(data, 0o700), os.WriteFile(secret, []byte(url+"\n"), 0o600),
		os.WriteFile(config, []byte("database: file:"+secret+"\ntrusted-proxies: [127.0.0.1]\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	p, ok := launch(t, []string{exe, "serve", "--site", site, "--data", data, "--config", config, "--demo", "--listen", "127.0.0.1:0"})
	if !ok {
		t.Fatalf("the server does not start\n%s", p.stderr)
	}
	return p
}

// TestPostgres runs two instances of the real program on one database.
func TestPostgres(t *testing.T) {
	c := pgtest.Start(t)
	t.Run("OneDraftTwoInstances", func(t *testing.T) { oneDraft(t, c.Database(t)) })
	t.Run("KillOne", func(t *testing.T) { killOne(t, c) })
	t.Run("Restart", func(t *testing.T) { restartUnder(t, c) })
}

// oneDraft fills in a form on one instance, sends it on both, undoes it on
// the other, and sends it again on the first.
func oneDraft(t *testing.T, url string) {
	site, data := newSite(t)
	one, two := startOn(t, site, data+"1", url), startOn(t, site, data+"2", url)
	p := servertest.NewPerson(t, one.remote()).Fill("")
	to, own := p.Form()
	answers := make(chan string)
	for i := range 10 {
		q := servertest.NewPerson(t, []*process{one, two}[i%2].remote())
		q.Cookies = maps.Clone(p.Cookies)
		go func() {
			q.Post(to, own...)
			answers <- q.Title() + " " + q.Text("reference")
		}()
	}
	first := <-answers
	for range 9 {
		if a := <-answers; a != first || !strings.HasPrefix(a, "sent ") {
			t.Errorf("one draft is answered %q and %q", first, a)
		}
	}
	for _, x := range []*process{one, two} {
		if code := x.stop(t, syscall.SIGTERM); code != exitClean {
			t.Errorf("exit code %d\n%s", code, x.stderr)
		}
	}
	if n := cases(t, url); n != 1 {
		t.Errorf("%d cases; want 1", n)
	}
}

func cases(t *testing.T, url string) int {
	t.Helper()
	st, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	s, err := st.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s.Cases
}

// verifyPostgres looks for everything that was acknowledged.
func verifyPostgres(t *testing.T, url string, receipts map[string]string) {
	t.Helper()
	st, err := postgres.Open(context.WithoutCancel(t.Context()), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for draft, reference := range receipts {
		c, err := st.Case(t.Context(), reference)
		if err != nil || c.State != store.Held || !strings.Contains(draft, c.Draft) {
			t.Errorf("acknowledged %s: %v", reference, err)
		}
		if jobs, err := st.Jobs(t.Context(), reference); err != nil || len(jobs) != 1 {
			t.Errorf("%s has %d jobs, %v", reference, len(jobs), err)
		}
	}
	if len(receipts) == 0 {
		t.Error("nothing was acknowledged")
	}
	t.Logf("%d acknowledged, all there", len(receipts))
}

// killOne kills one of two instances under load, again and again.
func killOne(t *testing.T, c *pgtest.Cluster) {
	url := c.Database(t)
	site, data := newSite(t)
	receipts := map[string]string{}
	stays := startOn(t, site, data+"1", url)
	for range rounds(2) {
		dies := startOn(t, site, data+"2", url)
		stop, done := make(chan struct{}), make(chan map[string]string)
		for _, p := range []*process{stays, dies} {
			go func() { done <- load(t, p, 4, stop) }()
		}
		time.Sleep(700 * time.Millisecond)
		dies.stop(t, syscall.SIGKILL)
		time.Sleep(300 * time.Millisecond)
		close(stop)
		maps.Copy(receipts, <-done)
		maps.Copy(receipts, <-done)
	}
	verifyPostgres(t, url, receipts)
}

// restartUnder restarts the database as if it had crashed, under load.
func restartUnder(t *testing.T, c *pgtest.Cluster) {
	url := c.Database(t)
	site, data := newSite(t)
	p := startOn(t, site, data, url)
	stop, done := make(chan struct{}), make(chan map[string]string)
	go func() { done <- load(t, p, 6, stop) }()
	for range rounds(2) {
		time.Sleep(2 * time.Second)
		c.Restart(t)
	}
	time.Sleep(5 * time.Second) // a slow machine needs some of it to connect again
	close(stop)
	receipts := <-done
	if code := p.stop(t, syscall.SIGTERM); code != exitClean {
		t.Errorf("exit code %d\n%s", code, p.stderr)
	}
	verifyPostgres(t, url, receipts)
}
