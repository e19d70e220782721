package serve

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkFloor has pages and the least that net/http can answer take turns
// on loopback, 64 connections each; "of-hello" is the ratio of their rates.
func BenchmarkFloor(b *testing.B) {
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), bytes.Repeat([]byte("<p>x</p>\n"), 100), 0o600); err != nil {
		b.Fatal(err)
	}
	site, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer site.Close()
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })
	var spent [2]time.Duration
	const turns = 10
	for range turns {
		for i, h := range []http.Handler{hello, site} {
			spent[i] += ask(b, h, b.N)
		}
	}
	b.ReportMetric(float64(spent[0])/float64(spent[1]), "of-hello")
	b.ReportMetric(float64(turns*b.N)/spent[1].Seconds(), "pages/s")
}

// ask has n requests answered over 64 connections and says how long it took.
func ask(b *testing.B, h http.Handler, n int) time.Duration {
	b.Helper()
	s := httptest.NewServer(h)
	defer s.Close()
	request := []byte("GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
	var next atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for range 64 {
		wg.Go(func() {
			c, err := net.Dial("tcp", s.Listener.Addr().String())
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			r := bufio.NewReader(c)
			for next.Add(1) <= int64(n) {
				if err := dialogue(c, r, request); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

func dialogue(c net.Conn, r *bufio.Reader, request []byte) error {
	if _, err := c.Write(request); err != nil {
		return err
	}
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", res.Status)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}
