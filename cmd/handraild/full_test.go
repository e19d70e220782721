//go:build linux

package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"handrail/internal/server/servertest"
	"handrail/internal/store/sqlite"
)

// TestDiskFull fills the disk of a running server: people see their answers
// and are told so, pages can be read, and when there is room again everything
// goes on by itself.
func TestDiskFull(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	site, _ := newSite(t)
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("skipped: a disk of 8 MB cannot be made here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	data := filepath.Join(disk, "data")
	p, ok := start(t, site, data)
	if !ok {
		t.Fatal(p.stderr)
	}
	// One person is at the last page when the disk fills.
	last := &sender{person: servertest.NewPerson(t, p.remote()), receipts: map[string]string{}}
	if !last.prepare() {
		t.Fatal(last.person.Body)
	}
	ballast := filepath.Join(disk, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(block)
	}
	f.Close()
	// What is left of the log's last pages is used up by others.
	receipts := map[string]string{}
	for i := 0; last.person.Code != http.StatusInsufficientStorage; i++ {
		if i == 2000 {
			t.Fatal("the disk is never full")
		}
		if last.to == "" && !last.prepare() {
			break
		}
		last.send()
	}
	last.person.Want(http.StatusInsufficientStorage, last.person.Title())
	if last.to != "" && (!strings.Contains(last.person.Body, "王秀英") || last.person.Answer.Get("Retry-After") == "") {
		t.Errorf("the answers are not shown, or not when to come again:\n%s", last.person.Body)
	}
	if r := servertest.NewPerson(t, p.remote()).Get("/"); r.Code != http.StatusOK {
		t.Errorf("a page: %d", r.Code)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	time.AfterFunc(time.Second, func() { close(stop) })
	after := load(t, p, 2, stop)
	if len(after) == 0 {
		t.Errorf("nothing is stored after there is room again\n%s", p.stderr)
	}
	for d, r := range after {
		receipts[d] = r
	}
	for d, r := range last.receipts {
		receipts[d] = r
	}
	if code := p.stop(t, syscall.SIGTERM); code != exitClean {
		t.Errorf("exit code %d\n%s", code, p.stderr)
	}
	verify(t, data, receipts)
}

// TestHangUp has 64 people send, of whom a third hang up while they wait, and
// ask again later: each has one receipt, and there is one case for each.
func TestHangUp(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	site, data := newSite(t)
	p, ok := start(t, site, data)
	if !ok {
		t.Fatal(p.stderr)
	}
	receipts := map[string]string{}
	var mu sync.Mutex
	hungUp := 0
	for range rounds(1) {
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				s := &sender{person: servertest.NewPerson(t, p.remote()), receipts: map[string]string{}}
				for n := 0; !s.prepare(); n++ {
					if !s.busy() || n == 20 {
						t.Errorf("%d %s", s.person.Code, s.person.Title())
						return
					}
				}
				to := s.to
				if i%3 == 0 && hangUp(p.url, s) {
					mu.Lock()
					hungUp++
					mu.Unlock()
				}
				for n := 0; s.to != "" && n < 20; n++ {
					if !s.send() {
						break
					}
				}
				mu.Lock()
				defer mu.Unlock()
				if receipts[to] = s.receipts[to]; receipts[to] == "" {
					t.Errorf("no receipt: %d %s", s.person.Code, s.person.Title())
				}
			})
		}
		wg.Wait()
	}
	p.stop(t, syscall.SIGKILL)
	verify(t, data, receipts)
	if r, err := sqlite.Look(t.Context(), data); err != nil || r.Cases != len(receipts) {
		t.Errorf("%d cases of %d people, %v", r.Cases, len(receipts), err)
	}
	t.Logf("%d sent, %d of them hung up before", len(receipts), hungUp)
}

// hangUp sends what a person is about to send and does not wait for the
// answer; false when it came all the same.
func hangUp(base string, s *sender) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rand.Int64N(int64(20*time.Millisecond))))
	defer cancel()
	v := url.Values{}
	for i := 0; i+1 < len(s.own); i += 2 {
		v.Add(s.own[i], s.own[i+1])
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(base, "/")+s.to, strings.NewReader(v.Encode()))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range s.person.Cookies {
		req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		res.Body.Close()
	}
	return err != nil
}
