package gate

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"handrail/a11y/act"
	"handrail/a11y/report"
	"handrail/a11y/rules"
	"handrail/internal/diag"
	"handrail/internal/site"
)

// Facts are what the accessibility statement says about a build.
type Facts struct {
	Pages    int // judged, each edition counted
	Classes  int // mode classes judged, over all pages
	Level    string
	Editions []EditionFacts
	Rules    []RuleFacts // with anything to say, by rule
	Failed   int         // unaccepted failures that close the gate
	Warned   int         // failures that do not
	ToCheck  int         // what a person has to look at
	Known    int         // failures that the baseline lets pass
	Accepted []Accepted  // in the order of site.yaml; those that were needed
}

// EditionFacts say how an edition was judged.
type EditionFacts struct {
	Name                string
	Pages, Modes, Rules int
	Level               string
}

// RuleFacts count what one rule found.
type RuleFacts struct {
	Rule                      string
	Failed, ToCheck, Accepted int
}

// Accepted is an acceptance that let something pass.
type Accepted struct {
	Rule, Page, Reason string
	Until              time.Time
	Count              int
}

// Facts sums up what has been judged so far. It may be called before Finish,
// and changes nothing.
func (g *Gate) Facts(s *site.Site, earlier diag.List) (*Facts, error) {
	rep, err := g.Finish(s, earlier)
	if err != nil {
		return nil, err
	}
	f := &Facts{Level: g.o.Config.Level, Classes: rep.Classes, Known: rep.Known, Editions: g.editionFacts()}
	for _, e := range f.Editions {
		f.Pages += e.Pages
	}
	byRule := map[string]*RuleFacts{}
	of := func(rule string) *RuleFacts {
		if byRule[rule] == nil {
			byRule[rule] = &RuleFacts{Rule: rule}
		}
		return byRule[rule]
	}
	for i := range rep.Findings {
		switch x := &rep.Findings[i]; {
		case x.Outcome == act.CantTell:
			f.ToCheck++
			of(x.Rule).ToCheck++
		case x.Severity == report.Error:
			f.Failed++
			of(x.Rule).Failed++
		case x.Severity == report.Warning:
			f.Warned++
		}
	}
	for i := range rep.Accepted {
		of(rep.Accepted[i].Rule).Accepted++
	}
	f.Accepted = g.acceptedFacts(rep)
	for _, name := range slices.Sorted(maps.Keys(byRule)) {
		f.Rules = append(f.Rules, *byRule[name])
	}
	return f, nil
}

func (g *Gate) editionFacts() []EditionFacts {
	var out []EditionFacts
	for name, modes := range g.o.Modes {
		e := EditionFacts{Name: name, Modes: len(modes), Rules: len(rules.For(name == site.Care)), Level: g.o.Config.Level}
		if name == site.Care {
			e.Level = "AAA"
		}
		for _, j := range g.pages {
			if _, ok := j.links[name]; ok {
				e.Pages++
			}
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b EditionFacts) int { return -cmp.Compare(a.Name, b.Name) }) // standard first
	return out
}

func (g *Gate) acceptedFacts(rep *Report) []Accepted {
	var out []Accepted
	for i := range g.o.Config.Acceptances {
		a := &g.o.Config.Acceptances[i]
		x := Accepted{Rule: a.Rule, Page: a.Page, Reason: a.Reason, Until: a.Until}
		for j := range rep.Accepted {
			if covers(a, &rep.Accepted[j]) {
				x.Count++
			}
		}
		if x.Count > 0 {
			out = append(out, x)
		}
	}
	return out
}
