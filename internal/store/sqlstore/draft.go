package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"handrail/internal/store"
)

const draftColumns = `id, form, version, lang, edition, step, state, rev, token,
	case_salt, case_check, case_recipient, sealed, reference, resume, wrapped, created, changed, expires`

const insertDraft = `INSERT INTO draft (` + draftColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`

const selectDraft = `SELECT ` + draftColumns + ` FROM draft WHERE id = $1`

const selectDraftByResume = `SELECT ` + draftColumns + ` FROM draft WHERE resume = $1 AND resume <> ''`

const countWanted = `SELECT (SELECT count(*) FROM draft WHERE id = $1) +
	(SELECT count(*) FROM cases WHERE draft = $1 AND state <> 'withdrawn')`

const updateDraft = `UPDATE draft SET version = $1, lang = $2, edition = $3, step = $4, sealed = $5,
	resume = $6, wrapped = $7, changed = $8, expires = $9, rev = rev + 1
	WHERE id = $10 AND rev = $11 AND state = 'open'`

const selectDraftState = `SELECT state, rev FROM draft WHERE id = $1`

const deleteDraft = `DELETE FROM draft WHERE id = $1`

// CreateDraft implements [store.Store].
func (s *Store) CreateDraft(ctx context.Context, d *store.Draft) error {
	d.State, d.Rev = store.DraftOpen, 1
	args := []any{d.ID, d.Form, d.Version, d.Lang, d.Edition, d.Step, d.State, d.Rev, blob(d.Token),
		blob(d.CaseSalt), blob(d.CaseCheck), d.CaseRecipient, blob(d.Sealed), d.Reference, d.Resume, d.Wrapped, ms(d.Created), ms(d.Changed), ms(d.Expires)}
	return s.w.write(ctx, func(t *tx) error {
		if _, err := t.exec(insertDraft, args...); err != nil {
			return fmt.Errorf("create a draft: %w", err)
		}
		return nil
	})
}

// Draft implements [store.Store].
func (s *Store) Draft(ctx context.Context, id string) (*store.Draft, error) {
	if s.together != nil {
		return s.together.draft(ctx, id)
	}
	return s.readDraft(ctx, selectDraft, id)
}

// DraftByResume implements [store.Store].
func (s *Store) DraftByResume(ctx context.Context, resume string) (*store.Draft, error) {
	return s.readDraft(ctx, selectDraftByResume, resume)
}

// HasDraft implements [store.Store].
func (s *Store) HasDraft(ctx context.Context, id string) (bool, error) {
	var n int
	err := s.queryRow(ctx, countWanted, []any{id}, &n)
	return n > 0, err
}

func (s *Store) readDraft(ctx context.Context, query, key string) (*store.Draft, error) {
	var d *store.Draft
	err := s.again(ctx, func() error {
		st, err := s.stmt(ctx, query)
		if err != nil {
			return err
		}
		d, err = scanDraft(st.QueryRowContext(ctx, key))
		return err
	})
	return d, err
}

func scanDraft(row *sql.Row) (*store.Draft, error) {
	var d store.Draft
	var created, changed, expires int64
	err := row.Scan(&d.ID, &d.Form, &d.Version, &d.Lang, &d.Edition, &d.Step, &d.State, &d.Rev,
		&d.Token, &d.CaseSalt, &d.CaseCheck, &d.CaseRecipient, &d.Sealed, &d.Reference, &d.Resume, &d.Wrapped, &created, &changed, &expires)
	if err != nil {
		return nil, fmt.Errorf("read a draft: %w", notFound(err))
	}
	d.Created, d.Changed, d.Expires = fromMS(created), fromMS(changed), fromMS(expires)
	return &d, nil
}

// SaveDraft implements [store.Store].
func (s *Store) SaveDraft(ctx context.Context, d *store.Draft) error {
	id, rev := d.ID, d.Rev
	args := []any{d.Version, d.Lang, d.Edition, d.Step, blob(d.Sealed), d.Resume, d.Wrapped, ms(d.Changed), ms(d.Expires), id, rev}
	err := s.w.write(ctx, func(t *tx) error {
		n, err := t.exec(updateDraft, args...)
		if err != nil {
			return fmt.Errorf("save a draft: %w", err)
		}
		if n == 0 {
			return whyNot(t, id)
		}
		return nil
	})
	if err == nil {
		d.Rev = rev + 1
	}
	return err
}

// whyNot says why a draft could not be changed.
func whyNot(t *tx, id string) error {
	var state store.DraftState
	var rev int64
	if err := t.queryRow(selectDraftState, []any{id}, &state, &rev); err != nil {
		return notFound(err)
	}
	if state == store.DraftSent {
		return store.ErrSent
	}
	return store.ErrConflict
}

// DeleteDraft implements [store.Store].
func (s *Store) DeleteDraft(ctx context.Context, id string) error {
	return s.w.write(ctx, func(t *tx) error {
		t.erase = true
		_, err := t.exec(deleteDraft, id)
		return err
	})
}
