package forms

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Parts of fields that have more than one input: their names are the key,
// a colon and the part.
var (
	DateParts    = []string{"year", "month", "day"}
	AddressParts = []string{"area", "street", "postcode"}
)

// Limits of what one request may bring.
const (
	maxValue   = 20000 // characters of one answer
	maxChoices = 100
)

// Apply returns the answers after the page was posted: the answers of its
// fields are those of form, put into order where they can be, and every answer that is
// now hidden is gone. Nothing but the page's own fields is read; files are
// not, they are added with AddFile. Any form gives some result.
func (d *Definition) Apply(a *Answers, p Page, form url.Values) *Answers {
	next := a.Clone()
	for _, it := range p.Items {
		if it.Field.Kind == Upload {
			continue
		}
		values := read(it, form)
		if len(values) == 0 {
			delete(next.Values, it.Key)
			continue
		}
		next.Values[it.Key] = values
	}
	d.prune(next)
	return next
}

// read takes a field's values from a posted form.
func read(it Item, form url.Values) []string {
	switch it.Field.Kind {
	case Date:
		return readParts(it, form, DateParts, digits)
	case Address:
		return readParts(it, form, AddressParts, line)
	case Choices:
		var out []string
		for _, o := range it.Field.Options { // in the form's order, and nothing else
			if slices.Contains(form[it.Key], o.Value) {
				out = append(out, o.Value)
			}
		}
		return out
	}
	v := ""
	if len(form[it.Key]) > 0 {
		v = form[it.Key][0]
	}
	if v = normalise(it.Field, v); v == "" {
		return nil
	}
	return []string{v}
}

func readParts(it Item, form url.Values, parts []string, clean func(string) string) []string {
	out := make([]string, len(parts))
	empty := true
	for i, part := range parts {
		out[i] = clean(form.Get(it.Key + ":" + part))
		empty = empty && out[i] == ""
	}
	if empty {
		return nil
	}
	return out
}

// normalise puts what was typed into the form that it is stored in, if that
// changes nothing of what was meant.
func normalise(f *Field, v string) string {
	switch f.Kind {
	case LongText:
		return text(v)
	case Phone:
		return phone(line(v))
	case IDNumber:
		return idNumber(v)
	case Number:
		return number(line(v))
	case Email:
		return strings.ReplaceAll(halfWidth(line(v)), " ", "")
	case Choice, YesNo, Declaration, Commitment:
		return line(v)
	}
	if f.Digits {
		return digits(v)
	}
	return line(v)
}

// text is text of many lines: valid UTF-8, without control characters, with \n
// at the ends of lines, and no white space round it.
func text(v string) string {
	v = strings.ToValidUTF8(v, "\uFFFD")
	v = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(v)
	v = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 { // C0 and C1: clerks read answers on terminals, too
			return -1
		}
		return r
	}, v)
	return cut(strings.TrimSpace(v), maxValue)
}

// line is text of one line.
func line(v string) string {
	return strings.Join(strings.Fields(text(v)), " ")
}

// digits is a number as people write it in groups: full-width digits are
// made plain, spaces and hyphens left out.
func digits(v string) string {
	v = halfWidth(line(v))
	return strings.NewReplacer(" ", "", "-", "").Replace(v)
}

// halfWidth turns the full-width forms of ASCII and the digits of other
// scripts that people type into ASCII.
func halfWidth(v string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == 0x3000 || r == 0xA0 || r == 0x202F:
			return ' '
		case r >= 0x0660 && r <= 0x0669: // Arabic-Indic
			return '0' + r - 0x0660
		case r >= 0x06F0 && r <= 0x06F9: // Persian
			return '0' + r - 0x06F0
		case r == 0x2010 || r == 0x2011 || r == 0x2012 || r == 0x2013 || r == 0x2014 || r == 0x2212:
			return '-'
		case r == 0x200B || r == 0x200E || r == 0x200F || r >= 0x202A && r <= 0x202E || r == 0xFEFF:
			return -1 // marks that come with pasted numbers
		}
		return r
	}, v)
}

// phone leaves out spaces, hyphens and brackets, and keeps a plus in front.
func phone(v string) string {
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(halfWidth(v))
}

// number leaves out spaces, and commas that part groups of three digits.
func number(v string) string {
	v = strings.ReplaceAll(halfWidth(v), " ", "")
	v = strings.ReplaceAll(v, "。", ".")
	if groups := strings.Split(v, ","); len(groups) > 1 {
		for _, g := range groups[1:] {
			whole, _, _ := strings.Cut(g, ".")
			if len(whole) != 3 {
				return v
			}
		}
		return strings.ReplaceAll(v, ",", "")
	}
	return v
}

// idNumber leaves out spaces and hyphens; the last character may be a small x.
func idNumber(v string) string { return strings.ToUpper(digits(v)) }

// cut shortens a text to n characters.
func cut(v string, n int) string {
	if utf8.RuneCountInString(v) <= n {
		return v
	}
	return string([]rune(v)[:n])
}
