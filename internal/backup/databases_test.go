//go:build linux

package backup

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"handrail/internal/store"
	"handrail/internal/store/pgtest"
	"handrail/internal/store/postgres"
	"handrail/internal/store/sqlstore"
)

// TestBetweenDatabases: a copy of one database is read into the other, so
// that a site that grows can move, and back.
func TestBetweenDatabases(t *testing.T) {
	c := pgtest.Start(t)
	server := func(t *testing.T) *sqlstore.Store {
		st, err := postgres.Open(t.Context(), c.Database(t), postgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		return st
	}
	file := func(t *testing.T) *sqlstore.Store { return open(t, filepath.Join(t.TempDir(), "data")) }
	for _, way := range []struct {
		name     string
		from, to func(*testing.T) *sqlstore.Store
	}{{"SQLite to PostgreSQL", file, server}, {"PostgreSQL to SQLite", server, file}} {
		t.Run(way.name, func(t *testing.T) {
			x := newSetup(t)
			from, to := way.from(t), way.to(t)
			var cases []*store.Case
			for i := range 10 {
				cases = append(cases, send(t, from, i))
			}
			m := &Maker{Store: from, Files: filepath.Join(x.dir, "files"), Folder: filepath.Join(x.dir, "backups"),
				Recipients: []age.Recipient{x.key.Recipient()}, Keep: time.Hour}
			name, made, err := m.Make(t.Context(), now)
			if err != nil {
				t.Fatal(err)
			}
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			r := &Restorer{Store: to, Files: filepath.Join(x.dir, "back"), Keys: x.key}
			end, _, err := r.Restore(t.Context(), f, []store.Tombstone{{Reference: cases[3].Reference, Deleted: now, Why: "asked"}})
			if err != nil || end != made {
				t.Fatalf("%+v came back, %v; want %+v", end, err, made)
			}
			for i, c := range cases {
				got, err := to.Case(t.Context(), c.Reference)
				if i == 3 {
					if err == nil {
						t.Error("what was deleted came back")
					}
					continue
				}
				if diff := cmp.Diff(c, got); diff != "" || err != nil {
					t.Errorf("%v (-want +got):\n%s", err, diff)
				}
				if jobs, err := to.Jobs(t.Context(), c.Reference); err != nil || len(jobs) != 2 {
					t.Errorf("%d jobs, %v", len(jobs), err)
				}
			}
			// It can be written to: sending and handing out jobs go on.
			send(t, to, 99)
			if jobs, err := to.ClaimJobs(t.Context(), now.Add(time.Hour), time.Minute, 100); err != nil || len(jobs) != 20 {
				t.Errorf("%d jobs can be done, %v; want 20", len(jobs), err)
			}
		})
	}
}
