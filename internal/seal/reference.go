package seal

import "crypto/rand"

const referenceLength = 8

// NewReference draws the number of a case: eight digits, the first not 0, so
// that no spreadsheet shortens it. It holds no counter: who has one number
// learns nothing about the next.
func NewReference() string {
	for {
		if d := digits(rand.Reader, referenceLength); d[0] != '0' {
			return d
		}
	}
}

// ParseReference reads a number as people write it; see [ParseCode].
func ParseReference(s string) (string, error) { return parseDigits(s, referenceLength) }
