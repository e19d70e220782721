package source

import (
	"strings"
	"unicode"

	"handrail/internal/diag"
	"handrail/internal/schema"
)

// front is what stands before the body.
type front struct {
	root    *schema.Value // an Object
	bodyOff int
	broken  bool
	diags   diag.List
}

// parseFront reads YAML between lines of ---, or TOML between lines of +++.
// What is wrong is reported, what can be read is kept, and there always is a
// body.
func parseFront(text string, lines *diag.Lines) front {
	f := front{root: &schema.Value{Kind: schema.Object}}
	fence := opening(text)
	if fence == "" {
		return f
	}
	from := strings.IndexByte(text, '\n') + 1
	to, body, closed := closing(text, from, fence)
	if !closed {
		if !keyLine(firstLine(text[from:])) {
			return f // a thematic break, not front matter
		}
		to = guessEnd(text, from)
		body = to
		f.broken = true
		f.diags.Add(&diag.Diagnostic{
			Pos: lines.Pos(0), Code: "front-matter-open", Msg: "the front matter that begins here is never closed",
			Hint: "write " + fence + " on a line of its own after the last key", Args: map[string]any{"fence": fence},
		})
	}
	f.bodyOff = body
	parse := schema.ParseYAML
	if fence == "+++" {
		parse = schema.ParseTOML
	}
	root, whole, diags := parse(text, from, to, lines)
	if !whole {
		f.broken = true
	}
	if closed || whole { // one complaint about syntax is enough
		f.diags = append(f.diags, diags...)
	}
	f.setRoot(root, lines)
	return f
}

func (f *front) setRoot(root *schema.Value, lines *diag.Lines) {
	switch root.Kind {
	case schema.Object:
		f.root = root
	case schema.Null:
	default:
		f.broken = true
		f.diags.Add(&diag.Diagnostic{
			Pos: lines.Pos(root.Off), Code: "front-matter-shape",
			Msg: "front matter is a group of fields, such as “title: Visit us”", Hint: "write key, colon, space, value",
		})
	}
}

// opening returns the line that opens front matter, or "".
func opening(text string) string {
	if len(text) < 4 {
		return ""
	}
	fence := text[:3]
	if fence != "---" && fence != "+++" || strings.TrimRight(firstLine(text), " \t") != fence || !strings.Contains(text, "\n") {
		return ""
	}
	return fence
}

// closing finds the line that closes front matter: where it begins and where
// the body after it does.
func closing(text string, from int, fence string) (to, body int, ok bool) {
	for off := from; off < len(text); {
		line := firstLine(text[off:])
		next := min(off+len(line)+1, len(text))
		if t := strings.TrimRight(line, " \t"); t == fence || t == "..." && fence == "---" {
			return off, next, true
		}
		off = next
	}
	return 0, 0, false
}

// guessEnd says where front matter that was never closed most likely ends:
// before the first line that looks like text.
func guessEnd(text string, from int) int {
	off := from
	for off < len(text) {
		line := firstLine(text[off:])
		if strings.TrimSpace(line) == "" || !keyLine(line) && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "- ") {
			break
		}
		off = min(off+len(line)+1, len(text))
	}
	return off
}

// keyLine reports whether a line looks like "key: value" or "key = value".
func keyLine(line string) bool {
	i := strings.IndexAny(line, ":=")
	if i < 1 || strings.HasPrefix(line[i:], "://") {
		return false
	}
	key := strings.TrimSpace(line[:i])
	return key != "" && !strings.ContainsFunc(key, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' && r != '.' && r != '"'
	})
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// foreignKeys are names that other generators use for our fields.
var foreignKeys = map[string]string{
	"tags": "keywords", "tag": "keywords", "categories": "keywords", "category": "keywords",
	"expires": "expires-at", "expiryDate": "expires-at", "expirydate": "expires-at", "unpublishDate": "expires-at",
	"publishDate": "publish-at", "publishdate": "publish-at", "pubDate": "publish-at",
	"lastmod": "updated", "lastModified": "updated", "last_modified_at": "updated",
	"permalink": "url", "linkTitle": "menu-title", "nav_title": "menu-title", "nav_order": "weight",
	"translationkey": "translationKey", "language": "lang", "excerpt": "summary", "redirect_from": "aliases",
}

// A foreignKey is a key of another generator that was read as one of ours.
type foreignKey struct {
	value *schema.Value
	was   string
}

// readForeign renames the keys of other generators. Where a page has several
// that mean the same, their values join.
func readForeign(root *schema.Value) (seen []foreignKey) {
	kept := root.Map[:0:0]
	for _, v := range root.Map {
		ours, ok := foreignKeys[v.Key]
		if !ok {
			kept = append(kept, v)
			continue
		}
		seen = append(seen, foreignKey{v, v.Key})
		have := root.Get(ours)
		if have == nil {
			v.Key = ours
			kept = append(kept, v)
			continue
		}
		if ours == "keywords" && have.Kind == schema.List {
			have.List = append(have.List, listOf(v)...)
		}
	}
	root.Map = kept
	if v := root.Get("keywords"); v != nil && v.Kind != schema.List {
		items := listOf(v)
		*v = schema.Value{Key: v.Key, Kind: schema.List, List: items, Off: v.Off, KeyOff: v.KeyOff}
	}
	return seen
}

// listOf returns the items of a list, or of a text with commas.
func listOf(v *schema.Value) []*schema.Value {
	switch v.Kind {
	case schema.List:
		return v.List
	case schema.Null, schema.Object, schema.Map:
		return nil
	}
	var items []*schema.Value
	for _, w := range strings.FieldsFunc(v.Text, func(r rune) bool { return r == ',' || r == '，' || r == '、' }) {
		if w = strings.TrimSpace(w); w != "" {
			items = append(items, &schema.Value{Kind: schema.Text, Text: w, Off: v.Off, KeyOff: v.KeyOff})
		}
	}
	return items
}
