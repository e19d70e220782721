package sqlstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"handrail/internal/store"
)

// RetiredWhere says which cases of version $1 may go at $2: package sqlite
// counts by it too. What is held for review and was never let go on has jobs
// that wait for ever.
const RetiredWhere = ` FROM cases c WHERE c.version = $1 AND c.delivered > 0 AND c.delivered <= $2 AND c.changed <= $2
	AND c.state NOT IN ('held', 'withdrawn')
	AND NOT EXISTS (SELECT 1 FROM event e WHERE e.reference = c.reference AND e.at > $2)
	AND (c.review <> '' OR NOT EXISTS (SELECT 1 FROM job j
		WHERE j.reference = c.reference AND j.kind <> 'notice' AND j.state IN ('waiting', 'claimed', 'dead')))`

const resealCase = `UPDATE cases SET sealed = $1 WHERE reference = $2`

const resealEvent = `UPDATE event SET sealed = $1 WHERE id = $2 AND reference = $3`

const replaceSecret = `UPDATE cases SET salt = $1, secret = $2, recipient = $3 WHERE reference = $4`

// Versions implements [store.Desk].
func (s *Store) Versions(ctx context.Context) ([]string, error) {
	return s.words(ctx, `SELECT DISTINCT version FROM cases ORDER BY version`)
}

// Retired implements [store.Desk].
func (s *Store) Retired(ctx context.Context, version string, before time.Time, limit int) ([]string, error) {
	return s.words(ctx, `SELECT c.reference`+RetiredWhere+` ORDER BY c.reference LIMIT $3`, version, ms(before), limit)
}

// Withdrawn implements [store.Desk].
func (s *Store) Withdrawn(ctx context.Context, before time.Time, limit int) ([]string, error) {
	return s.words(ctx, `SELECT reference FROM cases WHERE state = 'withdrawn' AND changed <= $1 ORDER BY reference LIMIT $2`, ms(before), limit)
}

// words reads the only column of a query.
func (s *Store) words(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := s.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var word string
		if err := rows.Scan(&word); err != nil {
			return nil, err
		}
		all = append(all, word)
	}
	return all, rows.Err()
}

// Reseal implements [store.Desk].
func (s *Store) Reseal(ctx context.Context, r *store.Resealing) (*store.Case, error) {
	var c *store.Case
	in := *r
	err := s.w.write(ctx, func(t *tx) (err error) {
		c, err = reseal(t, &in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

func reseal(t *tx, r *store.Resealing) (*store.Case, error) {
	c, err := scanCase(t.queryRow, selectCase, r.Reference)
	switch {
	case err != nil:
		return nil, err
	case c.Department != r.Department || !c.State.Stands():
		return nil, store.ErrNotFound
	}
	if sum := sha256.Sum256(c.Sealed); !bytes.Equal(sum[:], r.Was) {
		return nil, store.ErrConflict
	}
	t.erase = true // what the old keys opened
	if _, err := t.exec(resealCase, r.Sealed, r.Reference); err != nil {
		return nil, fmt.Errorf("seal case %s anew: %w", r.Reference, err)
	}
	var n int
	if err := t.queryRow(`SELECT count(*) FROM event WHERE reference = $1 AND length(sealed) > 0`, []any{r.Reference}, &n); err != nil {
		return nil, err
	}
	if n != len(r.Events) { // something was said meanwhile
		return nil, store.ErrConflict
	}
	for id, sealed := range r.Events {
		switch n, err := t.exec(resealEvent, sealed, id, r.Reference); {
		case err != nil:
			return nil, fmt.Errorf("seal an event of %s anew: %w", r.Reference, err)
		case n == 0:
			return nil, store.ErrConflict
		}
	}
	if p := r.Secret; p != nil {
		if _, err := t.exec(replaceSecret, p.Salt, p.Check, p.Recipient, r.Reference); err != nil {
			return nil, fmt.Errorf("replace the secret of %s: %w", r.Reference, err)
		}
		c.Salt, c.Check, c.Recipient = p.Salt, p.Check, p.Recipient
	}
	c.Sealed = r.Sealed
	if r.Event != nil {
		if err := addEvent(t, r.Event, r.Reference); err != nil {
			return nil, err
		}
	}
	return c, addJobs(t, r.Reference, r.Jobs)
}
