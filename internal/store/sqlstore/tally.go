package sqlstore

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// A tally is about how many rows a table has, so that the writer need not
// count them. A reader counts them when somebody first asks, and once an hour
// after that; in between, what this instance writes is added.
type tally struct {
	table string
	n     atomic.Int64

	mu      sync.Mutex // held while they are counted
	known   atomic.Bool
	counted time.Time // by a sweep
}

// rows returns the number of rows.
func (t *tally) rows(ctx context.Context, s *Store) (int, error) {
	if !t.known.Load() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if !t.known.Load() {
			if err := t.count(ctx, s); err != nil {
				return 0, err
			}
		}
	}
	return int(t.n.Load()), nil
}

func (t *tally) add(n int64) { t.n.Add(n) }

// recount counts again when that was done an hour ago or longer.
func (t *tally) recount(ctx context.Context, s *Store, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if since := now.Sub(t.counted); since >= 0 && since < time.Hour {
		return nil
	}
	if err := t.count(ctx, s); err != nil {
		return err
	}
	t.counted = now
	return nil
}

func (t *tally) count(ctx context.Context, s *Store) error {
	var n int64
	if err := s.queryRow(ctx, "SELECT count(*) FROM "+t.table, nil, &n); err != nil {
		return fmt.Errorf("count the rows of %s: %w", t.table, err)
	}
	t.n.Store(n)
	t.known.Store(true)
	return nil
}
