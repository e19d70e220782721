package render

import (
	"fmt"
	"time"

	"handrail/internal/site"
)

// Late is what a few pages say about the build that they are part of. It is
// known only when all other pages have been made and judged, so these pages
// are rendered last, see [IsLate].
type Late struct {
	Checked *Checked // nil: nothing was checked
	Offline int      // bytes that are kept on a device for reading offline
}

// Checked is what the gate found on all other pages.
type Checked struct {
	Date                           time.Time
	Level                          string
	Pages, Classes                 int
	Failed, Warned, ToCheck, Known int
	Editions                       []CheckedEdition
	Rules                          []CheckedRule
	Accepted                       []CheckedAcceptance
}

// A CheckedEdition says how an edition was judged.
type CheckedEdition struct {
	Name, Level         string
	Pages, Modes, Rules int
}

// A CheckedRule counts what a rule found. Titles are its words by language.
type CheckedRule struct {
	Rule                      string
	Titles                    map[string]string
	Failed, ToCheck, Accepted int
}

// A CheckedAcceptance is a problem that the site lets pass for a while.
type CheckedAcceptance struct {
	Rule, Page, Reason string
	Titles             map[string]string
	Until              time.Time
	Count              int
}

// lateDirectives make a page a late one.
var lateDirectives = map[string]bool{"gate-report": true, "offline": true}

// IsLate reports whether a page says something about the whole build.
func IsLate(p *site.Page) bool {
	if p.File == nil || p.File.Doc == nil {
		return false
	}
	for i := range p.File.Doc.Directives {
		if lateDirectives[p.File.Doc.Directives[i].Name] {
			return true
		}
	}
	return false
}

// SetLate says what late pages may say. It is called before any of them is
// rendered.
func (r *Renderer) SetLate(l Late) { r.late = l }

// sayLate is the answer to what late pages ask.
func (r *Renderer) sayLate(say func(...string)) {
	say(fmt.Sprint(r.late.Offline))
	if c := r.late.Checked; c != nil {
		say(fmt.Sprint(*c))
	}
}

// A GateReport is what the directive gate-report shows.
type GateReport struct {
	*Checked
	w *worker
}

// GateReport returns what the gate found, or nil when nothing was checked.
func (d *Directive) GateReport() *GateReport {
	d.w.ask(question{op: opLate})
	if d.w.r.late.Checked == nil {
		return nil
	}
	return &GateReport{d.w.r.late.Checked, d.w}
}

// Date returns the build's day.
func (g *GateReport) Date() *Date { return g.w.day(g.Checked.Date) }

// A RuleLine is what a rule found.
type RuleLine struct {
	CheckedRule
	Title *Value
	Lang  string // of the title where it is not the page's; else ""
}

// Rules returns the rules that found something.
func (g *GateReport) Rules() []RuleLine {
	out := make([]RuleLine, len(g.Checked.Rules))
	for i, r := range g.Checked.Rules {
		out[i] = RuleLine{CheckedRule: r}
		out[i].Title, out[i].Lang = g.w.inLanguage(r.Titles, r.Rule)
	}
	return out
}

// An AcceptanceLine is a problem that is let pass.
type AcceptanceLine struct {
	CheckedAcceptance
	Title *Value
	Lang  string
	Until *Date
}

// Accepted returns the problems that are let pass, with reasons.
func (g *GateReport) Accepted() []AcceptanceLine {
	out := make([]AcceptanceLine, len(g.Checked.Accepted))
	for i, a := range g.Checked.Accepted {
		out[i] = AcceptanceLine{CheckedAcceptance: a, Until: g.w.day(a.Until)}
		out[i].Title, out[i].Lang = g.w.inLanguage(a.Titles, a.Rule)
	}
	return out
}

// inLanguage picks the words of the page's language, else the English ones.
func (w *worker) inLanguage(words map[string]string, otherwise string) (*Value, string) {
	if s, ok := words[w.lang.lang.Tag]; ok {
		return w.derived(s), ""
	}
	if s, ok := words["en"]; ok {
		return w.derived(s), "en"
	}
	return w.derived(otherwise), "en"
}

func (w *worker) day(t time.Time) *Date {
	if t.IsZero() {
		return nil
	}
	return &Date{w.derived(""), t}
}
