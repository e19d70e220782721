//go:build linux

package server

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"handrail/internal/seal"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/store/pgtest"
	"handrail/internal/store/postgres"
	"handrail/internal/store/sqlite"
)

// A figure is what one run was like.
type figure struct {
	rate          float64 // answers a second
	p50, p99, max time.Duration
	memory        float64       // of the server, after the run, in MB
	cpu           time.Duration // of the server, for one request
}

func (f figure) String() string {
	return fmt.Sprintf("%6.0f/s  p50 %6.1f  p99 %6.1f  max %6.1f ms  %5.1f MB  CPU %4d µs",
		f.rate, milli(f.p50), milli(f.p99), milli(f.max), f.memory, f.cpu.Microseconds())
}

func milli(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// drive writes requests over benchClients connections that stay open, the next
// one when the answer to the last is read. The client is as small as it can
// be: it runs on the same processors as the server that is measured.
func drive(b *testing.B, addr string, requests [][]byte, want int) figure {
	b.Helper()
	took := make([]time.Duration, len(requests))
	var next atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for range benchClients {
		wg.Go(func() {
			if err := dialogue(addr, requests, took, &next, want); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	all := time.Since(began)
	slices.Sort(took)
	at := func(p float64) time.Duration { return took[int(p*float64(len(took)-1))] }
	return figure{rate: float64(len(requests)) / all.Seconds(), p50: at(.5), p99: at(.99), max: at(1)}
}

func dialogue(addr string, requests [][]byte, took []time.Duration, next *atomic.Int64, want int) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	r := bufio.NewReader(c)
	for i := next.Add(1) - 1; i < int64(len(requests)); i = next.Add(1) - 1 {
		start := time.Now()
		if _, err := c.Write(requests[i]); err != nil {
			return err
		}
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			return err
		}
		if res.StatusCode != want {
			return fmt.Errorf("%s: %.300s", res.Status, body)
		}
		took[i] = time.Since(start)
	}
	return nil
}

// request writes a POST as it goes over the wire.
func request(path, contentType, headers, body string) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n%s",
		path, contentType, len(body), headers, body)
}

// serving runs a server, measures it and stops it.
func serving(b *testing.B, cmd *exec.Cmd, addr string, requests [][]byte, want int) figure {
	b.Helper()
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
	}()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
			break
		}
		if time.Now().After(deadline) {
			b.Fatalf("%s does not start\n%s", cmd.Path, said.String())
		}
	}
	before := cpuOf(cmd.Process.Pid)
	f := drive(b, addr, requests, want)
	f.cpu = (cpuOf(cmd.Process.Pid) - before) / time.Duration(len(requests))
	f.memory = memoryOf(cmd.Process.Pid)
	return f
}

// cpuOf is the processor time that a process has used (proc_pid_stat(5)).
func cpuOf(pid int) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	var user, system int64
	fmt.Sscan(fields[11], &user)
	fmt.Sscan(fields[12], &system)
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100
}

// memoryOf is what a process has in memory, in MB.
func memoryOf(pid int) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	var size, resident int
	fmt.Sscan(string(b), &size, &resident)
	return float64(resident*os.Getpagesize()) / (1 << 20)
}

func freeAddr(b *testing.B) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A peer is one of the servers that are compared.
type peer struct {
	name string
	run  func(b *testing.B, n int) figure
}

// pocketBase is PocketBase with plain JSON records of 1 KB.
func pocketBase(program string) peer {
	return peer{"PocketBase 0.39.0 (NORMAL)", func(b *testing.B, n int) figure {
		requests := make([][]byte, n)
		for i := range requests {
			body := fmt.Sprintf(`{"token":"%s","name":"王秀英","phone":"13800138000","stove":"%s"}`, seal.NewID(), strings.Repeat("煤炉取暖。", 64))
			requests[i] = request("/api/collections/applications/records", "application/json", "", body)
		}
		addr := freeAddr(b)
		return serving(b, exec.Command(program, "serve", "--dir", b.TempDir(), "--http", addr), addr, requests, http.StatusOK)
	}}
}

// handraild is the real program over a database that open opens; url is the
// address of a PostgreSQL, or "".
func handraild(name, program, url string, open func(dir string) (store.Store, error), work func(prepared) (path, body string)) peer {
	return peer{name, func(b *testing.B, n int) figure {
		dir := b.TempDir()
		site, data, addr := filepath.Join(dir, "public"), filepath.Join(dir, "data"), freeAddr(b)
		servertest.WriteSite(b, site, servertest.Form())
		keys := servertest.Identities(b, 2)
		config := fmt.Sprintf("listen: %s\ntrusted-proxies: [127.0.0.1]\nunproved-keys: true\ndepartments:\n  housing:\n    recipients: [%s, %s]\n",
			addr, keys[0].Recipient(), keys[1].Recipient())
		if url != "" {
			config += "database: file:" + filepath.Join(dir, "database") + "\n"
		}
		st, err := open(data)
		if err != nil {
			b.Fatal(err)
		}
		drafts := prepare(b, benchOver(b, st, keys), n)
		if err := errors.Join(st.Close(), os.WriteFile(filepath.Join(dir, "database"), []byte(url), 0o600),
			os.WriteFile(filepath.Join(dir, "server.yaml"), []byte(config), 0o600)); err != nil {
			b.Fatal(err)
		}
		requests := make([][]byte, n)
		for i, d := range drafts {
			// Each as if from another house: one address would be slowed down.
			headers := fmt.Sprintf("Cookie: %s\r\nSec-Fetch-Site: same-origin\r\nX-Forwarded-For: 10.%d.%d.%d\r\n", d.cookie, i>>16&255, i>>8&255, i&255)
			path, body := work(d)
			requests[i] = request(path, "application/x-www-form-urlencoded", headers, body)
		}
		cmd := exec.Command(program, "serve", "--site", site, "--data", data, "--config", filepath.Join(dir, "server.yaml"))
		return serving(b, cmd, addr, requests, http.StatusSeeOther)
	}}
}

func sends(d prepared) (path, body string) { return d.path, d.body }

// steps answers the last page again: checked, sealed and stored like any step.
func steps(d prepared) (path, body string) {
	return strings.TrimSuffix(d.path, "send") + "home", d.body + "&heated=no&stove=" + strings.Repeat("x", 900)
}

// BenchmarkPeers has the real programs take turns, on the same processors and
// the same disk: HANDRAIL_RUNS runs of HANDRAIL_SENDS requests each.
// HANDRAIL_POCKETBASE and HANDRAIL_PROGRAM name the programs.
func BenchmarkPeers(b *testing.B) {
	program, other := os.Getenv("HANDRAIL_PROGRAM"), os.Getenv("HANDRAIL_POCKETBASE")
	if program == "" || other == "" {
		b.Skip("skipped: make bench-server builds the programs and runs this")
	}
	openSQLite := func(dir string) (store.Store, error) { return sqlite.Open(b.Context(), dir, sqlite.Options{}) }
	peers := []peer{
		handraild("handraild, SQLite (FULL)", program, "", openSQLite, sends),
		pocketBase(other),
		handraild("handraild, SQLite, a step", program, "", openSQLite, steps),
	}
	if os.Getenv("HANDRAIL_POSTGRES") != "no" {
		c := pgtest.Start(b)
		for _, p := range []struct {
			name string
			work func(prepared) (path, body string)
		}{{"handraild, PostgreSQL", sends}, {"handraild, PostgreSQL, a step", steps}} {
			peers = append(peers, peer{p.name, func(b *testing.B, n int) figure {
				url := c.Database(b)
				return handraild(p.name, program, url, func(string) (store.Store, error) {
					return postgres.Open(b.Context(), url, postgres.Options{})
				}, p.work).run(b, n)
			}})
		}
	}
	runs, n := number("HANDRAIL_RUNS", 5), number("HANDRAIL_SENDS", 10000)
	all := make([][]figure, len(peers))
	for range runs {
		for i, p := range peers {
			f := p.run(b, n)
			fmt.Printf("%-30s %v\n", p.name, f)
			all[i] = append(all[i], f)
		}
	}
	fmt.Printf("\nmedians of %d runs of %d requests, %d clients\n", runs, n, benchClients)
	medians := make([]figure, len(peers))
	for i, p := range peers {
		medians[i] = median(all[i])
		fmt.Printf("%-30s %v\n", p.name, medians[i])
	}
	ratio := medians[0].rate / medians[1].rate
	b.ReportMetric(ratio, "ratio")
	if ratio < 2 {
		b.Errorf("sending is %.2f times as fast as PocketBase; want 2", ratio)
	}
	if medians[0].p99 > medians[1].p99 {
		b.Errorf("one of a hundred waits %v, with PocketBase %v", medians[0].p99, medians[1].p99)
	}
}

// median takes the median of each value by itself.
func median(all []figure) figure {
	at := func(key func(figure) float64) float64 {
		v := make([]float64, len(all))
		for i, f := range all {
			v[i] = key(f)
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	span := func(key func(figure) time.Duration) time.Duration {
		return time.Duration(at(func(f figure) float64 { return float64(key(f)) }))
	}
	return figure{
		cpu:  span(func(f figure) time.Duration { return f.cpu }),
		rate: at(func(f figure) float64 { return f.rate }), memory: at(func(f figure) float64 { return f.memory }),
		p50: span(func(f figure) time.Duration { return f.p50 }), p99: span(func(f figure) time.Duration { return f.p99 }),
		max: span(func(f figure) time.Duration { return f.max }),
	}
}

func number(name string, usual int) int {
	n := usual
	fmt.Sscan(os.Getenv(name), &n)
	return n
}
