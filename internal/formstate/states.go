// Package formstate lists every state that a form can be in: each page empty,
// with each error, and filled in; the answers to check, the receipt, the case,
// and everything that can go wrong. The generator draws them all, so that the
// gate sees what people will see.
package formstate

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"handrail/internal/formpage"
	"handrail/internal/forms"
)

// A State is one page with a name: "applicant/error-2".
type State struct {
	Name string
	View formpage.View
}

// Of lists the states of one form in an edition. prefix is what addresses
// begin with.
func Of(d *forms.Definition, edition, prefix string, now time.Time) []State {
	g := &gatherer{d: d, edition: edition, base: prefix + "/f/" + d.ID + "/draft/", now: now, seen: map[string]bool{}}
	for _, a := range g.variants() {
		for _, p := range d.Pages(edition, a) {
			if !g.seen[p.ID] {
				g.seen[p.ID] = true
				g.page(p, a)
			}
		}
	}
	g.whole()
	return g.states
}

type gatherer struct {
	d       *forms.Definition
	edition string
	base    string
	now     time.Time
	seen    map[string]bool
	states  []State
}

func (g *gatherer) add(name string, v formpage.View) { g.states = append(g.states, State{name, v}) }

// variants are answers that together show every question.
func (g *gatherer) variants() []*forms.Answers {
	base := fill(g.d, (&forms.Answers{}).Clone(), g.now)
	out := []*forms.Answers{base}
	shown := map[string]bool{}
	note := func(a *forms.Answers) {
		for _, it := range g.d.Visible(a) {
			shown[it.Field.ID] = true
		}
	}
	note(base)
	for _, s := range g.d.Sections {
		for _, f := range s.Fields {
			if shown[f.ID] {
				continue
			}
			a := base
			for _, c := range slices.Concat(s.ShowWhen, f.ShowWhen) {
				a = g.satisfy(a, c, 0)
			}
			a = fill(g.d, a, g.now)
			note(a)
			out = append(out, a)
		}
	}
	return out
}

// satisfy answers the field of a condition so that the condition holds.
func (g *gatherer) satisfy(a *forms.Answers, c forms.Condition, depth int) *forms.Answers {
	f, s := g.d.Field(c.Field)
	if f == nil || depth > 20 {
		return a
	}
	for _, above := range slices.Concat(s.ShowWhen, f.ShowWhen) {
		a = g.satisfy(a, above, depth+1)
	}
	value := ""
	if len(c.Is) > 0 {
		value = c.Is[0]
	}
	for _, o := range slices.Concat(f.Options, []forms.Option{{Value: "yes"}, {Value: "no"}}) {
		if value == "" && !slices.Contains(c.Not, o.Value) {
			value = o.Value
		}
	}
	instance := -1
	if s.Repeat != nil {
		instance = 0
	}
	key := forms.Key(s, instance, f)
	p, ok := g.d.PageOf(forms.Standard, key, a)
	if !ok {
		return a
	}
	values := url.Values{}
	for _, it := range p.Items {
		keep(values, it, a)
	}
	values[key] = []string{value}
	return g.d.Apply(a, p, values)
}

// page adds the states of one page.
func (g *gatherer) page(p forms.Page, a *forms.Answers) {
	empty := a.Clone()
	for _, it := range p.Items {
		delete(empty.Values, it.Key)
		delete(empty.Files, it.Key)
	}
	g.add(p.ID+"/empty", g.step(p, empty, nil))
	g.add(p.ID+"/filled", g.step(p, a, nil))
	for n := 0; ; n++ {
		wrong, any := g.wrong(p, a, n)
		if !any {
			break
		}
		if problems := g.d.ValidatePage(p, wrong, g.now); len(problems) > 0 {
			g.add(fmt.Sprintf("%s/error-%d", p.ID, n+1), g.step(p, wrong, problems))
		}
	}
	g.files(p, a)
}

// refused are the messages about files that only the server can give, while it
// takes them in.
var refused = []string{"file-damaged", "file-pixels", "file-quota", "file-lost"}

// files adds what a page with a file says when that file is refused.
func (g *gatherer) files(p forms.Page, a *forms.Answers) {
	for _, message := range refused {
		var problems forms.Problems
		for _, it := range p.Items {
			if it.Field.Kind == forms.Upload {
				problems = append(problems, forms.Problem{Key: it.Key, Message: "form.error." + message, Args: []any{"file", "IMG_0412.jpg"}})
			}
		}
		if len(problems) > 0 {
			g.add(p.ID+"/error-"+message, g.step(p, a, problems))
		}
	}
}

// wrong answers each question of a page in its n-th wrong way.
func (g *gatherer) wrong(p forms.Page, a *forms.Answers, n int) (*forms.Answers, bool) {
	values := url.Values{}
	files := map[string][]forms.File{}
	any := false
	for _, it := range p.Items {
		if it.Field.Kind == forms.Upload {
			if list := badFiles(it.Field); n < len(list) {
				files[it.Key], any = list[n], true
			}
			continue
		}
		if list := bad(it.Field); n < len(list) {
			post(values, it, list[n])
			any = true
			continue
		}
		keep(values, it, a)
	}
	next := g.d.Apply(a, p, values)
	for key, list := range files {
		next.Files[key] = list
	}
	return next, any
}

func (g *gatherer) step(p forms.Page, a *forms.Answers, problems forms.Problems) *formpage.Step {
	n, total := g.d.Position(g.edition, p.ID, a)
	s := &formpage.Step{Form: g.d, Page: p, Answers: a, Problems: problems, Number: max(n, 1), Total: total,
		Action: g.base + p.ID, Change: g.change, CanSave: true, FileURL: g.file}
	if prev, ok := g.d.Prev(g.edition, p.ID, a); ok {
		s.Back = g.base + prev.ID
	}
	return s
}

func (g *gatherer) change(page string) string { return g.base + page }

func (g *gatherer) file(id string) string { return g.base + "file/" + id }

// whole adds the states that a form has as a whole.
func (g *gatherer) whole() {
	d, a := g.d, fill(g.d, (&forms.Answers{}).Clone(), g.now)
	later := g.now.Add(10 * time.Minute)
	helped := a.Clone()
	helped.Helper = forms.Someone
	empty := &forms.Answers{}
	hidden := []formpage.Hidden{{Name: "token", Value: "sample"}}
	due := &formpage.Due{Date: g.now.AddDate(0, 0, 28)}
	g.add("check", &formpage.Check{Form: d, Answers: helped, Action: g.base + "send", Back: g.base + "back", Hidden: hidden, Change: g.change, CanSave: true, FileURL: g.file,
		Tell: &formpage.Tell{Ways: []string{"sms", "email", "callback", "none"}}})
	g.add("check-tell-error", &formpage.Check{Form: d, Answers: helped, Action: g.base + "send", Hidden: hidden, Change: g.change,
		Tell: &formpage.Tell{Ways: []string{"sms", "email", "callback", "none"}, By: "sms", To: "138", Problem: "address"}})
	g.add("check-errors", &formpage.Check{Form: d, Answers: empty, Problems: d.Validate(empty, g.now), Action: g.base + "send", Hidden: hidden, Change: g.change, CanSave: true})
	sent := formpage.Sent{Form: d, Reference: "20261124", Secret: "40718836295011746628", Received: g.now, Due: due, Forget: "/f/forget", FileURL: g.file,
		UndoUntil: later, Undo: g.base + "undo", Hidden: hidden, CaseURL: "/case/20261124", SaveURL: g.base + "receipt.txt", Answers: a}
	g.add("sent", &sent)
	again := sent
	again.Secret, again.Undo, again.Due = "", "", &formpage.Due{Date: due.Date, About: true}
	g.add("sent-again", &again)
	g.add("undone", &formpage.Undone{Form: d, When: g.now, Resume: g.base + "check", Start: g.base})
	first := d.Pages(g.edition, a)[0]
	g.add("already-sent", &formpage.Already{Form: d, Sent: g.now, UndoUntil: later, Undo: g.base + "undo", Hidden: hidden, Receipt: g.base + "sent", Start: g.base, Page: &first, Typed: a})
	g.add("already-withdrawn", &formpage.Already{Form: d, Sent: g.now, Withdrawn: true, Start: g.base})
	g.add("closed", &formpage.Closed{Form: d, Closed: g.now, Answers: a})
	g.add("not-open", &formpage.Closed{Form: d, Opens: g.now})
	g.add("expired", &formpage.Expired{Form: d, Start: g.base})
	g.add("busy", &formpage.Busy{Form: d, Seconds: 10, Action: g.base + "send", Hidden: hidden, Answers: a})
	g.add("full", &formpage.Busy{Form: d, Full: true, Answers: a})
	g.add("saved", &formpage.Saved{Form: d, Code: "40718836295011746628", Link: "https://anhe.example/resume", Until: g.now.AddDate(0, 0, 30), File: g.base + "code.txt", Resume: g.base + first.ID, Forget: "/f/forget"})
	g.cases(a, due, hidden, later)
}

// cases adds how a case can stand.
func (g *gatherer) cases(a *forms.Answers, due *formpage.Due, hidden []formpage.Hidden, later time.Time) {
	ask := &forms.Field{ID: "paper", Kind: forms.Upload, Label: forms.Texts{g.d.Languages[0]: "×"}, Accept: []string{"pdf", "jpg", "png", "docx"}, MaxMB: 10, MaxFiles: 5, Camera: true, Optional: true}
	for _, lang := range g.d.Languages {
		ask.Label[lang] = g.d.Title.In(lang)
	}
	steps := []formpage.CaseStep{{State: "received", When: g.now, Done: true}, {State: "working", When: g.now, Now: true}, {State: "decided", When: due.Date}}
	full := formpage.Case{Form: g.d, Reference: "20261124", State: "asked", Steps: steps, Due: due, Working: 6, Answers: a, Forget: "/f/forget",
		Messages: []formpage.Message{{FromOffice: true, When: g.now, Text: "×", Files: []forms.File{{ID: "x", Name: "a.pdf", Size: 1000}}}, {When: g.now, Text: "×"}},
		Asked: []formpage.Ask{{ID: "1", Text: "×", By: due.Date, Action: "/case/20261124/file", Hidden: hidden, Field: ask},
			{ID: "2", Text: "×", Action: "/case/20261124/file", Hidden: hidden, Field: ask}},
		Action: "/case/20261124/message", Hidden: hidden, UndoUntil: later, Undo: g.base + "undo", Delete: "/case/20261124/delete",
		FileURL: func(id string) string { return "/case/20261124/file/" + id }, Result: "×",
		Tell: &formpage.Tell{Action: "/case/20261124/tell", Ways: []string{"sms", "email", "callback", "none"}}}
	g.add("case", &full)
	for _, problem := range []string{"case-full", "supply-full", "supply-long", "supply-missing"} {
		asked := full
		asked.Asked = []formpage.Ask{full.Asked[0]}
		asked.Asked[0].Typed, asked.Asked[0].Files = "×", []forms.File{{ID: "y", Name: "b.pdf", Type: "pdf", Size: 2000}}
		asked.Asked[0].Problem = &forms.Problem{Message: "form.error." + problem, Args: []any{"file", "c.pdf"}}
		g.add("case-ask-"+problem, &asked)
	}
	supplied := full
	supplied.State, supplied.Asked, supplied.Supplied = "working", nil, g.now
	supplied.Messages = []formpage.Message{{Supply: true, When: g.now, Files: []forms.File{{ID: "x", Name: "a.pdf", Size: 1000}}}}
	g.add("case-supplied", &supplied)
	deleting := full
	deleting.State, deleting.Asked, deleting.Deleting = "closed", nil, true
	g.add("case-deleting", &deleting)
	wrong := full
	wrong.State, wrong.Problem, wrong.Asked = "working", "missing", nil
	g.add("case-error", &wrong)
	tell := full
	tell.State, tell.Asked = "received", nil
	tell.Tell = &formpage.Tell{Action: full.Tell.Action, Ways: full.Tell.Ways, By: "sms", To: "138", Problem: "address"}
	g.add("case-tell-error", &tell)
	for _, state := range []string{"held", "received", "decided", "closed", "withdrawn"} {
		g.add("case-"+state, &formpage.Case{Form: g.d, Reference: "20261124", State: state, Steps: steps})
	}
}

// Notices are the keys of all notices.
var Notices = []string{"not-found", "error", "refused", "too-large", "slow", "deleted", "down", "not-proved"}

// Common lists the states that belong to no form.
func Common(prefix string) []State {
	var out []State
	for _, p := range []string{"", "missing", "wrong-length", "wrong-group", "unknown", "file"} {
		out = append(out, State{"resume-" + p, &formpage.Resume{Action: prefix + "/f/resume", Typed: "4071 8836", Problem: p, Group: 2}})
	}
	for _, p := range []string{"", "missing", "reference", "wrong-length", "wrong-group", "unknown"} {
		out = append(out, State{"find-" + p, &formpage.Find{Action: prefix + "/case/", Reference: "2026 1124", Secret: "4071", Problem: p, Group: 2}})
	}
	out = append(out, reading(prefix)...)
	out = append(out, State{"expired", &formpage.Expired{}})
	for _, key := range Notices {
		out = append(out, State{"notice-" + key, &formpage.Notice{Key: key, Args: []any{"n", 5}, Code: "4071 8836"}})
	}
	return out
}
