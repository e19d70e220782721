// Package texts holds the words of the checker: for every rule a title, why
// it matters, how to mend it, and one line for each message and hint. Rules
// speak message IDs only; the words are looked up here, at the edge, one
// file a language.
package texts

import (
	"embed"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"
)

//go:embed en.yaml zh-Hans.yaml
var files embed.FS

// Texts are the words of one language. It is immutable and safe for
// concurrent use.
type Texts struct {
	lang     string
	words    map[string]string
	fallback *Texts // English; nil for English itself
}

var (
	english = sync.OnceValue(func() *Texts { return load("en", nil) })
	chinese = sync.OnceValue(func() *Texts { return load("zh-Hans", english()) })
)

// Languages lists the languages that For knows, the fallback first.
func Languages() []string { return []string{"en", "zh-Hans"} }

// For returns the words for a BCP 47 tag: the nearest language there is,
// else English.
func For(lang string) *Texts {
	tag, err := language.Parse(lang)
	if err != nil {
		return english()
	}
	if base, _ := tag.Base(); base.String() == "zh" {
		return chinese()
	}
	return english()
}

// load reads an embedded file. A broken one is our own bug, and a test
// reads them all.
func load(lang string, fallback *Texts) *Texts {
	data, err := files.ReadFile(lang + ".yaml")
	if err != nil {
		panic("texts: " + err.Error())
	}
	var tree map[string]any
	if err := yaml.Unmarshal(data, &tree); err != nil {
		panic(fmt.Sprintf("texts: %s.yaml: %v", lang, err))
	}
	t := &Texts{lang: lang, words: make(map[string]string, 512), fallback: fallback}
	t.flatten("", tree)
	return t
}

// flatten turns nested maps into dotted keys.
func (t *Texts) flatten(prefix string, tree map[string]any) {
	for k, v := range tree {
		switch v := v.(type) {
		case map[string]any:
			t.flatten(prefix+k+".", v)
		case string:
			t.words[prefix+k] = strings.TrimSpace(v)
		default:
			panic(fmt.Sprintf("texts: %s: %s%s is not a text", t.lang, prefix, k))
		}
	}
}

// Lang is the BCP 47 tag of these words.
func (t *Texts) Lang() string { return t.lang }

// Lookup returns the words of a dotted key in this language only.
func (t *Texts) Lookup(key string) (string, bool) {
	s, ok := t.words[key]
	return s, ok
}

// All yields every key and its words, in key order.
func (t *Texts) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, k := range slices.Sorted(maps.Keys(t.words)) {
			if !yield(k, t.words[k]) {
				return
			}
		}
	}
}

// Title names a rule in a few words; the ID when there is none.
func (t *Texts) Title(rule string) string {
	if s := t.get(rule + ".title"); s != "" {
		return s
	}
	return rule
}

// Why says whom it hurts when the rule fails.
func (t *Texts) Why(rule string) string { return t.get(rule + ".why") }

// Fix says what to write instead.
func (t *Texts) Fix(rule string) string { return t.get(rule + ".fix") }

// Message returns the sentence of a message ID with its arguments filled in;
// the ID itself when there are no words for it.
func (t *Texts) Message(rule, id string, args map[string]string) string {
	return fill(t.getOr(rule+"."+id, id), args)
}

// Hint returns one way to mend a finding; "" when there are no words for it.
func (t *Texts) Hint(rule, id string, args map[string]string) string {
	return fill(t.get(rule+".hint."+id), args)
}

// Word returns a word of the reports themselves, such as "error".
func (t *Texts) Word(key string, args map[string]string) string {
	return fill(t.getOr("report."+key, key), args)
}

func (t *Texts) get(key string) string { return t.getOr(key, "") }

func (t *Texts) getOr(key, otherwise string) string {
	for ; t != nil; t = t.fallback {
		if s, ok := t.words[key]; ok {
			return s
		}
	}
	return otherwise
}

// fill replaces {name} by its argument; an unknown name stays as it is, so
// that it is seen.
func fill(s string, args map[string]string) string {
	if len(args) == 0 || !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, ok := strings.Cut(rest, "}")
		if v, known := args[name]; ok && known {
			b.WriteString(v)
			s = after
			continue
		}
		b.WriteByte('{')
		s = rest
	}
}
