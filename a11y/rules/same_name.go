package rules

import (
	"cmp"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// sameNameLinks: links with one name lead to one place, or to places that do
// as well.
var sameNameLinks = &act.Rule{
	ID:       "same-name-links",
	ACT:      []string{"b20e66"},
	Criteria: []wcag.SC{"2.4.9"},
	Reads:    act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return sameNamed(p, sameLinksKey{}, func(e *dom.Node) bool { return p.Role(e).Is(aria.Link) && destination(e) != "" })
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		name := p.Name(e)
		first := leader(p, sameLinksKey{}, e)
		v := compare(p, destination(first), destination(e), differing{facts: true})
		return v.With("name", name).With("one", destination(first)).With("other", destination(e))
	},
}

// sameNameFrames: frames with one name hold the same thing.
var sameNameFrames = &act.Rule{
	ID:       "same-name-frames",
	ACT:      []string{"4b1c6c"},
	Criteria: []wcag.SC{"4.1.2"},
	Reads:    act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		pairs := sameFrames(p)
		if len(pairs) == 0 {
			return slices.Values[[]*dom.Node](nil)
		}
		return p.Where(func(e *dom.Node) bool { _, ok := pairs[e]; return ok })
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		pair := sameFrames(p)[e]
		v := act.Unsure("check")
		if pair.one != "" && pair.other != "" {
			v = compare(p, pair.one, pair.other, differing{})
		}
		return v.With("name", pair.name).With("one", pair.one).With("other", pair.other)
	},
}

// A framePair is two addresses that frames with one name show; an empty one
// is a document that stands in the page itself.
type framePair struct{ name, one, other string }

// sameFrames returns the frames that share their name with an earlier one.
// Those in a document that a frame holds as srcdoc belong to the page too.
func sameFrames(p *act.Page) map[*dom.Node]framePair {
	return act.Shared(p, sameFramesKey{}, func() map[*dom.Node]framePair {
		pairs, by := map[*dom.Node]framePair{}, map[string]string{}
		if p.Site == nil {
			return pairs
		}
		add := func(e *dom.Node, name, href string) {
			key := matching(name)
			if first, ok := by[key]; ok && key != "" {
				pairs[e] = framePair{name, first, href}
			} else {
				by[key] = href
			}
		}
		for _, e := range p.Tree.Elements() {
			if !e.Is("iframe") || !p.Exposed(e) || underScriptedShadow(p, e) {
				continue
			}
			src, inside := strings.Trim(e.Get("src"), asciiSpace), e.Get("srcdoc")
			if !e.Has("srcdoc") {
				add(e, p.Name(e), src)
				continue
			}
			add(e, p.Name(e), "")
			for nested := range dom.Parse(inside).Elements() {
				if nested.Is("iframe") && !nested.Has("hidden") && !nested.Has("srcdoc") {
					add(e, cmp.Or(nested.Get("aria-label"), nested.Get("title")), strings.Trim(nested.Get("src"), asciiSpace))
				}
			}
		}
		return pairs
	})
}

type (
	sameLinksKey  struct{}
	sameFramesKey struct{}
)

// namesakes are elements with, each, the first one of the same name.
type namesakes map[*dom.Node]*dom.Node

// matching writes a name as names are compared. ACT, matching: without case,
// and with white space collapsed.
func matching(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// sameNamed yields the elements that share their name with an earlier one.
func sameNamed(p *act.Page, key any, ok func(*dom.Node) bool) iter.Seq[*dom.Node] {
	return func(yield func(*dom.Node) bool) {
		firsts := act.Shared(p, key, func() namesakes {
			out, by := namesakes{}, map[string]*dom.Node{}
			if p.Site == nil { // where links lead is not known
				return out
			}
			for _, e := range p.Tree.Elements() {
				if !ok(e) || !p.Exposed(e) || underScriptedShadow(p, e) {
					continue
				}
				name := matching(p.Name(e))
				if name == "" {
					continue
				}
				if first := by[name]; first != nil {
					out[e] = first
				} else {
					by[name] = e
				}
			}
			return out
		})
		if len(firsts) == 0 {
			return
		}
		for _, e := range p.Tree.Elements() {
			if firsts[e] != nil && !yield(e) {
				return
			}
		}
	}
}

func leader(p *act.Page, key any, e *dom.Node) *dom.Node {
	return act.Shared(p, key, func() namesakes { return nil })[e]
}

// differing says what makes two pages different for a rule: facts, that the
// numbers on them are not the same.
type differing struct{ facts bool }

// compare judges whether two addresses lead to equivalent things. ACT,
// equivalent resource: the advertised key content is the same; navigation,
// layout and the amount of words may differ.
func compare(p *act.Page, one, other string, d differing) act.Verdict {
	if sameAddress(p, one, other) {
		return act.Pass("same")
	}
	a, ok1 := p.Other(one)
	b, ok2 := p.Other(other)
	switch {
	case !ok1 || !ok2:
		return act.Unsure("check")
	case a.Path == b.Path:
		if query(one) != query(other) || fragmentOf(one) != fragmentOf(other) {
			return act.Unsure("check")
		}
		return act.Pass("same")
	case a.Content() == b.Content() && a.Content() != "":
		return act.Pass("equal")
	case attachesShadow(p) || a.Scripted() || b.Scripted():
		return act.Unsure("check")
	}
	overlap, facts := alike(a.Content(), b.Content())
	switch {
	case overlap < 0.15, d.facts && facts == factsDiffer:
		return act.Fail("different")
	case overlap >= 0.5 && facts != factsDiffer:
		return act.Pass("equal")
	}
	return act.Unsure("check")
}

func sameAddress(p *act.Page, one, other string) bool {
	if one == other {
		return true
	}
	a, err1 := url.Parse(one)
	b, err2 := url.Parse(other)
	if err1 != nil || err2 != nil {
		return false
	}
	base := &url.URL{Scheme: "site", Host: "here", Path: "/" + strings.TrimPrefix(p.URL, "/")}
	if href := act.BaseHref(p.Doc); href != "" {
		if u, err := base.Parse(href); err == nil {
			base = u
		}
	}
	return base.ResolveReference(a).String() == base.ResolveReference(b).String()
}

func query(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	return u.RawQuery
}

func fragmentOf(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	return u.Fragment
}

// How the numbers of two texts go together.
const (
	factsNone   = iota // one of them has none
	factsAgree         // those of one are all in the other
	factsDiffer        // each has some that the other lacks
)

// alike returns the share of the words of the shorter text that the other
// one has too, and how their numbers of three digits and more go together.
func alike(one, other string) (overlap float64, facts int) {
	a, b := wordSet(one), wordSet(other)
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0, factsNone
	}
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	return float64(both) / float64(len(a)), factsOf(one, other)
}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words(s) {
		set[w] = true
	}
	return set
}

var figures = regexp.MustCompile(`[0-9]{3,}`)

func factsOf(one, other string) int {
	a, b := figures.FindAllString(one, -1), figures.FindAllString(other, -1)
	if len(a) == 0 || len(b) == 0 {
		return factsNone
	}
	if within(a, b) || within(b, a) {
		return factsAgree
	}
	return factsDiffer
}

func within(some, all []string) bool {
	known := map[string]bool{}
	for _, w := range all {
		known[w] = true
	}
	for _, w := range some {
		if !known[w] {
			return false
		}
	}
	return true
}

var byID = regexp.MustCompile(`getElementById\(\s*['"]([^'"]+)['"]\s*\)|querySelector\(\s*['"]#([\w-]+)['"]\s*\)`)

// underScriptedShadow reports whether e lies in an element that a script of
// the page hangs a shadow tree on: it is then not shown, whatever its HTML
// says.
func underScriptedShadow(p *act.Page, e *dom.Node) bool {
	if !attachesShadow(p) {
		return false
	}
	hosts := act.Shared(p, hostsKey{}, func() map[string]bool {
		ids := map[string]bool{}
		for _, src := range scriptsOfPage(p) {
			if !strings.Contains(src, "attachShadow") {
				continue
			}
			for _, m := range byID.FindAllStringSubmatch(src, -1) {
				ids[m[1]+m[2]] = true
			}
		}
		return ids
	})
	for up := e.ParentElement(); up != nil; up = up.ParentElement() {
		if id := up.Get("id"); id != "" && hosts[id] {
			return true
		}
	}
	return false
}

type hostsKey struct{}
