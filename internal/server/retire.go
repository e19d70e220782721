package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"handrail/internal/forms"
	"handrail/internal/store"
)

// withdrawnLife is how long a case that was taken back is remembered, without
// its answers: so that a late click can be told when that was.
const withdrawnLife = 30 * 24 * time.Hour

// retireBatch is how many cases are looked up at a time.
const retireBatch = 200

// Retire deletes cases that have been kept for as long as their form says,
// with files and jobs, and what was withdrawn long ago. The time counts from
// when the department was known to have the case, or from the last thing that
// happened with it if that was later. What a department has not got stays.
// It returns how many cases went.
// Source: 个人信息保护法 Art. 19, 47.
func (s *Server) Retire(ctx context.Context) (int, error) {
	st, now := s.opt.Store, s.opt.Now()
	n, err := s.deleteAll(ctx, "withdrawn", func() ([]string, error) { return st.Withdrawn(ctx, now.Add(-withdrawnLife), retireBatch) })
	if err != nil {
		return n, err
	}
	versions, err := st.Versions(ctx)
	if err != nil {
		return n, fmt.Errorf("retire cases: %w", err)
	}
	for _, version := range versions {
		archived, err := st.Definition(ctx, version)
		if err != nil {
			return n, fmt.Errorf("retire cases: version %s: %w", version, err)
		}
		days, err := Keep(archived.Body)
		if err != nil {
			return n, err
		}
		gone, err := s.deleteAll(ctx, "retention", func() ([]string, error) { return st.Retired(ctx, version, now.AddDate(0, 0, -days), retireBatch) })
		if n += gone; err != nil {
			return n, err
		}
	}
	return n, nil
}

// Keep is how many days cases of a form are kept. One datum of a case cannot
// go before the others, as they are sealed together: the longest time counts.
func Keep(definition []byte) (days int, err error) {
	d, err := forms.Parse(definition)
	if err != nil {
		return 0, err
	}
	return d.MaxRetentionDays(), nil
}

// deleteAll deletes cases until none are listed.
func (s *Server) deleteAll(ctx context.Context, why string, list func() ([]string, error)) (n int, err error) {
	for {
		references, err := list()
		if err != nil {
			return n, fmt.Errorf("retire cases: %w", err)
		}
		for _, reference := range references {
			err := s.opt.Store.DeleteCase(ctx, store.Tombstone{Reference: reference, Deleted: s.opt.Now(), Why: why})
			if err != nil && !errors.Is(err, store.ErrNotFound) { // another instance was faster
				return n, fmt.Errorf("retire case %s: %w", reference, err)
			}
			n++
		}
		if len(references) < retireBatch {
			return n, nil
		}
	}
}

// hourly deletes what has had its time.
func (s *Server) hourly(ctx context.Context, trusted bool) {
	if trusted {
		switch n, err := s.Retire(ctx); {
		case err != nil && ctx.Err() == nil:
			s.opt.Log.Error("retire cases", "err", err)
		case n > 0:
			s.opt.Log.Info("deleted cases that had been kept for their time", "n", n)
		}
	}
	if err := s.SweepFiles(ctx); err != nil && ctx.Err() == nil {
		s.opt.Log.Error("sweep files", "err", err)
	}
}
