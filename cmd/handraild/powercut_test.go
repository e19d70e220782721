//go:build linux

package main

import (
	"bufio"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"handrail/internal/store/sqlite"
)

// A change is what a system call did to a file of the database. begin and end
// are lines of the trace.
type change struct {
	begin, end int
	file       string
	data       []byte
	off        int64
	truncate   bool // to off
	removed    bool
}

// A tape is what the trace of a server says, in order.
type tape struct {
	changes []change
	syncs   []change       // begin, end and file only
	files   fileTape       // what people handed in
	acks    map[string]int // of each reference: the line where telling it began
	lines   int
}

var (
	callLine = regexp.MustCompile(`^(\d+)\s+(\w+)\((.*)$`)
	resumed  = regexp.MustCompile(`^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$`)
	offset   = regexp.MustCompile(`", \d+, (\d+)\)`)
	failed   = regexp.MustCompile(`= -1 E\w+`)
)

// record runs the real program under strace and load, and reads the trace.
func record(t *testing.T, env ...string) (tp *tape, receipts map[string]string) {
	t.Helper()
	site, data := newSite(t)
	p, trace := traced(t, site, data, env...)
	stop := make(chan struct{})
	time.AfterFunc(3*time.Second, func() { close(stop) })
	receipts = load(t, p, 4, stop)
	p.stop(t, syscall.SIGKILL)
	return readTrace(t, trace, data, receipts), receipts
}

// traced starts the real program under strace, which writes down every call
// that changes a file or makes it safe.
func traced(t *testing.T, site, data string, env ...string) (p *process, trace string) {
	t.Helper()
	tracer := strace(t)
	trace = filepath.Join(t.TempDir(), "trace")
	before := append([]string{"/usr/bin/env"}, env...)
	before = append(before, tracer, "-f", "-y", "-xx", "-s", "1048576", "-o", trace,
		"-e", "trace=write,pwrite64,ftruncate,fsync,fdatasync,unlink,unlinkat,mkdirat,renameat,renameat2")
	p, ok := start(t, site, data, before...)
	if !ok {
		t.Skipf("skipped: strace cannot run here\n%s", p.stderr)
	}
	return p, trace
}

func readTrace(t *testing.T, trace, data string, receipts map[string]string) *tape {
	t.Helper()
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tp := &tape{acks: map[string]int{}}
	type open struct {
		begin int
		name  string
		args  string
	}
	waiting := map[string]open{}
	for r := bufio.NewReaderSize(f, 1<<20); ; tp.lines++ {
		line, err := r.ReadString('\n')
		if err != nil {
			return tp
		}
		line = strings.TrimSuffix(line, "\n")
		if m := resumed.FindStringSubmatch(line); m != nil {
			o := waiting[m[1]]
			delete(waiting, m[1])
			tp.add(data, o.name, o.args+m[3], o.begin, tp.lines, receipts)
			continue
		}
		m := callLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if args, cut := strings.CutSuffix(m[3], " <unfinished ...>"); cut {
			waiting[m[1]] = open{tp.lines, m[2], args}
			continue
		}
		tp.add(data, m[2], m[3], tp.lines, tp.lines, receipts)
	}
}

// add notes one whole call.
func (tp *tape) add(data, name, args string, begin, end int, receipts map[string]string) {
	if failed.MatchString(args) {
		return
	}
	if tp.files.add(data, name, args, begin, end) {
		return
	}
	if strings.HasPrefix(name, "unlink") {
		path := string(unhex(args))
		if filepath.Dir(path) == data {
			tp.changes = append(tp.changes, change{begin: begin, end: end, file: filepath.Base(path), removed: true})
		}
		return
	}
	fd, rest, ok := strings.Cut(args, "<")
	if !ok || fd == "" {
		return
	}
	hexPath, rest, _ := strings.Cut(rest, ">")
	path := string(unhex(hexPath))
	c := change{begin: begin, end: end, file: filepath.Base(path)}
	ours := filepath.Dir(path) == data && strings.HasPrefix(c.file, sqlite.FileName)
	switch {
	case name == "write" && !strings.HasPrefix(path, "/"):
		text := string(unhex(rest))
		for _, ref := range receipts {
			if _, told := tp.acks[ref]; !told && strings.Contains(text, ref) {
				tp.acks[ref] = begin
			}
		}
	case path == data && name == "fsync": // the names in the folder
		c.file = "."
		tp.syncs = append(tp.syncs, c)
	case !ours:
	case name == "fsync" || name == "fdatasync":
		tp.syncs = append(tp.syncs, c)
	case name == "ftruncate":
		c.truncate = true
		size, _, _ := strings.Cut(strings.TrimPrefix(rest, ", "), ")")
		c.off, _ = strconv.ParseInt(size, 10, 64)
		tp.changes = append(tp.changes, c)
	case name == "pwrite64":
		c.data = unhex(rest)
		c.off, _ = strconv.ParseInt(offset.FindStringSubmatch(rest)[1], 10, 64)
		tp.changes = append(tp.changes, c)
	}
}

// unhex reads the first text of a call, written as \x41\x42.
func unhex(s string) []byte {
	if i := strings.IndexByte(s, '"'); i >= 0 {
		s = s[i+1:]
		s = s[:strings.IndexByte(s, '"')]
	}
	if !strings.Contains(s, `\x`) {
		return []byte(s)
	}
	b, _ := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
	return b
}

// cut writes what the disk could hold if the power had failed at a line of
// the trace: everything that was synced, and of the rest any sectors.
func (tp *tape) cut(t *testing.T, at int, rng *rand.Rand) (dir string) {
	t.Helper()
	synced := map[string]int{} // file → where its last sync that returned was entered
	for _, s := range tp.syncs {
		if s.end < at {
			synced[s.file] = max(synced[s.file], s.begin)
		}
	}
	files := map[string][]byte{}
	for _, c := range tp.changes {
		if c.begin >= at {
			continue
		}
		if c.removed {
			if c.end < synced["."] || rng.IntN(2) == 0 {
				delete(files, c.file)
			}
			continue
		}
		sure := c.end < synced[c.file]
		b := files[c.file]
		if c.truncate {
			if sure || rng.IntN(2) == 0 {
				b = append(b, make([]byte, max(0, int(c.off)-len(b)))...)[:c.off]
			}
			files[c.file] = b
			continue
		}
		for i := 0; i < len(c.data); i += 512 {
			piece := c.data[i:min(i+512, len(c.data))]
			if !sure && rng.IntN(2) == 0 {
				continue
			}
			end := int(c.off) + i + len(piece)
			b = append(b, make([]byte, max(0, end-len(b)))...)
			copy(b[int(c.off)+i:], piece)
		}
		files[c.file] = b
	}
	dir = t.TempDir()
	for name, b := range files {
		if strings.HasSuffix(name, "-shm") {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// lost counts what was acknowledged before a cut and is not there after it.
func (tp *tape) lost(t *testing.T, at int, rng *rand.Rand) (told, lost int) {
	t.Helper()
	dir := tp.cut(t, at, rng)
	st, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err == nil {
		defer st.Close()
	} else {
		t.Logf("the database cannot be opened: %v", err)
	}
	for ref, line := range tp.acks {
		if line >= at {
			continue
		}
		told++
		if err != nil {
			lost++
		} else if _, err := st.Case(t.Context(), ref); err != nil {
			lost++
		}
	}
	return told, lost
}

// TestPowerCut cuts the power at moments right after an acknowledgement:
// nothing that was acknowledged is lost. The same server, made to commit
// without waiting for the disk, has to lose something, or the test sees
// nothing.
func TestPowerCut(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	tp, receipts := record(t)
	// Where a page is written in two pieces, the number may be cut in two.
	if len(receipts) == 0 || len(tp.acks) < len(receipts)*9/10 {
		t.Fatalf("of %d receipts %d are in the trace", len(receipts), len(tp.acks))
	}
	n := rounds(8)
	if told, lost := tp.many(t, n); lost > 0 {
		t.Errorf("%d of %d acknowledged were lost in %d cuts", lost, told, n)
	} else {
		t.Logf("%d cuts in a trace of %d system calls, %d syncs, %d acknowledged: nothing lost", n, tp.lines, len(tp.syncs), len(receipts))
	}
	tp, _ = record(t, "HANDRAILD_TEST_UNSAFE=1")
	if _, lost := tp.many(t, 8); lost == 0 {
		t.Error("without waiting for the disk nothing was lost either: the test sees nothing")
	}
}

func (tp *tape) many(t *testing.T, cuts int) (told, lost int) {
	t.Helper()
	var lines []int
	for _, line := range tp.acks {
		lines = append(lines, line)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range cuts {
		a, b := tp.lost(t, lines[rng.IntN(len(lines))]+1, rng)
		told, lost = told+a, lost+b
	}
	return told, lost
}
