//go:build linux

package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"handrail/internal/server/servertest"
	"handrail/internal/store/sqlite"
)

// tool runs the program once.
func tool(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out, err := exec.Command("handraild", args...).CombinedOutput()
	return string(out), err
}

// canaries are bytes of a case that must be nowhere once it is deleted.
func canaries(t *testing.T, data, reference string) [][]byte {
	t.Helper()
	st, err := sqlite.Open(t.Context(), data, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	c, err := st.Case(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	return [][]byte{c.Sealed[:48], c.Sealed[len(c.Sealed)-48:], c.Check, c.Token, []byte(c.Recipient), []byte(c.Draft)}
}

// found says which files of the data folder have one of the canaries.
func found(t *testing.T, data string, canaries [][]byte) (names []string) {
	t.Helper()
	err := filepath.WalkDir(data, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return nil
		}
		for _, c := range canaries {
			if bytes.Contains(b, c) || bytes.Contains([]byte(name), c) {
				names = append(names, name)
				return nil
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestDeleteAndRestore has a running server copy everything, then delete a
// case: its bytes are nowhere, and the copy does not bring it back.
func TestDeleteAndRestore(t *testing.T) {
	site, data := newSite(t)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(data)
	config, identity, copies := filepath.Join(dir, "server.yaml"), filepath.Join(dir, "key.txt"), filepath.Join(dir, "copies")
	for name, text := range map[string]string{
		config:   "backup:\n  folder: " + copies + "\n  recipients: [" + key.Recipient().String() + ", " + other.Recipient().String() + "]\n",
		identity: key.String() + "\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, ok := start(t, site, data)
	if !ok {
		t.Fatal(p.stderr)
	}
	var references []string
	for range 3 {
		x := servertest.NewPerson(t, p.remote()).Fill("")
		x.Submit()
		references = append(references, strings.ReplaceAll(x.Text("reference"), " ", ""))
	}
	p.stop(t, syscall.SIGTERM)
	gone := references[1]
	bytesOf := canaries(t, data, gone)
	if len(found(t, data, bytesOf)) == 0 {
		t.Fatal("the test looks in the wrong place")
	}

	exe, err := exec.LookPath("handraild")
	if err != nil {
		t.Fatal(err)
	}
	p, ok = launch(t, []string{exe, "serve", "--site", site, "--data", data, "--config", config, "--demo", "--listen", "127.0.0.1:0"})
	if !ok {
		t.Fatal(p.stderr)
	}
	if out, err := tool(t, "backup", "--data", data, "--config", config); err != nil || !strings.Contains(out, "read back") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := tool(t, "delete", "12", "--data", data); err == nil || !strings.Contains(out, "no case 12") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := tool(t, "delete", gone, "--why", "asked", "--data", data); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		names := found(t, data, bytesOf)
		if len(names) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("what was deleted is still in %v", names)
		}
	}
	// Without a server the command opens the database itself.
	p.stop(t, syscall.SIGKILL)
	time.Sleep(200 * time.Millisecond)
	if out, err := tool(t, "delete", references[2], "--data", data); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	made, err := filepath.Glob(filepath.Join(copies, "*.age"))
	if err != nil || len(made) != 1 {
		t.Fatalf("%v, %v", made, err)
	}
	again := filepath.Join(dir, "again")
	out, err := tool(t, "restore", made[0], "--data", again, "--identity", identity, "--tombstones", filepath.Join(data, "tombstones.jsonl"))
	if err != nil || !strings.Contains(out, "2 cases were deleted again") {
		t.Fatalf("%v\n%s", err, out)
	}
	r, err := sqlite.Look(t.Context(), again)
	if err != nil || r.Cases != 1 {
		t.Errorf("%+v, %v; want one case", r, err)
	}
	if names := found(t, again, bytesOf); len(names) > 0 {
		t.Errorf("what was deleted came back into %v", names)
	}
	if out, err := tool(t, "restore", made[0], "--data", again, "--identity", identity); err == nil {
		t.Errorf("restored over something\n%s", out)
	}
}
