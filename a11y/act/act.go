// Package act is the vocabulary of the W3C ACT Rules Format 1.1: rules, their
// targets, and outcomes. A rule sees a Page: one document in one mode class,
// with its computed styles and its accessibility tree.
//
// It stands between package aria, which it asks, and package rules, whose
// rules are values of type Rule.
package act

import (
	"fmt"
	"iter"
	"runtime/debug"
	"slices"

	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// An Outcome is what a rule says of one target.
type Outcome uint8

// The outcomes, from the least to the most urgent.
const (
	Inapplicable Outcome = iota // no target
	Passed
	CantTell // a person must look
	Failed
)

// String returns the name that ACT and EARL use.
func (o Outcome) String() string {
	switch o {
	case Passed:
		return "passed"
	case CantTell:
		return "cantTell"
	case Failed:
		return "failed"
	}
	return "inapplicable"
}

// MarshalText writes the name of the outcome.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// A Verdict is an outcome with its reason. Message and Hints are ids; their
// words are in package texts.
type Verdict struct {
	Outcome Outcome
	Message string
	Hints   []string // what to do, in the order in which to think of it

	// At is the node to point at when it is not the target; AtPos is a byte
	// offset in the page, such as that of an attribute. Zero when not set.
	At    *dom.Node
	AtPos int
	// Prop names the CSS property to blame on the target, or on At: a finding then
	// names the declaration that won.
	Prop string

	args []arg
}

// An arg is what the words of a message need, such as a measured contrast.
type arg struct{ key, value string }

// Pass returns the verdict that a target is as it should be.
func Pass(message string, hints ...string) Verdict {
	return Verdict{Outcome: Passed, Message: message, Hints: hints}
}

// Fail returns the verdict that a target is not as it should be.
func Fail(message string, hints ...string) Verdict {
	return Verdict{Outcome: Failed, Message: message, Hints: hints}
}

// Unsure returns the verdict that a person must look.
func Unsure(message string, hints ...string) Verdict {
	return Verdict{Outcome: CantTell, Message: message, Hints: hints}
}

// With returns the verdict with one more argument for its words.
func (v Verdict) With(key, value string) Verdict {
	v.args = append(slices.Clip(v.args), arg{key, value})
	return v
}

// Args returns the arguments by name, nil when there are none.
func (v Verdict) Args() map[string]string {
	if len(v.args) == 0 {
		return nil
	}
	m := make(map[string]string, len(v.args))
	for _, a := range v.args {
		m[a.key] = a.value
	}
	return m
}

// On returns the verdict pointing at a node that is not the target.
func (v Verdict) On(n *dom.Node) Verdict {
	v.At = n
	return v
}

// OnAttr returns the verdict pointing at an attribute of a node.
func (v Verdict) OnAttr(n *dom.Node, name string) Verdict {
	v.At, v.AtPos = n, n.AttrPos(name)
	return v
}

// Blame returns the verdict blaming the winning declaration of a property.
func (v Verdict) Blame(prop string) Verdict {
	v.Prop = prop
	return v
}

// A Group is a set of kinds of computed values.
type Group uint8

// What a rule reads beside the tree and its attributes. A rule runs once per
// distinct value of what it reads, over all modes of a page.
const (
	// Semantics: display, visibility, generated content; with them roles,
	// names and what is exposed.
	Semantics Group = 1 << iota
	// Colour: text and background colours, borders, outlines, opacity; with
	// them Metrics, as what lies behind a text depends on positions.
	Colour
	// Metrics: sizes, spacing, positions, overflow.
	Metrics
	// States: styles that apply in a state, such as the focus, or the style
	// sheets themselves. Such a rule runs once per mode class.
	States
)

// A Rule is one accessibility check. Rules are package-level values, never
// mutated, and safe for concurrent use.
type Rule struct {
	ID       string    // stable: keys texts, testdata, -rules and suppressions
	ACT      []string  // W3C ACT rules implemented; empty for house rules
	Criteria []wcag.SC // not satisfied when the rule fails
	// Level is the level at which a site has to keep the rule: that of its
	// criteria when empty; Best for good practice beyond them.
	Level wcag.Level
	// Part says that the rule is one of several ways to keep another rule:
	// failing it harms nobody by itself, and it runs only where every outcome
	// is asked for.
	Part bool
	// Reads says what the verdict depends on beside the document. Zero means
	// that no style changes it; Colour, Metrics and States imply Semantics,
	// as what is hidden is no target.
	Reads Group

	// Applicability yields the targets in document order. Rules with Candidates
	// need none.
	Applicability func(*Page) iter.Seq[*dom.Node]
	// Expectation judges one target. It does no I/O and does not panic.
	Expectation func(*Page, *dom.Node) Verdict

	// Near says that whether an element is a target, and its verdict, hang only on
	// what Page.Near describes: the rule then runs again only there in modes
	// that change the semantics of few elements.
	Near bool

	// Candidates, when set, returns the elements that may be targets, in document
	// order. They follow from the document and Semantics alone.
	Candidates func(*Page) []*dom.Node
	// Style says which candidates are targets, and which of these pass by their
	// style and those above it alone. Elements with the same styles share the
	// answer, on all pages; the others are handed to Expectation.
	Style func(*Page, *dom.Node) Answer
}

// An Answer is what the style of an element says of it as a target.
type Answer uint8

// The answers of Rule.Style.
const (
	Ask      Answer = iota // a target: Expectation decides
	Passes                 // a target that passes
	NoTarget               // none
)

// Targets yields the targets of the rule in document order.
func (r *Rule) Targets(p *Page) iter.Seq[*dom.Node] {
	if r.Candidates == nil {
		return r.Applicability(p)
	}
	return func(yield func(*dom.Node) bool) {
		for _, n := range r.Candidates(p) {
			if r.Style(p, n) != NoTarget && !yield(n) {
				return
			}
		}
	}
}

// Best is the level of rules that no success criterion asks for.
const Best wcag.Level = "best"

// At returns the level at which a site has to keep the rule.
func (r *Rule) At() wcag.Level {
	if r.Level != "" {
		return r.Level
	}
	level := Best
	for _, sc := range r.Criteria {
		if l := sc.Level(); len(l) < len(level) || level == Best {
			level = l
		}
	}
	return level
}

// A Result is the verdict of a rule on one target.
type Result struct {
	Rule   *Rule
	Target *dom.Node
	Verdict
}

// Eval runs one rule on a page; no results means inapplicable. A rule that
// panics gives an error that names it, the page and the place.
func Eval(r *Rule, p *Page) ([]Result, error) { return AppendEval(nil, r, p) }

// AppendEval is Eval that appends the results to a slice.
func AppendEval(to []Result, r *Rule, p *Page) ([]Result, error) {
	return run(to, r, p, nil)
}

// AppendOthers is AppendEval without the targets that pass: these are handed
// to passed.
func AppendOthers(to []Result, r *Rule, p *Page, passed func(*dom.Node)) ([]Result, error) {
	return run(to, r, p, passed)
}

func run(to []Result, r *Rule, p *Page, passed func(*dom.Node)) (results []Result, err error) {
	var at *dom.Node
	results = to
	defer func() {
		if x := recover(); x != nil {
			results, err = to, broken(r, p, at, x)
		}
	}()
	for n := range r.Targets(p) {
		at = n
		v := r.Expectation(p, n)
		if passed != nil && v.Outcome == Passed {
			passed(n)
			continue
		}
		results = append(results, Result{r, n, v})
	}
	return results, nil
}

// broken is the error of a rule that panicked.
func broken(r *Rule, p *Page, at *dom.Node, x any) error {
	place := ""
	if at != nil {
		place = " at " + at.Path()
	}
	return fmt.Errorf("rule %s on %s%s: panic: %v\n%s", r.ID, p.URL, place, x, debug.Stack())
}
