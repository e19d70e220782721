package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"handrail/internal/cli"
	"handrail/internal/desk"
	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/server"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
)

// TestOpenGoesOn: what cannot be opened, and a file that cannot be saved, keep
// nothing else from the clerk, and are counted.
func TestOpenGoesOn(t *testing.T) {
	keys := servertest.Identities(t, 2)
	sealed := func(v any) []byte {
		t.Helper()
		b, ok := v.([]byte)
		if !ok {
			var err error
			if b, err = json.Marshal(v); err != nil {
				t.Fatal(err)
			}
		}
		out, err := seal.To(b, keys[0].Recipient())
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/files/two") {
			http.Error(w, "{}", http.StatusNotFound)
			return
		}
		w.Write(sealed([]byte("%PDF-1.7 two")))
	}))
	defer files.Close()
	supply := server.Supply{Format: 1, Text: "sixty centimetres", Keys: map[string]string{"one": keys[0].String(), "two": keys[0].String()},
		Files: []forms.File{{ID: "one", Name: "one.pdf", Type: "pdf"}, {ID: "two", Name: "two.pdf", Type: "pdf"}}}
	x := &desk.Case{Reference: "12345678", Sealed: sealed(server.Bundle{Reference: "87654321"}), Events: []desk.Event{
		{Kind: store.EventMessage, Sealed: []byte("of another program")},
		{Kind: store.EventSupply, Sealed: sealed([]byte("{"))},
		{Kind: store.EventSupply, Sealed: sealed(supply)},
	}}
	var out bytes.Buffer
	o := opener{g: &globals{env: &env{io.Discard, io.Discard, os.Getenv, time.Now}, tool: cli.Texts("en")}, x: x, w: &out, keys: map[string]string{},
		c: &desk.Client{Server: files.URL, Department: "housing", Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), HTTP: http.DefaultClient, Now: time.Now}}
	o.c.Identities = append(o.c.Identities, keys[0])
	dir := t.TempDir()
	o.print()
	if err := o.save(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "left out: "); o.missed != 4 || n != 4 || !strings.Contains(out.String(), "sixty centimetres") {
		t.Errorf("%d are missed, %d are said:\n%s", o.missed, n, &out)
	}
	saved, _ := filepath.Glob(filepath.Join(dir, "12345678", "*"))
	if len(saved) != 1 || filepath.Base(saved[0]) != "02-two.pdf" {
		t.Fatalf("saved %q", saved)
	}
	if b, err := os.ReadFile(saved[0]); err != nil || string(b) != "%PDF-1.7 two" {
		t.Errorf("saved %q, %v", b, err)
	}
}
