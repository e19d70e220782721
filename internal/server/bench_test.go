package server

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"

	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/store/sqlite"
)

const benchClients = 64

// benchServer is a server on loopback over a real database, fsynced.
func benchServer(b *testing.B) (*Server, *httptest.Server) {
	b.Helper()
	st, err := sqlite.Open(b.Context(), b.TempDir(), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	s := benchOver(b, st, servertest.Identities(b, 2))
	s.byAddr = newLimiter(time.Now, 1e9, 1e9) // 64 clients behind one address are the load, not an attack
	s.byDraft = newLimiter(time.Now, 1e9, 1e9)
	h := httptest.NewServer(s.Handler())
	b.Cleanup(h.Close)
	return s, h
}

// benchOver is a server over a store, for a department with keys.
func benchOver(b testing.TB, st store.Store, keys []*age.X25519Identity) *Server {
	b.Helper()
	s, err := New(b.Context(), Options{
		Store: st, Kit: servertest.Kit(b, servertest.Form()), Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Recipients: map[string][]age.Recipient{"housing": {keys[0].Recipient(), keys[1].Recipient()}},
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// A prepared draft needs only to be sent.
type prepared struct{ path, cookie, body string }

// prepare fills in n drafts with 1 KB of answers. The secret's derivation,
// which belongs to the beginning of a draft, and the envelopes, which belong to
// its last step, are made once for all: they are not what is measured.
func prepare(b *testing.B, s *Server, n int) []prepared {
	b.Helper()
	public := seal.NewPublic(seal.NewCode())
	form := s.kit.Load().Form("heating")
	own, err := seal.ParseRecipient(public.Recipient)
	if err != nil {
		b.Fatal(err)
	}
	envelope, err := seal.NewEnvelope(append([]age.Recipient{own}, s.opt.Recipients[form.Department]...)...)
	if err != nil {
		b.Fatal(err)
	}
	out := make([]prepared, n)
	var wg sync.WaitGroup
	var next atomic.Int64
	for range benchClients {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				d := &openDraft{form: form, key: seal.NewKey(), box: box{Opening: 1, Envelope: envelope, Answers: &forms.Answers{Values: map[string][]string{
					"name": {"王秀英"}, "phone": {"13800138000"}, "heated": {"no"}, "stove": {strings.Repeat("煤炉取暖。", 64)}}}}}
				if err := s.createWith(b.Context(), d, place{lang: "zh-Hans", edition: "standard"}, time.Now(), "you", public); err != nil {
					b.Error(err)
					return
				}
				out[i] = prepared{d.path() + "send", draftCookie + d.ID + "=" + d.key.Encode(), url.Values{inputToken: {d.token()}}.Encode()}
			}
		})
	}
	wg.Wait()
	return out
}

// BenchmarkSend measures the final send: 64 clients on loopback, drafts of
// 1 KB, sealed for the department's two recipients and the secret, stored with
// its job, fsynced before the answer.
func BenchmarkSend(b *testing.B) {
	s, h := benchServer(b)
	drafts := prepare(b, s, b.N)
	b.ResetTimer()
	report(b, h, drafts, http.StatusSeeOther)
}

// report posts what is prepared from 64 clients and reports rate and times.
func report(b *testing.B, h *httptest.Server, work []prepared, want int) {
	client := &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: benchClients},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	took := make([]time.Duration, len(work))
	var next atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for range benchClients {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(work)); i = next.Add(1) - 1 {
				start := time.Now()
				if err := post(client, h.URL, work[i], want); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(start)
			}
		})
	}
	wg.Wait()
	all := time.Since(began)
	slices.Sort(took)
	at := func(p float64) float64 {
		return float64(took[int(p*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(float64(len(work))/all.Seconds(), "sends/s")
	b.ReportMetric(at(.5), "p50-ms")
	b.ReportMetric(at(.99), "p99-ms")
	b.ReportMetric(rss(), "RSS-MB")
}

func post(client *http.Client, base string, p prepared, want int) error {
	req, err := http.NewRequest(http.MethodPost, base+p.path, strings.NewReader(p.body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Cookie", p.cookie)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
	if res.StatusCode != want {
		return fmt.Errorf("%s: %s", p.path, res.Status)
	}
	return nil
}

// rss is the memory of this process, clients included, in MB.
func rss() float64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.Atoi(strings.Fields(string(b))[1])
	return float64(pages*os.Getpagesize()) / (1 << 20)
}

// BenchmarkStep measures one step of a draft: read, checked, sealed, stored.
func BenchmarkStep(b *testing.B) {
	s, h := benchServer(b)
	steps := prepare(b, s, b.N)
	for i := range steps {
		v, _ := url.ParseQuery(steps[i].body)
		v.Set("name", "李秀英")
		steps[i].path = strings.TrimSuffix(steps[i].path, "send") + "you"
		steps[i].body = v.Encode()
	}
	b.ResetTimer()
	report(b, h, steps, http.StatusSeeOther)
}
