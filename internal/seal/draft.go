// Package seal keeps answers from everybody but those they are for.
//
// A draft is sealed under a random key that the server does not keep: only
// the browser's session has it. A case is sealed
// with age to the recipients of its department and to a recipient that
// follows from the case's secret, a code of 20 digits that only the person
// has. Nothing here writes to a disk or a log.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// ErrSealed says that a key does not open what was sealed.
var ErrSealed = errors.New("seal: this key does not open it")

const keySize = 32

// A Key opens one draft. Printing it shows nothing.
type Key struct{ b [keySize]byte }

// NewKey draws a key.
func NewKey() Key {
	var k Key
	rand.Read(k.b[:])
	return k
}

// ParseKey reads a key from a cookie.
func ParseKey(s string) (Key, bool) {
	var k Key
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != keySize {
		return k, false
	}
	copy(k.b[:], b)
	return k, true
}

// Encode returns the key for a cookie.
func (k Key) Encode() string { return base64.RawURLEncoding.EncodeToString(k.b[:]) }

// String hides the key.
func (k Key) String() string { return "[key]" }

// GoString hides the key from %#v too.
func (k Key) GoString() string { return "[key]" }

// LogValue keeps the key out of logs.
func (k Key) LogValue() slog.Value { return slog.StringValue("[key]") }

// Seal encrypts b with AES-256-GCM under a random nonce; name ties the result
// to its place, so that it opens nowhere else.
func (k Key) Seal(b []byte, name string) []byte {
	return k.aead().Seal(nil, nil, b, []byte(name))
}

// Open returns what Seal was given, or ErrSealed.
func (k Key) Open(sealed []byte, name string) ([]byte, error) {
	b, err := k.aead().Open(nil, nil, sealed, []byte(name))
	if err != nil {
		return nil, ErrSealed
	}
	return b, nil
}

func (k Key) aead() cipher.AEAD {
	block, err := aes.NewCipher(k.b[:])
	if err != nil {
		panic("seal: " + err.Error())
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("seal: " + err.Error())
	}
	return aead
}

// derive returns n bytes for a purpose.
func (k Key) derive(purpose string, n int) []byte {
	b, err := hkdf.Expand(sha256.New, k.b[:], "handrail v1 "+purpose, n)
	if err != nil {
		panic("seal: " + err.Error())
	}
	return b
}

// Token returns the token that sends the draft when it was opened for the
// nth time: idempotency key and proof that the page came from here. Whoever
// has the draft's key can tell it again; the store has only its hash.
func (k Key) Token(n int64) string {
	return base64.RawURLEncoding.EncodeToString(k.derive("token "+strconv.FormatInt(n, 10), 16))
}

// TokenHash is how a token is stored.
func TokenHash(token string) []byte {
	h := sha256.Sum256([]byte("handrail v1 token " + token))
	return h[:]
}

// Secret returns the secret of the case that the nth opening of the draft
// makes. It follows from the draft's key, so that a repeat can show the
// receipt again and nothing has to be stored.
func (k Key) Secret(n int64) Code {
	return codeFrom(&stream{key: k, purpose: "secret " + strconv.FormatInt(n, 10)})
}

// A stream is an endless supply of bytes that follow from a key.
type stream struct {
	key     Key
	purpose string
	block   int64
}

func (s *stream) Read(p []byte) (int, error) {
	b := s.key.derive(s.purpose+" block "+strconv.FormatInt(s.block, 10), len(p))
	s.block++
	return copy(p, b), nil
}

// NewID draws the name of a draft, event or job. It begins with the time, like
// a UUID of version 7 (RFC 9562, section 5.7), so that what is made together
// lies together in the database: 48 bits of time, 80 of chance. It opens
// nothing.
func NewID() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(time.Now().UnixMilli())<<16)
	rand.Read(b[6:])
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}
