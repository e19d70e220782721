package rules

import (
	"iter"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// ariaDefined: every attribute that begins with aria- is one that exists.
var ariaDefined = &act.Rule{
	ID:    "aria-defined",
	ACT:   []string{"5f99a7"},
	Level: wcag.A,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			for i := range e.Attrs {
				if strings.HasPrefix(e.Attrs[i].Name, "aria-") {
					return true
				}
			}
			return false
		})
	},

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		last := ""
		for _, a := range e.Attrs {
			if !strings.HasPrefix(a.Name, "aria-") {
				continue
			}
			if _, ok := aria.AttrByName(a.Name); !ok {
				return unknownAttr(a.Name).OnAttr(e, a.Name)
			}
			last = a.Name
		}
		return act.Pass("defined").With("attr", last)
	},
}

func unknownAttr(name string) act.Verdict {
	if near := nearestAttr(name); near != "" {
		return act.Fail("unknown", "spelling").With("attr", name).With("near", near)
	}
	return act.Fail("unknown", "remove").With("attr", name)
}

// nearestAttr returns the attribute that was probably meant: one that name
// begins, or one that is at most two letters away.
func nearestAttr(name string) string {
	best, least := "", 3
	for a := aria.AttrActivedescendant; a <= aria.AttrValuetext; a++ {
		known := a.String()
		d := distance(name, known)
		if strings.HasPrefix(known, name) && len(name) > len("aria-")+3 {
			d = min(d, 2)
		}
		if d < least {
			best, least = known, d
		}
	}
	return best
}

// distance is the number of letters to add, drop or change between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
