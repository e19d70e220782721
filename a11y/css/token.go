// Package css reads style sheets by CSS Syntax 3, Selectors 4 and Media
// Queries 4, with byte positions.
//
// Nothing here fails: what a browser would drop is left out and noted as an
// Error with its place.
package css

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the kind of a Token.
type Kind uint8

// The kinds of tokens. Comments are not tokens.
const (
	EOF Kind = iota
	Ident
	Function // name without the parenthesis
	AtKeyword
	Hash
	String
	BadString
	URL
	BadURL
	Delim
	Number
	Percentage
	Dimension
	Space
	CDO
	CDC
	Colon
	Semicolon
	Comma
	OpenSquare
	CloseSquare
	OpenParen
	CloseParen
	OpenBrace
	CloseBrace
)

// A Token is a token of CSS. Text is the value with escapes resolved: the name,
// the string, the unit, the delimiter.
type Token struct {
	Kind     Kind
	Int      bool // a Number written as an integer
	Signed   bool // a Number written with a sign
	ID       bool // a Hash that is an identifier
	Text     string
	Num      float64
	Pos, End int
}

// Is says whether t is the identifier name, in any case of letters.
func (t Token) Is(name string) bool { return t.Kind == Ident && strings.EqualFold(t.Text, name) }

// IsDelim says whether t is the delimiter c.
func (t Token) IsDelim(c byte) bool { return t.Kind == Delim && len(t.Text) == 1 && t.Text[0] == c }

// An Error is a place in a style sheet that a browser would drop or repair.
type Error struct {
	Pos int
	Msg string
}

// Tokenize splits src into tokens, white space included, without the EOF.
func Tokenize(src string) ([]Token, []Error) {
	t := tokenizer{src: src}
	toks := make([]Token, 0, len(src)/3+4)
	for {
		k := t.next()
		if k.Kind == EOF {
			return toks, t.errs
		}
		toks = append(toks, k)
	}
}

type tokenizer struct {
	src  string
	i    int
	errs []Error
}

func (t *tokenizer) fail(pos int, msg string) { t.errs = append(t.errs, Error{pos, msg}) }

// at returns the byte n places ahead, 0 past the end.
func (t *tokenizer) at(n int) byte {
	if t.i+n < len(t.src) {
		return t.src[t.i+n]
	}
	return 0
}

func (t *tokenizer) next() Token {
	t.comments()
	start := t.i
	if start >= len(t.src) {
		return Token{Kind: EOF, Pos: start, End: start}
	}
	k := t.scan(t.src[start])
	k.Pos, k.End = start, t.i
	return k
}

// comments skips comments.
func (t *tokenizer) comments() {
	for strings.HasPrefix(t.src[t.i:], "/*") {
		j := strings.Index(t.src[t.i+2:], "*/")
		if j < 0 {
			t.fail(t.i, "unclosed comment")
			t.i = len(t.src)
			return
		}
		t.i += 2 + j + 2
	}
}

// single holds the tokens of one character.
var single = [128]Kind{'(': OpenParen, ')': CloseParen, ',': Comma, ':': Colon, ';': Semicolon,
	'[': OpenSquare, ']': CloseSquare, '{': OpenBrace, '}': CloseBrace}

func (t *tokenizer) scan(c byte) Token {
	switch {
	case isSpace(c):
		for t.i < len(t.src) && isSpace(t.src[t.i]) {
			t.i++
		}
		return Token{Kind: Space}
	case c == '"' || c == '\'':
		return t.str(c)
	case c == '#':
		if isName(t.at(1)) || t.validEscape(1) {
			t.i++
			id := t.startsIdent(0)
			return Token{Kind: Hash, Text: t.name(), ID: id}
		}
	case c == '+' || c == '-' || c == '.' || isDigit(c):
		if t.startsNumber() {
			return t.numeric()
		}
		if c == '-' && strings.HasPrefix(t.src[t.i:], "-->") {
			t.i += 3
			return Token{Kind: CDC}
		}
		if t.startsIdent(0) {
			return t.identLike()
		}
	case c == '<' && strings.HasPrefix(t.src[t.i:], "<!--"):
		t.i += 4
		return Token{Kind: CDO}
	case c == '@':
		if t.startsIdent(1) {
			t.i++
			return Token{Kind: AtKeyword, Text: t.name()}
		}
	case c < 128 && single[c] != EOF:
		t.i++
		return Token{Kind: single[c]}
	case isNameStart(c) || c == '\\' && t.validEscape(0) || c == 0:
		return t.identLike()
	}
	_, n := utf8.DecodeRuneInString(t.src[t.i:])
	t.i += n
	return Token{Kind: Delim, Text: t.src[t.i-n : t.i]}
}

// str reads a string token.
func (t *tokenizer) str(quote byte) Token {
	open := t.i
	t.i++
	start := t.i
	var b []byte
	plain := true
	for t.i < len(t.src) {
		c := t.src[t.i]
		switch {
		case c == quote:
			s := t.src[start:t.i]
			if !plain {
				s = string(b)
			}
			t.i++
			return Token{Kind: String, Text: s}
		case isNewline(c):
			t.fail(open, "unclosed string")
			return Token{Kind: BadString}
		case c == '\\' || c == 0:
			if plain {
				plain = false
				b = append(b, t.src[start:t.i]...)
			}
			b = t.stringEscape(b)
		default:
			if !plain {
				b = append(b, c)
			}
			t.i++
		}
	}
	t.fail(open, "unclosed string")
	if plain {
		return Token{Kind: String, Text: t.src[start:]}
	}
	return Token{Kind: String, Text: string(b)}
}

// stringEscape resolves a backslash or NUL inside a string.
func (t *tokenizer) stringEscape(b []byte) []byte {
	switch {
	case t.src[t.i] == 0:
		t.i++
		return append(b, "\uFFFD"...)
	case t.i+1 >= len(t.src):
		t.i++
		return b
	case isNewline(t.at(1)):
		t.i++
		t.newline()
		return b
	}
	t.i++
	return utf8.AppendRune(b, t.escape())
}

// newline skips one newline, CRLF counting as one.
func (t *tokenizer) newline() {
	if strings.HasPrefix(t.src[t.i:], "\r\n") {
		t.i++
	}
	t.i++
}

// validEscape says whether an escape stands n bytes ahead.
func (t *tokenizer) validEscape(n int) bool {
	return t.at(n) == '\\' && t.i+n+1 <= len(t.src) && !isNewline(t.at(n+1))
}

// escape reads the part of an escape after the backslash.
func (t *tokenizer) escape() rune {
	if t.i >= len(t.src) {
		return utf8.RuneError
	}
	j := t.i
	for j < len(t.src) && j < t.i+6 && isHex(t.src[j]) {
		j++
	}
	if j == t.i {
		r, n := utf8.DecodeRuneInString(t.src[t.i:])
		t.i += n
		if r == 0 {
			return utf8.RuneError
		}
		return r
	}
	v, _ := strconv.ParseUint(t.src[t.i:j], 16, 32)
	t.i = j
	if t.i < len(t.src) && isSpace(t.src[t.i]) {
		t.newline()
	}
	if v == 0 || v > utf8.MaxRune || v >= 0xD800 && v < 0xE000 {
		return utf8.RuneError
	}
	return rune(v)
}

// startsIdent says whether an identifier starts n bytes ahead.
func (t *tokenizer) startsIdent(n int) bool {
	c := t.at(n)
	if c == '-' {
		d := t.at(n + 1)
		return t.i+n+1 < len(t.src) && (isNameStart(d) || d == '-' || d == 0) || t.validEscape(n+1)
	}
	if c == 0 {
		return t.i+n < len(t.src)
	}
	return isNameStart(c) || t.validEscape(n)
}

// startsNumber says whether a number starts here.
func (t *tokenizer) startsNumber() bool {
	n := 0
	if c := t.at(0); c == '+' || c == '-' {
		n = 1
	}
	if t.at(n) == '.' {
		n++
	}
	return isDigit(t.at(n))
}

// name reads an identifier.
func (t *tokenizer) name() string {
	start := t.i
	for t.i < len(t.src) && isName(t.src[t.i]) {
		t.i++
	}
	if t.i >= len(t.src) || !(t.src[t.i] == 0 || t.validEscape(0)) {
		return t.src[start:t.i]
	}
	b := []byte(t.src[start:t.i])
	for t.i < len(t.src) {
		c := t.src[t.i]
		switch {
		case isName(c):
			b = append(b, c)
			t.i++
		case c == 0:
			b = append(b, "\uFFFD"...)
			t.i++
		case t.validEscape(0):
			t.i++
			b = utf8.AppendRune(b, t.escape())
		default:
			return string(b)
		}
	}
	return string(b)
}

// identLike reads an identifier, a function or a URL.
func (t *tokenizer) identLike() Token {
	name := t.name()
	if t.at(0) != '(' {
		return Token{Kind: Ident, Text: name}
	}
	t.i++
	if strings.EqualFold(name, "url") {
		j := t.i
		for j < len(t.src) && isSpace(t.src[j]) {
			j++
		}
		if j >= len(t.src) || t.src[j] != '"' && t.src[j] != '\'' {
			t.i = j
			return t.url()
		}
	}
	return Token{Kind: Function, Text: name}
}

// url reads an unquoted URL.
func (t *tokenizer) url() Token {
	var b []byte
	start := t.i
	for t.i < len(t.src) {
		c := t.src[t.i]
		switch {
		case c == ')':
			t.i++
			return Token{Kind: URL, Text: string(b)}
		case isSpace(c):
			for t.i < len(t.src) && isSpace(t.src[t.i]) {
				t.i++
			}
			if t.i < len(t.src) && t.src[t.i] != ')' {
				return t.badURL(start)
			}
		case c == '"', c == '\'', c == '(', c < 0x20, c == 0x7F:
			return t.badURL(start)
		case c == '\\':
			if !t.validEscape(0) {
				return t.badURL(start)
			}
			t.i++
			b = utf8.AppendRune(b, t.escape())
		default:
			b = append(b, c)
			t.i++
		}
	}
	t.fail(start, "unclosed url(")
	return Token{Kind: URL, Text: string(b)}
}

func (t *tokenizer) badURL(start int) Token {
	t.fail(start, "invalid url(")
	for t.i < len(t.src) {
		if t.src[t.i] == ')' {
			t.i++
			break
		}
		if t.validEscape(0) {
			t.i++
		}
		if t.i < len(t.src) {
			t.i++
		}
	}
	return Token{Kind: BadURL}
}

// numeric reads a number, percentage or dimension.
func (t *tokenizer) numeric() Token {
	k := Token{Kind: Number, Int: true}
	start := t.i
	if c := t.at(0); c == '+' || c == '-' {
		k.Signed = true
		t.i++
	}
	t.digits()
	if t.at(0) == '.' && isDigit(t.at(1)) {
		k.Int = false
		t.i++
		t.digits()
	}
	if c := t.at(0); c == 'e' || c == 'E' {
		n := 1
		if s := t.at(1); s == '+' || s == '-' {
			n = 2
		}
		if isDigit(t.at(n)) {
			k.Int = false
			t.i += n
			t.digits()
		}
	}
	k.Num, _ = strconv.ParseFloat(t.src[start:t.i], 64)
	switch {
	case t.at(0) == '%':
		t.i++
		k.Kind = Percentage
	case t.startsIdent(0):
		k.Kind = Dimension
		k.Text = t.name()
	}
	return k
}

func (t *tokenizer) digits() {
	for isDigit(t.at(0)) {
		t.i++
	}
}

func isSpace(c byte) bool   { return c == ' ' || c == '\t' || isNewline(c) }
func isNewline(c byte) bool { return c == '\n' || c == '\r' || c == '\f' }
func isDigit(c byte) bool   { return c >= '0' && c <= '9' }
func isHex(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func isName(c byte) bool { return isNameStart(c) || isDigit(c) || c == '-' }
