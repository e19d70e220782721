package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"handrail/internal/store"
)

const sentColumns = `reference, token, draft, form, version, department, lang, edition, state, review,
	received, held_until, changed, salt, secret, recipient, sealed, due`

const caseColumns = sentColumns + `, delivered`

const insertCase = `INSERT INTO cases (` + sentColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
	ON CONFLICT (reference) DO NOTHING`

const selectCase = `SELECT ` + caseColumns + ` FROM cases WHERE reference = $1`

const selectCaseByToken = `SELECT ` + caseColumns + ` FROM cases WHERE token = $1`

const selectTombstone = `SELECT count(*) FROM tombstone WHERE reference = $1`

const sendDraft = `UPDATE draft SET state = 'sent', reference = $1, changed = $2, expires = $3, rev = rev + 1
	WHERE id = $4 AND rev = $5 AND token = $6 AND state = 'open'`

const withdrawCase = `UPDATE cases SET state = 'withdrawn', changed = $1, sealed = $2
	WHERE token = $3 AND state = 'held' AND held_until > $1`

const cancelJobs = `UPDATE job SET state = 'cancelled' WHERE reference = $1 AND state IN ('waiting', 'claimed')`

const reopenDraft = `UPDATE draft SET state = 'open', reference = '', token = $1, case_salt = $2, case_check = $3,
	case_recipient = $4, changed = $5, expires = $6, rev = rev + 1 WHERE id = $7`

const voidCode = `UPDATE draft SET resume = '', wrapped = '' WHERE id = $1`

const resealDraft = `UPDATE draft SET sealed = $1 WHERE id = $2`

// Send implements [store.Store].
func (s *Store) Send(ctx context.Context, g *store.Sending) (*store.Case, error) {
	var stored *store.Case
	in := *g
	err := s.w.write(ctx, func(t *tx) (err error) {
		stored, err = send(t, &in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

func send(t *tx, g *store.Sending) (*store.Case, error) {
	c := g.Case
	n, err := t.exec(sendDraft, c.Reference, ms(c.Received), ms(g.Expires), g.Draft, g.Rev, blob(c.Token))
	if err != nil {
		return nil, fmt.Errorf("send a draft: %w", err)
	}
	if n == 0 { // sent before, or not what was read
		first, err := scanCase(t.queryRow, selectCaseByToken, c.Token)
		if errors.Is(err, store.ErrNotFound) {
			return nil, whyNot(t, g.Draft)
		}
		return first, err
	}
	n, err = t.exec(insertCase, c.Reference, blob(c.Token), c.Draft, c.Form, c.Version, c.Department, c.Lang, c.Edition,
		c.State, c.Review, ms(c.Received), ms(c.HeldUntil), ms(c.Changed), blob(c.Salt), blob(c.Check), c.Recipient, blob(c.Sealed), c.Due)
	switch {
	case err != nil:
		return nil, fmt.Errorf("store case %s: %w", c.Reference, err)
	case n == 0:
		return nil, store.ErrReferenceTaken
	}
	// Only now: a case of this number that another instance deleted meanwhile
	// has left its tombstone.
	var deleted int
	if err := t.queryRow(selectTombstone, []any{c.Reference}, &deleted); err != nil {
		return nil, err
	}
	if deleted > 0 {
		return nil, store.ErrReferenceTaken
	}
	for i := range g.Jobs {
		if err := addJob(t, &g.Jobs[i], c.Reference, i); err != nil {
			return nil, err
		}
	}
	for i := range g.Events {
		if err := addEvent(t, &g.Events[i], c.Reference); err != nil {
			return nil, err
		}
	}
	if len(g.Notice) > 0 {
		if _, err := t.exec(upsertNotice, c.Reference, g.Notice); err != nil {
			return nil, fmt.Errorf("store a notice of %s: %w", c.Reference, err)
		}
	}
	return &c, nil
}

// Undo implements [store.Store].
func (s *Store) Undo(ctx context.Context, u *store.Undoing) (*store.Case, error) {
	var c *store.Case
	in := *u
	err := s.w.write(ctx, func(t *tx) (err error) {
		c, err = undo(t, &in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

func undo(t *tx, u *store.Undoing) (*store.Case, error) {
	n, err := t.exec(withdrawCase, ms(u.At), []byte{}, blob(u.Token))
	if err != nil {
		return nil, fmt.Errorf("withdraw a case: %w", err)
	}
	c, err := scanCase(t.queryRow, selectCaseByToken, u.Token)
	switch {
	case err != nil:
		return nil, err
	case n == 0 && c.State == store.Withdrawn:
		return c, nil
	case n == 0:
		return nil, store.ErrTooLate
	}
	t.erase = true // what was sealed of the case
	if _, err := t.exec(cancelJobs, c.Reference); err != nil {
		return nil, fmt.Errorf("cancel the jobs of %s: %w", c.Reference, err)
	}
	if _, err := t.exec(`DELETE FROM notice WHERE reference = $1`, c.Reference); err != nil {
		return nil, fmt.Errorf("erase the notice of %s: %w", c.Reference, err)
	}
	if _, err := t.exec(`DELETE FROM event WHERE reference = $1`, c.Reference); err != nil {
		return nil, fmt.Errorf("erase the events of %s: %w", c.Reference, err)
	}
	_, err = t.exec(reopenDraft, blob(u.NewToken), blob(u.CaseSalt), blob(u.CaseCheck), u.CaseRecipient,
		ms(u.At), ms(u.Expires), c.Draft)
	if err == nil && u.Sealed != nil {
		_, err = t.exec(resealDraft, u.Sealed, c.Draft)
	}
	if err == nil && u.Rekeyed {
		_, err = t.exec(voidCode, c.Draft)
	}
	if err != nil {
		return nil, fmt.Errorf("open the draft of %s again: %w", c.Reference, err)
	}
	return c, nil
}

// scanCase reads a case through the writer or a reader.
func scanCase(row func(string, []any, ...any) error, query string, key any) (*store.Case, error) {
	var c store.Case
	var received, heldUntil, changed, delivered int64
	err := row(query, []any{key}, &c.Reference, &c.Token, &c.Draft, &c.Form, &c.Version, &c.Department, &c.Lang, &c.Edition,
		&c.State, &c.Review, &received, &heldUntil, &changed, &c.Salt, &c.Check, &c.Recipient, &c.Sealed, &c.Due, &delivered)
	if err != nil {
		return nil, fmt.Errorf("read a case: %w", notFound(err))
	}
	c.Received, c.HeldUntil, c.Changed, c.Delivered = fromMS(received), fromMS(heldUntil), fromMS(changed), fromMS(delivered)
	return &c, nil
}

func (s *Store) readCase(ctx context.Context, query string, key any) (*store.Case, error) {
	return scanCase(func(q string, args []any, dest ...any) error { return s.queryRow(ctx, q, args, dest...) }, query, key)
}

// Case implements [store.Store].
func (s *Store) Case(ctx context.Context, reference string) (*store.Case, error) {
	return s.readCase(ctx, selectCase, reference)
}

// CaseByToken implements [store.Store].
func (s *Store) CaseByToken(ctx context.Context, token []byte) (*store.Case, error) {
	return s.readCase(ctx, selectCaseByToken, blob(token))
}
