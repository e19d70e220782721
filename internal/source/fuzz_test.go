package source

import (
	"testing"
	"unicode/utf8"

	"handrail/internal/diag"
	"handrail/internal/schema"
)

// FuzzFrontMatter holds the reader of front matter, YAML and TOML, to its
// promises whatever the file: no panic, places inside the text, a body that
// begins inside the text, and a tree that every type can be decoded from.
func FuzzFrontMatter(f *testing.F) {
	for _, seed := range []string{
		"---\ntitle: x\ntags: [a, b]\n---\nbody", "---\na: &x {b: *x}\n<<: *x\n---\n", "---\na: |\n  x\n b\n---\n", "---\n\ttitle: x\n",
		"+++\na = 1\n[[b.c]]\nd = \"\"\"x\"\"\"\n[b]\n+++\n", "+++\na = {b = [1, {c = 2}]}\na.b = 1\n", "---\r\nx: y\r\n---", "---\n- a\n- b\n---\n",
		"---\ntype: service\nmaterials: [{name: x}]\nfee: {charged: no}\n---\n", "---\n? [a]\n: b\n---\n", "---\ndate: 2026-01-01\n...\nx", "+++\n\"a\" = 2026-01-01T00:00:00Z\n+++",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		d := decode(in)
		if !utf8.Valid(d.text) {
			t.Fatalf("decoded text is not UTF-8: %q", d.text)
		}
		text := string(d.text)
		lines := diag.NewLines("a.md", text)
		fm := parseFront(text, lines)
		if fm.root == nil || fm.root.Kind != schema.Object || fm.bodyOff < 0 || fm.bodyOff > len(text) {
			t.Fatalf("root %v, body at %d of %d", fm.root, fm.bodyOff, len(text))
		}
		fm.root.Walk(func(v *schema.Value) {
			if v.Off < 0 || v.Off > len(text) || v.KeyOff < 0 || v.KeyOff > len(text) {
				t.Fatalf("%q at %d, key at %d of %d", v.Key, v.Off, v.KeyOff, len(text))
			}
			if at := v.Source(text, len(v.Text)); at < 0 || at > len(text) {
				t.Fatalf("end of %q at %d of %d", v.Text, at, len(text))
			}
		})
		for _, typ := range schema.Types() {
			root := parseFront(text, lines).root
			for _, lenient := range []bool{false, true} {
				if lenient {
					readForeign(root)
				}
				dec := schema.Decoder{Lines: lines, Lenient: lenient}
				dec.Decode(typ, root)
			}
		}
	})
}
