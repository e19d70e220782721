package store

import (
	"context"
	"errors"
	"time"
)

// Errors of reading cards.
var (
	// ErrFew: the card has as many slots as it may have.
	ErrFew = errors.New("store: too many slots")
	// ErrMany: there are as many cards, slots of all cards, or links as there
	// may be.
	ErrMany = errors.New("store: too many cards, slots or links")
)

// A Slot is where a reader is on one page. The store knows neither the page
// nor the reader: Slot is an HMAC, Sealed is opened on the reader's devices.
type Slot struct {
	Slot    []byte
	Sealed  []byte
	Seq     int64 // rises with each write of its card, also when the card has been gone meanwhile
	Written time.Time
}

// A Card says whose slots are meant. Both are hashes of what the reader's
// devices derive from the digits of a reading card.
type Card struct{ ID, Auth []byte }

// A SlotWrite replaces a slot, or makes it.
type SlotWrite struct {
	Card
	Slot   []byte
	Sealed []byte
	Match  func(current []byte) bool // of the sealed bytes that are there; nil when there are none
	New    bool                      // a card that is not known is made
	Slots  int                       // how many a card may have
	All    int                       // how many slots all cards may have together
	Cards  int                       // how many cards there may be
	At     time.Time
}

// A Link leads back to a place on a page. Place is a hash of its number, and
// Sealed opens with nothing but that number.
type Link struct {
	Place   []byte
	Sealed  []byte
	Expires time.Time
}

// Progress keeps where people are in what they read. Its tables stand alone:
// nothing else refers to them, so they can be dropped whole. How many rows
// they may have is held to nearly: what instances write at the same moment may
// go over it, and what another instance writes is seen within the hour.
type Progress interface {
	// Slots returns the slots of a card that were written after since, in
	// that order. A card that is not known, or another Auth, has none.
	Slots(ctx context.Context, c Card, since int64) ([]Slot, error)
	// PutSlot writes. ErrNotFound says that the card is not known and w.New
	// was not set, or that its Auth is another; ErrConflict that w.Match
	// refused, with the slot as it is, nil if there is none; ErrFew and
	// ErrMany that there are enough. A slot that is there can always be replaced.
	PutSlot(ctx context.Context, w *SlotWrite) (*Slot, error)
	// DeleteSlot removes a slot; DeleteCard all of them, and the card. It is
	// no error when there is none.
	DeleteSlot(ctx context.Context, c Card, slot []byte) error
	DeleteCard(ctx context.Context, c Card) error

	// PutLink keeps a link, or answers ErrMany when there are limit already.
	PutLink(ctx context.Context, l Link, limit int) error
	// Link returns the link of a place, or ErrNotFound.
	Link(ctx context.Context, place []byte) (*Link, error)

	// SweepProgress deletes up to limit slots and up to limit cards that were
	// written last at before or earlier, and links that have expired at now.
	SweepProgress(ctx context.Context, now, before time.Time, limit int) (int, error)
}
