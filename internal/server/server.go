// Package server answers what people send: forms step by step, sending,
// undo, and the status of a case. Every page works without script. Answers
// are read, held against the form, sealed and forgotten: nothing here keeps
// them, prints them or logs them.
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"filippo.io/age"

	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/store"
	"handrail/internal/upload"
)

// How long things last.
const (
	emptyLife   = 24 * time.Hour      // of a draft in which nothing was typed yet
	draftLife   = 7 * 24 * time.Hour  // of a draft, after its last change
	savedLife   = 30 * 24 * time.Hour // of one that its owner has saved
	receiptLife = 24 * time.Hour      // of the receipt's page, after sending
	closeGrace  = time.Hour           // to finish a draft after its form has closed
	versionLife = 30 * 24 * time.Hour // of the version that a draft began with
	caseCookie  = 30 * time.Minute    // of a look at a case
	tooFast     = 3 * time.Second     // nobody reads and answers a form in less
)

// Limits of what one request may bring, in bytes.
const (
	maxStep = 512 << 10
	maxSend = 4 << 10
)

// Options say what the server works with.
type Options struct {
	Store      store.Store
	Kit        *formpage.Kit
	Recipients map[string][]age.Recipient // of each department that takes forms
	Static     http.Handler               // pages; may be nil
	Prefs      http.Handler               // /prefs and /prefs.css; may be nil
	API        http.Handler               // /api/; may be nil
	// Proved reports whether a department has shown that its keys open; nil
	// takes that for granted.
	Proved    func(ctx context.Context, department string) (bool, error)
	NoticeKey *seal.Key   // seals addresses for notices; nil when there are none
	Tells     []string    // ways to send notices, besides a call
	Uploads   *upload.Dir // may be nil: then no file is taken
	Now       func() time.Time
	Log       *slog.Logger
	Metrics   *Metrics // may be nil
	Trusted   Proxies  // whose X-Forwarded-For counts
}

// A Server holds what its handlers share. All of it is safe for concurrent
// use.
type Server struct {
	opt      Options
	kit      atomic.Pointer[formpage.Kit]
	zone     atomic.Pointer[time.Location] // of the kit
	old      versions
	stretch  chan struct{} // one token for each secret that may be stretched at a time
	byDraft  *limiter
	byCase   *limiter
	byAddr   *limiter
	byCode   *limiter // wrong codes only
	byStart  *limiter // drafts begun
	byMark   *limiter // links back to a page
	byTold   *limiter // confirmations, by case and by address
	newCards quota
	health   health
	pause    func(context.Context, time.Duration) error
}

// New archives the forms of the kit and returns a server.
func New(ctx context.Context, o Options) (*Server, error) {
	s := &Server{
		opt: o, pause: pause, stretch: make(chan struct{}, runtime.GOMAXPROCS(0)),
		byDraft:  newLimiter(o.Now, 20, 60),
		byCase:   newLimiter(o.Now, 1, 10),
		byAddr:   newLimiter(o.Now, 100, 1000),
		byCode:   newLimiter(o.Now, 1, 10),
		byStart:  newLimiter(o.Now, 0.5, 400), // a library or a home has many people behind one address
		byMark:   newLimiter(o.Now, 1, 60),
		byTold:   newLimiter(o.Now, 5.0/(24*3600), 5),
		newCards: newQuota(o.Now),
	}
	return s, s.SetKit(ctx, o.Kit)
}

// SetKit goes over to what a later build wrote. Drafts keep the version of
// their form, which is archived here.
func (s *Server) SetKit(ctx context.Context, kit *formpage.Kit) error {
	for _, id := range kit.Site().Forms {
		d := kit.Form(id)
		body, err := d.Encode()
		if err != nil {
			return err
		}
		if forms.Version(body) != d.Version() {
			return fmt.Errorf("form %s was not written by this release of handrail: build the site again", id)
		}
		err = s.opt.Store.SaveDefinition(ctx, store.Definition{Version: d.Version(), Form: id, Body: body, Loaded: s.opt.Now()})
		if err != nil {
			return fmt.Errorf("archive form %s: %w", id, err)
		}
	}
	zone, err := kit.Site().Location()
	if err != nil {
		zone = time.UTC
	}
	s.zone.Store(zone)
	s.kit.Store(kit)
	return nil
}

// Kit returns what the last build wrote.
func (s *Server) Kit() *formpage.Kit { return s.kit.Load() }

// Sweep does what time demands: cases that can no longer be undone go to
// their departments, and what has expired is deleted.
func (s *Server) Sweep(ctx context.Context) error {
	const limit = 500
	for {
		done, err := s.opt.Store.Sweep(ctx, s.opt.Now(), limit)
		if err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
		if done.Released < limit && done.Expired < limit {
			break
		}
	}
	now := s.opt.Now()
	for {
		n, err := s.opt.Store.SweepProgress(ctx, now, now.Add(-progressLife), limit)
		if err != nil {
			return fmt.Errorf("sweep reading progress: %w", err)
		}
		if n < limit {
			return nil
		}
	}
}

// Run sweeps until ctx ends.
func (s *Server) Run(ctx context.Context) {
	t := time.NewTicker(15 * time.Second)
	defer t.Stop()
	hourly := time.NewTimer(time.Minute) // soon after a start, too
	defer hourly.Stop()
	var clock jump
	start := time.Now()
	var trust bool
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			var jumped bool
			if trust, jumped = clock.trusted(s.opt.Now(), time.Since(start)); jumped {
				s.opt.Log.Warn("the clock was set forward: nothing is deleted for an hour")
			}
			if trust {
				if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
					s.opt.Log.Error("sweep", "err", err)
				}
			}
			s.byDraft.forget()
			s.byCase.forget()
			s.byAddr.forget()
			s.byCode.forget()
			s.byStart.forget()
			s.byMark.forget()
			s.byTold.forget()
			s.newCards.forget()
		case <-hourly.C:
			s.hourly(ctx, trust)
			hourly.Reset(time.Hour)
		}
	}
}

// now is the time where the site is.
func (s *Server) now() time.Time { return s.opt.Now().In(s.zone.Load()) }

// stretching waits for its turn to stretch a secret, few at a time: each takes
// memory and some milliseconds. Nobody waits longer than maxDelay.
func (s *Server) stretching(ctx context.Context) (done func(), err error) {
	t := time.NewTimer(maxDelay)
	defer t.Stop()
	select {
	case s.stretch <- struct{}{}:
		return func() { <-s.stretch }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-t.C:
		return nil, store.ErrBusy
	}
}

// newPublic derives what is kept of a secret.
func (s *Server) newPublic(ctx context.Context, secret seal.Code) (seal.Public, error) {
	done, err := s.stretching(ctx)
	if err != nil {
		return seal.Public{}, err
	}
	defer done()
	return seal.NewPublic(secret), nil
}

// unlock returns nil for a secret that is not the right one.
func (s *Server) unlock(ctx context.Context, p seal.Public, secret seal.Code) (age.Identity, error) {
	done, err := s.stretching(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	id, _ := p.Unlock(secret)
	return id, nil
}
