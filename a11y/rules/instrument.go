package rules

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// assigned finds the address that a handler of clicks goes to.
var assigned = regexp.MustCompile(`(?:\blocation(?:\.href|\.hash)?\s*=\s*|\blocation\.(?:assign|replace)\(\s*|\bopen\(\s*)['"]([^'"]*)['"]`)

// destination returns the address that a link or button leads to: its href,
// or what its handler of clicks assigns. Empty when none is known.
func destination(e *dom.Node) string {
	if href, ok := e.Attr("href"); ok && (e.Is("a", "area") || e.NS == dom.SVG) {
		return strings.Trim(href, asciiSpace)
	}
	if e.NS == dom.SVG && e.Has("xlink:href") {
		return strings.Trim(e.Get("xlink:href"), asciiSpace)
	}
	if m := assigned.FindStringSubmatch(e.Get("onclick")); m != nil {
		return strings.Trim(m[1], asciiSpace)
	}
	return ""
}

// jump returns the id on the page that an instrument moves to, or "".
func jump(e *dom.Node) string {
	id, ok := strings.CutPrefix(destination(e), "#")
	if !ok {
		return ""
	}
	if plain, err := url.PathUnescape(id); err == nil {
		return plain
	}
	return id
}

// instruments returns what a person can press on the page.
func instruments(p *act.Page) []*dom.Node {
	return all(p, func(e *dom.Node) bool {
		return !p.Hidden(e) && (e.Has("onclick") || p.Role(e).Is(aria.Link) || p.Role(e).Is(aria.Button) || e.Is("summary"))
	})
}

// scripted reports whether scripts that are not handlers of clicks may change
// the page.
func scripted(p *act.Page) bool {
	return act.Shared(p, scriptedKey{}, func() bool {
		for e := range p.Doc.Elements() {
			if e.Is("script") && (e.Has("src") || !blank(e.TextContent())) {
				return true
			}
		}
		return false
	})
}

type scriptedKey struct{}

// attachesShadow reports whether a script in the page hangs shadow trees on
// elements: what the page shows is then not what its HTML says.
func attachesShadow(p *act.Page) bool {
	return act.Shared(p, shadowKey{}, func() bool {
		for e := range p.Doc.Elements() {
			if e.Is("script") && strings.Contains(e.TextContent(), "attachShadow") {
				return true
			}
		}
		return false
	})
}

type shadowKey struct{}

var (
	called    = regexp.MustCompile(`\b([A-Za-z_$][\w$]*)\s*\(([^()]*)\)`)
	literals  = regexp.MustCompile(`['"]([^'"]*)['"]`)
	hidesBody = regexp.MustCompile(`\.style\.display\s*=|\.hidden\s*=|['"]hidden['"]`)
)

// hiddenBy returns the ids of the elements that a press on the instrument
// takes away from everybody, as far as that can be read off its handler and
// the functions that it calls; sure is false when the handler is not
// understood.
func hiddenBy(p *act.Page, e *dom.Node) (ids []string, sure bool) {
	handler := e.Get("onclick")
	if handler == "" {
		return nil, true
	}
	calls := called.FindAllStringSubmatch(handler, -1)
	for _, c := range calls {
		body, ok := functionBody(p, c[1])
		if !ok {
			return nil, false
		}
		if hidesBody.MatchString(body) {
			for _, id := range literals.FindAllStringSubmatch(c[2], -1) {
				ids = append(ids, id[1])
			}
		}
	}
	return ids, len(calls) > 0 || destination(e) != ""
}

// functionBody returns the text of a function that a script of the page
// declares.
func functionBody(p *act.Page, name string) (string, bool) {
	start := regexp.MustCompile(`\bfunction\s+` + regexp.QuoteMeta(name) + `\s*\([^)]*\)\s*\{`)
	for _, src := range scriptsOfPage(p) {
		at := start.FindStringIndex(src)
		if at == nil {
			continue
		}
		depth := 1
		for i := at[1]; i < len(src); i++ {
			switch src[i] {
			case '{':
				depth++
			case '}':
				if depth--; depth == 0 {
					return src[at[1]:i], true
				}
			}
		}
	}
	return "", false
}

type scriptsKey struct{}

func scriptsOfPage(p *act.Page) []string {
	return act.Shared(p, scriptsKey{}, func() (out []string) {
		for e := range p.Doc.Elements() {
			if !e.Is("script") {
				continue
			}
			src, ok := e.Attr("src")
			if !ok {
				out = append(out, e.TextContent())
			} else if p.Site != nil {
				if text, ok := p.Site.File(p.URL, act.BaseHref(p.Doc), src); ok {
					out = append(out, text)
				}
			}
		}
		return out
	})
}

// coveredBy reports whether every node lies in an element with one of the ids.
func coveredBy(p *act.Page, nodes []*dom.Node, ids []string) bool {
	for _, n := range nodes {
		inside := false
		for up := p.Tree.FlatElement(n); up != nil && !inside; up = p.Tree.FlatElement(up) {
			inside = up.Get("id") != "" && slices.Contains(ids, up.Get("id"))
		}
		if !inside {
			return false
		}
	}
	return true
}
