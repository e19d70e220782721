package settings

import (
	"testing"

	"handrail/internal/upload"
)

func TestUploads(t *testing.T) {
	s, diags := Parse("server.yaml", []byte("uploads: {draft-mb: 20, total-gb: 3}\n"))
	if want := (upload.Limits{Draft: 20 << 20, Total: 3 << 30}); len(diags) > 0 || s.Uploads != want {
		t.Errorf("%+v, %v", s.Uploads, diags)
	}
	for src, code := range map[string]string{
		"uploads: {draft-mb: 0}\n":       "out-of-range",
		"uploads: {draft-mb: much}\n":    "wrong-type",
		"uploads: {total-mb: 3}\n":       "unknown-key",
		"uploads: {reserve-mb: 1.5}\n":   "wrong-type",
		"uploads: {total-gb: 9999999}\n": "out-of-range",
		"uploads: 5\n":                   "wrong-type",
	} {
		s, diags := Parse("server.yaml", []byte(src))
		if len(diags) != 1 || diags[0].Code != code || diags[0].Pos.Line != 1 {
			t.Errorf("%q: %v; want %s", src, diags, code)
		}
		if s.Uploads.Draft < 0 || s.Uploads.Total < 0 {
			t.Errorf("%q: %+v", src, s.Uploads)
		}
	}
}
