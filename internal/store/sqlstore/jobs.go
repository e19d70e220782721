package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"handrail/internal/store"
)

const jobColumns = `id, seq, reference, department, kind, at_once, state, not_before, attempts, lease, error, payload, finished`

const insertJob = `INSERT INTO job (` + jobColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, 0, 0, '', $8, 0)`

const selectJobs = `SELECT ` + jobColumns + ` FROM job WHERE reference = $1 ORDER BY seq`

// A case that somebody has to look at first sends nothing; one that can still
// be undone sends only what goes at once.
const claimJobs = `WITH due (job_id) AS MATERIALIZED (
		SELECT j.id FROM job j JOIN cases c ON c.reference = j.reference
		WHERE (j.state = 'waiting' AND j.not_before <= $1 OR j.state = 'claimed' AND j.lease <= $1)
		AND c.review = '' AND (j.at_once = 1 OR c.state <> 'held')
		ORDER BY j.not_before, j.seq LIMIT $3 %s)
	UPDATE job SET state = 'claimed', lease = $2, attempts = attempts + 1 FROM due WHERE id = job_id
	RETURNING ` + jobColumns

const finishJob = `UPDATE job SET state = 'done', error = '', finished = $1 WHERE id = $2 AND state = 'claimed'`

const deliverCase = `UPDATE cases SET delivered = $1 WHERE delivered = 0 AND reference = (SELECT j.reference FROM job j WHERE j.id = $2)`

const retryJob = `UPDATE job SET state = $1, not_before = $2, error = $3, lease = 0 WHERE id = $4 AND state = 'claimed'`

func addJob(t *tx, j *store.Job, reference string, seq int) error {
	atOnce := 0
	if j.AtOnce {
		atOnce = 1
	}
	_, err := t.exec(insertJob, j.ID, seq, reference, j.Department, j.Kind, atOnce, ms(j.NotBefore), blob(j.Payload))
	if err != nil {
		return fmt.Errorf("store job %s of %s: %w", j.Kind, reference, err)
	}
	return nil
}

// ClaimJobs implements [store.Store].
func (s *Store) ClaimJobs(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]store.Job, error) {
	var jobs []store.Job
	err := s.w.write(ctx, func(t *tx) error {
		// Settle first: then an undo that comes later finds a case that
		// stands, on this instance or another one.
		if _, err := settle(t, now, limit); err != nil {
			return err
		}
		rows, err := t.query(fmt.Sprintf(claimJobs, t.dialect.skipLocked("j")), ms(now), ms(now.Add(lease)), limit)
		if err != nil {
			return fmt.Errorf("claim jobs: %w", err)
		}
		jobs, err = scanJobs(rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

func scanJobs(rows *sql.Rows) ([]store.Job, error) {
	defer rows.Close()
	type numbered struct {
		seq int
		store.Job
	}
	var all []numbered
	for rows.Next() {
		var j numbered
		var notBefore, lease, finished int64
		err := rows.Scan(&j.ID, &j.seq, &j.Reference, &j.Department, &j.Kind, &j.AtOnce, &j.State, &notBefore, &j.Attempts,
			&lease, &j.Error, &j.Payload, &finished)
		if err != nil {
			return nil, err
		}
		j.NotBefore, j.Lease, j.Finished = fromMS(notBefore), fromMS(lease), fromMS(finished)
		all = append(all, j)
	}
	slices.SortStableFunc(all, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(a.Reference, b.Reference), cmp.Compare(a.seq, b.seq))
	})
	jobs := make([]store.Job, len(all))
	for i, j := range all {
		jobs[i] = j.Job
	}
	return jobs, rows.Err()
}

// FinishJob implements [store.Store].
func (s *Store) FinishJob(ctx context.Context, id string, at time.Time, delivered bool) error {
	return s.w.write(ctx, func(t *tx) error {
		n, err := t.exec(finishJob, ms(at), id)
		switch {
		case err != nil:
			return fmt.Errorf("finish a job: %w", err)
		case n == 0: // cancelled meanwhile
			return store.ErrNotFound
		case !delivered:
			return nil
		}
		_, err = t.exec(deliverCase, ms(at), id)
		return err
	})
}

// RetryJob implements [store.Store].
func (s *Store) RetryJob(ctx context.Context, id, cause string, at time.Time) error {
	state := store.JobWaiting
	if at.IsZero() {
		state = store.JobDead
	}
	return s.changeJob(ctx, retryJob, state, ms(at), clean(cause), id)
}

// clean keeps what another machine said storable as text.
func clean(s string) string { return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD") }

// changeJob answers ErrNotFound for a job that is not claimed: it may have
// been cancelled meanwhile.
func (s *Store) changeJob(ctx context.Context, query string, args ...any) error {
	return s.w.write(ctx, func(t *tx) error {
		n, err := t.exec(query, args...)
		switch {
		case err != nil:
			return fmt.Errorf("change a job: %w", err)
		case n == 0:
			return store.ErrNotFound
		}
		return nil
	})
}

// Jobs implements [store.Store].
func (s *Store) Jobs(ctx context.Context, reference string) ([]store.Job, error) {
	rows, err := s.query(ctx, selectJobs, reference)
	if err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	return scanJobs(rows)
}
