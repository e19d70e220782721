package style

import (
	"testing"

	"handrail/a11y/dom"
)

// A theme that changes only what elements in a state look like is a class of
// its own.
func TestClassesOfStates(t *testing.T) {
	sheet := ParseSheet(`a:focus { outline: 2px solid } [data-theme=dark] a:focus { outline: none }`, "s.css")
	doc := dom.Parse(`<!doctype html><p><a id=x href=y>z</a>`)
	m := NewMatcher(doc, []*Sheet{sheet})
	modes := []Mode{{Name: "light"}, {Name: "dark", Attrs: map[string]string{"data-theme": "dark"}}, {Name: "other", Attrs: map[string]string{"data-size": "2"}}}
	if got := m.Classes(modes); len(got) != 2 || len(got[0]) != 2 {
		t.Errorf("classes %v; want the dark theme apart from the two others", got)
	}
	for i, want := range []string{"solid", "none", "solid"} {
		if got := m.Styles(modes[i]).OfState(doc.ByID("x"), Focus).Outline().Style; got != want {
			t.Errorf("%s: outline %s; want %s", modes[i].Name, got, want)
		}
	}
}

// Rules of states join the others, and take those away that ask for their
// absence; what they do not touch keeps its style.
func TestStatesJoinRest(t *testing.T) {
	sheet := ParseSheet(`*::before { box-sizing: border-box } a { color: red } a:not(:focus) { color: blue }
		a:focus { width: 1px } a:focus::after { content: "*" } a:focus + b { color: lime } div:focus-within i { color: lime }`, "s.css")
	doc := dom.Parse(`<!doctype html><div><a id=a href=y>z</a><b id=b>c</b><i id=i>d</i></div><u id=u>e</u>`)
	s := Resolve(doc, []*Sheet{sheet}, Mode{})
	a := doc.ByID("a")
	if got := s.Of(a).Color().String(); got != "#0000ff" {
		t.Errorf("at rest %s; want blue", got)
	}
	if got := s.OfState(a, Focus).Color().String(); got != "#ff0000" {
		t.Errorf("focused %s; want red", got)
	}
	if s.PseudoState(a, "before", Focus) != nil {
		t.Error("a pseudo-element without content is made")
	}
	if s.Pseudo(a, "after") != nil || s.PseudoState(a, "after", Focus) == nil {
		t.Error("::after is not made by the focus alone")
	}
	for id, changed := range map[string]bool{"b": true, "i": true, "u": false} {
		n := doc.ByID(id)
		if got := s.OfWhen(n, a, Focus) != s.Of(n); got != changed {
			t.Errorf("%s beside the focus changed: %t; want %t", id, got, changed)
		}
	}
}
