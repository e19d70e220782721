package forms

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// check returns what is wrong with one answer, or nil.
func check(it Item, a *Answers, now time.Time) *Problem {
	f := it.Field
	if f.Kind == Upload {
		return checkFiles(f, a.files(it.Key))
	}
	if !a.Has(it.Key) {
		return missing(f)
	}
	values := a.Values[it.Key]
	v := values[0]
	switch f.Kind {
	case Text, LongText, Name:
		return checkText(f, v)
	case Number:
		return checkNumber(f, v)
	case Date:
		return checkDate(f, values, now)
	case Choice:
		if f.Option(v) == nil {
			return fault("choose")
		}
	case Choices:
		return checkChoices(f, values)
	case YesNo:
		if v != "yes" && v != "no" {
			return fault("choose")
		}
	case Declaration, Commitment:
		if v != "yes" {
			return fault("declare")
		}
	case Address:
		return checkAddress(values)
	case Phone:
		return checkPhone(v)
	case Email:
		return checkEmail(v)
	case IDNumber:
		return checkID(v)
	}
	return nil
}

func (a *Answers) files(key string) []File {
	if a == nil {
		return nil
	}
	return a.Files[key]
}

// fault is a problem with a message of the catalogue.
func fault(message string, args ...any) *Problem {
	return &Problem{Message: "form.error." + message, Args: args}
}

// missing is the problem of a field without an answer.
func missing(f *Field) *Problem {
	if f.Optional {
		return nil
	}
	switch f.Kind {
	case Choice, YesNo:
		return fault("choose")
	case Choices:
		return fault("choose-some")
	case Declaration, Commitment:
		return fault("declare")
	case Upload:
		return fault("file")
	case Date:
		p := fault("date")
		p.Part = DateParts[0]
		return p
	case Address:
		p := fault("address")
		p.Part = AddressParts[0]
		return p
	}
	return fault("missing")
}

func checkText(f *Field, v string) *Problem {
	n := utf8.RuneCountInString(v)
	if f.Digits {
		if i := strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
			r, _ := utf8.DecodeRuneInString(v[i:])
			return fault("digits", "char", string(r))
		}
		switch {
		case f.MinLength > 0 && n < f.MinLength:
			return fault("digits-short", "n", f.MinLength-n, "min", f.MinLength)
		case n > textMax(f):
			return fault("digits-long", "n", n-textMax(f), "max", textMax(f))
		}
		return nil
	}
	switch {
	case f.MinLength > 0 && n < f.MinLength:
		return fault("short", "n", f.MinLength, "have", n)
	case n > textMax(f):
		return fault("long", "n", n-textMax(f), "max", textMax(f))
	case f.Kind == Name && !strings.ContainsFunc(v, unicode.IsLetter):
		return fault("name")
	}
	return nil
}

// textMax is the most characters that a text may have.
func textMax(f *Field) int {
	switch {
	case f.MaxLength > 0:
		return f.MaxLength
	case f.Kind == LongText:
		return 5000
	}
	return 200
}

func checkNumber(f *Field, v string) *Problem {
	x, err := strconv.ParseFloat(v, 64)
	plain := strings.Trim(v, "+-.0123456789") == "" // not 1e9, 0x1p4, inf
	switch {
	case err != nil || !plain || math.IsInf(x, 0) || math.IsNaN(x):
		return fault("number")
	case f.Whole && x != math.Trunc(x):
		return fault("whole")
	case f.Min != nil && x < *f.Min:
		return fault("number-small", "min", trim(*f.Min))
	case f.Max != nil && x > *f.Max:
		return fault("number-large", "max", trim(*f.Max))
	}
	return nil
}

func trim(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func checkChoices(f *Field, values []string) *Problem {
	for _, v := range values {
		if f.Option(v) == nil {
			return fault("choose-some")
		}
	}
	switch {
	case f.MinPicked > 0 && len(values) < f.MinPicked:
		return fault("pick-more", "n", f.MinPicked)
	case f.MaxPicked > 0 && len(values) > f.MaxPicked:
		return fault("pick-fewer", "n", f.MaxPicked)
	}
	return nil
}

// checkDate judges a date of three parts and points at the part that is
// wrong.
func checkDate(f *Field, parts []string, now time.Time) *Problem {
	at := func(part int, message string, args ...any) *Problem {
		p := fault(message, args...)
		p.Part = DateParts[part]
		return p
	}
	var n [3]int
	for i := range n {
		if i >= len(parts) || parts[i] == "" {
			return at(i, "date-"+DateParts[i])
		}
		x, err := strconv.Atoi(parts[i])
		if err != nil || x < 1 || parts[i][0] == '+' || len(parts[i]) > 4 { // what Day would not read
			return at(i, "date-"+DateParts[i])
		}
		n[i] = x
	}
	switch {
	case n[0] < 1000 || n[0] > 9999:
		return at(0, "date-year")
	case n[1] > 12:
		return at(1, "date-month")
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, now.Location())
	if t.Day() != n[2] {
		last := time.Date(n[0], time.Month(n[1])+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return at(2, "date-impossible", "year", strconv.Itoa(n[0]), "month", n[1], "last", last)
	}
	if lim, ok := limitDay(f.Earliest, now); ok && t.Before(lim) {
		if f.Earliest == "today" {
			return at(0, "date-past")
		}
		return at(0, "date-early", "date", lim)
	}
	if lim, ok := limitDay(f.Latest, now); ok && t.After(lim) {
		if f.Latest == "today" {
			return at(0, "date-future")
		}
		return at(0, "date-late", "date", lim)
	}
	return nil
}

// limitDay is the day that a date field is held against.
func limitDay(s string, now time.Time) (time.Time, bool) {
	if s == "today" {
		return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location()), true
	}
	t, err := time.ParseInLocation(time.DateOnly, s, now.Location())
	return t, err == nil
}

// Day returns the date that parts stand for, if there is such a day.
func Day(parts []string) (time.Time, bool) {
	if len(parts) != 3 {
		return time.Time{}, false
	}
	t, err := time.Parse("2006-1-2", parts[0]+"-"+strings.TrimLeft(parts[1], "0")+"-"+strings.TrimLeft(parts[2], "0"))
	return t, err == nil
}

func checkAddress(parts []string) *Problem {
	at := func(part int, message string) *Problem {
		p := fault(message)
		p.Part = AddressParts[part]
		return p
	}
	part := func(i int) string {
		if i < len(parts) {
			return parts[i]
		}
		return ""
	}
	switch {
	case part(0) == "":
		return at(0, "address-area")
	case part(1) == "":
		return at(1, "address-street")
	case part(2) != "" && (len(digits(part(2))) != 6 || strings.Trim(digits(part(2)), "0123456789") != ""):
		return at(2, "postcode")
	case utf8.RuneCountInString(part(0)) > 200:
		return at(0, "address-long")
	case utf8.RuneCountInString(part(1)) > 200:
		return at(1, "address-long")
	}
	return nil
}

// checkPhone wants 7 to 15 digits, with a country code after a plus (E.164),
// and lets the short service numbers 1xxxx pass.
func checkPhone(v string) *Problem {
	rest := strings.TrimPrefix(v, "+")
	if strings.Trim(rest, "0123456789") != "" || rest == "" {
		return fault("phone")
	}
	if n := len(rest); n > 15 || n < 7 && !(n == 5 && rest[0] == '1' && rest == v) {
		return fault("phone-length", "n", n)
	}
	if len(rest) >= 9 && rest[0] == '1' && len(rest) != 11 && rest == v {
		return fault("phone-mobile", "n", len(rest)) // 手机号码: 11 digits
	}
	return nil
}

// checkEmail asks for what mistyped addresses lack, and no more: one @ with
// something on both sides, and a dot in the domain.
func checkEmail(v string) *Problem {
	user, domain, ok := strings.Cut(v, "@")
	switch {
	case !ok:
		return fault("email-at")
	case user == "" || domain == "" || strings.Contains(domain, "@") || len(v) > 254:
		return fault("email")
	case !strings.Contains(domain, ".") || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(v, ".."):
		return fault("email-domain")
	case strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`<>(),;:"[]\`, r) }):
		return fault("email")
	}
	return nil
}

// checkID judges the number of an identity card: 17 digits and a check
// character (GB 11643-1999, ISO 7064 MOD 11-2), with the date of birth in it.
func checkID(v string) *Problem {
	if len(v) != 18 {
		return fault("id-length", "n", utf8.RuneCountInString(v))
	}
	sum := 0
	for i := range 17 {
		if v[i] < '0' || v[i] > '9' {
			return fault("id-digits")
		}
		sum += int(v[i]-'0') * idWeights[i]
	}
	if !strings.ContainsRune("0123456789X", rune(v[17])) {
		return fault("id-digits")
	}
	if _, err := time.Parse("20060102", v[6:14]); err != nil {
		return fault("id-birth")
	}
	if "10X98765432"[sum%11] != v[17] {
		return fault("id-check")
	}
	return nil
}

var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

func checkFiles(f *Field, files []File) *Problem {
	if len(files) == 0 {
		return missing(f)
	}
	if len(files) > f.Files() {
		return fault("file-many", "n", f.Files())
	}
	for _, file := range files {
		if p := CheckFile(f, file.Type, file.Size); p != nil {
			p.Args = append(p.Args, "file", file.Name)
			return p
		}
	}
	return nil
}

// CheckFile judges a file by its type, as its content tells it, and size.
func CheckFile(f *Field, typ string, size int64) *Problem {
	switch {
	case size == 0:
		return fault("file-empty")
	case f.MaxMB > 0 && size > int64(f.MaxMB)<<20:
		return fault("file-large", "max", f.MaxMB)
	case len(f.Accept) > 0 && !slices.Contains(f.Accept, typ):
		return fault("file-type", "types", strings.ToUpper(strings.Join(f.Accept, " ")))
	}
	return nil
}
