package i18n

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// MarshalJSON writes a catalogue for a program that has no catalogues of its
// own: every message by key, as a text or as texts by plural category.
func (c *Catalogue) MarshalJSON() ([]byte, error) {
	out := make(map[string]any, len(c.msgs))
	for key, m := range c.msgs {
		forms := map[string]string{}
		for name, category := range categoryNames {
			if p := m.forms[category]; p != nil {
				forms[name] = p.String()
			}
		}
		if len(forms) == 1 {
			out[key] = forms["other"]
			continue
		}
		out[key] = forms
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(out)
	return b.Bytes(), err
}

// String returns the text that the pattern was made from.
func (p *pattern) String() string {
	var b bytes.Buffer
	for _, part := range p.parts {
		b.WriteString(part.text)
		if part.name != "" {
			b.WriteString("{" + part.name + "}")
		}
	}
	return b.String()
}

// ParseJSON reads what MarshalJSON wrote, as the catalogue of a language.
func ParseJSON(tag string, data []byte) (*Catalogue, error) {
	var in map[string]any
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("catalogue %s: %w", tag, err)
	}
	c := &Catalogue{Tag: tag, Locale: LocaleOf(tag), own: true, msgs: make(map[string]*Message, len(in))}
	for key, text := range in {
		m := &Message{Tag: tag}
		switch text := text.(type) {
		case string:
			m.forms[Other] = compile(text)
		case map[string]any:
			for name, s := range text {
				category, known := categoryNames[name]
				s, ok := s.(string)
				if !known || !ok {
					return nil, fmt.Errorf("catalogue %s: %s: unknown plural category %q, or no text", tag, key, name)
				}
				m.forms[category] = compile(s)
			}
		}
		if m.forms[Other] == nil {
			return nil, fmt.Errorf("catalogue %s: %s: no form for other", tag, key)
		}
		c.msgs[key] = m
	}
	return c, nil
}
