package progress

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Client keeps the slots of one card in step with a server.
type Client struct {
	Base string // "https://anhe.example"
	HTTP *http.Client
	Keys Keys

	since int64
	tags  map[[16]byte]string
	slots map[[16]byte]*Slot
}

const path = "/api/progress/v1"

// ErrRefused: the server did not take it. The word says why.
type ErrRefused struct {
	Code int
	Word string
}

func (e *ErrRefused) Error() string { return fmt.Sprintf("progress: %d %s", e.Code, e.Word) }

// Slot returns what is known of a page; nil if nothing.
func (c *Client) Slot(page string) *Slot { return c.slots[c.Keys.SlotName(page)] }

// Pages returns all that is known.
func (c *Client) Pages() []*Slot {
	var all []*Slot
	for _, s := range c.slots {
		all = append(all, s)
	}
	return all
}

// Pull fetches what has changed and merges it in.
func (c *Client) Pull(ctx context.Context) error {
	res, body, err := c.do(ctx, http.MethodGet, "/slots?since="+strconv.FormatInt(c.since, 10), nil, nil)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return refused(res, body)
	}
	var list struct {
		Slots []struct {
			Slot, ETag, Sealed string
			Seq                int64
		}
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return fmt.Errorf("progress: %w", err)
	}
	for _, x := range list.Slots {
		name, err1 := base64.RawURLEncoding.DecodeString(x.Slot)
		sealed, err2 := base64.RawURLEncoding.DecodeString(x.Sealed)
		if err1 != nil || err2 != nil || len(name) != 16 {
			return errors.New("progress: not the server's answer")
		}
		if err := c.take([16]byte(name), sealed, x.ETag, date(res)); err != nil {
			return err
		}
		c.since = max(c.since, x.Seq)
	}
	return nil
}

// take merges a slot of the server into what is known.
func (c *Client) take(name [16]byte, sealed []byte, tag string, server time.Time) error {
	theirs, err := c.Keys.Open(name, sealed)
	if err != nil {
		return err
	}
	theirs.Clamp(server)
	if c.slots == nil {
		c.slots, c.tags = map[[16]byte]*Slot{}, map[[16]byte]string{}
	}
	if mine := c.slots[name]; mine != nil {
		theirs = Merge(mine, theirs)
	}
	c.slots[name], c.tags[name] = theirs, tag
	return nil
}

// Put merges a slot into what is known and writes it. When another device was
// first, both are merged and written again.
func (c *Client) Put(ctx context.Context, s *Slot) error {
	name := c.Keys.SlotName(s.Page)
	if mine := c.slots[name]; mine != nil {
		s = Merge(mine, s)
	}
	work := ""
	for range 8 {
		sealed, err := c.Keys.Seal(name, s)
		if err != nil {
			return err
		}
		h := http.Header{"If-None-Match": {"*"}}
		if tag := c.tags[name]; tag != "" {
			h = http.Header{"If-Match": {tag}}
		}
		if work != "" {
			h.Set("Progress-Work", work)
		}
		res, body, err := c.do(ctx, http.MethodPut, "/slots/"+encode(name[:]), sealed, h)
		if err != nil {
			return err
		}
		switch res.StatusCode {
		case http.StatusNoContent:
			return c.take(name, sealed, res.Header.Get("ETag"), date(res))
		case http.StatusPreconditionFailed:
			if len(body) == 0 { // erased meanwhile
				delete(c.tags, name)
				continue
			}
			if err := c.take(name, body, res.Header.Get("ETag"), date(res)); err != nil {
				return err
			}
			s = Merge(c.slots[name], s)
		case http.StatusTooManyRequests:
			if work, err = solve(body); err != nil {
				return err
			}
		default:
			return refused(res, body)
		}
	}
	return &ErrRefused{http.StatusPreconditionFailed, "changed again and again"}
}

// Erase deletes everything of the card.
func (c *Client) Erase(ctx context.Context) error {
	res, body, err := c.do(ctx, http.MethodDelete, "", nil, nil)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusNoContent {
		return refused(res, body)
	}
	c.slots, c.tags, c.since = nil, nil, 0
	return nil
}

func (c *Client) do(ctx context.Context, method, to string, body []byte, h http.Header) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.Base+path+to, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	for k, v := range h {
		r.Header[k] = v
	}
	r.Header.Set("Authorization", c.Keys.Authorization())
	res, err := c.HTTP.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res, got, err
}

func date(res *http.Response) time.Time {
	t, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return time.Now()
	}
	return t
}

func refused(res *http.Response, body []byte) error {
	var e struct{ Error string }
	_ = json.Unmarshal(body, &e) // there may be no word
	return &ErrRefused{res.StatusCode, e.Error}
}

// solve finds the number that a new card costs when many are made.
func solve(body []byte) (string, error) {
	var ask struct {
		Work string
		Bits int
	}
	if err := json.Unmarshal(body, &ask); err != nil || !strings.HasPrefix(ask.Work, "handrail-progress:") || ask.Bits > 24 {
		return "", errors.New("progress: the server asks for too much work")
	}
	for i := 0; ; i++ {
		proof := strconv.Itoa(i)
		if h := sha256.Sum256([]byte(ask.Work + proof)); zeros(h[:]) >= ask.Bits {
			return proof, nil
		}
	}
}

func zeros(b []byte) int {
	n := 0
	for n < 8*len(b) && b[n/8]>>(7-n%8)&1 == 0 {
		n++
	}
	return n
}
