// Package prefs knows what readers may choose: text size, colours, spacing
// and the comforts. The theme keeps the choices in the browser's storage and
// in a cookie; for readers without script the companion server keeps the
// cookie ([Handler]) and answers with a style sheet that says the same as the
// attributes that a script would set ([Sheet]).
package prefs

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Name is the name of the cookie, and of the value in the browser's storage.
const Name = "handrail"

// version is of the value's form; a value of another version counts as none.
const version = 1

// A Key is one thing that may be chosen.
type Key struct {
	Name   string
	Values []string
	// Script says that the choice does nothing without script, so that a
	// form sent without it leaves the choice alone.
	Script bool
}

// Keys are the choices. themes/civic/assets/ts/choices.ts has the same table.
var Keys = []Key{
	{Name: "theme", Values: []string{"light", "dark", "black-white", "white-black", "yellow-black", "cream"}},
	{Name: "size", Values: []string{"100", "125", "150", "200", "300", "400"}},
	{Name: "line", Values: []string{"1", "2"}},
	{Name: "letter", Values: []string{"1", "2"}},
	{Name: "word", Values: []string{"1", "2"}},
	{Name: "para", Values: []string{"1", "2"}},
	{Name: "narrow", Values: []string{"1"}},
	{Name: "pointer", Values: []string{"1", "2"}},
	{Name: "ruler", Values: []string{"1"}, Script: true},
	{Name: "cross", Values: []string{"1"}, Script: true},
	{Name: "one", Values: []string{"paragraph", "section"}, Script: true},
	{Name: "pics", Values: []string{"off"}},
	{Name: "pinyin", Values: []string{"1"}},
	{Name: "under", Values: []string{"1"}},
	{Name: "keys", Values: []string{"1"}, Script: true},
}

// Valid reports whether a value may be chosen for a key.
func Valid(key, value string) bool {
	i := slices.IndexFunc(Keys, func(k Key) bool { return k.Name == key })
	return i >= 0 && slices.Contains(Keys[i].Values, value)
}

// Choices are what one reader has chosen. The zero value has chosen nothing.
// What it does not know, such as a voice, it keeps as it is.
type Choices struct {
	raw map[string]json.RawMessage
}

// Parse reads the value of the cookie. What it cannot read counts as nothing
// chosen: the reader cannot mend it, and the page works all the same.
func Parse(cookie string) Choices {
	text, err := url.PathUnescape(cookie)
	if err != nil {
		return Choices{}
	}
	var raw map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &raw) != nil || string(raw["v"]) != strconv.Itoa(version) {
		return Choices{}
	}
	return Choices{raw}
}

// FromRequest reads the choices that came with a request.
func FromRequest(r *http.Request) Choices {
	c, err := r.Cookie(Name)
	if err != nil {
		return Choices{}
	}
	return Parse(c.Value)
}

// Get returns the value chosen for a key, or "" when it is the default, or
// none that the key can have.
func (c Choices) Get(key string) string {
	raw, ok := c.raw[key]
	if !ok {
		return ""
	}
	var value string
	if json.Unmarshal(raw, &value) != nil {
		value = string(raw) // a number, as an older script may have kept it
	}
	if !Valid(key, value) {
		return ""
	}
	return value
}

// With returns the choices with one of them changed; a value that the key
// cannot have takes the choice back.
func (c Choices) With(key, value string) Choices {
	raw := maps.Clone(c.raw)
	if raw == nil {
		raw = map[string]json.RawMessage{}
	}
	delete(raw, key)
	if Valid(key, value) {
		raw[key] = json.RawMessage(strconv.Quote(value))
	}
	return Choices{raw}
}

// WithForm returns the choices as the settings form changes them. A group in
// which nothing was chosen stays as it is; a box without a tick is off.
func (c Choices) WithForm(form url.Values) Choices {
	for _, k := range Keys {
		box := len(k.Values) == 1
		if form.Has(k.Name) || box && !k.Script {
			c = c.With(k.Name, form.Get(k.Name))
		}
	}
	return c
}

// Reset returns the choices without all but the edition.
func (c Choices) Reset() Choices {
	raw := map[string]json.RawMessage{}
	if e, ok := c.raw["edition"]; ok {
		raw["edition"] = e
	}
	return Choices{raw}
}

// longest bounds the cookie: what strangers put in goes before what a browser
// would refuse to keep.
const longest = 2048

// String returns the value of the cookie.
func (c Choices) String() string {
	raw := map[string]json.RawMessage{}
	maps.Copy(raw, c.raw)
	raw["v"] = json.RawMessage(strconv.Itoa(version))
	text := escape(raw)
	if len(text) > longest {
		maps.DeleteFunc(raw, func(k string, _ json.RawMessage) bool { return k != "v" && k != "edition" && c.Get(k) == "" })
		text = escape(raw)
	}
	if len(text) > longest {
		delete(raw, "edition")
		text = escape(raw)
	}
	return text
}

// escape writes the value as encodeURIComponent does, so that scripts and the
// server keep the same text.
func escape(raw map[string]json.RawMessage) string {
	text, err := json.Marshal(raw)
	if err != nil {
		panic("prefs: " + err.Error()) // every part was JSON when it came in
	}
	return strings.ReplaceAll(url.QueryEscape(string(text)), "+", "%20")
}

// Cookie returns the cookie that keeps the choices for a year. Scripts write
// the same one, so it is open to them.
func (c Choices) Cookie(secure bool) *http.Cookie {
	return &http.Cookie{
		Name: Name, Value: c.String(), Path: "/", MaxAge: 365 * 24 * 60 * 60,
		SameSite: http.SameSiteLaxMode, Secure: secure,
	}
}
