package forms

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var now = time.Date(2026, 11, 24, 9, 30, 0, 0, time.FixedZone("CST", 8*3600))

func en(s string) Texts { return Texts{"en": s} }

// sample has one field of each kind, conditions, and a repeated section.
func sample() *Definition {
	num := func(x float64) *float64 { return &x }
	personal := &Personal{Purpose: en("P"), Basis: en("B"), RetentionDays: 30}
	return &Definition{
		ID: "sample", Languages: []string{"en"}, Kind: Application, Title: en("T"), Path: en("/forms/sample/"), Department: "d",
		RetentionDays: 30, UndoMinutes: 10, Ways: []Way{{Kind: "phone", Text: en("Call")}},
		Sections: []*Section{
			{ID: "you", Title: en("You"), Fields: []*Field{
				{ID: "name", Kind: Name, Label: en("Name"), Personal: personal},
				{ID: "kind", Kind: Choice, Label: en("Kind"), Options: []Option{{Value: "a"}, {Value: "b"}}},
				{ID: "detail", Kind: Text, Label: en("Detail"), MinLength: 2, MaxLength: 5, ShowWhen: []Condition{{Field: "kind", Is: []string{"b"}}}},
				{ID: "more", Kind: YesNo, Label: en("More"), ShowWhen: []Condition{{Field: "kind", Not: []string{"a"}}}},
				{ID: "deep", Kind: Text, Label: en("Deep"), ShowWhen: []Condition{{Field: "more", Is: []string{"yes"}}}},
			}},
			{ID: "member", Title: en("Members"), Repeat: &Repeat{Min: 1, Max: 3, Item: en("Member")}, ShowWhen: []Condition{{Field: "kind", Is: []string{"b"}}}, Fields: []*Field{
				{ID: "who", Kind: Name, Label: en("Who"), Personal: personal},
				{ID: "adult", Kind: YesNo, Label: en("Adult")},
				{ID: "work", Kind: Text, Label: en("Work"), ShowWhen: []Condition{{Field: "adult", Is: []string{"yes"}}}},
			}},
			{ID: "rest", Title: en("Rest"), Fields: []*Field{
				{ID: "birth", Kind: Date, Label: en("Birth"), Latest: "today", Earliest: "1900-01-01", Optional: true},
				{ID: "begin", Kind: Date, Label: en("Start"), Earliest: "today", Optional: true},
				{ID: "area", Kind: Number, Label: en("Area"), Min: num(1), Max: num(100), Optional: true},
				{ID: "people", Kind: Number, Label: en("People"), Whole: true, Optional: true},
				{ID: "picks", Kind: Choices, Label: en("Picks"), Options: []Option{{Value: "x"}, {Value: "y"}, {Value: "z"}}, MaxPicked: 2, Optional: true},
				{ID: "home", Kind: Address, Label: en("Home"), Personal: personal, Optional: true},
				{ID: "phone", Kind: Phone, Label: en("Phone"), Personal: personal, Optional: true},
				{ID: "mail", Kind: Email, Label: en("Mail"), Personal: personal, Optional: true},
				{ID: "card", Kind: IDNumber, Label: en("Card"), Personal: personal, Optional: true},
				{ID: "bank", Kind: Text, Label: en("Bank"), Digits: true, MinLength: 16, MaxLength: 19, Optional: true},
				{ID: "paper", Kind: Upload, Label: en("Paper"), Accept: []string{"pdf"}, MaxMB: 1, MaxFiles: 2, Personal: personal, Optional: true},
				{ID: "letter", Kind: LongText, Label: en("Letter"), Optional: true},
				{ID: "truth", Kind: Declaration, Label: en("Truth"), Text: en("True.")},
				{ID: "later", Kind: Commitment, Label: en("Later"), Text: en("Later."), Promise: &Promise{}, Optional: true},
			}},
		},
	}
}

func ids(pages []Page) string {
	var out []string
	for _, p := range pages {
		out = append(out, p.ID)
	}
	return strings.Join(out, " ")
}

func TestDefinitionSurvivesItsFile(t *testing.T) {
	d := sample()
	data, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := back.Encode()
	if err != nil || !bytes.Equal(data, again) || back.Version() != d.Version() || back.Version() != Version(data) {
		t.Errorf("%v; the file changes when it is read and written:\n%s", err, cmp.Diff(string(data), string(again)))
	}
	for _, bad := range []string{"", "{}", "[]", string(data) + "{}", strings.Replace(string(data), `"id"`, `"unknown": 1, "id"`, 1), strings.Replace(string(data), `"kind": "yes-no"`, `"kind": "maybe"`, 1)} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("Parse(%.40q) = nil error", bad)
		}
	}
}

func TestPages(t *testing.T) {
	d := sample()
	for _, tt := range []struct {
		name, standard, care string
		answers              map[string][]string
		count                int
	}{
		{"nothing answered", "you rest", "name kind birth begin area people picks home phone mail card bank paper letter truth later", nil, 0},
		{"a condition on the same page begins a new one", "you detail deep member.0 rest", "", map[string][]string{"kind": {"b"}, "more": {"yes"}}, 0},
		{"a hidden answer shows nothing", "you rest", "", map[string][]string{"kind": {"a"}, "more": {"yes"}}, 0},
		{"repeated", "you detail member.0 member.1 member.1.work rest", "", map[string][]string{"kind": {"b"}, "member.1.adult": {"yes"}}, 2},
		{"more than there may be", "you detail member.0 member.1 member.2 rest", "", map[string][]string{"kind": {"b"}}, 99},
	} {
		a := &Answers{Values: tt.answers, Counts: map[string]int{"member": tt.count}}
		if got := ids(d.Pages(Standard, a)); got != tt.standard {
			t.Errorf("%s: standard = %q; want %q", tt.name, got, tt.standard)
		}
		if got := ids(d.Pages(Care, a)); tt.care != "" && got != tt.care {
			t.Errorf("%s: care = %q; want %q", tt.name, got, tt.care)
		}
	}
}

func TestWayThroughAForm(t *testing.T) {
	d := sample()
	a := &Answers{Values: map[string][]string{"kind": {"b"}}}
	p, ok := d.Next(Standard, "detail", a)
	if !ok || p.ID != "member.0" || !p.First || !p.Last {
		t.Errorf("after detail: %+v", p)
	}
	if p, ok = d.Prev(Standard, "detail", a); !ok || p.ID != "you" {
		t.Errorf("before detail: %q", p.ID)
	}
	if _, ok = d.Next(Standard, "rest", a); ok {
		t.Error("rest is the last page")
	}
	if _, ok = d.Page(Standard, "member.0.work", a); ok {
		t.Error("a page whose questions are hidden can be reached")
	}
	if n, total := d.Position(Standard, "detail", a); n != 2 || total != 5 {
		t.Errorf("position = %d of %d; want 2 of 5", n, total)
	}
	if p, ok = d.Same(Standard, "member.0.who", a); !ok || p.ID != "member.0" {
		t.Errorf("the page of a care question in standard = %q", p.ID)
	}
	if id, ok := d.More(Care, a, "member"); !ok || id != "member.1.who" {
		t.Errorf("one more = %q", id)
	}
	a.Values["member.1.who"] = []string{"Zhou"}
	if !d.Drop(a, "member", 0) || a.Value("member.0.who") != "Zhou" || a.Has("member.1.who") || d.Drop(a, "member", 0) {
		t.Errorf("dropped: %v %v", a.Values, a.Counts)
	}
}

func TestValidate(t *testing.T) {
	d := sample()
	for _, tt := range []struct{ form, want string }{
		{"name=", "name missing"},
		{"name=123", "name name"},
		{"kind=c", "kind choose"},
		{"kind=b&detail=a", "detail short"},
		{"kind=b&detail=abcdef", "detail long"},
		{"truth=no", "truth declare"},
		{"birth:year=1948&birth:month=3&birth:day=27", ""},
		{"birth:year=１９４８&birth:month=０３&birth:day= 27 ", ""},
		{"birth:year=1948", "birth:month date-month"},
		{"birth:month=3", "birth:year date-year"},
		{"birth:year=48&birth:month=3&birth:day=1", "birth:year date-year"},
		{"birth:year=2023&birth:month=2&birth:day=29", "birth:day date-impossible"},
		{"birth:year=2024&birth:month=2&birth:day=29", ""},
		{"birth:year=2026&birth:month=11&birth:day=25", "birth:year date-future"},
		{"birth:year=2026&birth:month=11&birth:day=24", ""},
		{"birth:year=1899&birth:month=12&birth:day=31", "birth:year date-early"},
		{"begin:year=2026&begin:month=11&begin:day=23", "begin:year date-past"},
		{"area=12.5", ""}, {"area=０．５", "area number-small"}, {"area=1,000", "area number-large"}, {"area=1e1", "area number"}, {"area=x", "area number"}, {"area=NaN", "area number"},
		{"people=3", ""}, {"people=3.5", "people whole"},
		{"picks=x&picks=y&picks=z", "picks pick-fewer"}, {"picks=x&picks=nope", ""},
		{"home:area=A&home:street=S", ""}, {"home:area=A", "home:street address-street"}, {"home:street=S", "home:area address-area"}, {"home:area=A&home:street=S&home:postcode=12", "home:postcode postcode"},
		{"phone=0300-555 0178", ""}, {"phone=＋８６ 139 0000 0000", ""}, {"phone=12345", ""}, {"phone=13900000", ""}, {"phone=139000000", "phone phone-mobile"}, {"phone=123", "phone phone-length"}, {"phone=call me", "phone phone"},
		{"mail=a@b.example", ""}, {"mail=ａ＠ｂ.example", ""}, {"mail=a b@c.example", ""}, {"mail=ab.example", "mail email-at"}, {"mail=a@b", "mail email-domain"}, {"mail=a@@b.c", "mail email"},
		{"card=03000119480327122 7", ""}, {"card=030001194803271228", "card id-check"}, {"card=030001194813271228", "card id-birth"}, {"card=0300", "card id-length"}, {"card=0300011948032712x7", "card id-digits"},
		{"bank=6222 0203 0011 4521", ""}, {"bank=6222020300114", "bank digits-short"}, {"bank=62220203001145210000", "bank digits-long"}, {"bank=6222o20300114521", "bank digits"},
		{"letter=" + strings.Repeat("a", 5001), "letter long"},
	} {
		form, err := url.ParseQuery(strings.ReplaceAll(tt.form, "+", "%2B"))
		if err != nil {
			t.Fatal(err)
		}
		form = with(form, url.Values{"name": {"Zhou"}, "kind": {"a"}, "truth": {"yes"}})
		a := &Answers{}
		for range 2 {
			for _, p := range d.Pages(Standard, a) {
				a = d.Apply(a, p, form)
			}
		}
		got := ""
		for _, p := range d.Validate(a, now) {
			if strings.HasPrefix(p.Key, "member") || p.Key == "more" || p.Key == "detail" && !strings.Contains(tt.form, "detail") {
				continue
			}
			got += p.Key
			if p.Part != "" {
				got += ":" + p.Part
			}
			got += " " + strings.TrimPrefix(p.Message, "form.error.")
		}
		if got != tt.want {
			t.Errorf("%.60s: %q; want %q", tt.form, got, tt.want)
		}
	}
}

// with adds what a form does not say.
func with(form, defaults url.Values) url.Values {
	for k, v := range defaults {
		if _, ok := form[k]; !ok {
			form[k] = v
		}
	}
	return form
}

// The X at the end of an identity number may be small.
func TestIDNumberWithX(t *testing.T) {
	for i := range 1000 {
		s := fmt.Sprintf("03000119480327%03d", i)
		right := 0
		for _, c := range "0123456789x" {
			if checkID(idNumber(s+string(c))) == nil {
				right++
			}
		}
		if right != 1 {
			t.Fatalf("%s has %d right check characters", s, right)
		}
	}
}

func TestFiles(t *testing.T) {
	d := sample()
	f, _ := d.Field("paper")
	ok := File{ID: "1", Name: "a.pdf", Type: "pdf", Size: 1000}
	for _, tt := range []struct {
		files []File
		want  string
	}{
		{[]File{ok}, ""}, {[]File{ok, ok, ok}, "file-many"}, {[]File{{Name: "a", Type: "exe", Size: 1}}, "file-type"},
		{[]File{{Name: "a", Type: "pdf"}}, "file-empty"}, {[]File{{Name: "a", Type: "pdf", Size: 2 << 20}}, "file-large"},
	} {
		got := ""
		if p := checkFiles(f, tt.files); p != nil {
			got = strings.TrimPrefix(p.Message, "form.error.")
		}
		if got != tt.want {
			t.Errorf("%v: %q; want %q", tt.files, got, tt.want)
		}
	}
	a := &Answers{}
	a.AddFile("paper", ok)
	a.RemoveFile("1")
	if a.Has("paper") {
		t.Error("a removed file is still there")
	}
}

func TestCarry(t *testing.T) {
	old, d := sample(), sample()
	d.Sections[0].Fields[1].Options = []Option{{Value: "b"}, {Value: "c"}} // a is gone
	d.Sections[2].Fields = append(slices.Clone(d.Sections[2].Fields[2:]), &Field{ID: "new", Kind: Text, Label: en("New")})
	d.Sections[2].Fields[0] = &Field{ID: "area", Kind: Text, Label: en("Area")} // of another kind
	a := &Answers{Values: map[string][]string{"name": {"Zhou"}, "kind": {"a"}, "area": {"12"}, "birth": {"1948", "3", "27"}, "truth": {"yes"}}}
	c := d.Carry(old, a, now)
	var ask []string
	for _, it := range c.Ask {
		ask = append(ask, it.Key)
	}
	if got := strings.Join(ask, " "); got != "kind area new" {
		t.Errorf("asks again: %q", got)
	}
	if got := strings.Join(c.Dropped, " "); got != "area birth kind" || c.Answers.Value("name") != "Zhou" || a.Value("kind") != "a" {
		t.Errorf("dropped %q, name %q", got, c.Answers.Value("name"))
	}
}

// Whatever prints or logs answers gets a length.
func TestAnswersDoNotPrint(t *testing.T) {
	const secret = "周桂兰"
	a := &Answers{Values: map[string][]string{"name": {secret}}, Files: map[string][]File{"f": {{Name: secret}}}}
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("step", "answers", a)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("step", "answers", a)
	fmt.Fprintf(&b, "%v %+v %#v %s %q %x %d", a, a, a, a, a, a, a)
	fmt.Fprintf(&b, "%v %+v", struct{ A *Answers }{a}, []*Answers{a})
	j, err := json.Marshal(map[string]any{"a": a})
	if err != nil {
		t.Fatal(err)
	}
	b.Write(j)
	if strings.Contains(b.String(), secret) || strings.Contains(b.String(), fmt.Sprintf("%x", secret)) || !strings.Contains(b.String(), "9 bytes") {
		t.Errorf("printed: %s", b.String())
	}
	data, err := a.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseAnswers(data)
	if err != nil || back.Value("name") != secret {
		t.Errorf("%v, name %q", err, back.Value("name"))
	}
	if _, err := ParseAnswers([]byte(`{"values": {"name": "` + secret + `"}}`)); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("error = %v", err)
	}
}
