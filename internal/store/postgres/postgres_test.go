//go:build linux

package postgres

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"handrail/internal/store"
	"handrail/internal/store/pgtest"
	"handrail/internal/store/sqlstore"
	"handrail/internal/store/storetest"
)

// TestStore runs what needs one PostgreSQL: starting it takes longest.
func TestStore(t *testing.T) {
	c := pgtest.Start(t)
	t.Run("Conformance", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) store.Store { return open(t, c.Database(t)) })
	})
	for _, test := range []struct {
		name string
		run  func(*testing.T, *pgtest.Cluster)
	}{
		{"NewerSchema", testNewerSchema},
		{"OpenTogether", testOpenTogether},
		{"TwoInstances", testTwoInstances},
		{"CommitAnswerLost", testCommitAnswerLost},
		{"CommitNotReached", testCommitNotReached},
		{"LockTimeout", testLockTimeout},
		{"Restart", testRestart},
		{"Hang", testHang},
		{"Unsafe", testUnsafe},
		{"UnsafeLater", testUnsafeLater},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, c) })
	}
}

func open(t *testing.T, url string) *sqlstore.Store {
	t.Helper()
	st, err := Open(t.Context(), url, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func testUnsafe(t *testing.T, c *pgtest.Cluster) {
	url := c.Database(t)
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		c.Set(t, setting, "off")
		_, err := Open(t.Context(), url, Options{})
		if e, ok := errors.AsType[*UnsafeError](err); !ok || e.Setting != setting {
			t.Errorf("err = %v; want UnsafeError of %s", err, setting)
		}
		c.Set(t, setting, "")
	}
}

// testUnsafeLater takes a setting back while the server runs: that ends it.
func testUnsafeLater(t *testing.T, c *pgtest.Cluster) {
	broken := make(chan error, 1)
	st, err := Open(t.Context(), c.Database(t), Options{OnBroken: func(err error) { broken <- err }})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := st.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Set(t, "fsync", "off")
	if _, ok := errors.AsType[*UnsafeError](<-broken); !ok {
		t.Error("not because of the setting")
	}
	if err := st.Check(t.Context()); !errors.Is(err, store.ErrBroken) {
		t.Errorf("err = %v; want ErrBroken", err)
	}
}

func TestAddressesKeepTheirPassword(t *testing.T) {
	for _, url := range []string{"postgres://user:hunter2@%zz/", "postgres://user:hunter2@127.0.0.1:1/x?sslmode=disable&connect_timeout=1"} {
		_, err := Open(t.Context(), url, Options{})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("err = %v", err)
		}
	}
}

func testNewerSchema(t *testing.T, c *pgtest.Cluster) {
	url := c.Database(t)
	open(t, url).Close()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), url, Options{})
	if e, ok := errors.AsType[*sqlstore.NewerSchemaError](err); !ok || e.Have != 99999 {
		t.Errorf("err = %v; want NewerSchemaError", err)
	}
}

// testOpenTogether has many instances start on an empty database.
func testOpenTogether(t *testing.T, c *pgtest.Cluster) {
	url := c.Database(t)
	errs := make(chan error)
	for range 6 {
		go func() {
			st, err := Open(t.Context(), url, Options{})
			if err == nil {
				err = errors.Join(st.Check(t.Context()), st.Close())
			}
			errs <- err
		}()
	}
	for range 6 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestClassify(t *testing.T) {
	for code, want := range map[string]sqlstore.Class{
		"40P01": sqlstore.Again, "53100": sqlstore.Full, "XX001": sqlstore.Broken, "57P01": sqlstore.Lost,
		"08006": sqlstore.Lost, "23505": sqlstore.Other, "": sqlstore.Other,
	} {
		if got := class(code); got != want {
			t.Errorf("%s is %d; want %d", code, got, want)
		}
	}
}
