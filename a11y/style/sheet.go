package style

import (
	"strings"
	"sync"

	"handrail/a11y/css"
)

// A Sheet is a parsed style sheet. It is immutable and shared by all pages that
// use it.
type Sheet struct {
	Name   string // as findings name it; empty for a style element of the page
	Source string
	Base   int // offset of Source in the page, for a style element
	Errors []css.Error

	origin  origin
	rules   []rule
	conds   []cond // conditions that rules stand under
	layers  []string
	imports []importRef
	media   css.Media // of the link or style element
	inPage  bool      // a style element of the page

	plans    *planCache
	variants *sync.Map // media attribute → *Sheet

	keyframes  map[string]bool
	viewport   bool // some value depends on the size of the viewport
	schemeUsed bool // some value depends on the colour scheme
}

// origin is where a sheet comes from.
type origin uint8

const (
	originUA origin = iota
	originAuthor
)

// A rule is one complex selector with the declarations of its rule.
type rule struct {
	sel    *css.Selector
	decls  []decl
	cond   int32 // index of its innermost condition; -1 for none
	layer  int32 // index of its layer; -1 for none
	order  int32 // of the rule in its sheet
	bloom  bloom // ancestors that must be there
	pseudo string
}

// generates says whether the rule can give a pseudo-element content.
func (r *rule) generates() bool {
	for i := range r.decls {
		if d := &r.decls[i]; d.prop == propContent || d.short == "all" {
			return true
		}
	}
	return false
}

// A cond is an @media that rules stand under.
type cond struct {
	media  css.Media
	never  bool // an @supports that does not hold
	parent int32
}

// importRef is an @import.
type importRef struct {
	load   func() *Sheet
	media  css.Media
	layer  string // empty without one
	layers int    // how many layers of this sheet were named before it
	inside bool   // has a layer
	never  bool
}

// A Resolver returns the style sheet at href, or nil when there is none. base
// is the name of the sheet that asks, empty for the page.
type Resolver func(base, href string) *Sheet

// ParseSheet parses an author's style sheet. Its name is what findings call it.
// @import is not followed; see ParseSheetWith.
func ParseSheet(src, name string) *Sheet { return ParseSheetWith(src, name, nil) }

// ParseSheetWith is ParseSheet that follows @import by the resolver.
func ParseSheetWith(src, name string, resolve Resolver) *Sheet {
	return newSheet(src, name, originAuthor, resolve)
}

func newSheet(src, name string, o origin, resolve Resolver) *Sheet {
	parsed := css.Parse(src)
	s := &Sheet{Name: name, Source: src, Errors: parsed.Errors, origin: o,
		plans: &planCache{}, variants: &sync.Map{}}
	c := &compiler{s: s, resolve: resolve, layerIndex: map[string]int32{}, imports: true}
	c.rules(parsed.Rules, -1, -1, 0)
	return s
}

// WithMedia returns the sheet under a media query list, as the media attribute
// of a link asks.
func (s *Sheet) WithMedia(media string) *Sheet {
	if v, ok := s.variants.Load(media); ok {
		return v.(*Sheet)
	}
	m := css.ParseMedia(media)
	if m.All() {
		return s
	}
	c := *s
	c.media, c.plans, c.variants = m, &planCache{}, &sync.Map{}
	v, _ := s.variants.LoadOrStore(media, &c)
	return v.(*Sheet)
}

// compiler turns parsed rules into what the matcher wants.
type compiler struct {
	s          *Sheet
	resolve    Resolver
	layerIndex map[string]int32
	imports    bool // @import is still allowed
	anonymous  int
}

// maxImports bounds @import within @import.
const maxImports = 16

func (c *compiler) rules(rs []*css.Rule, cond, layer int32, depth int) {
	for _, r := range rs {
		switch r.At {
		case "":
			c.imports = false
			c.style(r, cond, layer, depth)
		case "import":
			if c.imports && depth == 0 {
				c.importRule(r)
			}
		case "charset", "namespace":
		case "layer":
			c.layer(r, cond, layer, depth)
		case "media":
			c.imports = false
			m := css.ParseMediaTokens(c.s.Source, r.Prelude)
			c.rules(r.Rules, c.cond(cond, m, false), layer, depth+1)
		case "supports":
			c.imports = false
			ok := css.Supports(c.s.Source, r.Prelude, supported(c.s.Source))
			next := cond
			if !ok {
				next = c.cond(cond, css.Media{}, true)
			}
			c.rules(r.Rules, next, layer, depth+1)
		case "keyframes", "-webkit-keyframes":
			if len(r.Prelude) > 0 {
				if c.s.keyframes == nil {
					c.s.keyframes = map[string]bool{}
				}
				c.s.keyframes[r.Prelude[0].Text] = true
			}
		case "container":
			// Whether it holds only layout knows; its rules are left out.
		}
	}
}

// cond adds a condition.
func (c *compiler) cond(parent int32, m css.Media, never bool) int32 {
	c.s.conds = append(c.s.conds, cond{media: m, never: never, parent: parent})
	return int32(len(c.s.conds) - 1)
}

// style adds a style rule and the rules nested in it.
func (c *compiler) style(r *css.Rule, cond, layer int32, depth int) {
	if len(r.Decls) > 0 {
		decls := declarations(c.s.Source, r.Decls)
		c.note(decls)
		for _, sel := range r.Selector {
			c.add(rule{sel: sel, decls: decls, cond: cond, layer: layer, pseudo: sel.Pseudo})
		}
	}
	c.rules(r.Rules, cond, layer, depth+1)
}

func (c *compiler) add(r rule) {
	s := c.s
	r.order = int32(len(s.rules))
	r.bloom = requiredAncestors(r.sel)
	s.rules = append(s.rules, r)
}

// attrNames calls f for the attributes that a selector tests.
func attrNames(sel *css.Selector, f func(string)) {
	for i := range sel.Compounds {
		for j := range sel.Compounds[i].Simples {
			x := &sel.Compounds[i].Simples[j]
			switch {
			case x.Kind == css.Attribute:
				f(x.Lower)
			case x.Kind == css.Class:
				f("class")
			case x.Kind == css.ID:
				f("id")
			case x.Lower == "lang" || x.Lower == "dir":
				f(x.Lower)
			}
			for _, sub := range x.List {
				attrNames(sub, f)
			}
		}
	}
}

// note records what the values of declarations depend on.
func (c *compiler) note(decls []decl) {
	for i := range decls {
		d := &decls[i]
		if d.val.ex != nil && d.val.ex.uses(unitVw, unitVh, unitVmin, unitVmax) {
			c.s.viewport = true
		}
		if d.prop == propColorScheme {
			c.s.schemeUsed = true
		}
		for _, t := range d.toks {
			if t.Kind == css.Dimension {
				switch units[asciiLower(t.Text)].unit {
				case unitVw, unitVh, unitVmin, unitVmax:
					c.s.viewport = true
				}
			}
		}
	}
}

// supported says whether a declaration would be understood.
func supported(src string) func(string, []css.Token) bool {
	return func(name string, v []css.Token) bool {
		if strings.HasPrefix(name, "--") {
			return true
		}
		out := appendDecl(nil, src, &css.Decl{Name: asciiLower(name), Value: v})
		return len(out) > 0
	}
}

// layer handles @layer, as a statement and with a block.
func (c *compiler) layer(r *css.Rule, cond, layer int32, depth int) {
	prefix := ""
	if layer >= 0 {
		prefix = c.s.layers[layer] + "."
	}
	var names []string
	for part := range strings.SplitSeq(css.Text(c.s.Source, r.Prelude), ",") {
		if part = strings.TrimSpace(part); part != "" {
			names = append(names, prefix+part)
		}
	}
	if !r.Block {
		for _, n := range names {
			c.layerID(n)
		}
		return
	}
	c.imports = false
	name := prefix + anonymousLayer(&c.anonymous)
	if len(names) > 0 {
		name = names[0]
	}
	c.rules(r.Rules, cond, c.layerID(name), depth+1)
}

// anonymousLayer makes a name that no author can write.
func anonymousLayer(n *int) string {
	*n++
	return "\x00" + strings.Repeat("i", *n)
}

func (c *compiler) layerID(name string) int32 {
	if id, ok := c.layerIndex[name]; ok {
		return id
	}
	id := int32(len(c.s.layers))
	c.s.layers = append(c.s.layers, name)
	c.layerIndex[name] = id
	return id
}

// importRule handles @import: URL, then layer, supports() and media queries.
func (c *compiler) importRule(r *css.Rule) {
	cur := &cursor{src: c.s.Source, toks: r.Prelude}
	href := ""
	switch t := cur.peek(); {
	case t.Kind == css.String || t.Kind == css.URL:
		href = t.Text
		cur.i++
	case t.Kind == css.Function && strings.EqualFold(t.Text, "url"):
		href = cur.function().peekAfterSpace().Text
	}
	if href == "" || c.resolve == nil {
		return
	}
	ref := importRef{layers: len(c.s.layers)}
	cur.space()
	if t := cur.peek(); t.Is("layer") {
		cur.i++
		ref.inside, ref.layer = true, anonymousLayer(&c.anonymous)
	} else if t.Kind == css.Function && strings.EqualFold(t.Text, "layer") {
		ref.inside, ref.layer = true, cur.function().text()
	}
	if ref.inside {
		c.layerID(ref.layer)
	}
	cur.space()
	if t := cur.peek(); t.Kind == css.Function && strings.EqualFold(t.Text, "supports") {
		args := cur.function()
		ref.never = !css.Supports(args.src, args.toks, supported(args.src)) && !supportsDecl(args)
	}
	ref.media = css.ParseMediaTokens(c.s.Source, cur.toks[cur.i:])
	// The sheet is asked for when a page first wants it, so that sheets which
	// import each other come to an end.
	resolve, base := c.resolve, c.s.Name
	ref.load = sync.OnceValue(func() *Sheet { return resolve(base, href) })
	c.s.imports = append(c.s.imports, ref)
}

// supportsDecl evaluates the bare declaration of "supports(display: grid)".
func supportsDecl(c *cursor) bool {
	c.space()
	name := c.peek()
	if name.Kind != css.Ident {
		return false
	}
	c.i++
	if c.space(); c.peek().Kind != css.Colon {
		return false
	}
	c.i++
	c.space()
	return supported(c.src)(name.Text, c.toks[c.i:])
}
