package a11y_test

import (
	"strings"
	"testing"

	"handrail/a11y"
)

// FuzzCheckHTML holds that no page makes a rule break or a finding point
// outside of it, and that a page is judged the same way twice.
func FuzzCheckHTML(f *testing.F) {
	f.Add(moody)
	f.Add(town)
	f.Add(`<table><tr><th rowspan=0 colspan=9>a<td headers="x x">b<ul role=none aria-owns="a b"><li id=a aria-labelledby="a b"><input id=b aria-labelledby=b>`)
	f.Add(`<label for=x><select id=x><option><label><div role=combobox aria-owns=x><svg><title>t</title><a href=x>`)
	f.Add(`<div><template shadowrootmode=open><slot></slot><slot name=a></slot></template><p slot=a>b</p>c</div>`)
	c := a11y.NewChecker(a11y.Options{Passed: true})
	f.Fuzz(func(t *testing.T, html string) {
		res := c.Check("page.html", html)
		for _, err := range res.Errors {
			t.Error(err)
		}
		for _, x := range res.Findings {
			if x.Offset < 0 || x.Offset > len(html) || x.End < x.Offset || x.Target == "" || len(x.Modes) == 0 {
				t.Errorf("finding out of the page: %+v", x)
			}
		}
		again := outcomes(c.Check("page.html", html), "light")
		if got := outcomes(res, "light"); strings.Join(got, "\n") != strings.Join(again, "\n") {
			t.Errorf("judged differently:\n%q\n%q", got, again)
		}
		a11y.Outline(c.Page("page.html", html))
	})
}
