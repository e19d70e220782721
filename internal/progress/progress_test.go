package progress

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"handrail/internal/block"
	"handrail/internal/seal"
)

var update = flag.Bool("update", false, "write what the code answers into testdata/vectors.json")

// vectors are the cases that this package shares with the theme's script.
type vectors struct {
	Keys []struct {
		Digits        string `json:"digits"`
		Authorization string `json:"authorization"`
		Page          string `json:"page"`
		Name          string `json:"name"`   // of the page's slot
		Sealed        string `json:"sealed"` // by Go, to be opened
		Slot          *Slot  `json:"slot"`
	} `json:"keys"`
	Merge []struct {
		Name string `json:"name"`
		A    *Slot  `json:"a"`
		B    *Slot  `json:"b"`
		Out  *Slot  `json:"out"`
	} `json:"merge"`
	Clamp []struct {
		Server int64 `json:"server"` // milliseconds
		In     *Slot `json:"in"`
		Out    *Slot `json:"out"`
	} `json:"clamp"`
	// QR codes that zbarimg has read: the hash of their modules, as lines of
	// 0 and 1.
	QR []struct {
		Text   string `json:"text"`
		SHA256 string `json:"sha256"`
	} `json:"qr"`
}

var file = filepath.Join("testdata", "vectors.json")

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func mustKeys(t testing.TB, digits string) Keys {
	t.Helper()
	code, err := seal.ParseCode(digits)
	if err != nil {
		t.Fatal(err)
	}
	k, err := KeysOf(code)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestVectors(t *testing.T) {
	v := readVectors(t)
	for i := range v.Keys {
		x := &v.Keys[i]
		k := mustKeys(t, x.Digits)
		name := k.SlotName(x.Page)
		sealed, err := base64.RawURLEncoding.DecodeString(x.Sealed)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if sealed, err = k.Seal(name, x.Slot); err != nil {
				t.Fatal(err)
			}
			x.Authorization, x.Name, x.Sealed = k.Authorization(), encode(name[:]), encode(sealed)
		}
		got, err := k.Open(name, sealed)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]any{x.Authorization, x.Name, x.Slot}, []any{k.Authorization(), encode(name[:]), got}); d != "" {
			t.Errorf("%s (-want +got):\n%s", x.Page, d)
		}
	}
	for i := range v.Merge {
		x := &v.Merge[i]
		got := Merge(x.A, x.B)
		if *update {
			x.Out = got
		}
		if d := cmp.Diff(x.Out, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", x.Name, d)
		}
		if d := cmp.Diff(x.Out, Merge(x.B, x.A)); d != "" {
			t.Errorf("%s the other way (-want +got):\n%s", x.Name, d)
		}
	}
	for i := range v.Clamp {
		x := &v.Clamp[i]
		got := *x.In
		got.Entries = append([]Entry(nil), x.In.Entries...)
		got.Clamp(time.UnixMilli(x.Server))
		if *update {
			x.Out = &got
		}
		if d := cmp.Diff(x.Out, &got); d != "" {
			t.Errorf("clamp (-want +got):\n%s", d)
		}
	}
	if *update {
		b, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// drawSlot draws slots of few devices and clocks, so that they clash.
func drawSlot(t *rapid.T, label string) *Slot {
	s := &Slot{V: 1, Page: "p", Done: Done{Epoch: rapid.IntRange(0, 2).Draw(t, label+" epoch")}}
	for range rapid.IntRange(0, 5).Draw(t, label+" entries") {
		s.Entries = append(s.Entries, Entry{
			Device: rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}).Draw(t, "device"),
			Clock:  Clock(rapid.IntRange(0, 5).Draw(t, "clock")), Block: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "block"),
		})
	}
	s.Done.Steps = rapid.SliceOf(rapid.SampledFrom([]string{"s", "t", "u"})).Draw(t, label+" done")
	return s
}

// TestMergeConverges: in whatever order devices hear of each other, they come
// to know the same.
func TestMergeConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawSlot(t, "a"), drawSlot(t, "b"), drawSlot(t, "c")
		ab := Merge(a, b)
		same := func(what string, x, y *Slot) {
			if d := cmp.Diff(x, y); d != "" {
				t.Fatalf("%s:\n%s", what, d)
			}
		}
		same("commutative", ab, Merge(b, a))
		same("idempotent", ab, Merge(ab, ab))
		same("idempotent with a part", ab, Merge(ab, a))
		same("associative", Merge(ab, c), Merge(a, Merge(b, c)))
		if len(ab.Entries) > maxDevices {
			t.Fatalf("%d entries", len(ab.Entries))
		}
	})
}

// TestSeal: sizes say little, and a ciphertext opens in its own slot only.
func TestSeal(t *testing.T) {
	k := mustKeys(t, seal.NewCode().Digits())
	page := "services/bus-card"
	name := k.SlotName(page)
	grams := make([]uint16, block.SketchSize)
	for i := range grams {
		grams[i] = 60000 + uint16(i)
	}
	s := &Slot{V: 1, Page: page}
	for _, want := range []int{512, 1024, 2048, 2048, 2048} {
		s.Entries = append(s.Entries, Entry{Device: strings.Repeat("d", 1+len(s.Entries)), Clock: 1795500000000 * ticks, Block: "bring", Title: "公交卡怎么办",
			URL: "/care/services/bus-card/", Anchor: &block.Anchor{Print: 1 << 47, Count: 60, Grams: grams}})
		if len(s.Entries) == 1 {
			s.Entries[0].Anchor = nil
		}
		sealed, err := k.Seal(name, s)
		if err != nil || len(sealed) != want {
			t.Errorf("%d entries: %d bytes, %v; want %d", len(s.Entries), len(sealed), err, want)
		}
		got, err := k.Open(name, sealed)
		if err != nil || len(got.Entries) < min(len(s.Entries), 3) {
			t.Errorf("%d entries: %v, %v", len(s.Entries), got, err)
		}
		if bytes.Contains(sealed, []byte("bus-card")) {
			t.Error("the page can be read")
		}
		if _, err := k.Open(k.SlotName("other"), sealed); err == nil {
			t.Error("opens in another slot")
		}
	}
	s.Done.Steps = []string{strings.Repeat("x", 3000)}
	if _, err := k.Seal(name, s); !errors.Is(err, ErrTooLarge) {
		t.Errorf("err = %v; want ErrTooLarge", err)
	}
	if got := Next(at(time.UnixMilli(5))+3, time.UnixMilli(5)); got != at(time.UnixMilli(5))+4 {
		t.Errorf("a clock that ran ahead goes on to %d", got)
	}
}
