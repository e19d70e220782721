// Package outbox does what a case gives to do once it is stored: it carries
// sealed cases to the departments, in a folder or by a signed webhook, and
// tells people how their case stands. Jobs come from the store, at least
// once each; who receives them tells repeats by the name.
//
// Nothing that leaves here has an answer in clear, or a secret.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"handrail/internal/formpage"
	"handrail/internal/seal"
	"handrail/internal/store"
	"handrail/internal/upload"
)

// The kinds of jobs.
const (
	Deliver = "deliver" // a case to its department
	Update  = "update"  // an event of a case to its department; payload: Payload
	Notice  = "notice"  // to the person; payload: Payload
)

// How jobs are worked on.
const (
	lease      = 2 * time.Minute
	batch      = 20
	patience   = 45 * time.Second // for one receiver
	firstRetry = 10 * time.Second
	lastRetry  = 6 * time.Hour
	attempts   = 26 // two days and more; then a person has to look
	// EraseAfter is how long an address for notices stays after a case is
	// closed.
	EraseAfter = 30 * 24 * time.Hour
)

// Files are what people hand in, as it lies on the disk: sealed, each for a key
// that stands in the case or in what came later.
type Files interface {
	// List names the files of a draft.
	List(draft string) ([]upload.Stored, error)
	// Sealed opens one of them, still sealed.
	Sealed(draft, id string) (io.ReadSeekCloser, error)
}

// A Route is how a department gets its cases. Without any it fetches them.
type Route struct {
	Folder  string
	Webhook *Webhook
}

// Options say what a worker works with.
type Options struct {
	Store  store.Store
	Kit    func() *formpage.Kit
	Now    func() time.Time
	Log    *slog.Logger
	Routes map[string]Route // by department
	Client *http.Client     // for webhooks: see NewClient
	Files  Files            // may be nil: then there are none
	Key    *seal.Key        // opens addresses; nil when nobody gets notices
	SMS    Sender           // nil: no text messages
	Mail   Sender           // nil: no e-mail
	// Jitter spreads retries: a number in [0, 1). nil takes a random one.
	Jitter func() float64
}

// A Sender sends a short text to an address. Repeats of one message have the
// same id.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// A Message is what a person gets.
type Message struct {
	ID      string
	To      string
	Subject string
	Text    string
}

// A Worker does jobs.
type Worker struct{ o Options }

// New returns a worker.
func New(o Options) *Worker {
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return &Worker{o}
}

// errNever marks an error that no retry mends.
type errNever struct{ error }

func (e errNever) Unwrap() error { return e.error }

// Run works until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	t := time.NewTicker(2 * time.Second)
	defer t.Stop()
	var erased time.Time
	for {
		if err := w.Once(ctx); err != nil && ctx.Err() == nil {
			w.o.Log.Error("outbox", "err", err)
		}
		if now := w.o.Now(); now.Sub(erased) >= time.Hour {
			erased = now
			if err := w.Erase(ctx); err != nil && ctx.Err() == nil {
				w.o.Log.Error("erase addresses", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// Erase forgets the addresses of cases that have been closed for long.
func (w *Worker) Erase(ctx context.Context) error {
	_, err := w.o.Store.EraseNotices(ctx, w.o.Now().Add(-EraseAfter))
	return err
}

// Once does the jobs that are due. The error is the store's; what went wrong
// with a job stands with the job.
func (w *Worker) Once(ctx context.Context) error {
	for ctx.Err() == nil {
		jobs, err := w.o.Store.ClaimJobs(ctx, w.o.Now(), lease, batch)
		if err != nil {
			return fmt.Errorf("claim jobs: %w", err)
		}
		for i := range jobs {
			if err := w.one(ctx, &jobs[i]); err != nil {
				return err
			}
		}
		if len(jobs) < batch {
			return nil
		}
	}
	return ctx.Err()
}

// one does a job and says so to the store.
func (w *Worker) one(ctx context.Context, j *store.Job) error {
	// A job that this worker could not begin within its lease may be
	// somebody else's by now.
	if !w.o.Now().Before(j.Lease) {
		return nil
	}
	limit, stop := context.WithTimeout(ctx, patience)
	cause := w.do(limit, j)
	stop()
	if ctx.Err() != nil { // told to stop: the lease ends, then it is done again
		return ctx.Err()
	}
	var err error
	switch never := (errNever{}); {
	case cause == nil:
		route := w.o.Routes[j.Department] // without one a clerk has to say that the case has come
		err = w.o.Store.FinishJob(ctx, j.ID, w.o.Now(), j.Kind == Deliver && (route.Folder != "" || route.Webhook != nil))
	case errors.As(cause, &never), j.Attempts >= attempts:
		w.o.Log.Error("a job was given up", "job", j, "err", cause)
		err = w.o.Store.RetryJob(ctx, j.ID, cause.Error(), time.Time{})
	default:
		w.o.Log.Warn("a job failed and will be tried again", "job", j, "err", cause)
		err = w.o.Store.RetryJob(ctx, j.ID, cause.Error(), w.o.Now().Add(Backoff(j.Attempts, w.o.Jitter())))
	}
	if errors.Is(err, store.ErrNotFound) { // cancelled or deleted meanwhile
		return nil
	}
	return err
}

// Backoff is how long to wait after the nth attempt: twice as long each time,
// spread so that receivers that come back are not met by all at once.
func Backoff(n int, jitter float64) time.Duration {
	d := lastRetry
	if n < 13 {
		d = min(lastRetry, firstRetry<<max(n-1, 0))
	}
	return d/2 + time.Duration(jitter*float64(d/2))
}

func (w *Worker) do(ctx context.Context, j *store.Job) error {
	switch j.Kind {
	case Deliver:
		return w.deliver(ctx, j)
	case Update:
		return w.update(ctx, j)
	case Notice:
		return w.notice(ctx, j)
	}
	return errNever{fmt.Errorf("no such kind of job: %q", j.Kind)}
}
