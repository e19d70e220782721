package sqlstore

import (
	"context"
	"fmt"
	"time"

	"handrail/internal/store"
)

// A case that another instance is undoing just now is left to it.
const settleCases = `WITH due (case_reference) AS MATERIALIZED (
		SELECT c.reference FROM cases c WHERE c.state = 'held' AND c.held_until <= $1 ORDER BY c.held_until LIMIT $2 %s)
	UPDATE cases SET state = 'received', changed = held_until FROM due WHERE reference = case_reference
	RETURNING draft`

const emptyDraft = `UPDATE draft SET sealed = $1 WHERE id = $2 AND state = 'sent'`

const expireDrafts = `DELETE FROM draft WHERE id IN (SELECT id FROM draft WHERE expires <= $1 LIMIT $2)`

const insertTombstone = `INSERT INTO tombstone (reference, deleted, why) VALUES ($1, $2, $3) ON CONFLICT (reference) DO NOTHING`

const insertDefinition = `INSERT INTO definition (version, form, body, loaded) VALUES ($1, $2, $3, $4)
	ON CONFLICT (version) DO NOTHING`

const selectDefinition = `SELECT version, form, body, loaded FROM definition WHERE version = $1`

// settle makes cases stand whose time to undo is over, and erases the answers
// in their drafts: the case holds them now.
func settle(t *tx, now time.Time, limit int) (int, error) {
	rows, err := t.query(fmt.Sprintf(settleCases, t.dialect.skipLocked("c")), ms(now), limit)
	if err != nil {
		return 0, fmt.Errorf("settle cases: %w", err)
	}
	defer rows.Close()
	var drafts []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
		drafts = append(drafts, id)
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	for _, id := range drafts {
		if _, err := t.exec(emptyDraft, []byte{}, id); err != nil {
			return 0, err
		}
	}
	t.erase = t.erase || len(drafts) > 0
	return len(drafts), nil
}

// Sweep implements [store.Store].
func (s *Store) Sweep(ctx context.Context, now time.Time, limit int) (store.Swept, error) {
	var done store.Swept
	err := s.w.write(ctx, func(t *tx) error {
		n, err := settle(t, now, limit)
		if err != nil {
			return err
		}
		expired, err := t.exec(expireDrafts, ms(now), limit)
		if err != nil {
			return fmt.Errorf("expire drafts: %w", err)
		}
		t.erase = t.erase || expired > 0
		done = store.Swept{Released: n, Expired: int(expired)}
		return nil
	})
	if err != nil {
		return store.Swept{}, err
	}
	return done, nil
}

// DeleteCase implements [store.Store].
func (s *Store) DeleteCase(ctx context.Context, stone store.Tombstone) error {
	return s.w.write(ctx, func(t *tx) error {
		c, err := scanCase(t.queryRow, selectCase, stone.Reference)
		if err != nil {
			return err
		}
		if _, err := t.exec(insertTombstone, stone.Reference, ms(stone.Deleted), stone.Why); err != nil {
			return err
		}
		t.erase = true
		for _, del := range []struct{ query, key string }{
			{`DELETE FROM job WHERE reference = $1`, c.Reference},
			{`DELETE FROM event WHERE reference = $1`, c.Reference},
			{`DELETE FROM notice WHERE reference = $1`, c.Reference},
			{`DELETE FROM cases WHERE reference = $1`, c.Reference},
			// A draft that was opened again belongs to what comes next.
			{`DELETE FROM draft WHERE reference = $1`, c.Reference},
		} {
			if _, err := t.exec(del.query, del.key); err != nil {
				return fmt.Errorf("delete case %s: %w", c.Reference, err)
			}
		}
		return nil
	})
}

// Tombstones implements [store.Store].
func (s *Store) Tombstones(ctx context.Context) ([]store.Tombstone, error) {
	rows, err := s.query(ctx, `SELECT reference, deleted, why FROM tombstone ORDER BY deleted, reference`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []store.Tombstone
	for rows.Next() {
		var t store.Tombstone
		var deleted int64
		if err := rows.Scan(&t.Reference, &deleted, &t.Why); err != nil {
			return nil, err
		}
		t.Deleted = fromMS(deleted)
		all = append(all, t)
	}
	return all, rows.Err()
}

// SaveDefinition implements [store.Store].
func (s *Store) SaveDefinition(ctx context.Context, d store.Definition) error {
	return s.w.write(ctx, func(t *tx) error {
		_, err := t.exec(insertDefinition, d.Version, d.Form, blob(d.Body), ms(d.Loaded))
		return err
	})
}

// Definition implements [store.Store].
func (s *Store) Definition(ctx context.Context, version string) (*store.Definition, error) {
	var d store.Definition
	var loaded int64
	err := s.queryRow(ctx, selectDefinition, []any{version}, &d.Version, &d.Form, &d.Body, &loaded)
	if err != nil {
		return nil, fmt.Errorf("read a definition: %w", err)
	}
	d.Loaded = fromMS(loaded)
	return &d, nil
}

// Stats implements [store.Store].
func (s *Store) Stats(ctx context.Context) (store.Stats, error) {
	st := store.Stats{
		SchemaVersion: s.opt.Schema, QueueLength: len(s.w.queue), QueueCapacity: cap(s.w.queue),
		Batches: s.w.batches.Load(), Rows: s.w.rows.Load(), LargestBatch: s.w.largest.Load(),
	}
	var oldest int64
	err := s.queryRow(ctx, `SELECT
		(SELECT count(*) FROM draft WHERE state = 'open'),
		(SELECT count(*) FROM cases),
		(SELECT count(*) FROM cases WHERE state = 'held'),
		(SELECT count(*) FROM job WHERE state = 'waiting'),
		(SELECT count(*) FROM job WHERE state = 'claimed'),
		(SELECT count(*) FROM job WHERE state = 'dead'),
		(SELECT coalesce(min(not_before), 0) FROM job WHERE state = 'waiting'),
		(SELECT count(*) FROM definition)`, nil,
		&st.Drafts, &st.Cases, &st.Held, &st.Waiting, &st.Claimed, &st.Dead, &oldest, &st.Definitions)
	st.OldestWaiting = fromMS(oldest)
	return st, err
}

// Check implements [store.Store].
func (s *Store) Check(ctx context.Context) error {
	if err := s.w.write(ctx, func(t *tx) error {
		return t.run(`INSERT INTO heartbeat (id, at) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET at = heartbeat.at + 1`)
	}); err != nil {
		return err
	}
	var at int64
	return s.queryRow(ctx, `SELECT at FROM heartbeat WHERE id = 1`, nil, &at)
}
