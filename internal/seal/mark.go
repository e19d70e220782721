package seal

import (
	"crypto/hkdf"
	"crypto/sha256"

	"golang.org/x/crypto/scrypt"
)

// A Mark is what the code of a link back to a page leads to: where it is kept,
// and the key that it is sealed under. The server keeps neither code nor key.
type Mark struct {
	place []byte
	key   Key
}

// Mark stretches the code as Return does, under names of its own.
func (c Code) Mark() Mark {
	master, err := scrypt.Key([]byte(c.digits), []byte("handrail v1 mark"), scryptN, scryptR, scryptP, 32)
	if err != nil {
		panic("seal: " + err.Error())
	}
	expand := func(purpose string, n int) []byte {
		b, err := hkdf.Expand(sha256.New, master, "handrail v1 mark "+purpose, n)
		if err != nil {
			panic("seal: " + err.Error())
		}
		return b
	}
	return Mark{expand("place", 32), Key{[keySize]byte(expand("key", keySize))}}
}

// Place is what the mark is found by.
func (m Mark) Place() []byte { return m.place }

// Seal encrypts what the mark says.
func (m Mark) Seal(b []byte) []byte { return m.key.Seal(b, "mark") }

// Open returns what Seal was given, or [ErrSealed].
func (m Mark) Open(sealed []byte) ([]byte, error) { return m.key.Open(sealed, "mark") }
