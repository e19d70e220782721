package seal

import (
	"bytes"
	"testing"

	"filippo.io/age"
)

func twoKeys(t testing.TB) (one, other *age.X25519Identity) {
	t.Helper()
	one, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err = age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return one, other
}

// TestEnvelope: what is put into an envelope is an age file like any other,
// for each recipient, at every length where something changes.
func TestEnvelope(t *testing.T) {
	one, other := twoKeys(t)
	e, err := NewEnvelope(one.Recipient(), other.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, 1000, chunk - 1, chunk, chunk + 1, 2 * chunk, 3*chunk + 7} {
		want := bytes.Repeat([]byte("煤"), n)[:n]
		sealed, err := e.Seal(want)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []*age.X25519Identity{one, other} {
			if got, err := Open(sealed, id); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%d bytes: %d came back, %v", n, len(got), err)
			}
		}
		again, _ := e.Seal(want)
		if bytes.Equal(sealed[len(e.Header):], again[len(e.Header):]) {
			t.Errorf("%d bytes are sealed the same way twice", n)
		}
	}
	stranger, _ := twoKeys(t)
	sealed, _ := e.Seal([]byte("x"))
	if _, err := Open(sealed, stranger); err == nil {
		t.Error("a stranger opens it")
	}
}

func TestEnvelopeIsFor(t *testing.T) {
	one, other := twoKeys(t)
	e, err := NewEnvelope(one.Recipient(), other.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	if !e.IsFor(one.Recipient(), other.Recipient()) {
		t.Error("not for whom it was made")
	}
	for _, to := range [][]age.Recipient{{one.Recipient()}, {other.Recipient(), one.Recipient()}, {}} {
		if e.IsFor(to...) {
			t.Errorf("for %v too", to)
		}
	}
	if (*Envelope)(nil).IsFor(one.Recipient()) {
		t.Error("no envelope is for somebody")
	}
	if _, err := NewEnvelope(); err == nil {
		t.Error("an envelope for nobody")
	}
}

func BenchmarkNewEnvelope(b *testing.B) {
	one, other := twoKeys(b)
	for b.Loop() {
		if _, err := NewEnvelope(one.Recipient(), other.Recipient(), one.Recipient()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEnvelopeSeal(b *testing.B) {
	one, other := twoKeys(b)
	e, err := NewEnvelope(one.Recipient(), other.Recipient())
	if err != nil {
		b.Fatal(err)
	}
	text := make([]byte, 1500)
	for b.Loop() {
		if _, err := e.Seal(text); err != nil {
			b.Fatal(err)
		}
	}
}
