package block

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the code answers into testdata/vectors.json")

// vectors are the cases that this package shares with its twin in the
// browser's script.
type vectors struct {
	Texts []struct {
		Text   string   `json:"text"`
		Normal string   `json:"normal"`
		Print  Print    `json:"fp"`
		Grams  []uint16 `json:"grams"`
	} `json:"texts"`
	Dice []struct {
		X    string  `json:"x"`
		Y    string  `json:"y"`
		Dice float64 `json:"dice"`
	} `json:"dice"`
	Match []struct {
		Name      string      `json:"name"`
		Old       []testBlock `json:"old"`
		New       []testBlock `json:"new"`
		At        int         `json:"at"` // the saved block of old
		Anchor    Anchor      `json:"anchor"`
		Index     int         `json:"index"` // in new
		Certainty Certainty   `json:"certainty"`
	} `json:"match"`
}

type testBlock struct {
	Kind  string `json:"kind"`
	Level uint8  `json:"level,omitempty"`
	Text  string `json:"text"`
	ID    string `json:"id,omitempty"`
}

func blocksOf(list []testBlock) []Block {
	out := make([]Block, len(list))
	for i, b := range list {
		out[i] = Block{Kind: b.Kind[0], Level: b.Level, Print: Fingerprint(b.Text), Grams: Grams(b.Text), ID: b.ID}
	}
	Place(out)
	return out
}

// TestVectors holds the code to the shared cases. What was written with
// -update has been read by people: an answer that changes, changes for the
// places that readers have saved, and in the script as well.
func TestVectors(t *testing.T) {
	const file = "testdata/vectors.json"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want vectors
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	got := want
	got.Texts, got.Dice, got.Match = slices.Clone(want.Texts), slices.Clone(want.Dice), slices.Clone(want.Match)
	for i := range got.Texts {
		x := &got.Texts[i]
		x.Normal = string(utf16Runes(Normalise(nil, x.Text)))
		x.Print, x.Grams = Fingerprint(x.Text), Grams(x.Text)
	}
	for i := range got.Dice {
		x := &got.Dice[i]
		x.Dice = math.Round(Dice(Grams(x.X), Grams(x.Y))*1e6) / 1e6
	}
	for i := range got.Match {
		x := &got.Match[i]
		x.Anchor = NewAnchor(blocksOf(x.Old), x.At)
		x.Index, x.Certainty = Match(blocksOf(x.New), x.Anchor)
	}
	if *update {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		if err := e.Encode(&got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("answers differ from %s:\n%s", file, d)
	}
}
