package seal

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"

	"filippo.io/age"
	"filippo.io/age/plugin"
	"golang.org/x/crypto/scrypt"
)

// What one guess at a secret costs. The 19 digits are random (63 bits), so
// stretching is a margin: with 4 MiB and some 8 ms a guess, who stole the
// database is some 10^6 times worse off than with a bare hash. It is paid
// when a draft is opened and when somebody asks for a case, never in send.
const (
	scryptN = 1 << 12
	scryptR = 8
	scryptP = 1
)

// Public is what the server keeps of a secret.
type Public struct {
	Salt      []byte
	Check     []byte // tells the right secret from a wrong one
	Recipient string // age recipient that the secret opens
}

// NewPublic derives what the server keeps of a new secret.
func NewPublic(secret Code) Public {
	salt := make([]byte, 16)
	rand.Read(salt)
	k := stretch(secret, salt)
	recipient, err := plugin.EncodeX25519Recipient(k.private.PublicKey())
	if err != nil {
		panic("seal: " + err.Error())
	}
	return Public{salt, k.check, recipient}
}

type caseKey struct {
	check   []byte
	private *ecdh.PrivateKey
}

func stretch(secret Code, salt []byte) caseKey {
	master, err := scrypt.Key([]byte(secret.digits), salt, scryptN, scryptR, scryptP, 32)
	if err != nil {
		panic("seal: " + err.Error())
	}
	expand := func(purpose string) []byte {
		b, err := hkdf.Expand(sha256.New, master, "handrail v1 case "+purpose, 32)
		if err != nil {
			panic("seal: " + err.Error())
		}
		return b
	}
	private, err := ecdh.X25519().NewPrivateKey(expand("identity"))
	if err != nil {
		panic("seal: " + err.Error())
	}
	return caseKey{expand("check"), private}
}

// Unlock returns the identity that opens a case, if the secret is the right
// one. It takes as long for a wrong one; give nobody's Public (the zero
// value) for a case that does not exist.
func (p Public) Unlock(secret Code) (age.Identity, bool) {
	salt, check := p.Salt, p.Check
	if len(salt) == 0 {
		salt, check = make([]byte, 16), make([]byte, 32)
	}
	k := stretch(secret, salt)
	if subtle.ConstantTimeCompare(k.check, check) != 1 || len(p.Salt) == 0 {
		return nil, false
	}
	id, err := age.ParseX25519Identity(bech32("AGE-SECRET-KEY-", k.private.Bytes()))
	if err != nil {
		panic("seal: " + err.Error())
	}
	return id, true
}

// ParseRecipient reads an age recipient (age1…).
func ParseRecipient(s string) (age.Recipient, error) {
	r, err := age.ParseX25519Recipient(s)
	if err != nil {
		return nil, fmt.Errorf("no age recipient: %w", err)
	}
	return r, nil
}

// To seals b for anyone of the recipients.
func To(b []byte, recipients ...age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(b) + 256 + 128*len(recipients))
	w, err := age.Encrypt(&out, recipients...)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return out.Bytes(), nil
}

// Open returns what To was given.
func Open(sealed []byte, id age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	return b, nil
}
