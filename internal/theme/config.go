package theme

import (
	"fmt"

	"handrail/internal/diag"
	"handrail/internal/schema"
)

// Config is what theme.yaml says.
type Config struct {
	Name       string
	Version    string
	HeadScript string // a script that is printed into every head; "" for none
	Worker     string // the service worker of sites that can be read offline; "" for none
	ThemeColor struct{ Light, Dark string }
	Icons      []string // of the web manifest
	Editions   map[string]Edition
}

// An Edition is how a theme dresses one edition.
type Edition struct {
	Styles  []string // entries under assets/
	Scripts []string
	Modes   []Mode
}

// A Mode is one way of looking at the pages of an edition; the gate judges
// every page in each of them.
type Mode struct {
	Name          string
	Attrs         map[string]string // set on <html>
	Width         int               // of the viewport, in CSS px
	Scheme        string            // "light" or "dark"
	Contrast      string            // "no-preference" or "more"
	Forced        bool              // forced colours
	ReducedMotion bool
	Print         bool
	Scale         float64 // of text
	Spacing       bool    // the text spacing of WCAG 1.4.12
}

var names = &schema.Field{Kind: schema.Text}

var modeFields = []*schema.Field{
	{Key: "name", Kind: schema.Text, Required: true},
	{Key: "attrs", Kind: schema.Map, Item: &schema.Field{Kind: schema.Text}},
	{Key: "width", Kind: schema.Int, Min: 200, Max: 10000},
	{Key: "scheme", Kind: schema.Enum, Enum: []string{"light", "dark"}},
	{Key: "contrast", Kind: schema.Enum, Enum: []string{"no-preference", "more"}},
	{Key: "forced", Kind: schema.Bool},
	{Key: "reduced-motion", Kind: schema.Bool},
	{Key: "print", Kind: schema.Bool},
	{Key: "scale", Kind: schema.Number, Min: 0.5, Max: 10},
	{Key: "spacing", Kind: schema.Bool},
}

var editionFields = []*schema.Field{
	{Key: "styles", Kind: schema.List, Item: names},
	{Key: "scripts", Kind: schema.List, Item: names},
	{Key: "modes", Kind: schema.List, Item: &schema.Field{Kind: schema.Object, Fields: modeFields}},
}

var configFields = []*schema.Field{
	{Key: "name", Kind: schema.Text},
	{Key: "version", Kind: schema.Text},
	{Key: "head-script", Kind: schema.Text},
	{Key: "service-worker", Kind: schema.Text},
	{Key: "theme-color", Kind: schema.Object, Fields: []*schema.Field{
		{Key: "light", Kind: schema.Text}, {Key: "dark", Kind: schema.Text},
	}},
	{Key: "icons", Kind: schema.List, Item: names},
	{Key: "editions", Kind: schema.Object, Fields: []*schema.Field{
		{Key: "standard", Kind: schema.Object, Fields: editionFields},
		{Key: "care", Kind: schema.Object, Fields: editionFields},
	}},
}

// readConfig reads theme.yaml of every layer; what an earlier layer says
// wins, key by key.
func (t *Theme) readConfig(layers []Layer) (diags diag.List) {
	t.Config.Editions = map[string]Edition{}
	for _, l := range layers {
		f := &File{Path: "theme.yaml", Layer: l.Name, fsys: l.FS}
		data, err := f.Read()
		if err != nil {
			continue // a theme may do without
		}
		src := string(data)
		lines := diag.NewLines(f.Shown(), src)
		root, _, ds := schema.ParseYAML(src, 0, len(src), lines)
		diags = append(diags, ds...)
		if root == nil || root.Kind == schema.Null {
			continue
		}
		if root.Kind != schema.Object {
			diags.Add(&diag.Diagnostic{Pos: lines.Pos(root.Off), Code: "wrong-type",
				Msg: "theme.yaml must be a list of keys with their values"})
			continue
		}
		dec := &schema.Decoder{Lines: lines}
		diags = append(diags, dec.DecodeFields(root, configFields)...)
		t.Config.merge(root)
	}
	if t.Config.Name == "" && len(layers) > 0 {
		t.Config.Name = layers[0].Name
	}
	return diags
}

func (c *Config) merge(root *schema.Value) {
	set := func(s *string, key string) {
		if *s == "" {
			*s = root.String(key)
		}
	}
	set(&c.Name, "name")
	set(&c.Version, "version")
	set(&c.HeadScript, "head-script")
	set(&c.Worker, "service-worker")
	set(&c.ThemeColor.Light, "theme-color.light")
	set(&c.ThemeColor.Dark, "theme-color.dark")
	if c.Icons == nil {
		c.Icons = root.Strings("icons")
	}
	for _, name := range []string{"standard", "care"} {
		v := root.Get("editions." + name)
		if v == nil {
			continue
		}
		e := c.Editions[name]
		if e.Styles == nil {
			e.Styles = v.Strings("styles")
		}
		if e.Scripts == nil {
			e.Scripts = v.Strings("scripts")
		}
		if e.Modes == nil {
			e.Modes = modes(v.Items("modes"))
		}
		c.Editions[name] = e
	}
}

func modes(items []*schema.Value) []Mode {
	var out []Mode
	for i, v := range items {
		m := Mode{
			Name:     v.String("name"),
			Width:    1280,
			Scheme:   v.String("scheme"),
			Contrast: v.String("contrast"),
			Forced:   v.IsTrue("forced"), ReducedMotion: v.IsTrue("reduced-motion"),
			Print: v.IsTrue("print"), Spacing: v.IsTrue("spacing"),
			Scale: 1,
		}
		if m.Name == "" {
			m.Name = fmt.Sprintf("mode-%d", i+1)
		}
		if w := v.Get("width"); w != nil {
			m.Width = int(w.Number)
		}
		if s := v.Get("scale"); s != nil {
			m.Scale = s.Number
		}
		if a := v.Get("attrs"); a != nil {
			m.Attrs = map[string]string{}
			for _, f := range a.Map {
				m.Attrs[f.Key] = f.Text
			}
		}
		out = append(out, m)
	}
	return out
}
