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

// A card begins to count at the time it is made: devices that knew it before
// it was deleted ask for what is later than what they have seen.
const insertCard = `INSERT INTO progress_card (id, auth, seq, written) VALUES ($1, $2, $3, $3) ON CONFLICT (id) DO NOTHING`

const countSlots = `SELECT count(*) FROM progress_slot WHERE card = $1`

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
	slots, err := s.slots.rows(ctx, s)
	if err != nil {
		return nil, err
	}
	cards, err := s.cards.rows(ctx, s)
	if err != nil {
		return nil, err
	}
	p := &slotPut{SlotWrite: *w, allFull: slots >= w.All, cardsFull: cards >= w.Cards}
	err = s.w.write(ctx, p.do)
	switch {
	case errors.Is(err, store.ErrConflict):
		return p.slot, err
	case err != nil:
		return nil, err
	}
	s.cards.add(p.newCard)
	s.slots.add(p.newSlot)
	return p.slot, nil
}

// A slotPut is a write of a slot and what came of it.
type slotPut struct {
	store.SlotWrite
	allFull, cardsFull bool

	slot             *store.Slot // as it is now
	newCard, newSlot int64       // 1 when it was made
}

func (p *slotPut) do(t *tx) error {
	p.slot, p.newCard, p.newSlot = nil, 0, 0
	seq, err := p.touchCard(t)
	if err != nil {
		return err
	}
	var have store.Slot
	var written int64
	switch err := t.queryRow(selectSlot, []any{blob(p.ID), blob(p.Slot)}, &have.Slot, &have.Sealed, &have.Seq, &written); {
	case errors.Is(err, sql.ErrNoRows):
		if err := p.mayMake(t); err != nil {
			return err
		}
		p.newSlot = 1
	case err != nil:
		return err
	case !p.Match(have.Sealed):
		have.Written = fromMS(written)
		p.slot = &have
		return store.ErrConflict
	}
	if _, err := t.exec(upsertSlot, blob(p.ID), blob(p.Slot), blob(p.Sealed), seq, ms(p.At)); err != nil {
		return fmt.Errorf("write a slot: %w", err)
	}
	p.slot = &store.Slot{Slot: p.Slot, Sealed: p.Sealed, Seq: seq, Written: p.At}
	return nil
}

// mayMake says whether the card may have one more slot.
func (p *slotPut) mayMake(t *tx) error {
	if !p.Match(nil) {
		return store.ErrConflict
	}
	if p.allFull {
		return store.ErrMany
	}
	var n int
	if err := t.queryRow(countSlots, []any{blob(p.ID)}, &n); err != nil {
		return err
	}
	if n >= p.Slots {
		return store.ErrFew
	}
	return nil
}

// touchCard counts a write of the card, which holds its row until the
// transaction ends, and makes the card where that is wanted.
func (p *slotPut) touchCard(t *tx) (seq int64, err error) {
	err = t.queryRow(nextSeq, []any{ms(p.At), blob(p.ID), blob(p.Auth)}, &seq)
	switch {
	case !errors.Is(err, sql.ErrNoRows):
		return seq, err
	case !p.New:
		return 0, store.ErrNotFound
	case p.cardsFull:
		return 0, store.ErrMany
	}
	p.newCard, err = t.exec(insertCard, blob(p.ID), blob(p.Auth), ms(p.At))
	if err == nil && p.newCard == 0 { // another auth has it
		err = store.ErrNotFound
	}
	return ms(p.At), err
}

// DeleteSlot implements [store.Progress].
func (s *Store) DeleteSlot(ctx context.Context, c store.Card, slot []byte) error {
	var n int64
	err := s.w.write(ctx, func(t *tx) (err error) {
		n, err = t.exec(deleteSlot, blob(c.ID), blob(c.Auth), blob(slot))
		t.erase = t.erase || n > 0
		return err
	})
	if err == nil {
		s.slots.add(-n)
	}
	return err
}

// DeleteCard implements [store.Progress].
func (s *Store) DeleteCard(ctx context.Context, c store.Card) error {
	var slots, cards int64
	err := s.w.write(ctx, func(t *tx) (err error) {
		if slots, err = t.exec(deleteSlots, blob(c.ID), blob(c.Auth)); err != nil {
			return fmt.Errorf("delete the slots of a card: %w", err)
		}
		cards, err = t.exec(deleteCard, blob(c.ID), blob(c.Auth))
		t.erase = t.erase || slots+cards > 0
		return err
	})
	if err == nil {
		s.slots.add(-slots)
		s.cards.add(-cards)
	}
	return err
}

// PutLink implements [store.Progress].
func (s *Store) PutLink(ctx context.Context, l store.Link, limit int) error {
	n, err := s.links.rows(ctx, s)
	switch {
	case err != nil:
		return err
	case n >= limit:
		return store.ErrMany
	}
	err = s.w.write(ctx, func(t *tx) error {
		_, err := t.exec(insertLink, blob(l.Place), blob(l.Sealed), ms(l.Expires))
		return err
	})
	if err == nil {
		s.links.add(1)
	}
	return err
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
func (s *Store) SweepProgress(ctx context.Context, now, before time.Time, limit int) (done int, err error) {
	sweeps := []struct {
		query string
		at    time.Time
		of    *tally
		n     int64
	}{{expireSlots, before, &s.slots, 0}, {expireCards, before, &s.cards, 0}, {expireLinks, now, &s.links, 0}}
	err = s.w.write(ctx, func(t *tx) (err error) {
		for i := range sweeps {
			x := &sweeps[i]
			if x.n, err = t.exec(x.query, ms(x.at), limit); err != nil {
				return fmt.Errorf("expire reading progress: %w", err)
			}
			t.erase = t.erase || x.n > 0
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for i := range sweeps {
		sweeps[i].of.add(-sweeps[i].n)
		done += int(sweeps[i].n)
		if err := sweeps[i].of.recount(ctx, s, now); err != nil {
			return done, err
		}
	}
	return done, nil
}
