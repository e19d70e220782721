package sqlite

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"handrail/internal/store/sqlite/migrations"
	"handrail/internal/store/storetest"
)

// TestDraftsMove: drafts of a release that kept them in the tree of their key
// are all there afterwards, every column of them.
func TestDraftsMove(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, FileName), "page_size(8192)", "journal_mode(WAL)"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, migrations.FS, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`INSERT INTO draft (id, form, version, lang, edition, step, state, rev, token, case_salt, case_check,
		case_recipient, sealed, reference, created, changed, expires, resume, wrapped)
		VALUES ('d', 'f', 'v', 'zh-Hans', 'care', 's', 'open', 7, x'01', x'02', x'03', 'age1', x'04', '', 1000, 2000, 3000, 'code', 'key')`)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	st, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	d, err := st.Draft(t.Context(), "d")
	if err != nil {
		t.Fatal(err)
	}
	if d.Form != "f" || d.Version != "v" || d.Lang != "zh-Hans" || d.Edition != "care" || d.Step != "s" || d.State != "open" || d.Rev != 7 ||
		string(d.Token) != "\x01" || string(d.CaseSalt) != "\x02" || string(d.CaseCheck) != "\x03" || d.CaseRecipient != "age1" ||
		string(d.Sealed) != "\x04" || d.Created.UnixMilli() != 1000 || d.Changed.UnixMilli() != 2000 || d.Expires.UnixMilli() != 3000 ||
		d.Resume != "code" || d.Wrapped != "key" {
		t.Errorf("%+v", d)
	}
	if err := st.CreateDraft(t.Context(), storetest.NewDraft("d")); err == nil {
		t.Error("a second draft with the id of another was created")
	}
}
