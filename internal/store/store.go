// Package store keeps what citizens send. It holds the words that the
// databases and the server share; sqlstore has the queries, sqlite opens a
// database, and storetest is the contract as a test.
//
// No type here has a field for an answer in clear: what a person wrote comes
// and goes as sealed bytes.
package store

import (
	"context"
	"errors"
	"time"
)

// What a store answers beside a broken disk. Errors of a driver do not leave
// the packages below.
var (
	// ErrNotFound: there is no such row, or it has expired.
	ErrNotFound = errors.New("store: not found")
	// ErrConflict: the draft was changed since it was read. Read it again.
	ErrConflict = errors.New("store: changed meanwhile")
	// ErrSent: the draft was sent and takes no more answers.
	ErrSent = errors.New("store: the draft was sent")
	// ErrReferenceTaken: draw another number.
	ErrReferenceTaken = errors.New("store: the reference is taken")
	// ErrTooLate: the case can no longer be undone.
	ErrTooLate = errors.New("store: the time to undo is over")
	// ErrBusy: the queue is full, nothing was written, try again soon.
	ErrBusy = errors.New("store: too much to write at once")
	// ErrFull: the disk is full, nothing was written.
	ErrFull = errors.New("store: the disk is full")
	// ErrUnavailable: the database cannot be reached, and nobody knows what
	// became of a write that was on its way. Ask again.
	ErrUnavailable = errors.New("store: the database cannot be reached")
	// ErrBroken: a write failed in a way after which nobody knows what is on
	// the disk. The process has to end; nothing is written any more.
	ErrBroken = errors.New("store: the disk failed")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store: closed")
)

// A DraftState says what may be done with a draft.
type DraftState string

// The states of a draft.
const (
	DraftOpen DraftState = "open" // takes answers
	DraftSent DraftState = "sent" // a case was made of it
)

// A Draft is what one person has filled in so far.
type Draft struct {
	ID            string // random; part of the address
	Form, Version string // Version is the SHA-256 of the definition, in hex
	Lang, Edition string
	Step          string // where the person was last
	State         DraftState
	Rev           int64  // counts changes; SaveDraft and Send name the one they read
	Token         []byte // SHA-256 of the token that sends it
	CaseSalt      []byte // of the case to be: see Case
	CaseCheck     []byte
	CaseRecipient string
	Sealed        []byte // the answers, under the draft's key
	Reference     string // of the case, once sent
	Resume        string // what its code leads to; "" when it has none
	Wrapped       string // the draft's key, under its code
	Created       time.Time
	Changed       time.Time
	Expires       time.Time
}

// A State is where a case stands.
type State string

// The states of a case.
const (
	Held      State = "held"      // sent, and may still be undone
	Received  State = "received"  // the department has it
	Withdrawn State = "withdrawn" // undone, or taken back later
)

// A Case is what one person sent and what became of it.
type Case struct {
	Reference     string // eight digits that people quote
	Token         []byte // SHA-256 of the draft's token: the idempotency key
	Draft         string
	Form, Version string
	Department    string
	Lang, Edition string
	State         State
	Review        string // why somebody should look before it is acted on; "" usually
	Received      time.Time
	HeldUntil     time.Time // until then it can be undone
	Changed       time.Time // when State was set
	Salt          []byte    // for the secret, so that one guess fits one case only
	Check         []byte    // what the secret has to lead to
	Recipient     string    // age recipient that the secret opens
	Sealed        []byte    // answers, for the department and the secret
	Due           string    // by when an answer is due and how that was reckoned, in JSON; "" for never
	Delivered     time.Time // when the department was known to have it; zero: not yet
}

// A JobState says what has to be done with a job.
type JobState string

// The states of a job.
const (
	JobWaiting   JobState = "waiting"
	JobClaimed   JobState = "claimed" // somebody works on it until its lease ends
	JobDone      JobState = "done"
	JobCancelled JobState = "cancelled"
	JobDead      JobState = "dead" // given up; a person has to look
)

// A Job is something to do because of a case: the outbox. Its payload holds
// no answers.
type Job struct {
	ID         string // random; also the id that receivers see
	Reference  string
	Department string
	Kind       string
	AtOnce     bool // does not wait until the case can no longer be undone
	State      JobState
	NotBefore  time.Time
	Attempts   int
	Lease      time.Time
	Error      string // of the last attempt
	Payload    []byte
	Finished   time.Time // zero: not done
}

// A Sending is one person's decision to send a draft as it was at Rev.
type Sending struct {
	Draft   string
	Rev     int64
	Expires time.Time // of the draft, which stays for receipt and undo
	Case    Case
	Jobs    []Job
	Notice  []byte  // where to send notices, sealed; nil for nowhere
	Events  []Event // what is known from the beginning: a call that is wanted
}

// An Undoing takes back a case and opens its draft again under another token.
type Undoing struct {
	Token   []byte    // of the case
	At      time.Time // now
	Expires time.Time // of the draft

	NewToken      []byte
	CaseSalt      []byte
	CaseCheck     []byte
	CaseRecipient string
	Sealed        []byte // the draft's answers, sealed anew; nil keeps them
	Rekeyed       bool   // under another key: the code of the old one is void
}

// A Definition is a form as it once was.
type Definition struct {
	Version string // SHA-256 of Body, in hex
	Form    string
	Body    []byte
	Loaded  time.Time // the first time
}

// A Tombstone says that a case was here. It outlives backups: what was
// deleted does not come back with them.
type Tombstone struct {
	Reference string
	Deleted   time.Time
	Why       string
}

// Stats counts rows, for health and metrics.
type Stats struct {
	Drafts, Cases, Held         int
	Waiting, Claimed, Dead      int // jobs
	OldestWaiting               time.Time
	Definitions, SchemaVersion  int
	QueueLength, QueueCapacity  int
	Batches, Rows, LargestBatch int64
}

// Swept says what Sweep did.
type Swept struct {
	Released int // cases that can no longer be undone
	Emptied  int // drafts of such cases, whose answers were erased
	Expired  int // drafts that were deleted
}

// A Store keeps drafts, cases and jobs. All methods are safe for concurrent
// use. ctx bounds the wait, never a write that has begun: a caller who stops
// waiting does not know the outcome and asks again. A nil error means that
// the write will survive a power cut. The clock is the caller's.
type Store interface {
	Desk
	Progress

	// CreateDraft stores a new draft with Rev 1.
	CreateDraft(ctx context.Context, d *Draft) error
	// Draft returns the draft, or ErrNotFound.
	Draft(ctx context.Context, id string) (*Draft, error)
	// DraftByResume returns the draft that a code leads to, or ErrNotFound.
	DraftByResume(ctx context.Context, resume string) (*Draft, error)
	// SaveDraft replaces step, version, language, edition, answers, code and
	// times of an open draft if it is still at d.Rev, and sets d.Rev to the new
	// one. ErrConflict, ErrSent and ErrNotFound say why not.
	SaveDraft(ctx context.Context, d *Draft) error
	// DeleteDraft removes a draft; it is no error when there is none.
	DeleteDraft(ctx context.Context, id string) error

	// Send makes the case and its jobs of an open draft at s.Rev, in one
	// transaction. A token that was sent before changes nothing and returns
	// the first case, whatever else s says.
	Send(ctx context.Context, s *Sending) (*Case, error)
	// Undo takes a held case back if its time is not over, cancels its jobs,
	// erases what was sealed and opens the draft again. It returns the case
	// as it is afterwards. A case withdrawn before is returned as it is;
	// ErrTooLate says that it stands.
	Undo(ctx context.Context, u *Undoing) (*Case, error)
	// Case returns a case by its reference, or ErrNotFound.
	Case(ctx context.Context, reference string) (*Case, error)
	// CaseByToken returns the case that a token made, or ErrNotFound.
	CaseByToken(ctx context.Context, token []byte) (*Case, error)
	// HasDraft reports whether files of a draft are still wanted: it is there,
	// or a case that was not withdrawn was made of it.
	HasDraft(ctx context.Context, id string) (bool, error)
	// DeleteCase removes a case with its jobs and its draft, and leaves a
	// tombstone.
	DeleteCase(ctx context.Context, t Tombstone) error
	// Tombstones returns all of them, oldest first.
	Tombstones(ctx context.Context) ([]Tombstone, error)

	// Sweep does what time demands, up to limit rows of each kind.
	Sweep(ctx context.Context, now time.Time, limit int) (Swept, error)
	// ClaimJobs hands out up to limit jobs that are due, until now+lease.
	// Claiming a job that waits for the end of the time to undo also settles
	// that its case stands.
	ClaimJobs(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]Job, error)
	// FinishJob says that a claimed job was done. delivered says that its
	// department has the case now.
	FinishJob(ctx context.Context, id string, at time.Time, delivered bool) error
	// RetryJob puts a claimed job back until at, with the error of this
	// attempt; the zero time gives it up.
	RetryJob(ctx context.Context, id, cause string, at time.Time) error
	// Jobs returns the jobs of a case, in the order they were made.
	Jobs(ctx context.Context, reference string) ([]Job, error)

	// SaveDefinition archives a form; a version that is known stays.
	SaveDefinition(ctx context.Context, d Definition) error
	// Definition returns a version of a form, or ErrNotFound.
	Definition(ctx context.Context, version string) (*Definition, error)

	// Stats counts rows.
	Stats(ctx context.Context) (Stats, error)
	// Check writes and reads something: nil means that sending would work.
	Check(ctx context.Context) error
	// Close waits for what was queued and closes.
	Close() error
}
