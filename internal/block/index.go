package block

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"
)

// An Index is what a page publishes of its blocks: those that it has, in
// order, and what became of earlier ones. The next build carries ids on from
// it, and a reader's browser finds a saved place by it.
type Index struct {
	Version int                `json:"v"`
	Page    string             `json:"page"` // the same in all languages and editions
	Rev     string             `json:"rev"`
	Live    []string           `json:"live"`
	Prints  []Print            `json:"fp"`
	Under   []int              `json:"sec"`  // 1 + index of the heading
	Kinds   string             `json:"kind"` // one letter for each block
	Changed map[string]string  `json:"changed,omitempty"`
	Retired map[string]Retired `json:"retired,omitempty"`
}

// Retired is what became of a block that is gone.
type Retired struct {
	To   string `json:"to"` // where to look instead: a live block
	Kind string `json:"kind"`
	Date string `json:"date"` // of the build that saw it first
}

// IndexVersion is the format of an Index.
const IndexVersion = 1

// Encode returns the index as JSON. The same index gives the same bytes.
func (x *Index) Encode() []byte {
	out := make([]byte, 0, 96+30*len(x.Live))
	out = append(out, `{"v":`...)
	out = strconv.AppendInt(out, int64(x.Version), 10)
	out = appendText(append(out, `,"page":`...), x.Page)
	out = appendText(append(out, `,"rev":`...), x.Rev)
	out = append(out, `,"live":[`...)
	for i, id := range x.Live {
		out = appendText(comma(out, i), id)
	}
	out = append(out, `],"fp":[`...)
	for i, p := range x.Prints {
		out = append(comma(out, i), '"')
		out = append(p.append(out), '"')
	}
	out = append(out, `],"sec":[`...)
	for i, n := range x.Under {
		out = strconv.AppendInt(comma(out, i), int64(n), 10)
	}
	out = appendText(append(out, `],"kind":`...), x.Kinds)
	if len(x.Changed) > 0 {
		out = appendMap(append(out, `,"changed":`...), x.Changed)
	}
	if len(x.Retired) > 0 {
		out = appendMap(append(out, `,"retired":`...), x.Retired)
	}
	return append(out, '}', '\n')
}

func comma(out []byte, i int) []byte {
	if i > 0 {
		out = append(out, ',')
	}
	return out
}

// appendText appends a JSON string; nearly all are ids that need no escaping.
func appendText(out []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			data, _ := json.Marshal(s) // cannot fail
			return append(out, data...)
		}
	}
	out = append(out, '"')
	out = append(out, s...)
	return append(out, '"')
}

func appendMap(out []byte, m any) []byte {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings only
	}
	return append(out, data...)
}

// Decode reads an index, and believes nothing that would lead out of bounds.
func Decode(data []byte) (*Index, error) {
	x := &Index{}
	if err := json.Unmarshal(data, x); err != nil {
		return nil, err
	}
	n := len(x.Live)
	if x.Version != IndexVersion || len(x.Prints) != n || len(x.Under) != n || len(x.Kinds) != n {
		return nil, errIndex
	}
	seen := make(map[string]bool, n)
	for i, id := range x.Live {
		if id == "" || seen[id] || x.Under[i] < 0 || x.Under[i] > n {
			return nil, errIndex
		}
		seen[id] = true
	}
	return x, nil
}

var errIndex = errors.New("this is no index of blocks")

// Blocks returns the blocks of the page, without their texts' grams.
func (x *Index) Blocks() []Block {
	out := make([]Block, len(x.Live))
	for i := range out {
		b := &out[i]
		*b = Block{Kind: x.Kinds[i], Print: x.Prints[i], Under: x.Under[i], ID: x.Live[i]}
		if b.Under > 0 {
			b.Sec = x.Prints[b.Under-1]
		}
	}
	return out
}

// Equal reports whether two indexes say the same.
func (x *Index) Equal(y *Index) bool {
	return x.Rev == y.Rev && x.Kinds == y.Kinds && slices.Equal(x.Live, y.Live) && slices.Equal(x.Prints, y.Prints) &&
		slices.Equal(x.Under, y.Under) && maps.Equal(x.Changed, y.Changed) && maps.Equal(x.Retired, y.Retired)
}

// Known returns all ids that the page has or had.
func (x *Index) Known() []string { return slices.AppendSeq(slices.Clone(x.Live), maps.Keys(x.Retired)) }

// Same reports whether the page still has these very blocks, so that nothing
// needs to be compared.
func (x *Index) Same(blocks []Block) bool {
	if len(x.Live) != len(blocks) {
		return false
	}
	for i := range blocks {
		if b := &blocks[i]; x.Prints[i] != b.Print || x.Kinds[i] != b.Kind || x.Under[i] != b.Under || b.ID != "" && b.ID != x.Live[i] {
			return false
		}
	}
	return true
}

// Limits of what a page remembers of earlier blocks.
const (
	KeepDays    = 400
	keepRetired = 500 // and twice the live ones
)

// prune forgets what is older than KeepDays, and the oldest of too many.
func (x *Index) prune(today time.Time) {
	oldest := today.AddDate(0, 0, -KeepDays).Format(time.DateOnly)
	maps.DeleteFunc(x.Changed, func(_, date string) bool { return date < oldest })
	maps.DeleteFunc(x.Retired, func(_ string, r Retired) bool { return r.Date < oldest })
	if over := len(x.Retired) - keepRetired - 2*len(x.Live); over > 0 {
		ids := slices.SortedFunc(maps.Keys(x.Retired), func(p, q string) int {
			return cmp.Or(cmp.Compare(x.Retired[p].Date, x.Retired[q].Date), cmp.Compare(p, q))
		})
		for _, id := range ids[:over] {
			delete(x.Retired, id)
		}
	}
}

// seal works out the revision: a hash of the ids and texts.
func (x *Index) seal() {
	h := idHash(hash64(x.Page))
	for i, id := range x.Live {
		h = h.with(hash64(id)).with(uint64(x.Prints[i]))
	}
	x.Rev = h.id(6)
}

// Found is where a saved place is now.
type Found struct {
	ID        string
	Certainty Certainty
	Kind      string // why it is not exact: changed, merged, removed, moved; "" when not known
	Date      string // since when
}

// Resolve finds the block with an id, or what came after it. print is what the
// block said when the place was saved; 0 when that is not known. It reports
// false for an id that the page knows nothing of: then Match may help.
func (x *Index) Resolve(id string, print Print) (Found, bool) {
	if i := slices.Index(x.Live, id); i >= 0 {
		if print == 0 || print == x.Prints[i] {
			return Found{ID: id, Certainty: Exact}, true
		}
		return Found{ID: id, Certainty: Near, Kind: Changed, Date: x.Changed[id]}, true
	}
	r, ok := x.Retired[id]
	if !ok || r.To == "" || !slices.Contains(x.Live, r.To) {
		return Found{}, false
	}
	return Found{ID: r.To, Certainty: Near, Kind: r.Kind, Date: r.Date}, true
}
