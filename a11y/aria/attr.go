package aria

import (
	"iter"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// An Attr is a WAI-ARIA state or property.
type Attr uint8

// A ValueType says what values an attribute takes.
type ValueType uint8

// The value types of WAI-ARIA.
const (
	Text ValueType = iota
	Boolean
	OptionalBoolean
	Tristate
	IDRef
	IDRefList
	Integer
	Number
	Token
	TokenList
)

// AttrInfo is a row of the attribute tables of WAI-ARIA.
type AttrInfo struct {
	Name             string
	Type             ValueType
	Values           []string // the tokens, for types that have them
	State            bool
	Global           bool
	GlobalDeprecated bool // global use is deprecated since 1.2
	Deprecated       bool
	Draft            bool // new in 1.3
}

// AttrByName returns the attribute with the lower-case name, such as
// "aria-checked".
func AttrByName(name string) (Attr, bool) {
	a, ok := attrNames[name]
	return a, ok
}

// String returns the name with its prefix.
func (a Attr) String() string { return attrTable[a].Name }

// Info returns what the specification says about the attribute.
func (a Attr) Info() *AttrInfo { return &attrTable[a] }

// ValidSyntax reports whether the value is one that the attribute takes, by
// its form alone: ids are not looked up. The value must not be empty.
func (a Attr) ValidSyntax(value string) bool {
	info := &attrTable[a]
	v := strings.Trim(value, whitespace)
	switch info.Type {
	case Boolean, OptionalBoolean, Tristate, Token:
		// Token values are compared without case: HTML, enumerated attributes.
		return v == "undefined" && info.Type != Boolean || slices.Contains(info.Values, strings.ToLower(v))
	case TokenList:
		fields := strings.Fields(strings.ToLower(v))
		return len(fields) > 0 && !slices.ContainsFunc(fields, func(t string) bool { return !slices.Contains(info.Values, t) })
	case Integer:
		_, err := strconv.Atoi(v)
		return err == nil
	case Number:
		_, err := strconv.ParseFloat(v, 64)
		return err == nil
	case IDRef:
		return v != "" && !strings.ContainsAny(v, whitespace)
	case IDRefList:
		return v != ""
	}
	return true
}

// An AttrSet is a set of attributes.
type AttrSet uint64

// Has reports whether the attribute is in the set.
func (s AttrSet) Has(a Attr) bool { return s&(1<<a) != 0 }

// All yields the attributes in the set in alphabetic order.
func (s AttrSet) All() iter.Seq[Attr] {
	return func(yield func(Attr) bool) {
		for ; s != 0; s &= s - 1 {
			if !yield(Attr(bits.TrailingZeros64(uint64(s)))) {
				return
			}
		}
	}
}

func attrSet(attrs ...Attr) (s AttrSet) {
	for _, a := range attrs {
		s |= 1 << a
	}
	return s
}

const whitespace = " \t\n\f\r"
