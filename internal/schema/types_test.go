package schema

import (
	"encoding/json"
	"testing"
)

// TestFieldsAreDescribed keeps every field explained in both languages, since
// editors and messages show the words.
func TestFieldsAreDescribed(t *testing.T) {
	var check func(path string, f *Field)
	check = func(path string, f *Field) {
		if f.Key != "" && (f.EN == "" || f.ZH == "") {
			t.Errorf("%s has no words in both languages", path)
		}
		if f.Kind == List && f.Item == nil || f.Kind == Object && len(f.Fields) == 0 || f.Kind == Enum && len(f.Enum) == 0 {
			t.Errorf("%s does not say what it holds", path)
		}
		if f.Item != nil {
			check(path+"[]", f.Item)
		}
		for _, c := range f.Fields {
			check(path+"."+c.Key, c)
		}
	}
	for _, typ := range Types() {
		if typ.EN == "" || typ.ZH == "" {
			t.Errorf("type %s has no words", typ.Name)
		}
		for _, f := range typ.Fields() {
			check(typ.Name+": "+f.Key, f)
		}
	}
}

func TestJSONSchema(t *testing.T) {
	type schema struct {
		Schema               string             `json:"$schema"`
		Type                 any                `json:"type"`
		Description          string             `json:"description"`
		Properties           map[string]*schema `json:"properties"`
		Required             []string           `json:"required"`
		AdditionalProperties any                `json:"additionalProperties"`
		Items                *schema            `json:"items"`
		Enum                 []string           `json:"enum"`
	}
	for _, typ := range Types() {
		var s schema
		if err := json.Unmarshal(typ.JSONSchema("en"), &s); err != nil {
			t.Fatalf("%s: %v", typ.Name, err)
		}
		if s.Schema != draft || s.Type != "object" || s.AdditionalProperties != false {
			t.Errorf("%s: $schema %q, type %v, additional %v", typ.Name, s.Schema, s.Type, s.AdditionalProperties)
		}
		for _, f := range typ.Fields() {
			if s.Properties[f.Key] == nil {
				t.Errorf("%s: no property %q", typ.Name, f.Key)
			}
		}
	}
	var s schema
	if err := json.Unmarshal(Lookup("service").JSONSchema("zh-Hans"), &s); err != nil {
		t.Fatal(err)
	}
	step := s.Properties["steps"].Items
	if step.Properties["title"].Description != "环节" || len(step.Required) != 1 {
		t.Errorf("steps = %+v", step)
	}
	if got := s.Properties["materials"].Items.Properties["needed"].Enum; len(got) != 3 {
		t.Errorf("materials.needed = %v", got)
	}
	if len(s.Required) != 14 {
		t.Errorf("a service requires %d fields: %v; want 14", len(s.Required), s.Required)
	}
}

func TestSuggest(t *testing.T) {
	words := []string{"title", "summary", "publish-at", "colours", "zh-Hans"}
	for _, tt := range []struct{ in, want string }{
		{"titel", "title"}, {"Title", "title"}, {"colour", "colours"}, {"publishAt", "publish-at"}, {"publish_at", "publish-at"},
		{"zh-hans", "zh-Hans"}, {"smmary", "summary"}, {"date", ""}, {"x", ""}, {"", ""}, {"标题", ""},
	} {
		if got := Suggest(tt.in, words); got != tt.want {
			t.Errorf("Suggest(%q) = %q; want %q", tt.in, got, tt.want)
		}
	}
}

func TestTOMLReadsLikeYAML(t *testing.T) {
	toml := "title = \"A\"\ntopics = [\"x\", \"y\"]\ndraft = true\nweight = 3\ndate = 2026-01-02\n[plain]\nwho = 'all'\n[[steps]]\ntitle = \"one\"\n[[steps]]\ntitle = \"two\"\n"
	yaml := "title: A\ntopics: [x, y]\ndraft: true\nweight: 3\ndate: 2026-01-02\nplain: {who: all}\nsteps: [{title: one}, {title: two}]\n"
	a, ok, diags := ParseTOML(toml, 0, len(toml), nil)
	if !ok || len(diags) > 0 {
		t.Fatalf("diagnostics = %v", diags)
	}
	b, _, _ := ParseYAML(yaml, 0, len(yaml), nil)
	if x, y := outline(a), outline(b); x != y {
		t.Errorf("TOML reads as %s\nYAML reads as %s", x, y)
	}
	if v := a.Get("plain.who"); toml[v.Off:v.Off+5] != "'all'" {
		t.Errorf("place of plain.who = %q", toml[v.Off:])
	}
}

// outline writes a tree without its places.
func outline(v *Value) string {
	s := v.Key + ":" + v.Kind.String() + ":" + v.Text
	for _, c := range v.Map {
		s += "{" + outline(c) + "}"
	}
	for _, c := range v.List {
		s += "[" + outline(c) + "]"
	}
	return s
}
