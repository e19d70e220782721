package desk

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"filippo.io/age"

	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// A Resealing is a case under other keys, sealed on the clerk's machine. It
// holds everything that was sealed: the server can tell whether something is
// missing, and nothing else.
type Resealing struct {
	Was    []byte            `json:"was"` // SHA-256 of sealed as it was read
	Sealed []byte            `json:"sealed"`
	Events map[string][]byte `json:"events,omitempty"` // by id
	Secret *Secret           `json:"secret,omitempty"` // replaces the one that the person has lost
}

// A Secret is what the server keeps of a new secret.
type Secret struct {
	Salt      []byte `json:"salt"`
	Check     []byte `json:"check"`
	Recipient string `json:"recipient"`
}

func (in *Resealing) check() error {
	if len(in.Was) != sha256.Size || len(in.Sealed) == 0 {
		return errAct
	}
	for _, b := range in.Events {
		if len(b) == 0 {
			return errAct
		}
	}
	if s := in.Secret; s != nil {
		if _, err := seal.ParseRecipient(s.Recipient); err != nil || len(s.Salt) < 16 || len(s.Check) != 32 {
			return errAct
		}
	}
	return nil
}

// reseal stores a case under other keys. A new secret stands in what happened
// with the case, so that its person sees it, and is told by notice.
func (a *api) reseal(c *call) (any, error) {
	var in Resealing
	if err := json.Unmarshal(c.body, &in); err != nil {
		return nil, errAct
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	found, err := a.find(c)
	if err != nil {
		return nil, err
	}
	r := &store.Resealing{Reference: found.Reference, Department: c.department, Was: in.Was, Sealed: in.Sealed, Events: in.Events}
	if s := in.Secret; s != nil {
		now := a.Now().UTC().Truncate(time.Millisecond)
		r.Secret = &store.Secret{Salt: s.Salt, Check: s.Check, Recipient: s.Recipient}
		r.Event = &store.Event{ID: eventID(c.department, c.id), Reference: found.Reference, Kind: store.EventSecret, At: now, By: c.clerk.Name}
		r.Jobs = []store.Job{outbox.NewJob(outbox.Notice, found, outbox.Payload{}, now)}
	}
	after, err := a.Store.Reseal(c.Context(), r)
	if errors.Is(err, store.ErrConflict) {
		return nil, errCode{http.StatusConflict, "changed"}
	} else if err != nil {
		return nil, err
	}
	return Done{State: after.State}, nil
}

// ErrNotOurs: no key on this machine is one of the department's. What it
// sealed, it could not read.
var ErrNotOurs = errors.New("none of these keys is one of the department's")

// department returns the keys that a case of the department is sealed for.
func (c *Client) department(x *Case) ([]age.Recipient, error) {
	var to []age.Recipient
	own := false
	for _, text := range x.Recipients {
		r, err := seal.ParseRecipient(text)
		if err != nil {
			return nil, err
		}
		own = own || slices.ContainsFunc(c.Identities, func(id age.Identity) bool {
			i, ok := id.(*age.X25519Identity)
			return ok && i.Recipient().String() == text
		})
		to = append(to, r)
	}
	if !own {
		return nil, ErrNotOurs
	}
	return to, nil
}

// Reseal puts a case and all that was said about it under the keys that the
// department has now, and under a new secret if one is given. When something
// happens with the case meanwhile it reads it again.
func (c *Client) Reseal(ctx context.Context, reference string, secret *seal.Public) error {
	for attempt := 1; ; attempt++ {
		x, err := c.Case(ctx, reference)
		if err != nil {
			return err
		}
		if secret != nil && x.Recipient == secret.Recipient {
			return nil // done before; the answer was lost
		}
		in, err := c.resealed(x, secret)
		if err != nil {
			return err
		}
		var done Done
		err = c.do(ctx, http.MethodPost, "cases/"+reference+"/seals", in, &done)
		if e, ok := errors.AsType[*RefusedError](err); ok && e.Word == "changed" && attempt < 3 {
			continue
		}
		return err
	}
}

func (c *Client) resealed(x *Case, secret *seal.Public) (*Resealing, error) {
	to, err := c.department(x)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(x.Sealed)
	in := &Resealing{Was: sum[:], Events: map[string][]byte{}}
	name := x.Recipient
	if secret != nil {
		name = secret.Recipient
		in.Secret = &Secret{secret.Salt, secret.Check, secret.Recipient}
	}
	person, err := seal.ParseRecipient(name)
	if err != nil {
		return nil, err
	}
	anew := func(sealed []byte) ([]byte, error) {
		plain, err := c.Open(sealed)
		if err != nil {
			return nil, err
		}
		return seal.To(plain, append([]age.Recipient{person}, to...)...)
	}
	if in.Sealed, err = anew(x.Sealed); err != nil {
		return nil, err
	}
	for _, e := range x.Events {
		if len(e.Sealed) == 0 {
			continue
		}
		if in.Events[e.ID], err = anew(e.Sealed); err != nil {
			return nil, err
		}
	}
	return in, nil
}
