package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"handrail/internal/store"
)

const eventColumns = `id, reference, kind, state, at, by_key, due, of_ask, sealed`

const insertEvent = `INSERT INTO event (` + eventColumns + `, seq)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
		(SELECT coalesce(max(e.seq), 0) + 1 FROM event e WHERE e.reference = $2))`

const selectEvents = `SELECT ` + eventColumns + ` FROM event WHERE reference = $1 ORDER BY seq`

const countEvent = `SELECT count(*) FROM event WHERE id = $1`

const moveCase = `UPDATE cases SET state = $1, changed = $2 WHERE reference = $3 AND state = $4`

const confirmCase = `UPDATE cases SET delivered = $1 WHERE reference = $2 AND delivered = 0`

const upsertNotice = `INSERT INTO notice (reference, sealed) VALUES ($1, $2)
	ON CONFLICT (reference) DO UPDATE SET sealed = excluded.sealed`

const releaseCase = `UPDATE cases SET review = '' WHERE reference = $1`

const listCases = `SELECT ` + caseColumns + ` FROM cases
	WHERE department = $1 AND state NOT IN ('held', 'withdrawn') AND ($2 = '' OR state = $3) AND reference > $4
	ORDER BY reference LIMIT $5`

// Act implements [store.Desk].
func (s *Store) Act(ctx context.Context, a *store.Act) (*store.Case, error) {
	var c *store.Case
	seen := false
	in := *a
	err := s.w.write(ctx, func(t *tx) (err error) {
		c, seen, err = act(t, &in)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case seen:
		return c, store.ErrSeen
	}
	return c, nil
}

func act(t *tx, a *store.Act) (_ *store.Case, seen bool, _ error) {
	e := &a.Event
	if _, err := settle(t, e.At, 100); err != nil {
		return nil, false, err
	}
	c, err := scanCase(t.queryRow, selectCase, e.Reference)
	if err != nil {
		return nil, false, err
	}
	if a.Department != "" && c.Department != a.Department {
		return nil, false, store.ErrNotFound
	}
	var n int
	if err := t.queryRow(countEvent, []any{e.ID}, &n); err != nil {
		return nil, false, err
	}
	if n > 0 {
		return c, true, nil
	}
	if err := move(t, c, a); err != nil {
		return nil, false, err
	}
	if err := addEvent(t, e, e.Reference); err != nil {
		return nil, false, err
	}
	if e.By != "" && c.Delivered.IsZero() { // who acts has it
		if _, err := t.exec(confirmCase, ms(e.At), e.Reference); err != nil {
			return nil, false, err
		}
		c.Delivered = e.At
	}
	return c, false, addJobs(t, e.Reference, a.Jobs)
}

func addEvent(t *tx, e *store.Event, reference string) error {
	_, err := t.exec(insertEvent, e.ID, reference, e.Kind, e.State, ms(e.At), e.By, ms(e.Due), e.Of, blob(e.Sealed))
	if err != nil {
		return fmt.Errorf("store an event of %s: %w", reference, err)
	}
	return nil
}

// move leads a case to the state of the event.
func move(t *tx, c *store.Case, a *store.Act) error {
	e := &a.Event
	switch {
	case !c.State.Stands():
		return store.ErrState
	case e.State != "" && e.State != c.State && !c.State.May(e.State):
		return store.ErrState
	case e.Kind == store.EventState && e.State == c.State: // no change at all
		return store.ErrState
	case e.State == "" && c.State == store.Closed && e.Kind != store.EventAck:
		return store.ErrState
	}
	if e.State != "" && e.State != c.State {
		n, err := t.exec(moveCase, e.State, ms(e.At), e.Reference, c.State)
		if err == nil && n == 0 { // another instance was quicker
			err = store.ErrConflict
		}
		if err != nil {
			return err
		}
		c.State, c.Changed = e.State, e.At
	}
	if a.Release && c.Review != "" {
		c.Review = ""
		_, err := t.exec(releaseCase, e.Reference)
		return err
	}
	return nil
}

// addJobs adds jobs to a case that has some already.
func addJobs(t *tx, reference string, jobs []store.Job) error {
	if len(jobs) == 0 {
		return nil
	}
	var last int
	if err := t.queryRow(`SELECT coalesce(max(seq), 0) FROM job WHERE reference = $1`, []any{reference}, &last); err != nil {
		return err
	}
	for i := range jobs {
		if err := addJob(t, &jobs[i], reference, last+1+i); err != nil {
			return err
		}
	}
	return nil
}

// Events implements [store.Desk].
func (s *Store) Events(ctx context.Context, reference string) ([]store.Event, error) {
	rows, err := s.query(ctx, selectEvents, reference)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	defer rows.Close()
	var all []store.Event
	for rows.Next() {
		var e store.Event
		var at, due int64
		if err := rows.Scan(&e.ID, &e.Reference, &e.Kind, &e.State, &at, &e.By, &due, &e.Of, &e.Sealed); err != nil {
			return nil, err
		}
		e.At, e.Due = fromMS(at), fromMS(due)
		all = append(all, e)
	}
	return all, rows.Err()
}

// CasesOf implements [store.Desk].
func (s *Store) CasesOf(ctx context.Context, l store.Listing) ([]store.Case, error) {
	rows, err := s.query(ctx, listCases, l.Department, l.State, l.State, l.After, l.Limit)
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	defer rows.Close()
	var all []store.Case
	for rows.Next() {
		c, err := scanCase(func(_ string, _ []any, dest ...any) error { return rows.Scan(dest...) }, "", nil)
		if err != nil {
			return nil, err
		}
		all = append(all, *c)
	}
	return all, rows.Err()
}

// SaveNotice implements [store.Desk].
func (s *Store) SaveNotice(ctx context.Context, reference string, sealed []byte, jobs []store.Job) error {
	return s.w.write(ctx, func(t *tx) error {
		c, err := scanCase(t.queryRow, selectCase, reference)
		if err != nil {
			return err
		}
		t.erase = true // the address before it
		if len(sealed) == 0 {
			_, err := t.exec(`DELETE FROM notice WHERE reference = $1`, reference)
			return err
		}
		if c.State == store.Withdrawn || c.State == store.Closed {
			return store.ErrState
		}
		if _, err = t.exec(upsertNotice, reference, sealed); err != nil {
			return fmt.Errorf("store a notice of %s: %w", reference, err)
		}
		return addJobs(t, reference, jobs)
	})
}

// Notice implements [store.Desk].
func (s *Store) Notice(ctx context.Context, reference string) ([]byte, error) {
	var sealed []byte
	err := s.queryRow(ctx, `SELECT sealed FROM notice WHERE reference = $1`, []any{reference}, &sealed)
	return sealed, err
}

// EraseNotices implements [store.Desk].
func (s *Store) EraseNotices(ctx context.Context, before time.Time) (int, error) {
	var n int64
	err := s.w.write(ctx, func(t *tx) (err error) {
		n, err = t.exec(`DELETE FROM notice WHERE reference IN
			(SELECT reference FROM cases WHERE state IN ('closed', 'withdrawn') AND changed <= $1)
			OR reference NOT IN (SELECT reference FROM cases)`, ms(before))
		t.erase = t.erase || n > 0
		return err
	})
	return int(n), err
}

// DeadJobs implements [store.Desk].
func (s *Store) DeadJobs(ctx context.Context, limit int) ([]store.Job, error) {
	rows, err := s.query(ctx, `SELECT `+jobColumns+` FROM job WHERE state = 'dead' ORDER BY not_before, id LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("read dead jobs: %w", err)
	}
	return scanJobs(rows)
}

// ReplayJob implements [store.Desk].
func (s *Store) ReplayJob(ctx context.Context, id string, at time.Time) error {
	return s.changeJob(ctx, `UPDATE job SET state = 'waiting', not_before = $1, attempts = 0, lease = 0 WHERE id = $2 AND state = 'dead'`,
		ms(at), id)
}

// SaveProof implements [store.Desk].
func (s *Store) SaveProof(ctx context.Context, p store.Proof) error {
	return s.w.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO proof (recipient, challenge, asked, proved) VALUES ($1, $2, $3, $4)
			ON CONFLICT (recipient) DO UPDATE SET challenge = excluded.challenge, asked = excluded.asked,
			proved = CASE WHEN excluded.proved > 0 THEN excluded.proved ELSE proof.proved END`,
			p.Recipient, blob(p.Challenge), ms(p.Asked), ms(p.Proved))
		return err
	})
}

// ProofOf implements [store.Desk].
func (s *Store) ProofOf(ctx context.Context, recipient string) (*store.Proof, error) {
	var p store.Proof
	var asked, proved int64
	err := s.queryRow(ctx, `SELECT recipient, challenge, asked, proved FROM proof WHERE recipient = $1`,
		[]any{recipient}, &p.Recipient, &p.Challenge, &asked, &proved)
	if errors.Is(err, store.ErrNotFound) {
		return nil, err
	} else if err != nil {
		return nil, fmt.Errorf("read a proof: %w", err)
	}
	p.Asked, p.Proved = fromMS(asked), fromMS(proved)
	return &p, nil
}
