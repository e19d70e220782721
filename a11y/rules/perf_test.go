//go:build unix

package rules

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// TestTimeGrowsWithThePage holds the rules to it on pages that are made of
// one thing many times over: eight times the page may not take thirty times
// the processor's time. The square would be sixty-four.
func TestTimeGrowsWithThePage(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, part := range []string{
		`<nav aria-label="a">x</nav>`,
		`<h2>x</h2><a href="#gone">more</a>`,
		`<label for="x">x</label><input id="x">`,
		`<div role="row"><div role="rowheader">x</div><div role="cell">y</div></div>`,
		`<tr><th scope="row">x</th><td><a href="/">more</a></td></tr>`,
		`<p>See <a href="/">the hours</a> of <button>x</button></p>`,
		`<ul><li>x<ul><li>y</li></ul></li></ul>`,
	} {
		small, large := timed(t, part, 500), timed(t, part, 4000)
		if large > 30*small && large > 2*time.Second {
			t.Errorf("%s: 500 take %v, 4000 take %v", part, small, large)
		}
	}
}

func timed(t *testing.T, part string, n int) time.Duration {
	html := strings.Repeat(part, n)
	switch {
	case strings.HasPrefix(part, "<tr"):
		html = "<table><tr><th>a</th><th>b</th></tr>" + html + "</table>"
	case strings.HasPrefix(part, `<div role="row"`):
		html = `<div role="table">` + html + `</div>`
	}
	doc := dom.Parse(html)
	page := act.NewPage(doc, style.Resolve(doc, nil, style.Mode{Name: "light"}))
	start := processorTime(t)
	for _, r := range All() {
		act.Eval(r, page)
	}
	return processorTime(t) - start
}

// processorTime is what the tests have used so far: other programs on the
// machine do not add to it.
func processorTime(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
