package rules

import (
	"iter"
	"strconv"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// landmarkUnique: regions of one kind are told apart by their names. A
// house rule.
var landmarkUnique = &act.Rule{
	ID:    "landmark-unique",
	Level: act.Best,
	Reads: act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool { return namedLandmark(p, e) })
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		role, name := p.Role(e), p.Name(e)
		count := landmarks(p)
		kin, same := count[landmark{role: role}], count[landmark{role, name, true}]
		switch {
		case kin == 1 || same == 1 && name != "":
			return act.Pass("unique")
		case name == "":
			return act.Fail("no-names").With("role", role.String()).With("count", strconv.Itoa(kin))
		}
		return act.Fail("same-name").With("role", role.String()).With("name", name).With("count", strconv.Itoa(same))
	},
}

// A landmark counts those of a role, or those of a role and a name.
type landmark struct {
	role   aria.Role
	name   string
	byName bool
}

type landmarksKey struct{}

// landmarks counts the landmarks of the page.
func landmarks(p *act.Page) map[landmark]int {
	return act.Fact(p, landmarksKey{}, func() map[landmark]int {
		count := map[landmark]int{}
		for e := range p.Where(func(e *dom.Node) bool { return namedLandmark(p, e) }) {
			count[landmark{role: p.Role(e)}]++
			count[landmark{p.Role(e), p.Name(e), true}]++
		}
		return count
	})
}

// namedLandmark reports whether e is a landmark of which a page may have
// several, with names of their own. Main has a rule of its own.
func namedLandmark(p *act.Page, e *dom.Node) bool {
	role := p.Role(e)
	if role == aria.Form && p.Name(e) == "" {
		return false // not shown as a landmark: HTML-AAM, form
	}
	return role.Is(aria.Landmark) && role != aria.Main && p.Exposed(e)
}
