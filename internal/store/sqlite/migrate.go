package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// A NewerSchemaError says that a later release has written this database.
type NewerSchemaError struct{ Have, Know int64 }

func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("the database has schema %d, this program knows %d: run the release that wrote it, or a later one",
		e.Have, e.Know)
}

// migrate brings the schema up to date; there is no way down.
func migrate(ctx context.Context, db *sql.DB) (int, error) {
	fsys, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, fsys, goose.WithDisableGlobalRegistry(true))
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
