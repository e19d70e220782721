package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"handrail/internal/settings"
	"handrail/internal/store/postgres"
	"handrail/internal/store/sqlite"
	"handrail/internal/store/sqlstore"
)

// unsafe has SQLite commit without waiting for the disk. Only tests set it, to
// show that they would notice.
var unsafe bool

// openStore opens the database that server.yaml names; SQLite in the data
// folder when it names none. broken is called when the database cannot be
// trusted any more.
func (g *globals) openStore(ctx context.Context, s *settings.Settings, broken func(error)) (*sqlstore.Store, error) {
	if s.Database == "" {
		return sqlite.Open(ctx, g.data, sqlite.Options{OnBroken: broken, Unsafe: unsafe})
	}
	url, err := g.secret(s.Database)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	// Keys and files lie in the data folder all the same.
	if err := os.MkdirAll(g.data, 0o700); err != nil {
		return nil, err
	}
	return postgres.Open(ctx, url, postgres.Options{OnBroken: broken})
}

// secret reads what server.yaml only names: file:PATH or env:NAME.
func (g *globals) secret(where string) (string, error) {
	if name, ok := strings.CutPrefix(where, "env:"); ok {
		if v := g.getenv(name); v != "" {
			return v, nil
		}
		return "", fmt.Errorf("the environment has no %s", name)
	}
	name := strings.TrimPrefix(where, "file:")
	b, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(b)), nil
}
