package store

import (
	"context"
	"errors"
	"slices"
	"time"
)

// States that a department sets.
const (
	Working State = "working" // somebody is at it
	Asked   State = "asked"   // it waits for the person
	Decided State = "decided"
	Closed  State = "closed" // nothing more will happen
)

// Errors of acts.
var (
	// ErrState: the case is not where this could be done.
	ErrState = errors.New("store: the case is in another state")
	// ErrSeen: an act with this id was done before; nothing was changed.
	ErrSeen = errors.New("store: done before")
)

// changes are the ways that a department leads a case. Who sent it takes it
// back by Undo; a closed case stays closed.
var changes = map[State][]State{
	Received: {Working, Asked, Decided, Closed},
	Working:  {Asked, Decided, Closed},
	Asked:    {Working, Decided, Closed},
	Decided:  {Working, Closed},
}

// May reports whether a department may lead a case from s to another state.
func (s State) May(to State) bool { return slices.Contains(changes[s], to) }

// Stands reports whether the department has the case.
func (s State) Stands() bool { return s != Held && s != Withdrawn && s != "" }

// What an event is.
const (
	EventAck      = "ack"      // the department has opened it
	EventState    = "state"    // it went to another state
	EventMessage  = "message"  // from the department
	EventReply    = "reply"    // from the person
	EventAsk      = "ask"      // the department asks for a document or an answer
	EventSupply   = "supply"   // the person answers an ask
	EventResult   = "result"   // the decision
	EventCallback = "callback" // the person wants to be called back
	EventSecret   = "secret"   // the office has given out a new secret
)

// An Event is one thing that happened with a case. What somebody wrote is
// sealed for the department and for the case's secret.
type Event struct {
	ID        string // chosen by who acts; a repeat changes nothing
	Reference string
	Kind      string
	State     State // afterwards; "" when it did not change
	At        time.Time
	By        string    // name of the department's key; "" for the person
	Due       time.Time // of an ask; zero for none
	Of        string    // the ask that a supply answers
	Sealed    []byte
}

// An Act changes a case: an event, and what follows from it.
type Act struct {
	Event      Event
	Department string // whose case it has to be; "" for the person
	Release    bool   // somebody has looked at it: Review is over
	Jobs       []Job
}

// A Resealing puts a case and what was said about it under other keys. It is
// whole or not at all: everything that is sealed comes anew.
type Resealing struct {
	Reference  string
	Department string
	Was        []byte            // SHA-256 of Case.Sealed as it was read
	Sealed     []byte            // of the case
	Events     map[string][]byte // of all events that have something sealed, by id
	Event      *Event            // that tells of it; nil for none
	Secret     *Secret           // nil keeps the one there is
	Jobs       []Job
}

// A Secret is what a store keeps of a case's secret.
type Secret struct {
	Salt, Check []byte
	Recipient   string
}

// A Listing says which cases of a department to list.
type Listing struct {
	Department string
	State      State  // "" for all that stand
	After      string // reference
	Limit      int
}

// A Proof says when the holder of a recipient has shown that it opens.
type Proof struct {
	Recipient string
	Challenge []byte // SHA-256 of what was sealed
	Asked     time.Time
	Proved    time.Time // zero: not yet
}

// A Desk is the part of a store that leads cases on once they are sent.
type Desk interface {
	// Act does a thing to a case that stands, in one transaction, and returns
	// the case afterwards. ErrNotFound also for a case of another department;
	// ErrSeen, with the case, when the event's id is known; ErrState when the
	// case may not go there from where it is.
	Act(ctx context.Context, a *Act) (*Case, error)
	// Reseal does what r says if nothing was sealed meanwhile, else it returns
	// ErrConflict. ErrNotFound as with Act.
	Reseal(ctx context.Context, r *Resealing) (*Case, error)
	// Events returns what happened with a case, in order.
	Events(ctx context.Context, reference string) ([]Event, error)
	// CasesOf lists cases that stand, by reference.
	CasesOf(ctx context.Context, l Listing) ([]Case, error)

	// Versions lists the versions of forms that there are cases of.
	Versions(ctx context.Context) ([]string, error)
	// Retired lists cases of a version that their department had before, with
	// nothing said or changed since and nothing on its way to it.
	Retired(ctx context.Context, version string, before time.Time, limit int) ([]string, error)
	// Withdrawn lists cases that were withdrawn before.
	Withdrawn(ctx context.Context, before time.Time, limit int) ([]string, error)

	// SaveNotice keeps where to send notices of a case, sealed, and adds
	// jobs; empty erases it. A case that is withdrawn or closed takes none.
	SaveNotice(ctx context.Context, reference string, sealed []byte, jobs []Job) error
	// Notice returns what SaveNotice kept, or ErrNotFound.
	Notice(ctx context.Context, reference string) ([]byte, error)
	// EraseNotices erases those of cases that were closed or withdrawn
	// before, and returns how many.
	EraseNotices(ctx context.Context, before time.Time) (int, error)

	// DeadJobs lists jobs that were given up, oldest first.
	DeadJobs(ctx context.Context, limit int) ([]Job, error)
	// ReplayJob makes a dead job wait again, with its attempts counted from
	// nought and its id kept.
	ReplayJob(ctx context.Context, id string, at time.Time) error

	// SaveProof keeps a challenge, or that it was met.
	SaveProof(ctx context.Context, p Proof) error
	// ProofOf returns the proof of a recipient, or ErrNotFound.
	ProofOf(ctx context.Context, recipient string) (*Proof, error)
}
