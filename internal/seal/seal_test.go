package seal

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
)

func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		c := NewCode()
		if len(c.Digits()) != 20 || seen[c.Digits()] {
			t.Fatalf("code %q", c.Digits())
		}
		seen[c.Digits()] = true
		for _, s := range []string{c.Digits(), c.Groups(), " " + strings.ReplaceAll(c.Groups(), " ", "-"), fullWidth(c.Groups())} {
			if got, err := ParseCode(s); err != nil || got != c {
				t.Errorf("ParseCode(%q) = %v, %v", s, got.Digits(), err)
			}
		}
	}
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' {
			return '\u3000'
		}
		return r - '0' + '\uFF10'
	}, s)
}

// TestCheckDigit: every wrong digit is noticed.
func TestCheckDigit(t *testing.T) {
	c := NewCode().Digits()
	for i := range c {
		for d := byte('0'); d <= '9'; d++ {
			if d == c[i] {
				continue
			}
			_, err := ParseCode(c[:i] + string(d) + c[i+1:])
			if e, ok := IsCodeError(err); !ok || e.Problem != "check" {
				t.Errorf("digit %d as %c: %v", i, d, err)
			}
		}
	}
}

func TestCodeErrorsNameTheGroup(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string
	}{
		{"", "empty, 0 of 20 digits"},
		{"1234 5678 9012 345 7890", "group 4: short, 3 of 4 digits"},
		{"1234 56789 0123 4567 8901", "group 2: long, 5 of 4 digits"},
		{"1234 5678 9O12 3456 7890", "group 3: letter, 19 of 20 digits"},
		{"12345678901234567l90", "group 5: letter, 19 of 20 digits"},
		{"123456789", "short, 9 of 20 digits"},
		{"1234 5678 9012 3456 7890 1234", "long, 24 of 20 digits"},
		{"1234-5678-90123456-7890-", "check, 20 of 20 digits"},
	} {
		_, err := ParseCode(c.in)
		if err == nil || err.Error() != c.want {
			t.Errorf("ParseCode(%q): %v; want %s", c.in, err, c.want)
		}
	}
	if r, err := ParseReference("１２３４　５６７８"); err != nil || r != "12345678" {
		t.Errorf("reference %q, %v", r, err)
	}
	if _, err := ParseReference("1234 567"); err == nil || err.Error() != "group 2: short, 3 of 4 digits" {
		t.Errorf("err = %v", err)
	}
}

func TestReferences(t *testing.T) {
	for range 1000 {
		if r := NewReference(); len(r) != 8 || r[0] == '0' {
			t.Fatalf("reference %q", r)
		}
	}
}

func TestDraftsOpenWithTheirKeyOnly(t *testing.T) {
	key := NewKey()
	sealed := key.Seal([]byte("answers"), "d1 at 1")
	if _, err := key.Open(sealed, "d1 at 2"); !errors.Is(err, ErrSealed) {
		t.Error("answers opened at another place")
	}
	if _, err := NewKey().Open(sealed, "d1 at 1"); !errors.Is(err, ErrSealed) {
		t.Error("another key opened them")
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := key.Open(sealed, "d1 at 1"); !errors.Is(err, ErrSealed) {
		t.Error("changed answers opened")
	}
	if again, ok := ParseKey(key.Encode()); !ok || again != key {
		t.Error("a key does not survive a cookie")
	}
	for _, bad := range []string{"", "x", key.Encode() + "A", strings.Repeat("=", 44)} {
		if _, ok := ParseKey(bad); ok {
			t.Errorf("ParseKey(%q)", bad)
		}
	}
}

func TestTokensAndSecretsFollowFromTheKey(t *testing.T) {
	k := NewKey()
	same, _ := ParseKey(k.Encode())
	if k.Token(1) != same.Token(1) || k.Secret(1) != same.Secret(1) {
		t.Error("they change")
	}
	if k.Token(1) == k.Token(2) || k.Secret(1) == k.Secret(2) || k.Token(1) == NewKey().Token(1) {
		t.Error("they repeat")
	}
	if _, err := ParseCode(k.Secret(1).Digits()); err != nil {
		t.Errorf("a secret does not check: %v", err)
	}
	if bytes.Equal(TokenHash(k.Token(1)), TokenHash(k.Token(2))) {
		t.Error("hashes repeat")
	}
}

func TestCase(t *testing.T) {
	secret := NewCode()
	p := NewPublic(secret)
	department, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	recipient, err := ParseRecipient(p.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := To([]byte("answers"), department.Recipient(), recipient)
	if err != nil {
		t.Fatal(err)
	}
	id, ok := p.Unlock(secret)
	if !ok {
		t.Fatal("the secret does not unlock its case")
	}
	for who, id := range map[string]age.Identity{"person": id, "department": department} {
		if b, err := Open(sealed, id); err != nil || string(b) != "answers" {
			t.Errorf("%s: %q, %v", who, b, err)
		}
	}
	if _, ok := p.Unlock(NewCode()); ok {
		t.Error("another secret unlocks it")
	}
	if _, ok := (Public{}).Unlock(secret); ok {
		t.Error("a secret unlocks nobody's case")
	}
	stranger, _ := age.GenerateX25519Identity()
	if _, err := Open(sealed, stranger); !errors.Is(err, ErrSealed) {
		t.Errorf("a stranger: %v", err)
	}
}

// TestNothingPrints: keys and codes hide from every verb.
func TestNothingPrints(t *testing.T) {
	k, c := NewKey(), NewCode()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(verb, k); s != "[key]" {
			t.Errorf("%s prints %s", verb, s)
		}
		if s := fmt.Sprintf(verb, c); s != "[code]" {
			t.Errorf("%s prints %s", verb, s)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("1234 5678 9012 3456 7890")
	f.Add("１２３４")
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCode(s); err == nil {
			if again, err := ParseCode(c.Groups()); err != nil || again != c {
				t.Errorf("%q does not read again", c.Groups())
			}
		}
	})
}

func BenchmarkStretch(b *testing.B) {
	c := NewCode()
	for b.Loop() {
		NewPublic(c)
	}
}

func BenchmarkSealThree(b *testing.B) {
	var rs []age.Recipient
	for range 3 {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			b.Fatal(err)
		}
		rs = append(rs, id.Recipient())
	}
	answers := make([]byte, 1024)
	for b.Loop() {
		if _, err := To(answers, rs...); err != nil {
			b.Fatal(err)
		}
	}
}

// TestNewID: what is made later sorts later, and no two are the same.
func TestNewID(t *testing.T) {
	seen := map[string]bool{}
	for range 10000 {
		seen[NewID()] = true
	}
	first := NewID()
	time.Sleep(2 * time.Millisecond)
	if len(seen) != 10000 || NewID() <= first || len(first) != 26 {
		t.Errorf("%d of 10000 ids differ; %s is not before the next", len(seen), first)
	}
}
