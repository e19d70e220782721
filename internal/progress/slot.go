package progress

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"handrail/internal/block"
)

// Why a position was stored.
const (
	Rest  = "rest"  // the reader stayed for a while
	Leave = "leave" // the reader left the page
	Mark  = "mark"  // the reader asked for it
)

// maxDevices is how many devices a slot remembers.
const maxDevices = 4

// An Entry is where one device is on a page.
type Entry struct {
	Device string        `json:"dev"`
	Clock  Clock         `json:"hlc"`
	Lang   string        `json:"lang"`
	Rev    string        `json:"rev"`
	Block  string        `json:"b"`
	Offset int           `json:"off"` // how far into the block, in per cent
	Anchor *block.Anchor `json:"anchor,omitempty"`
	Reason string        `json:"reason"`
	Title  string        `json:"t,omitempty"` // of the page
	URL    string        `json:"u,omitempty"` // as this device read it
}

// A Slot is what the devices of one card know of a page.
type Slot struct {
	V       int     `json:"v"` // 1
	Page    string  `json:"page"`
	Entries []Entry `json:"at"` // one a device, the latest first
	Done    Done    `json:"done"`
}

// Done are the steps that are done: a set that grows, until somebody begins
// anew.
type Done struct {
	Epoch int      `json:"e"`
	Steps []string `json:"s"` // ids of blocks, sorted
}

// Merge joins what two devices know. In whatever order, and however often,
// slots are merged, the outcome is the same: of each device the later entry
// counts, of all devices the latest few, and steps that are done stay done.
// The furthest does not win.
func Merge(a, b *Slot) *Slot {
	byDevice := map[string]Entry{}
	for _, e := range slices.Concat(a.Entries, b.Entries) {
		if have, ok := byDevice[e.Device]; !ok || later(e, have) > 0 {
			byDevice[e.Device] = e
		}
	}
	out := &Slot{V: 1, Page: cmp.Or(a.Page, b.Page), Entries: slices.AppendSeq([]Entry{}, maps.Values(byDevice)), Done: mergeDone(a.Done, b.Done)}
	slices.SortFunc(out.Entries, func(x, y Entry) int { return later(y, x) })
	out.Entries = out.Entries[:min(len(out.Entries), maxDevices)]
	return out
}

// later orders entries by clock and device, and, should a device have used a
// clock twice, by what they say.
func later(x, y Entry) int {
	return cmp.Or(cmp.Compare(x.Clock, y.Clock), cmp.Compare(x.Device, y.Device), cmp.Compare(x.Block, y.Block),
		cmp.Compare(x.Offset, y.Offset), cmp.Compare(x.Reason, y.Reason), cmp.Compare(x.Lang, y.Lang), cmp.Compare(x.Rev, y.Rev),
		cmp.Compare(x.Title, y.Title), cmp.Compare(x.URL, y.URL), cmp.Compare(x.grams(), y.grams()))
}

func (e *Entry) grams() int {
	if e.Anchor == nil {
		return -1
	}
	return len(e.Anchor.Grams)
}

func mergeDone(a, b Done) Done {
	switch {
	case a.Epoch > b.Epoch:
		b = Done{}
	case b.Epoch > a.Epoch:
		a = Done{}
	}
	steps := append(append([]string{}, a.Steps...), b.Steps...)
	slices.Sort(steps)
	return Done{max(a.Epoch, b.Epoch), slices.Compact(steps)}
}

// Offer returns the latest position of another device, if it is later than
// this device's own.
func (s *Slot) Offer(device string) *Entry {
	if len(s.Entries) == 0 || s.Entries[0].Device == device {
		return nil
	}
	return &s.Entries[0]
}

// encode writes a slot in at most room bytes: if it has to, without the
// samples of text of the oldest entries, then without those entries.
func (s *Slot) encode(room int) ([]byte, error) {
	c := *s
	c.Entries = slices.Clone(s.Entries)
	for {
		b, err := json.Marshal(&c)
		if err != nil || len(b) <= room {
			return b, err
		}
		if !c.shorten() {
			return nil, ErrTooLarge
		}
	}
}

func (s *Slot) shorten() bool {
	for i := len(s.Entries) - 1; i >= 0; i-- {
		if a := s.Entries[i].Anchor; a != nil && len(a.Grams) > 0 {
			short := *a
			short.Grams = nil
			s.Entries[i].Anchor = &short
			return true
		}
	}
	if n := len(s.Entries); n > 1 {
		s.Entries = s.Entries[:n-1]
		return true
	}
	return false
}

func decode(plain []byte) (*Slot, error) {
	var s Slot
	if err := json.Unmarshal(plain, &s); err != nil {
		return nil, fmt.Errorf("progress: %w", err)
	}
	if s.V != 1 {
		return nil, fmt.Errorf("progress: a slot of version %d", s.V)
	}
	return &s, nil
}

// A Clock is a hybrid logical clock: milliseconds since 1970 times 1024, and
// a counter. It fits into the whole numbers of a script.
type Clock int64

const ticks = 1024

// ahead is how far a clock may be before the server's.
const ahead = 5 * time.Minute

// Next is a clock after last, and not before now.
func Next(last Clock, now time.Time) Clock { return max(at(now), last+1) }

func at(t time.Time) Clock { return Clock(t.UnixMilli()) * ticks }

// Clamp sets clocks back that are far ahead of the server's time, so that a
// device with a wrong clock does not win for years.
func (s *Slot) Clamp(server time.Time) {
	for i := range s.Entries {
		if limit := at(server.Add(ahead)); s.Entries[i].Clock > limit {
			s.Entries[i].Clock = at(server)
		}
	}
	slices.SortFunc(s.Entries, func(x, y Entry) int { return later(y, x) })
}
