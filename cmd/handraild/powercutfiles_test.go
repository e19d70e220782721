//go:build linux

package main

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"handrail/internal/server/servertest"
)

// A fileTape is what a trace says of the folder of files. Paths are below
// the data folder.
type fileTape struct {
	events []fileEvent
	syncs  []fileEvent // begin, end and path only
}

type fileEvent struct {
	begin, end int
	kind       string // the system call
	path, to   string
	data       []byte
}

var (
	inAngles = regexp.MustCompile(`<([^>]*)>`)
	inQuotes = regexp.MustCompile(`"([^"]*)"`)
)

// add notes a call that is about the folder of files; false when it is not.
func (ft *fileTape) add(data, name, args string, begin, end int) bool {
	var paths, texts []string
	for _, m := range inAngles.FindAllStringSubmatch(args, 2) {
		paths = append(paths, string(unhex(m[1])))
	}
	if len(paths) == 0 {
		return false
	}
	at := func(i int) string { // what the ith text names
		p := texts[i]
		if !filepath.IsAbs(p) {
			p = filepath.Join(paths[min(i, len(paths)-1)], p)
		}
		rel, _ := filepath.Rel(data, p)
		return rel
	}
	e := fileEvent{begin: begin, end: end, kind: name}
	switch name {
	case "mkdirat", "renameat", "renameat2", "unlinkat":
		for _, m := range inQuotes.FindAllStringSubmatch(args, 2) {
			texts = append(texts, string(unhex(m[1])))
		}
		if e.path = at(0); !strings.HasPrefix(e.path, filesDir) {
			return false
		}
		if strings.HasPrefix(name, "renameat") {
			e.kind, e.to = "renameat", at(1)
		}
	default:
		rel, err := filepath.Rel(data, paths[0])
		if err != nil || rel != "." && !strings.HasPrefix(rel, filesDir) {
			return false
		}
		e.path = rel
		switch name {
		case "fsync", "fdatasync":
			ft.syncs = append(ft.syncs, e)
			return rel != "." // the database counts on that one too
		case "write":
			_, text, _ := strings.Cut(args, ">")
			e.data = unhex(text)
		default:
			return false
		}
	}
	ft.events = append(ft.events, e)
	return true
}

// cut writes into dir what the disk could hold if the power had failed at a
// line of the trace.
func (ft *fileTape) cut(t *testing.T, dir string, at int, rng *rand.Rand) {
	t.Helper()
	synced := map[string]int{} // where the last sync that returned was entered
	for _, s := range ft.syncs {
		if s.end < at {
			synced[s.path] = max(synced[s.path], s.begin)
		}
	}
	sure := func(e fileEvent, what string) bool { return e.end < synced[what] || rng.IntN(2) == 0 }
	folders, files := map[string]bool{".": true}, map[string][]byte{}
	for _, e := range slices.SortedFunc(slices.Values(ft.events), func(a, b fileEvent) int { return cmp.Compare(a.begin, b.begin) }) {
		if e.begin >= at {
			continue
		}
		switch e.kind {
		case "mkdirat":
			folders[e.path] = folders[filepath.Dir(e.path)] && sure(e, filepath.Dir(e.path))
		case "write":
			files[e.path] = append(files[e.path], torn(e, e.end < synced[e.path], rng)...)
		case "renameat":
			if b, ok := files[e.path]; ok && sure(e, filepath.Dir(e.to)) {
				delete(files, e.path)
				files[e.to] = b
			}
		case "unlinkat":
			if sure(e, filepath.Dir(e.path)) {
				delete(files, e.path)
			}
		}
	}
	for name, b := range files {
		if !folders[filepath.Dir(name)] {
			continue
		}
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// torn is what of a write is on the disk: all, or any of its sectors.
func torn(e fileEvent, whole bool, rng *rand.Rand) []byte {
	out := slices.Clone(e.data)
	for i := 0; !whole && i < len(out); i += 512 {
		if rng.IntN(2) == 0 {
			clear(out[i:min(i+512, len(out))])
		}
	}
	return out
}

// TestPowerCutFiles cuts the power right after receipts of forms with files:
// cases and files are there. When the server does not wait for the disk, or
// nothing is made safe in the folder of files, something has to be missing.
func TestPowerCutFiles(t *testing.T) {
	tp, data, receipts := recordFiles(t)
	if len(receipts) == 0 || len(tp.acks) < len(receipts)*9/10 {
		t.Fatalf("of %d receipts %d are in the trace", len(receipts), len(tp.acks))
	}
	n := rounds(8)
	if told, wrong := tp.cutFiles(t, n, data, receipts); len(wrong) > 0 {
		t.Errorf("of %d acknowledged %d are wrong in %d cuts, such as %s", told, len(wrong), n, wrong[0])
	} else {
		t.Logf("%d cuts, %d receipts with files: nothing lost", n, len(receipts))
	}
	blind := *tp
	blind.files.syncs = nil
	if _, wrong := blind.cutFiles(t, 4, data, receipts); len(wrong) == 0 {
		t.Error("without a sync of files nothing was lost either: the test sees nothing")
	}
	tp, data, receipts = recordFiles(t, "HANDRAILD_TEST_UNSAFE=1")
	if _, wrong := tp.cutFiles(t, 8, data, receipts); len(wrong) == 0 {
		t.Error("without waiting for the disk nothing was lost either: the test sees nothing")
	}
}

func recordFiles(t *testing.T, env ...string) (tp *tape, data string, receipts map[string][32]byte) {
	t.Helper()
	dir := t.TempDir()
	site, data := filepath.Join(dir, "public"), filepath.Join(dir, "data")
	servertest.WriteSite(t, site, servertest.Papers())
	p, trace := traced(t, site, data, env...)
	stop := make(chan struct{})
	time.AfterFunc(3*time.Second, func() { close(stop) })
	receipts = handIn(t, p, 3, stop)
	p.stop(t, syscall.SIGKILL)
	references := map[string]string{}
	for r := range receipts {
		references[r] = r
	}
	return readTrace(t, trace, data, references), data, receipts
}

// cutFiles cuts the power after acknowledgements; keys is the data folder of
// the server that was traced.
func (tp *tape) cutFiles(t *testing.T, cuts int, keys string, receipts map[string][32]byte) (told int, wrong []string) {
	t.Helper()
	lines := slices.Sorted(maps.Values(tp.acks))
	rng := rand.New(rand.NewPCG(3, 4))
	for range cuts {
		at := lines[rng.IntN(len(lines))] + 1
		dir := tp.cut(t, at, rng)
		tp.files.cut(t, dir, at, rng)
		before := map[string][32]byte{}
		for r, line := range tp.acks {
			if line < at {
				before[r] = receipts[r]
			}
		}
		told += len(before)
		wrong = append(wrong, verifyFiles(t, dir, keys, before)...)
	}
	return told, wrong
}
