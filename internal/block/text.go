// Package block gives the blocks of a page (headings, paragraphs, list items,
// table rows) ids that survive edits, and finds the block that a saved place
// meant. It knows no HTML and no files: markdown and build bring the texts,
// and the browser's script is a twin of what is in match.go, held to the same
// cases by testdata/vectors.json.
//
// Its parts, from below: the fingerprint of a text (this file), the likeness
// of two texts (grams.go), ids (id.go), which block of a page became which of
// the next (align.go), what a page publishes of all that (index.go), and where
// a saved place is now (match.go).
package block

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A Print is the fingerprint of a text: 48 bits of its letters and digits.
// Zero stands for no block.
type Print uint64

// Fingerprint returns the fingerprint of a text: equal for texts that differ
// only in spaces, punctuation and capitals. A text without letters and digits
// has none, which is 0.
func Fingerprint(s string) Print { return Hash(Normalise(nil, s)) }

// Hash is the fingerprint of a normalised text: two lanes of multiply and
// xor over its UTF-16 units, which a script can do without 64-bit numbers.
func Hash(units []uint16) Print {
	var h Hasher
	h.Add(units)
	return h.Print()
}

// A Hasher makes the fingerprint of a text that comes in pieces. The zero
// value is ready.
type Hasher struct {
	a, b uint32
	any  bool
}

// Add takes in a piece, normalised.
func (h *Hasher) Add(units []uint16) {
	if len(units) == 0 {
		return
	}
	if !h.any {
		*h = Hasher{laneA, laneB, true}
	}
	a, b := h.a, h.b
	for _, u := range units {
		a = (a ^ uint32(u)) * primeA
		b = (b ^ uint32(u)) * primeB
		b = b<<13 | b>>19
	}
	h.a, h.b = a, b
}

// Print returns the fingerprint of what was added.
func (h *Hasher) Print() Print {
	if !h.any {
		return 0
	}
	return max(Print(mix(h.a))<<16|Print(mix(h.b)>>16), 1)
}

// The lanes of a fingerprint: FNV-1a's beginning and prime for the first.
const (
	laneA, primeA = 0x811c9dc5, 0x01000193
	laneB, primeB = 0x9e3779b9, 0x85ebca6b
)

// mix spreads every bit of h over all of them (the finaliser of MurmurHash3).
func mix(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}

// String returns twelve hexadecimal digits, or "" for no block.
func (p Print) String() string { return string(p.append(nil)) }

func (p Print) append(out []byte) []byte {
	if p == 0 {
		return out
	}
	for shift := 44; shift >= 0; shift -= 4 {
		out = append(out, "0123456789abcdef"[p>>shift&15])
	}
	return out
}

// MarshalText is String.
func (p Print) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what String wrote.
func (p *Print) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = 0
		return nil
	}
	var b [6]byte
	if len(text) != 12 {
		return errPrint
	}
	if _, err := hex.Decode(b[:], text); err != nil {
		return errPrint
	}
	*p = 0
	for _, c := range b {
		*p = *p<<8 | Print(c)
	}
	return nil
}

var errPrint = errors.New("block: a fingerprint has twelve hexadecimal digits")

// Normalise appends the letters and digits of a text in Unicode form NFKC and
// lower case, as UTF-16 units.
func Normalise[T string | []byte](units []uint16, s T) []uint16 {
	start := len(units)
	units = slices.Grow(units, len(s))
	out := units[start : start+len(s)] // a character has no more units than bytes
	n := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			i++
			if c = asciiFold[c]; c != 0 {
				out[n] = uint16(c)
				n++
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
		switch {
		case r >= 0x4E00 && r <= 0x9FFF:
			out[n] = uint16(r)
			n++
		case !inert(r):
			return normaliseSlowly(units[:start], string(s))
		}
		i += size
	}
	return units[:start+n]
}

// asciiFold holds letters in lower case and digits; 0 for what is dropped.
var asciiFold = func() (t [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			t[c] = c
		case c >= 'A' && c <= 'Z':
			t[c] = c | 0x20
		}
	}
	return t
}()

// inert reports whether a character that is no ideograph is dropped, whatever
// stands around it: the punctuation that Chinese and English are full of.
func inert(r rune) bool {
	return r >= 0x2010 && r <= 0x2027 || r >= 0x3001 && r <= 0x3011 || r >= 0xFF01 && r <= 0xFF0F || r >= 0xFF1A && r <= 0xFF20
}

func normaliseSlowly(units []uint16, s string) []uint16 {
	for _, r := range norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD")) {
		if r = unicode.ToLower(r); !isDropped(r) {
			units = utf16.AppendRune(units, r)
		}
	}
	return units
}

// dropped are the characters that are neither letters nor digits, as sorted
// ranges. It is a table of our own and not Unicode's categories, so that old
// browsers, which know none, and each version of Unicode agree.
var dropped = [...][2]rune{
	{0x0000, 0x002F}, {0x003A, 0x0060}, {0x007B, 0x00BF}, {0x00D7, 0x00D7}, {0x00F7, 0x00F7},
	{0x02B0, 0x036F},                                     // modifiers and combining marks
	{0x0591, 0x05C7},                                     // Hebrew points
	{0x060C, 0x060C}, {0x061B, 0x061F}, {0x0640, 0x0640}, // Arabic punctuation, tatweel
	{0x064B, 0x065F}, {0x066A, 0x066D}, {0x0670, 0x0670}, // Arabic vowels and signs
	{0x06D4, 0x06D4}, {0x06D6, 0x06ED}, {0x0964, 0x0965}, // … and Devanagari dandas
	{0x2000, 0x2BFF}, {0x2E00, 0x2E7F}, {0x2FF0, 0x3004}, // punctuation and symbols
	{0x3008, 0x3020}, {0x302A, 0x3030}, {0x3036, 0x3037}, // of Chinese and Japanese
	{0x303D, 0x303F}, {0x30A0, 0x30A0}, {0x30FB, 0x30FB}, //
	{0xE000, 0xF8FF}, {0xFD3E, 0xFD3F}, {0xFE00, 0xFE6F}, // private use, presentation
	{0xFEFF, 0xFEFF}, {0xFF00, 0xFFFF}, {0x1F000, 0x1FAFF}, // full width, emoji
	{0xE0000, 0xE01EF}, // tags, variation selectors
}

func isDropped(r rune) bool {
	if r < utf8.RuneSelf {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}
	for i := range dropped {
		if r <= dropped[i][1] {
			return r >= dropped[i][0]
		}
	}
	return false
}
