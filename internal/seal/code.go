package seal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// A Code is a number that people handle: 20 digits, of which 19 are random
// and the last one checks them. It opens something, so it never goes to a
// log.
type Code struct{ digits string }

const (
	codeLength = 20
	groupSize  = 4
)

// NewCode draws a code.
func NewCode() Code { return codeFrom(rand.Reader) }

// codeFrom draws 19 digits by rejection, so that each is equally likely.
func codeFrom(random io.Reader) Code {
	return withCheck(digits(random, codeLength-1))
}

// digits reads n random digits.
func digits(random io.Reader, n int) string {
	out := make([]byte, 0, n)
	var buf [32]byte
	for {
		if _, err := io.ReadFull(random, buf[:]); err != nil {
			panic("seal: no randomness: " + err.Error())
		}
		for _, b := range buf {
			if b < 250 { // the largest multiple of ten in a byte
				if out = append(out, '0'+b%10); len(out) == n {
					return string(out)
				}
			}
		}
	}
}

func withCheck(digits string) Code { return Code{digits + string(check(digits))} }

// check computes the check digit of ISO/IEC 7064 MOD 11,10: it notices every
// wrong digit and nearly every swap of two neighbours.
func check(digits string) byte {
	p := 10
	for _, d := range []byte(digits) {
		if p = (p + int(d-'0')) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return '0' + byte((11-p)%10)
}

// Digits returns the code as one word.
func (c Code) Digits() string { return c.digits }

// Groups returns the code as it is printed: "1234 5678 …".
func (c Code) Groups() string { return Groups(c.digits) }

// IsZero reports whether there is no code.
func (c Code) IsZero() bool { return c.digits == "" }

// String hides the code; use Digits or Groups where a person shall see it.
func (c Code) String() string { return "[code]" }

// GoString hides the code from %#v too.
func (c Code) GoString() string { return "[code]" }

// LogValue keeps the code out of logs.
func (c Code) LogValue() slog.Value { return slog.StringValue("[code]") }

// Groups puts a space after every fourth digit.
func Groups(digits string) string {
	var b strings.Builder
	for i := 0; i < len(digits); i += groupSize {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(digits[i:min(i+groupSize, len(digits))])
	}
	return b.String()
}

// A CodeError says what is wrong with digits that somebody typed.
type CodeError struct {
	Problem string // "empty", "short", "long", "letter" or "check"
	Group   int    // the wrong group, from 1; 0 when that cannot be told
	Have    int    // digits in it, or in all
	Want    int
}

func (e *CodeError) Error() string {
	if e.Group > 0 {
		return fmt.Sprintf("group %d: %s, %d of %d digits", e.Group, e.Problem, e.Have, e.Want)
	}
	return fmt.Sprintf("%s, %d of %d digits", e.Problem, e.Have, e.Want)
}

// ParseCode reads a code as people write it: with spaces or dashes, in
// full-width or other decimal digits. The error is a [*CodeError].
func ParseCode(s string) (Code, error) {
	d, err := parseDigits(s, codeLength)
	if err != nil {
		return Code{}, err
	}
	if check(d[:codeLength-1]) != d[codeLength-1] {
		return Code{}, &CodeError{Problem: "check", Have: codeLength, Want: codeLength}
	}
	return Code{d}, nil
}

// parseDigits reads want digits in groups of four and says which group is
// wrong. A group is what stands between spaces, or four digits where the
// writer set none.
func parseDigits(s string, want int) (string, error) {
	groups, letter := splitGroups(s)
	all := strings.Join(groups, "")
	switch {
	case letter > 0:
		return "", &CodeError{Problem: "letter", Group: letter, Have: len(all), Want: want}
	case all == "":
		return "", &CodeError{Problem: "empty", Want: want}
	case len(all) == want:
		return all, nil
	}
	if len(groups) == want/groupSize { // as printed: each can be looked at
		for i, g := range groups {
			if len(g) < groupSize {
				return "", &CodeError{Problem: "short", Group: i + 1, Have: len(g), Want: groupSize}
			} else if len(g) > groupSize {
				return "", &CodeError{Problem: "long", Group: i + 1, Have: len(g), Want: groupSize}
			}
		}
	}
	problem := "short"
	if len(all) > want {
		problem = "long"
	}
	return "", &CodeError{Problem: problem, Have: len(all), Want: want}
}

// splitGroups returns the groups in ASCII digits, and the group (from 1) in
// which something else than a digit stands.
func splitGroups(s string) (groups []string, letter int) {
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			groups = append(groups, b.String())
			b.Reset()
		}
	}
	count := 0 // of digits and letters, for the number of the group
	for _, r := range s {
		switch d, ok := digit(r); {
		case ok:
			b.WriteByte(d)
			count++
		case isSeparator(r):
			flush()
		default:
			if letter == 0 {
				if letter = len(groups) + 1; len(groups) == 0 {
					letter = count/groupSize + 1
				}
			}
			count++
		}
	}
	flush()
	return groups, letter
}

func isSeparator(r rune) bool {
	return strings.ContainsRune(" \t\r\n\u00A0\u2000\u2002\u2003\u2009\u202F\u3000-\u2010\u2011\u2012\u2013\u2014\uFF0D.\u00B7_/\u200B\u200E\u200F\uFEFF", r)
}

// digit reads a decimal digit of a script that our readers write.
func digit(r rune) (byte, bool) {
	for _, zero := range []rune{'0', '\uFF10', '\u0660', '\u06F0', '\u0966', '\u0F20'} { // ASCII, full-width, Arabic, Persian, Devanagari, Tibetan
		if r >= zero && r <= zero+9 {
			return '0' + byte(r-zero), true
		}
	}
	return 0, false
}

// IsCodeError returns what is wrong with a code, when err says so.
func IsCodeError(err error) (*CodeError, bool) { return errors.AsType[*CodeError](err) }
