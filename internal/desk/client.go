package desk

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"filippo.io/age"

	"handrail/internal/seal"
)

// A Client is a clerk's side of the interface. Sealing and opening happen
// here; keys do not leave the machine.
type Client struct {
	Server     string // address of the site
	Department string
	Key        ed25519.PrivateKey
	Identities []age.Identity
	HTTP       *http.Client
	Now        func() time.Time
}

// A RefusedError is what the server said instead.
type RefusedError struct {
	Code int
	Word string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the server answered %d, %s", e.Code, e.Word)
}

func (c *Client) do(ctx context.Context, method, path string, in, out any) error {
	res, err := c.call(ctx, method, path, in)
	if err != nil {
		return err
	}
	return read(res, out)
}

// call makes a signed request; the answer is for the caller to close.
func (c *Client) call(ctx context.Context, method, path string, in any) (*http.Response, error) {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return nil, err
		}
	}
	u := strings.TrimSuffix(c.Server, "/") + "/api/v1/departments/" + url.PathEscape(c.Department) + "/" + path
	id := seal.NewID()
	var last error
	for range 3 { // the same thing again, under the same id
		r, err := http.NewRequestWithContext(ctx, method, u, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/json")
		Sign(r, c.Key, id, c.Now(), body)
		res, err := c.HTTP.Do(r)
		if err != nil {
			if last = err; ctx.Err() != nil {
				return nil, err
			}
			continue
		}
		return res, nil
	}
	return nil, last
}

func read(res *http.Response, out any) error {
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		var e struct{ Error string }
		_ = json.Unmarshal(b, &e) // a proxy may have answered
		return &RefusedError{res.StatusCode, e.Error}
	}
	return json.Unmarshal(b, out)
}

// List returns all cases in a state, or all that stand.
func (c *Client) List(ctx context.Context, state string) ([]Case, error) {
	var all []Case
	for after := ""; ; {
		var l List
		if err := c.do(ctx, http.MethodGet, "cases?"+url.Values{"state": {state}, "after": {after}}.Encode(), nil, &l); err != nil {
			return nil, err
		}
		all = append(all, l.Cases...)
		if after = l.After; after == "" {
			return all, nil
		}
	}
}

// Case returns one case; what is sealed stays so.
func (c *Client) Case(ctx context.Context, reference string) (*Case, error) {
	var out Case
	return &out, c.do(ctx, http.MethodGet, "cases/"+reference, nil, &out)
}

// Act does something to a case. Text is sealed for the person's secret and
// for all keys of the department: any of its clerks can read it later.
func (c *Client) Act(ctx context.Context, reference string, a Act, text string) (Done, error) {
	var done Done
	if text != "" {
		found, err := c.Case(ctx, reference)
		if err != nil {
			return done, err
		}
		person, err := seal.ParseRecipient(found.Recipient)
		if err != nil {
			return done, err
		}
		to, err := c.department(found)
		if err != nil {
			return done, err
		}
		if a.Sealed, err = seal.To([]byte(text), append(to, person)...); err != nil {
			return done, err
		}
	}
	return done, c.do(ctx, http.MethodPost, "cases/"+reference+"/acts", a, &done)
}

// File writes a file of a case to w, opened with its key.
func (c *Client) File(ctx context.Context, reference, id, key string, w io.Writer) error {
	identity, err := age.ParseX25519Identity(key)
	if err != nil {
		return errors.New("the key of the file cannot be read")
	}
	res, err := c.call(ctx, http.MethodGet, "cases/"+reference+"/files/"+url.PathEscape(id), nil)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return read(res, nil)
	}
	defer res.Body.Close()
	plain, err := age.Decrypt(res.Body, identity)
	if err != nil {
		return fmt.Errorf("open a file: %w", err)
	}
	_, err = io.Copy(w, plain)
	return err
}

// Open opens what is sealed for the department.
func (c *Client) Open(sealed []byte) ([]byte, error) {
	var last error = errors.New("there is no key")
	for _, id := range c.Identities {
		b, err := seal.Open(sealed, id)
		if err == nil {
			return b, nil
		}
		last = err
	}
	return nil, last
}

// Prove shows the server that a key opens what is sealed for it.
func (c *Client) Prove(ctx context.Context, id *age.X25519Identity) error {
	ch := Challenge{Recipient: id.Recipient().String()}
	if err := c.do(ctx, http.MethodPost, "challenges", ch, &ch); err != nil {
		return err
	}
	b, err := seal.Open(ch.Sealed, id)
	if err != nil {
		return err
	}
	return c.do(ctx, http.MethodPost, "proofs", Challenge{Recipient: ch.Recipient, Answer: b}, &ch)
}
