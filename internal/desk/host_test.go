package desk

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"net/http"
	"testing"
	"time"

	"handrail/internal/seal"
)

// TestHost: what was signed for one server is not taken by another, whatever
// name it is passed on under.
func TestHost(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	clerks := []Clerk{{Name: "wang", Key: public}}
	for _, c := range []struct {
		signed, asked string
		own           []string
		ok            bool
	}{
		{"forms.example", "forms.example", []string{"forms.example"}, true},
		{"Forms.Example", "forms.example", []string{"forms.example"}, true},
		{"evil.example", "forms.example", []string{"forms.example"}, false},
		{"evil.example", "evil.example", []string{"forms.example"}, false},
		{"forms.example:8443", "forms.example:8443", []string{"forms.example:8443"}, true},
		{"forms.example:8443", "forms.example:8443", []string{"forms.example"}, false},
		{"127.0.0.1:8080", "127.0.0.1:8080", []string{"forms.example"}, true},
		{"[::1]:8080", "[::1]:8080", []string{"forms.example"}, true},
		{"localhost:8080", "forms.example", []string{"forms.example"}, false},
		{"any.example", "any.example", nil, true},
		{"any.example", "other.example", nil, false},
	} {
		r, err := http.NewRequest(http.MethodGet, "https://"+c.signed+"/api/v1/departments/housing/cases", bytes.NewReader(nil))
		if err != nil {
			t.Fatal(err)
		}
		Sign(r, private, seal.NewID(), now, nil)
		r.Host = c.asked
		if by, ok := claimed(r, c.own, clerks, now); (ok && by.holds(r, nil)) != c.ok {
			t.Errorf("signed for %s, asked of %s, which is %v: %v", c.signed, c.asked, c.own, ok)
		}
	}
}
