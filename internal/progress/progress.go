// Package progress is a reader's device in Go: what a reading card leads to,
// what a slot holds, how two devices' slots become one, and the calls to the
// server. It does what the theme's script does in browsers, and the tests hold
// both to the same cases; handraild itself needs none of it, since it sees
// ciphertext only.
package progress

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"

	"handrail/internal/seal"
)

// Version is the first byte of what ties a ciphertext to its slot.
const Version = 1

// rounds of PBKDF2. The digits are random, so stretching is a margin, and one
// that old telephones can bear.
const rounds = 100_000

// Keys are what the 20 digits of a reading card lead to. Printing them shows
// nothing.
type Keys struct {
	id, auth [16]byte
	enc      [32]byte
	slot     [32]byte
}

// KeysOf stretches the digits and derives a key for each purpose.
func KeysOf(card seal.Code) (Keys, error) {
	var k Keys
	master, err := pbkdf2.Key(sha256.New, card.Digits(), []byte("handrail reading card v1"), rounds, 32)
	if err != nil {
		return k, err
	}
	for label, to := range map[string][]byte{"id": k.id[:], "auth": k.auth[:], "enc": k.enc[:], "slot": k.slot[:]} {
		b, err := hkdf.Key(sha256.New, master, nil, "handrail progress v1 "+label, len(to))
		if err != nil {
			return k, err
		}
		copy(to, b)
	}
	return k, nil
}

// String hides the keys.
func (k Keys) String() string { return "[keys]" }

// GoString hides the keys from %#v too.
func (k Keys) GoString() string { return "[keys]" }

// LogValue keeps the keys out of logs.
func (k Keys) LogValue() slog.Value { return slog.StringValue("[keys]") }

// Authorization is the header that shows the server whose slots are meant.
func (k Keys) Authorization() string { return "Progress " + encode(k.id[:]) + "." + encode(k.auth[:]) }

// SlotName is where the server keeps a page: it does not tell which.
func (k Keys) SlotName(page string) [16]byte {
	h := hmac.New(sha256.New, k.slot[:])
	h.Write([]byte(page))
	return [16]byte(h.Sum(nil))
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// sizes of sealed slots, with nonce and tag: a size says little of what is in
// it.
var sizes = [...]int{512, 1024, 2048}

const overhead = 12 + 16

// ErrTooLarge: what a slot holds does not fit.
var ErrTooLarge = errors.New("progress: too much for a slot")

// Seal pads and encrypts what a slot holds.
func (k Keys) Seal(name [16]byte, s *Slot) ([]byte, error) {
	plain, err := s.encode(sizes[len(sizes)-1] - overhead)
	if err != nil {
		return nil, err
	}
	for _, size := range sizes {
		if room := size - overhead; len(plain) <= room {
			for len(plain) < room {
				plain = append(plain, ' ')
			}
			nonce := make([]byte, 12)
			rand.Read(nonce)
			return k.aead().Seal(nonce, nonce, plain, bound(name)), nil
		}
	}
	return nil, ErrTooLarge
}

// Open decrypts what a slot holds.
func (k Keys) Open(name [16]byte, sealed []byte) (*Slot, error) {
	if len(sealed) < overhead {
		return nil, errors.New("progress: too short")
	}
	plain, err := k.aead().Open(nil, sealed[:12], sealed[12:], bound(name))
	if err != nil {
		return nil, errors.New("progress: this card does not open it")
	}
	return decode(plain)
}

// bound ties a ciphertext to version and slot, so that a server cannot give
// one page's for another's.
func bound(name [16]byte) []byte { return append([]byte{Version}, name[:]...) }

func (k Keys) aead() cipher.AEAD {
	b, err := aes.NewCipher(k.enc[:])
	if err == nil {
		var a cipher.AEAD
		if a, err = cipher.NewGCM(b); err == nil {
			return a
		}
	}
	panic(fmt.Sprintf("progress: %v", err)) // 32 bytes are a key
}
