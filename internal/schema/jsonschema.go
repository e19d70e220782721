package schema

import (
	"bytes"
	"encoding/json"
)

const draft = "https://json-schema.org/draft/2020-12/schema"

// JSONSchema returns the type's front matter as a JSON Schema, draft
// 2020-12, for editors that check and complete YAML. Descriptions are
// English, or Chinese when lang begins with "zh".
func (t *Type) JSONSchema(lang string) []byte {
	root := ordered{
		{"$schema", draft},
		{"$id", "https://handrail.invalid/schema/" + t.Name + ".json"},
		{"title", t.Name},
		{"description", doc(t.EN, t.ZH, lang)},
	}
	root = append(root, objectSchema(dedupe(t.Fields()), lang)...)
	return render(root)
}

func render(o ordered) []byte {
	b, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		panic("schema: " + err.Error()) // only strings, numbers and lists go in
	}
	return append(b, '\n')
}

// dedupe keeps the first field of each key: a type's own field comes before
// the common one.
func dedupe(fields []*Field) []*Field {
	seen := map[string]bool{}
	out := fields[:0:0]
	for _, f := range fields {
		if !seen[f.Key] {
			seen[f.Key] = true
			out = append(out, f)
		}
	}
	return out
}

func doc(en, zh, lang string) string {
	if len(lang) >= 2 && lang[:2] == "zh" && zh != "" {
		return zh
	}
	return en
}

func objectSchema(fields []*Field, lang string) ordered {
	props := ordered{}
	var required []string
	for _, f := range fields {
		props = append(props, member{f.Key, fieldSchema(f, lang)})
		if f.Required {
			required = append(required, f.Key)
		}
	}
	o := ordered{{"type", "object"}, {"properties", props}, {"additionalProperties", false}}
	if len(required) > 0 {
		o = append(o, member{"required", required})
	}
	return o
}

func fieldSchema(f *Field, lang string) ordered {
	o := ordered{}
	if d := doc(f.EN, f.ZH, lang); d != "" {
		o = append(o, member{"description", d})
	}
	switch f.Kind {
	case Any:
	case Bool:
		o = append(o, member{"type", "boolean"})
	case Int, Number:
		o = append(o, member{"type", map[Kind]string{Int: "integer", Number: "number"}[f.Kind]})
		if f.Min != 0 || f.Max != 0 {
			o = append(o, member{"minimum", f.Min}, member{"maximum", f.Max})
		}
	case Date:
		o = append(o, member{"type", "string"}, member{"anyOf", []ordered{
			{{"format", "date"}}, {{"format", "date-time"}},
		}})
	case Enum:
		o = append(o, member{"enum", f.Enum})
	case List:
		o = append(o, member{"type", "array"}, member{"items", fieldSchema(f.Item, lang)})
	case Object:
		o = append(o, objectSchema(f.Fields, lang)...)
	case Map:
		o = append(o, member{"type", "object"})
		if f.Item != nil {
			o = append(o, member{"additionalProperties", fieldSchema(f.Item, lang)})
		}
	default: // numbers and dates may stand for text: phone: 12345
		o = append(o, member{"type", []string{"string", "number", "boolean"}})
	}
	return o
}

// An ordered is a JSON object whose keys stay in order.
type ordered []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in order.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		k, err := json.Marshal(m.key)
		if err != nil {
			return nil, err
		}
		v, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(k)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
