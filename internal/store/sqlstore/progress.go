package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"handrail/internal/store"
)

// The hash of the card's auth is compared by the database: who has another
// gets what somebody gets whose card was never there, by the same query.
const selectSlots = `SELECT s.slot, s.sealed, s.seq, s.written FROM progress_card c
	JOIN progress_slot s ON s.card = c.id
	WHERE c.id = $1 AND c.auth = $2 AND s.seq > $3 ORDER BY s.seq`

const nextSeq = `UPDATE progress_card SET seq = seq + 1, written = $1 WHERE id = $2 AND auth = $3 RETURNING seq`

const insertCard = `INSERT INTO progress_card (id, auth, seq, written) VALUES ($1, $2, 1, $3) ON CONFLICT (id) DO NOTHING`

const selectSlot = `SELECT slot, sealed, seq, written FROM progress_slot WHERE card = $1 AND slot = $2`

const upsertSlot = `INSERT INTO progress_slot (card, slot, sealed, seq, written) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (card, slot) DO UPDATE SET sealed = excluded.sealed, seq = excluded.seq, written = excluded.written`

const (
	deleteSlot  = `DELETE FROM progress_slot WHERE slot = $3 AND card IN (SELECT id FROM progress_card WHERE id = $1 AND auth = $2)`
	deleteSlots = `DELETE FROM progress_slot WHERE card IN (SELECT id FROM progress_card WHERE id = $1 AND auth = $2)`
	deleteCard  = `DELETE FROM progress_card WHERE id = $1 AND auth = $2`
)

const insertLink = `INSERT INTO progress_link (place, sealed, expires) VALUES ($1, $2, $3)`

const selectLink = `SELECT place, sealed, expires FROM progress_link WHERE place = $1`

const (
	expireSlots = `DELETE FROM progress_slot WHERE (card, slot) IN (SELECT card, slot FROM progress_slot WHERE written <= $1 LIMIT $2)`
	expireCards = `DELETE FROM progress_card WHERE id IN (SELECT id FROM progress_card WHERE written <= $1 LIMIT $2)`
	expireLinks = `DELETE FROM progress_link WHERE place IN (SELECT place FROM progress_link WHERE expires <= $1 LIMIT $2)`
)

// Slots implements [store.Progress].
func (s *Store) Slots(ctx context.Context, c store.Card, since int64) ([]store.Slot, error) {
	rows, err := s.query(ctx, selectSlots, blob(c.ID), blob(c.Auth), since)
	if err != nil {
		return nil, fmt.Errorf("read slots: %w", err)
	}
	defer rows.Close()
	var all []store.Slot
	for rows.Next() {
		var x store.Slot
		var written int64
		if err := rows.Scan(&x.Slot, &x.Sealed, &x.Seq, &written); err != nil {
			return nil, err
		}
		x.Written = fromMS(written)
		all = append(all, x)
	}
	return all, rows.Err()
}

// PutSlot implements [store.Progress].
func (s *Store) PutSlot(ctx context.Context, w *store.SlotWrite) (*store.Slot, error) {
	in := *w
	var current *store.Slot
	err := s.w.write(ctx, func(t *tx) (err error) {
		current, err = putSlot(t, &in)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return nil, err
	}
	return current, err
}

func putSlot(t *tx, w *store.SlotWrite) (*store.Slot, error) {
	seq, err := touchCard(t, w)
	if err != nil {
		return nil, err
	}
	var have store.Slot
	var written int64
	switch err := t.queryRow(selectSlot, []any{blob(w.ID), blob(w.Slot)}, &have.Slot, &have.Sealed, &have.Seq, &written); {
	case errors.Is(err, sql.ErrNoRows):
		if !w.Match(nil) {
			return nil, store.ErrConflict
		}
		var n int
		if err := t.queryRow(`SELECT count(*) FROM progress_slot WHERE card = $1`, []any{blob(w.ID)}, &n); err != nil {
			return nil, err
		}
		if n >= w.Slots {
			return nil, store.ErrFew
		}
	case err != nil:
		return nil, err
	case !w.Match(have.Sealed):
		have.Written = fromMS(written)
		return &have, store.ErrConflict
	}
	if _, err := t.exec(upsertSlot, blob(w.ID), blob(w.Slot), blob(w.Sealed), seq, ms(w.At)); err != nil {
		return nil, fmt.Errorf("write a slot: %w", err)
	}
	return &store.Slot{Slot: w.Slot, Sealed: w.Sealed, Seq: seq, Written: w.At}, nil
}

// touchCard counts a write of the card, which holds its row until the
// transaction ends, and makes the card where that is wanted.
func touchCard(t *tx, w *store.SlotWrite) (seq int64, err error) {
	err = t.queryRow(nextSeq, []any{ms(w.At), blob(w.ID), blob(w.Auth)}, &seq)
	if !errors.Is(err, sql.ErrNoRows) {
		return seq, err
	}
	if !w.New {
		return 0, store.ErrNotFound
	}
	var n int
	if err := t.queryRow(`SELECT count(*) FROM progress_card`, nil, &n); err != nil {
		return 0, err
	}
	if n >= w.Cards {
		return 0, store.ErrMany
	}
	made, err := t.exec(insertCard, blob(w.ID), blob(w.Auth), ms(w.At))
	if err == nil && made == 0 { // another auth has it
		err = store.ErrNotFound
	}
	return 1, err
}

// DeleteSlot implements [store.Progress].
func (s *Store) DeleteSlot(ctx context.Context, c store.Card, slot []byte) error {
	return s.w.write(ctx, func(t *tx) error {
		n, err := t.exec(deleteSlot, blob(c.ID), blob(c.Auth), blob(slot))
		t.erase = t.erase || n > 0
		return err
	})
}

// DeleteCard implements [store.Progress].
func (s *Store) DeleteCard(ctx context.Context, c store.Card) error {
	return s.w.write(ctx, func(t *tx) error {
		for _, del := range []string{deleteSlots, deleteCard} {
			n, err := t.exec(del, blob(c.ID), blob(c.Auth))
			if err != nil {
				return fmt.Errorf("delete a card: %w", err)
			}
			t.erase = t.erase || n > 0
		}
		return nil
	})
}

// PutLink implements [store.Progress].
func (s *Store) PutLink(ctx context.Context, l store.Link, limit int) error {
	return s.w.write(ctx, func(t *tx) error {
		var n int
		if err := t.queryRow(`SELECT count(*) FROM progress_link`, nil, &n); err != nil {
			return err
		}
		if n >= limit {
			return store.ErrMany
		}
		_, err := t.exec(insertLink, blob(l.Place), blob(l.Sealed), ms(l.Expires))
		return err
	})
}

// Link implements [store.Progress].
func (s *Store) Link(ctx context.Context, place []byte) (*store.Link, error) {
	var l store.Link
	var expires int64
	if err := s.queryRow(ctx, selectLink, []any{blob(place)}, &l.Place, &l.Sealed, &expires); err != nil {
		return nil, err
	}
	l.Expires = fromMS(expires)
	return &l, nil
}

// SweepProgress implements [store.Progress].
func (s *Store) SweepProgress(ctx context.Context, now, before time.Time, limit int) (int, error) {
	var done int64
	err := s.w.write(ctx, func(t *tx) error {
		done = 0
		for _, x := range []struct {
			query string
			at    time.Time
		}{{expireSlots, before}, {expireCards, before}, {expireLinks, now}} {
			n, err := t.exec(x.query, ms(x.at), limit)
			if err != nil {
				return fmt.Errorf("expire reading progress: %w", err)
			}
			done += n
		}
		t.erase = t.erase || done > 0
		return nil
	})
	return int(done), err
}
