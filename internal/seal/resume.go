package seal

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"

	"golang.org/x/crypto/scrypt"
)

// ResumeCode returns the code with which a person comes back to the draft. It
// follows from the draft's key, so that it can be shown again while the draft
// is open and nothing has to be stored.
func (k Key) ResumeCode() Code { return codeFrom(&stream{key: k, purpose: "resume"}) }

// A Return is what a code to come back leads to: the place of a draft, and a
// key that its own key is kept under.
type Return struct {
	place string
	wrap  Key
}

// Return stretches the code, like the secret of a case. All codes have one
// salt, since nothing but the code says which draft it is of; 63 random bits
// are far out of reach all the same.
func (c Code) Return() Return {
	master, err := scrypt.Key([]byte(c.digits), []byte("handrail v1 resume"), scryptN, scryptR, scryptP, 32)
	if err != nil {
		panic("seal: " + err.Error())
	}
	expand := func(purpose string, n int) []byte {
		b, err := hkdf.Expand(sha256.New, master, "handrail v1 resume "+purpose, n)
		if err != nil {
			panic("seal: " + err.Error())
		}
		return b
	}
	return Return{base64.RawURLEncoding.EncodeToString(expand("place", 16)), Key{[keySize]byte(expand("wrap", keySize))}}
}

// Place is what the draft is found by.
func (r Return) Place() string { return r.place }

// Wrap seals the key of a draft for its code.
func (r Return) Wrap(k Key, draft string) string {
	return base64.RawURLEncoding.EncodeToString(r.wrap.Seal(k.b[:], "resume "+draft))
}

// Unwrap returns what Wrap was given.
func (r Return) Unwrap(wrapped, draft string) (Key, bool) {
	b, err := base64.RawURLEncoding.DecodeString(wrapped)
	if err != nil {
		return Key{}, false
	}
	b, err = r.wrap.Open(b, "resume "+draft)
	if err != nil || len(b) != keySize {
		return Key{}, false
	}
	return Key{[keySize]byte(b)}, true
}
