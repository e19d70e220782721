package i18n

import "testing"

// What a server reads of a catalogue says the same as the catalogue itself.
func TestJSONSaysTheSame(t *testing.T) {
	set, diags := Load(Embedded())
	if diags.Errors() > 0 {
		t.Fatal(diags[0])
	}
	for _, tag := range set.Tags() {
		c := set.For(tag)
		data, err := c.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseJSON(tag, data)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range c.Keys() {
			for _, n := range []int{0, 1, 2, 5, 11, 100} {
				want, _ := c.Text(key, "n", n)
				if got, ok := back.Text(key, "n", n); !ok || got != want {
					t.Errorf("%s %s n=%d: %q; want %q", tag, key, n, got, want)
				}
			}
		}
	}
	for _, bad := range []string{`[]`, `{"a": 1}`, `{"a": {"one": "x"}}`, `{"a": {"lots": "x", "other": "y"}}`} {
		if _, err := ParseJSON("en", []byte(bad)); err == nil {
			t.Errorf("ParseJSON(%s) = nil error", bad)
		}
	}
}
