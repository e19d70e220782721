package formstate

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"handrail/internal/forms"
)

// fill answers every question that can be seen, well, beginning with the
// answers that are there.
func fill(d *forms.Definition, a *forms.Answers, now time.Time) *forms.Answers {
	for range 20 { // each round may show more questions
		before := len(a.Values) + len(a.Files)
		for _, p := range d.Pages(forms.Standard, a) {
			values := url.Values{}
			for _, it := range p.Items {
				if a.Has(it.Key) {
					keep(values, it, a)
					continue
				}
				post(values, it, good(it.Field, now))
			}
			a = d.Apply(a, p, values)
			for _, it := range p.Items {
				if it.Field.Kind == forms.Upload && !a.Has(it.Key) {
					a.AddFile(it.Key, sampleFile(it.Field))
				}
			}
		}
		if len(a.Values)+len(a.Files) == before {
			return a
		}
	}
	return a
}

func sampleFile(f *forms.Field) forms.File {
	typ := "pdf"
	if len(f.Accept) > 0 {
		typ = f.Accept[0]
	}
	return forms.File{ID: "sample", Name: "IMG_2041." + typ, Type: typ, Size: 1_264_512}
}

// keep posts an answer again as it is.
func keep(values url.Values, it forms.Item, a *forms.Answers) { post(values, it, a.Values[it.Key]) }

// post puts an answer into a form the way that a browser sends it.
func post(values url.Values, it forms.Item, answer []string) {
	parts := map[forms.FieldKind][]string{forms.Date: forms.DateParts, forms.Address: forms.AddressParts}[it.Field.Kind]
	if parts == nil {
		values[it.Key] = answer
		return
	}
	for i, part := range parts {
		if i < len(answer) {
			values.Set(it.Key+":"+part, answer[i])
		}
	}
}

// good is an answer that the field accepts.
func good(f *forms.Field, now time.Time) []string {
	switch f.Kind {
	case forms.Number:
		x := 12.0
		if f.Min != nil {
			x = max(x, *f.Min)
		}
		if f.Max != nil {
			x = min(x, *f.Max)
		}
		return []string{strconv.FormatFloat(x, 'f', -1, 64)}
	case forms.Date:
		t := now
		if e, err := time.Parse(time.DateOnly, f.Earliest); err == nil && e.After(t) {
			t = e
		}
		if l, err := time.Parse(time.DateOnly, f.Latest); err == nil && l.Before(t) {
			t = l
		}
		return []string{strconv.Itoa(t.Year()), strconv.Itoa(int(t.Month())), strconv.Itoa(t.Day())}
	case forms.Choice:
		return []string{f.Options[0].Value}
	case forms.Choices:
		var out []string
		for i := range max(f.MinPicked, 1) {
			out = append(out, f.Options[i%len(f.Options)].Value)
		}
		return out
	case forms.YesNo, forms.Declaration, forms.Commitment:
		return []string{"yes"}
	case forms.Address:
		return []string{"安和市平桥区", "柳荫里6号楼2单元101", "030001"}
	case forms.Phone:
		return []string{"0300-555-0178"}
	case forms.Email:
		return []string{"zhou@anhe.example"}
	case forms.Name:
		return []string{"周桂兰"}
	case forms.IDNumber:
		return []string{GoodID}
	case forms.Upload:
		return nil
	}
	if f.Digits {
		return []string{strings.Repeat("6", max(f.MinLength, 6))}
	}
	s := "柳荫里6号楼"
	for len([]rune(s)) < f.MinLength {
		s += "。" + s
	}
	if f.MaxLength > 0 && len([]rune(s)) > f.MaxLength {
		s = string([]rune(s)[:f.MaxLength])
	}
	return []string{s}
}

// GoodID has a right check character, and a place of birth that does not
// exist.
const GoodID = "030001194803271227"

// bad lists answers that a field does not accept, one for each way to be
// wrong; nil stands for none at all.
func bad(f *forms.Field) [][]string {
	long := func(n int) []string { return []string{strings.Repeat("字", n)} }
	out := [][]string{nil}
	switch f.Kind {
	case forms.Number:
		out = append(out, []string{"十二"}, []string{"1.5"})
		if f.Min != nil {
			out = append(out, []string{strconv.FormatFloat(*f.Min-1, 'f', -1, 64)})
		}
		if f.Max != nil {
			out = append(out, []string{strconv.FormatFloat(*f.Max+1, 'f', -1, 64)})
		}
	case forms.Date:
		out = append(out, []string{"1948", "", ""}, []string{"1948", "3", ""}, []string{"48", "3", "27"}, []string{"1948", "13", "1"},
			[]string{"2023", "2", "30"}, []string{"1000", "1", "1"}, []string{"9999", "1", "1"})
	case forms.Choices:
		var all []string
		for _, o := range f.Options {
			all = append(all, o.Value)
		}
		out = append(out, all[:1], all)
	case forms.Address:
		out = append(out, []string{"安和市平桥区", "", ""}, []string{"", "柳荫里6号楼", ""}, []string{"安和市", "柳荫里", "12"},
			[]string{strings.Repeat("字", 201), "a", ""})
	case forms.Phone:
		out = append(out, []string{"abc"}, []string{"123"}, []string{"139123456"})
	case forms.Email:
		out = append(out, []string{"zhou"}, []string{"zhou@anhe"}, []string{"a@b@c.example"})
	case forms.IDNumber:
		out = append(out, []string{"0300"}, []string{"03000119480327122A"}, []string{"030001194813271228"}, []string{"030001194803271220"})
	case forms.Text, forms.Name, forms.LongText:
		out = append(out, textFaults(f)...)
		if !f.Digits {
			most := f.MaxLength
			if most == 0 {
				most = map[bool]int{true: 5000, false: 200}[f.Kind == forms.LongText]
			}
			out = append(out, long(most+3))
		}
	}
	return out
}

func textFaults(f *forms.Field) [][]string {
	var out [][]string
	if f.Digits {
		out = append(out, []string{"6222x"}, []string{"1"}, []string{strings.Repeat("1", 201)})
	}
	if f.Kind == forms.Name {
		out = append(out, []string{"123"})
	}
	if f.MinLength > 1 && !f.Digits {
		out = append(out, []string{"字"})
	}
	return out
}

// badFiles lists files that an upload does not accept.
func badFiles(f *forms.Field) [][]forms.File {
	ok := sampleFile(f)
	empty, large, odd := ok, ok, ok
	empty.Size, large.Size, odd.Type = 0, int64(f.MaxMB+1)<<20, "exe"
	return [][]forms.File{nil, {empty}, {large}, {odd}, slices.Repeat([]forms.File{ok}, f.Files()+1)}
}
