// Package i18n holds the words of the interface in every language, and how
// each language writes plurals, dates, numbers, lists and file sizes. A text
// that a person can see comes from a catalogue (locales/*.yaml, overridden
// file by file by a theme or a site), and each message knows the place where
// it stands, so that a finding about it leads home. It imports diag only.
package i18n

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"handrail/internal/diag"
)

//go:embed locales
var embedded embed.FS

// Embedded returns the catalogues that ship with Handrail.
func Embedded() Layer { return Layer{FS: embedded, Dir: "locales", Name: "i18n/locales"} }

// A Layer is a folder of catalogues, <tag>.yaml. A later layer wins message
// by message.
type Layer struct {
	FS   fs.FS
	Dir  string // the folder in FS
	Name string // how the folder is called in diagnostics
}

// A Set holds the catalogues of all languages. It is immutable once loaded.
type Set struct {
	tags map[string]map[string]*Message
}

// Load reads the layers one over the other. A layer whose folder is missing is
// empty. Mistakes in a file are reported with their places and the rest of
// the file is used.
func Load(layers ...Layer) (*Set, diag.List) {
	s := &Set{tags: map[string]map[string]*Message{}}
	var diags diag.List
	for _, l := range layers {
		files, err := fs.Glob(l.FS, path.Join(l.Dir, "*.yaml"))
		if err != nil || len(files) == 0 {
			continue
		}
		for _, name := range files {
			shown := path.Join(l.Name, path.Base(name))
			data, err := fs.ReadFile(l.FS, name)
			if err != nil {
				if errors.Is(err, fs.ErrNotExist) {
					continue
				}
				diags.Add(&diag.Diagnostic{Pos: diag.Pos{File: shown}, Code: "unreadable-file",
					Msg: fmt.Sprintf("cannot read the catalogue: %v", err), Err: err})
				continue
			}
			tag := strings.TrimSuffix(path.Base(name), ".yaml")
			m := s.tags[tag]
			if m == nil {
				m = map[string]*Message{}
				s.tags[tag] = m
			}
			diags = append(diags, readMessages(shown, tag, data, m)...)
		}
	}
	return s, diags
}

// Tags returns the languages that have a catalogue, sorted.
func (s *Set) Tags() []string {
	tags := make([]string, 0, len(s.tags))
	for t := range s.tags {
		tags = append(tags, t)
	}
	slices.Sort(tags)
	return tags
}

// Has reports whether the language has a catalogue of its own, either under
// its tag or under one that it narrows.
func (s *Set) Has(tag string) bool { return len(s.chain(tag)) > 0 }

// chain lists the catalogues for a tag, the nearest first: zh-Hans-CN,
// zh-Hans, zh; a Chinese tag without a script is read as simplified.
func (s *Set) chain(tag string) []string {
	var out []string
	add := func(t string) {
		if s.tags[t] != nil && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	for t := tag; t != ""; {
		add(t)
		i := strings.LastIndexByte(t, '-')
		if i < 0 {
			break
		}
		t = t[:i]
	}
	if base(tag) == "zh" {
		add("zh-Hans")
	}
	return out
}

// For returns the catalogue of a language. What it lacks is taken from the
// fallback languages in order; English comes last of all.
func (s *Set) For(tag string, fallback ...string) *Catalogue {
	c := &Catalogue{Tag: tag, Locale: LocaleOf(tag), own: len(s.chain(tag)) > 0, msgs: map[string]*Message{}}
	tags := s.chain(tag)
	for _, f := range append(slices.Clone(fallback), "en") {
		tags = append(tags, s.chain(f)...)
	}
	for _, t := range tags {
		for key, m := range s.tags[t] {
			if _, ok := c.msgs[key]; !ok {
				c.msgs[key] = m
			}
		}
	}
	return c
}

// A Catalogue is every message in one language. It is immutable and safe for
// concurrent use.
type Catalogue struct {
	Tag    string
	Locale *Locale
	own    bool
	msgs   map[string]*Message
}

// Own reports whether the language has any messages of its own, and does not
// live on its fallbacks alone.
func (c *Catalogue) Own() bool { return c.own }

// Message returns the message of a key, or nil when no language of the chain
// has it. Its Tag says which language it is really in.
func (c *Catalogue) Message(key string) *Message { return c.msgs[key] }

// Keys returns the keys of all messages, sorted.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.msgs))
	for k := range c.msgs {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Foreign reports whether m had to be taken from another language than the
// catalogue's.
func (c *Catalogue) Foreign(m *Message) bool { return base(m.Tag) != base(c.Tag) }

// Text returns the message of a key with its placeholders filled in from
// name–value pairs. ok is false when there is no such message; the text is
// then the key.
func (c *Catalogue) Text(key string, args ...any) (text string, ok bool) {
	m := c.msgs[key]
	if m == nil {
		return key, false
	}
	return m.Format(c.Locale, args...), true
}

// base returns the language subtag.
func base(tag string) string {
	b, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(b)
}
