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

func TestConformance(t *testing.T) {
	c := pgtest.Start(t)
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, c.Database(t)) })
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

func TestUnsafeDatabasesAreRefused(t *testing.T) {
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		t.Run(setting, func(t *testing.T) {
			c := pgtest.Start(t, setting+"=off")
			_, err := Open(t.Context(), c.Database(t), Options{})
			if e, ok := errors.AsType[*UnsafeError](err); !ok || e.Setting != setting {
				t.Errorf("err = %v; want UnsafeError of %s", err, setting)
			}
		})
	}
}

// TestUnsafeLater: a setting that is taken back while the server runs ends it.
func TestUnsafeLater(t *testing.T) {
	c := pgtest.Start(t)
	broken := make(chan error, 1)
	st, err := Open(t.Context(), c.Database(t), Options{OnBroken: func(err error) { broken <- err }})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := st.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"} {
		if err := c.Exec(t.Context(), "postgres", s); err != nil {
			t.Fatal(err)
		}
	}
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

func TestNewerSchemaIsRefused(t *testing.T) {
	c := pgtest.Start(t)
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

// TestOpenTogether has many instances start on an empty database.
func TestOpenTogether(t *testing.T) {
	url := pgtest.Start(t).Database(t)
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
