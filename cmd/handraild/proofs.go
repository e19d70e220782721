package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"filippo.io/age"

	"handrail/internal/formpage"
	"handrail/internal/settings"
	"handrail/internal/store"
)

// leastProved is how many of a department's keys have to be shown to open
// before its forms are: one can be lost.
const leastProved = 2

// proofs know which departments have shown that their keys open.
type proofs struct {
	store      store.Desk
	recipients map[string][]age.Recipient
	mu         sync.Mutex
	known      map[string]bool
}

func newProofs(st store.Desk, s *settings.Settings) *proofs {
	return &proofs{store: st, recipients: s.Recipients, known: map[string]bool{}}
}

// Proved reports whether a department can open what is sealed for it. What
// was shown once stays so.
func (p *proofs) Proved(ctx context.Context, department string) (bool, error) {
	p.mu.Lock()
	known := p.known[department]
	p.mu.Unlock()
	if known {
		return true, nil
	}
	n := 0
	for _, r := range p.recipients[department] {
		switch proof, err := p.store.ProofOf(ctx, fmt.Sprint(r)); {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return false, err
		case !proof.Proved.IsZero():
			n++
		}
	}
	if n < leastProved {
		return false, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[department] = true
	return true, nil
}

// unproved says of each department with forms how many of its keys have been
// shown to open, if those are too few.
func (g *globals) unproved(kit *formpage.Kit, s *settings.Settings, proved func(recipient string) bool) []string {
	var out []string
	seen := map[string]bool{}
	for _, id := range kit.Site().Forms {
		dep := kit.Form(id).Department
		if seen[dep] || len(s.Recipients[dep]) == 0 {
			continue
		}
		seen[dep] = true
		n := 0
		for _, r := range s.Recipients[dep] {
			if proved(fmt.Sprint(r)) {
				n++
			}
		}
		if n < leastProved {
			out = append(out, g.text("tool.d.keys.unproved", "department", dep, "n", n, "least", leastProved))
		}
	}
	return out
}
