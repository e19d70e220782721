package prefs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A Sheet says in style rules what the attributes of html would say. The
// build makes it from the built style sheets, so the two cannot drift apart.
type Sheet []Rule

// A Rule is one rule, and the choices under which it holds: "size=200", or
// "pointer" for any of its values.
type Rule struct {
	When []string `json:"when"`
	CSS  string   `json:"css"`
}

// ReadSheet reads a sheet that [Sheet.JSON] wrote.
func ReadSheet(data []byte) (Sheet, error) {
	var s Sheet
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("read the sheet of choices: %w", err)
	}
	return s, nil
}

// JSON writes the sheet for the companion server.
func (s Sheet) JSON() []byte {
	data, err := json.Marshal(s)
	if err != nil {
		panic("prefs: " + err.Error())
	}
	return data
}

// CSS returns the style sheet for the choices, in the order of the theme.
// Behind what is chosen the settings page shows a tick: without script its
// form does not know.
func (s Sheet) CSS(c Choices) string {
	holds := c.holding()
	var b strings.Builder
	for _, r := range s {
		if !slices.ContainsFunc(r.When, func(w string) bool { return !slices.Contains(holds, w) }) {
			b.WriteString(r.CSS)
		}
	}
	for _, k := range Keys {
		if v := c.Get(k.Name); v != "" {
			fmt.Fprintf(&b, "#%s-%s+label::after{content:\" \u2713\"}", k.Name, v)
		}
	}
	return b.String()
}

// holding lists the conditions that hold under the choices.
func (c Choices) holding() []string {
	var out []string
	for _, k := range Keys {
		if v := c.Get(k.Name); v != "" {
			out = append(out, k.Name, k.Name+"="+v)
		}
	}
	switch c.Get("size") {
	case "200", "300", "400":
		out = append(out, "big")
	}
	return out
}
