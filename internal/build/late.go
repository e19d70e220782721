package build

import (
	"strings"
	"sync"

	"handrail/a11y/texts"
	"handrail/i18n"
	"handrail/internal/gate"
	"handrail/internal/render"
)

// sayLate tells the pages that speak of the build what the gate has found on
// all others. A session judges its pages after it has shown them, so its
// pages say that nothing has been checked.
func (r *run) sayLate() error {
	late := render.Late{Offline: r.offlineBytes()}
	if r.gate != nil && r.pages == nil {
		f, err := r.gate.Facts(r.model, r.diags)
		if err != nil {
			return err
		}
		late.Checked = r.checked(f)
	}
	r.renderer.SetLate(late)
	return nil
}

func (r *run) checked(f *gate.Facts) *render.Checked {
	c := &render.Checked{
		Date: r.res.Now, Level: f.Level, Pages: f.Pages, Classes: f.Classes,
		Failed: f.Failed, Warned: f.Warned, ToCheck: f.ToCheck, Known: f.Known,
	}
	for _, e := range f.Editions {
		c.Editions = append(c.Editions, render.CheckedEdition{Name: e.Name, Level: e.Level, Pages: e.Pages, Modes: e.Modes, Rules: e.Rules})
	}
	for _, x := range f.Rules {
		c.Rules = append(c.Rules, render.CheckedRule{Rule: x.Rule, Titles: ruleTitles(x.Rule), Failed: x.Failed, ToCheck: x.ToCheck, Accepted: x.Accepted})
	}
	for _, a := range f.Accepted {
		c.Accepted = append(c.Accepted, render.CheckedAcceptance{
			Rule: a.Rule, Titles: ruleTitles(a.Rule), Page: a.Page, Reason: a.Reason, Until: a.Until, Count: a.Count,
		})
	}
	return c
}

// toolTexts are the texts that the tool itself speaks.
var toolTexts = sync.OnceValue(func() *i18n.Set {
	layer := i18n.Embedded()
	layer.Dir += "/tool"
	set, diags := i18n.Load(layer)
	if diags.Errors() > 0 {
		panic("build: " + diags[0].Error())
	}
	return set
})

// ruleTitles are the words of a rule, by language.
func ruleTitles(rule string) map[string]string {
	out := map[string]string{}
	for _, tag := range texts.Languages() {
		if s, ok := texts.For(tag).Lookup(rule + ".title"); ok {
			out[tag] = strings.TrimRight(s, ".。")
		} else if s, ok := toolTexts().For(tag).Text("gate." + rule + ".title"); ok {
			out[tag] = s // a rule of the gate's own
		}
	}
	return out
}
