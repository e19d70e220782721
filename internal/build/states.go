package build

import (
	"cmp"
	"context"
	"crypto/sha256"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"handrail/internal/diag"
	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/formsource"
	"handrail/internal/formstate"
	"handrail/internal/gate"
	"handrail/internal/render"
	"handrail/internal/site"
)

// A stateKey tells pages of the server apart that have to be judged anew: by
// what people see, and by the file that findings lead to.
type stateKey struct {
	look *look
	sum  [sha256.Size]byte
}

// A state is one page to be judged.
type state struct {
	formstate.State
	name    string // in reports
	lang    *site.Lang
	edition string
	page    *site.Page
	form    *formsource.Form // nil of pages that belong to none
	parts   formpage.Parts
}

// judge draws every state of every form in every language and edition, and
// has the gate look at it.
func (k *kitMaker) judge(ctx context.Context) error {
	var mu sync.Mutex
	kept := map[stateKey]gate.Judged{}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(cmp.Or(k.Jobs, runtime.GOMAXPROCS(0)))
	list, err := k.list()
	if err != nil {
		return err
	}
	for _, s := range list {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			out := k.compose(s)
			key := stateKey{k.look, sha256.Sum256(slices.Concat(out.HTML, []byte(s.name), fileOf(s.page)))}
			mu.Lock()
			j, ok := k.states[key]
			mu.Unlock()
			if !ok {
				j = k.gate.State(s.page, s.edition, s.name, out)
			}
			j.Move(s.page)
			mu.Lock()
			kept[key] = j
			mu.Unlock()
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, j := range kept {
		k.gate.Add(j)
	}
	if k.pages != nil {
		k.Session.states = kept
	}
	return nil
}

func fileOf(p *site.Page) []byte {
	if p.File == nil {
		return nil
	}
	return []byte(p.File.Src)
}

// list draws the states of the site and keeps those that show something new.
func (k *kitMaker) list() ([]state, error) {
	var out []state
	for _, edition := range k.res.Editions {
		for _, l := range k.model.Langs {
			seen := map[string]bool{}
			prefix := k.kit.Site().Prefix(l.Tag, edition)
			add := func(states []formstate.State, id string, p *site.Page, f *formsource.Form) error {
				for _, s := range states {
					parts, err := k.kit.Parts(formpage.At{Lang: l.Tag, Edition: edition, Path: "/f/" + s.Name}, s.View)
					if err != nil {
						return err
					}
					if fresh(parts, seen) {
						out = append(out, state{s, stateName(prefix, id, s.Name), l, edition, p, f, parts})
					}
				}
				return nil
			}
			for _, f := range k.forms {
				p := f.Page(l.Tag)
				if p == nil {
					continue
				}
				if err := add(formstate.Of(f.Def, edition, prefix, k.res.Now), f.Def.ID, p, f); err != nil {
					return nil, err
				}
			}
			if err := add(formstate.Common(prefix), "server", l.Home, nil); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// What differs only in its words, in what was typed or in the ids of its
// questions looks the same to the gate: whether there are words is all that it
// asks.
var (
	wordsOf  = regexp.MustCompile(`>[^<]*[^<\s][^<]*<`)
	typedIn  = regexp.MustCompile(` value="[^"]*"`)
	leadsTo  = regexp.MustCompile(`(href|action)="[^"#]*`)
	momentOf = regexp.MustCompile(` (?:datetime|name)="[^"]*"`)
	idsOf    = regexp.MustCompile(`\b[fa]-[a-z0-9._-]+`)
)

// fresh reports whether any piece of a page has not been seen before.
func fresh(p formpage.Parts, seen map[string]bool) bool {
	any := false
	for _, part := range []string{p.Way, p.Head, p.Main} {
		for _, piece := range cut(part) {
			piece = wordsOf.ReplaceAllString(piece, ">x<")
			piece = typedIn.ReplaceAllString(piece, "")
			piece = idsOf.ReplaceAllStringFunc(piece, role)
			piece = momentOf.ReplaceAllString(leadsTo.ReplaceAllString(piece, "$1"), "")
			if !seen[piece] {
				seen[piece], any = true, true
			}
		}
	}
	return any
}

// role is what an id is for, without the question that it belongs to.
func role(id string) string {
	for _, suffix := range []string{"-hint", "-err", "-why", "-limits"} {
		if strings.HasSuffix(id, suffix) {
			return suffix
		}
	}
	return "f"
}

func stateName(prefix, form, state string) string {
	return strings.TrimPrefix(prefix+"/f/"+form+"/"+state, "/")
}

// compose puts a state into its shell and keeps the source of each byte: the
// shell's bytes come from the theme, those of a question from its line in the
// Markdown.
func (k *kitMaker) compose(s state) *render.Output {
	shell := k.shells[s.edition+"/"+s.lang.Tag]
	c := composer{shell: shell, where: func(key string) diag.Pos {
		if s.form == nil || key == "" {
			return diag.Pos{}
		}
		_, _, id := forms.SplitKey(key)
		return s.form.Pos(s.lang.Tag, id)
	}}
	c.fill(s.parts, "/f/"+s.Name)
	template := diag.Pos{File: "themes/" + k.cfg.Theme + "/server/" + formpage.TemplateFile(s.View), Line: 1, Col: 1}
	return render.Composed(c.html, func(off int) render.Place { return c.place(off, template) })
}

// A composer puts parts into a shell.
type composer struct {
	shell *render.Output
	where func(key string) diag.Pos
	html  []byte
	runs  []composed
}

// composed is a run of bytes with one source.
type composed struct {
	from  int
	shell int      // offset in the shell; -1: not of the shell
	pos   diag.Pos // of a question; zero: of the template
}

var tokens = regexp.MustCompile("-handrail-(?:title|way|head|main)-|" + regexp.QuoteMeta(formpage.TokenPath))

func (c *composer) fill(p formpage.Parts, path string) {
	at := 0
	shell := c.shell.HTML
	for _, m := range tokens.FindAllIndex(shell, -1) {
		c.runs = append(c.runs, composed{len(c.html), at, diag.Pos{}})
		c.html = append(c.html, shell[at:m[0]]...)
		switch string(shell[m[0]:m[1]]) {
		case formpage.TokenTitle:
			c.part(p.Title)
		case formpage.TokenWay:
			c.part(p.Way)
		case formpage.TokenHead:
			c.part(p.Head)
		case formpage.TokenMain:
			c.part(p.Main)
		default:
			c.part((&url.URL{Path: path}).EscapedPath())
		}
		at = m[1]
	}
	c.runs = append(c.runs, composed{len(c.html), at, diag.Pos{}})
	c.html = append(c.html, shell[at:]...)
}

// bounds are where what belongs to one question begins or ends, and keys name
// the question.
var (
	bounds = regexp.MustCompile(`class="field|<h1|</h1>|<div><dt>|</dl>|<li><a href="[^"]*#f-|</ul>|<p class="act"`)
	keys   = regexp.MustCompile(`(?:id="|for="|#)f-([a-z0-9.-]+)`)
)

// cut divides HTML at the bounds of its questions.
func cut(html string) []string {
	var out []string
	at := 0
	for _, m := range bounds.FindAllStringIndex(html, -1) {
		out = append(out, html[at:m[0]])
		at = m[0]
	}
	return append(out, html[at:])
}

// part adds the HTML of one part, with the place of each of its questions.
func (c *composer) part(html string) {
	for _, piece := range cut(html) {
		pos := diag.Pos{}
		if m := keys.FindStringSubmatch(piece); m != nil {
			pos = c.where(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(m[1], "-hint"), "-err"), "-why"))
		}
		c.runs = append(c.runs, composed{len(c.html), -1, pos})
		c.html = append(c.html, piece...)
	}
}

func (c *composer) place(off int, template diag.Pos) render.Place {
	i, _ := slices.BinarySearchFunc(c.runs, off+1, func(r composed, off int) int { return cmp.Compare(r.from, off) })
	r := c.runs[max(i-1, 0)]
	switch {
	case r.shell >= 0:
		return c.shell.Source(r.shell + off - r.from)
	case !r.pos.IsZero():
		return render.Place{Pos: r.pos, Kind: render.Field}
	}
	return render.Place{Pos: template, Kind: render.Layout}
}
