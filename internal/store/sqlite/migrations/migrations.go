// Package migrations holds the schema of the store, step by step: in SQLite's
// words, which postgres translates.
package migrations

import "embed"

// FS has the steps.
//
//go:embed *.sql
var FS embed.FS
