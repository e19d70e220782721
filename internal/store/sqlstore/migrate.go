package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"handrail/internal/store/sqlite/migrations"
)

// A NewerSchemaError says that a later release has written this database.
type NewerSchemaError struct{ Have, Know int64 }

func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("the database has schema %d, this program knows %d: run the release that wrote it, or a later one",
		e.Have, e.Know)
}

// Migrate brings the schema up to date; there is no way down. translate puts
// the migrations, which are written for SQLite, into the words of another
// database; nil leaves them.
func Migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, translate *strings.Replacer, opts ...goose.ProviderOption) (int, error) {
	fsys, err := translated(translate)
	if err != nil {
		return 0, err
	}
	p, err := goose.NewProvider(dialect, db, fsys, append(opts, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return 0, err
	}
	have, know, err := p.GetVersions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the schema's version: %w", err)
	}
	if have > know {
		return 0, &NewerSchemaError{have, know}
	}
	if _, err := p.Up(ctx); err != nil {
		return 0, fmt.Errorf("bring the schema up to date: %w", err)
	}
	return int(know), nil
}

func translated(r *strings.Replacer) (fs.FS, error) {
	if r == nil {
		return migrations.FS, nil
	}
	out := fstest.MapFS{}
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		b, err := migrations.FS.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out[name] = &fstest.MapFile{Data: []byte(r.Replace(string(b)))}
	}
	return out, nil
}
