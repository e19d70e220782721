package seal

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"slices"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"
)

// An Envelope is addressed but empty: the header of an age file, and the key
// that it holds for its recipients. Addressing takes nearly all of the time
// that sealing takes, and can be done before it is known what goes in. Who has
// an envelope can read what is put into it: it is kept like an answer, sealed
// under the key of its draft.
type Envelope struct {
	Header string `json:"header"`
	Key    []byte `json:"key"`
	To     []byte `json:"to"` // SHA-256 over the recipients
}

// NewEnvelope addresses an envelope to the recipients.
func NewEnvelope(recipients ...age.Recipient) (*Envelope, error) {
	if len(recipients) == 0 {
		return nil, fmt.Errorf("seal: no recipient")
	}
	to := slices.Clone(recipients)
	first := &listener{Recipient: to[0]}
	to[0] = first
	var out bytes.Buffer
	if _, err := age.Encrypt(&out, to...); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	header, err := age.ExtractHeader(&out)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Envelope{Header: string(header), Key: first.key, To: address(recipients)}, nil
}

// A listener is a recipient that keeps the key it is given.
type listener struct {
	age.Recipient
	key []byte
}

func (l *listener) Wrap(key []byte) ([]*age.Stanza, error) {
	l.key = bytes.Clone(key)
	return l.Recipient.Wrap(key)
}

// WrapWithLabels lets recipients say which others they go with.
func (l *listener) WrapWithLabels(key []byte) ([]*age.Stanza, []string, error) {
	l.key = bytes.Clone(key)
	if r, ok := l.Recipient.(age.RecipientWithLabels); ok {
		return r.WrapWithLabels(key)
	}
	s, err := l.Recipient.Wrap(key)
	return s, nil, err
}

// IsFor reports whether the envelope is addressed to exactly these.
func (e *Envelope) IsFor(recipients ...age.Recipient) bool {
	return e != nil && subtle.ConstantTimeCompare(e.To, address(recipients)) == 1
}

func address(recipients []age.Recipient) []byte {
	h := sha256.New()
	for _, r := range recipients {
		fmt.Fprintln(h, r)
	}
	return h.Sum(nil)
}

// Of the age format, c2sp.org/age.
const (
	payloadNonce = 16
	chunk        = 64 << 10
)

// Seal puts b into the envelope. Each call draws its own nonce, so that an
// envelope may be used again (c2sp.org/age, "Payload").
func (e *Envelope) Seal(b []byte) ([]byte, error) {
	nonce := make([]byte, payloadNonce)
	rand.Read(nonce)
	key, err := hkdf.Key(sha256.New, e.Key, nonce, "payload", chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	aead, err := chacha20poly1305.New(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	out := make([]byte, 0, len(e.Header)+payloadNonce+len(b)+(len(b)/chunk+1)*aead.Overhead())
	out = append(append(out, e.Header...), nonce...)
	var count [chacha20poly1305.NonceSize]byte // 11 bytes of a counter, and whether it is the last
	for n := uint64(0); ; n++ {
		binary.BigEndian.PutUint64(count[3:11], n)
		piece := b[:min(len(b), chunk)]
		if b = b[len(piece):]; len(b) == 0 {
			count[11] = 1
		}
		out = aead.Seal(out, count[:], piece, nil)
		if len(b) == 0 {
			return out, nil
		}
	}
}
