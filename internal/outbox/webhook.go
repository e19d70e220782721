package outbox

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of Standard Webhooks 1.0.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// Tolerance is how far the clocks of sender and receiver may be apart.
const Tolerance = 5 * time.Minute

// A Secret signs webhooks. Printing it shows nothing.
type Secret struct{ key []byte }

// ParseSecret reads a secret as Standard Webhooks writes it: whsec_ and 24 to
// 64 bytes in base64.
func ParseSecret(s string) (Secret, error) {
	text, ok := strings.CutPrefix(strings.TrimSpace(s), "whsec_")
	key, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		return Secret{}, errors.New("no webhook secret: whsec_ and 24 to 64 bytes in base64")
	}
	return Secret{key}, nil
}

// String hides the secret.
func (Secret) String() string { return "[secret]" }

// GoString hides the secret from %#v too.
func (Secret) GoString() string { return "[secret]" }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return len(s.key) == 0 }

func (s Secret) sum(id string, seconds string, body []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(id + "." + seconds + "."))
	h.Write(body)
	return h.Sum(nil)
}

// Sign returns the headers for a message; id stays the same on every attempt.
func (s Secret) Sign(id string, at time.Time, body []byte) http.Header {
	seconds := strconv.FormatInt(at.Unix(), 10)
	h := http.Header{}
	h.Set(HeaderID, id)
	h.Set(HeaderTimestamp, seconds)
	h.Set(HeaderSignature, "v1,"+base64.StdEncoding.EncodeToString(s.sum(id, seconds, body)))
	return h
}

// Verify reports whether a message was signed with the secret, not long ago,
// and returns its id.
func (s Secret) Verify(h http.Header, now time.Time, body []byte) (id string, ok bool) {
	id, stamp := h.Get(HeaderID), h.Get(HeaderTimestamp)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if s.IsZero() || id == "" || len(id) > 200 || strings.Contains(id, ".") || err != nil {
		return "", false
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > Tolerance || age < -Tolerance {
		return "", false
	}
	want := s.sum(id, stamp, body)
	for field := range strings.FieldsSeq(h.Get(HeaderSignature)) {
		text, v1 := strings.CutPrefix(field, "v1,")
		got, err := base64.StdEncoding.DecodeString(text)
		if v1 && err == nil && hmac.Equal(got, want) {
			return id, true
		}
	}
	return "", false
}

// A Webhook is where a department wants to be called.
type Webhook struct {
	URL    string
	Secret Secret
}

// post calls a department. Anything but 2xx is tried again, but for 410,
// which says that the address is no more.
func (h *Webhook) post(ctx context.Context, client *http.Client, id string, now time.Time, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return errNever{err}
	}
	r.Header = h.Secret.Sign(id, now, body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "handraild")
	return call(client, r)
}

// call makes a request whose answer does not matter but for its code.
func call(client *http.Client, r *http.Request) error {
	res, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("call %s: %w", r.URL.Host, bare(err))
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again
	switch {
	case res.StatusCode/100 == 2:
		return nil
	case res.StatusCode == http.StatusGone:
		return errNever{fmt.Errorf("%s answered %d", r.URL.Host, res.StatusCode)}
	}
	return fmt.Errorf("%s answered %d", r.URL.Host, res.StatusCode)
}
