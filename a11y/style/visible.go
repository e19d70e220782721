package style

import (
	"strings"

	"handrail/a11y/dom"
)

// showState remembers what is known of an element: whether it is rendered, and
// whether it can be seen.
type showState uint8

const (
	showRenderedKnown showState = 1 << iota
	showRendered
	showVisibleKnown
	showVisible
)

// Rendered says whether a node has a place on the page: neither it nor an
// ancestor has display: none, and it is not in contents that are skipped:
// closed details, content-visibility: hidden, hidden=until-found, template
// contents, fallback contents. Visibility and position are not looked at.
func (s *Styles) Rendered(n *dom.Node) bool {
	if n.Type != dom.Element {
		p := n.Parent
		if p == nil || n.Type == dom.Document {
			return true
		}
		if p.Type == dom.Fragment {
			return p.Host != nil && p.Host.Shadow == p && s.Rendered(p.Host)
		}
		return s.Rendered(p) && !s.skips(p, n)
	}
	if s.shown == nil {
		s.shown = make([]showState, len(s.m.doc.Nodes))
	}
	// Without recursion over deep trees: find the nearest ancestor known, then
	// come down again.
	var chain []*dom.Node
	known := true
	for e := n; e != nil; {
		if st := s.shown[e.Index]; st&showRenderedKnown != 0 {
			known = st&showRendered != 0
			break
		}
		chain = append(chain, e)
		p := e.Parent
		if p != nil && p.Type == dom.Fragment {
			if p.Host == nil || p.Host.Shadow != p {
				known = false
				break
			}
			p = p.Host
		}
		if p == nil || p.Type != dom.Element {
			break
		}
		e = p
	}
	for i := len(chain) - 1; i >= 0; i-- {
		e := chain[i]
		known = known && s.renderedIn(e)
		s.shown[e.Index] |= showRenderedKnown
		if known {
			s.shown[e.Index] |= showRendered
		}
	}
	return known
}

// Like says that the styles have the same digest of semantics as others of the
// page: what is known to be rendered or visible in one mode is so in both.
func (s *Styles) Like(o *Styles) {
	if o.shown == nil {
		o.shown = make([]showState, len(o.m.doc.Nodes))
	}
	s.shown = o.shown
}

// renderedIn says whether e is rendered if its parent is.
func (s *Styles) renderedIn(e *dom.Node) bool {
	if s.Of(e).box.Display == "none" {
		return false
	}
	p := e.ParentElement()
	return p == nil || !s.skips(p, e)
}

// skips says whether p does not render its child.
func (s *Styles) skips(p, child *dom.Node) bool {
	if s.Of(p).box.ContentVisibility == "hidden" && canSkip(s.Of(p).box.Display) {
		return true
	}
	if p.NS == dom.SVG {
		switch p.Name {
		case "defs", "symbol", "clipPath", "mask", "pattern", "marker", "linearGradient", "radialGradient", "filter", "title", "desc", "metadata":
			return true
		}
	}
	switch {
	case p.Is("details"):
		return !p.Has("open") && child != firstSummary(p)
	case p.Is("audio", "video", "canvas", "iframe", "object"):
		return p.Name != "object" || p.Has("data")
	}
	return false
}

// canSkip says whether content-visibility applies to a box of that display.
func canSkip(display string) bool { return display != "inline" && display != "contents" }

func firstSummary(details *dom.Node) *dom.Node {
	for e := details.FirstElement(); e != nil; e = e.NextElement() {
		if e.Is("summary") {
			return e
		}
	}
	return nil
}

// Visible says whether a node can be seen by someone who looks at the page: it
// is rendered, not visibility: hidden, not transparent, not clipped away, not
// moved off the page and not of no size. What only layout knows counts as
// visible.
func (s *Styles) Visible(n *dom.Node) bool {
	if !s.Rendered(n) {
		return false
	}
	e := n
	if e.Type != dom.Element {
		if e = n.ParentElement(); e == nil {
			return true
		}
	}
	if s.Of(e).inh.Visibility != "visible" {
		return false
	}
	return s.seen(e)
}

// seen says whether nothing on the way up makes e unseen.
func (s *Styles) seen(e *dom.Node) bool {
	var chain []*dom.Node
	known := true
	for ; e != nil; e = e.ParentElement() {
		if st := s.shown[e.Index]; st&showVisibleKnown != 0 {
			known = st&showVisible != 0
			break
		}
		chain = append(chain, e)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		n := chain[i]
		known = known && s.Of(n).unseen() == ""
		s.shown[n.Index] |= showVisibleKnown
		if known {
			s.shown[n.Index] |= showVisible
		}
	}
	return known
}

// Unseen says why an element that is rendered cannot be seen: "opacity",
// "clip", "off-screen" or "size"; empty when none of these is known. Ancestors
// are not looked at.
func (c *Computed) Unseen() string { return c.unseen() }

func (c *Computed) unseen() string {
	b := c.box
	switch {
	case b.Opacity == 0 || strings.Contains(b.Filter, "opacity(0"):
		return "opacity"
	case c.clippedAway():
		return "clip"
	case c.offScreen():
		return "off-screen"
	case c.noSize():
		return "size"
	}
	return ""
}

// clippedAway says whether clip or clip-path leaves nothing of the box.
func (c *Computed) clippedAway() bool {
	b := c.box
	out := b.Position == "absolute" || b.Position == "fixed"
	if out && strings.HasPrefix(b.Clip, "rect(") && emptyRect(b.Clip) {
		return true
	}
	return emptyClipPath(b.ClipPath)
}

// emptyRect says whether rect(top, right, bottom, left) has no area, or a
// single pixel, as the visually hidden pattern has.
func emptyRect(clip string) bool {
	args := lengthsIn(clip)
	if len(args) != 4 {
		return false
	}
	return args[2]-args[0] <= 1 && args[1]-args[3] <= 1
}

// emptyClipPath says whether a clip-path cuts everything off.
func emptyClipPath(path string) bool {
	switch {
	case strings.HasPrefix(path, "inset("):
		inner := strings.TrimSuffix(strings.TrimPrefix(path, "inset("), ")")
		f := strings.Fields(inner)
		if len(f) == 0 || !strings.HasSuffix(f[0], "%") {
			return false
		}
		v := percents(f)
		switch len(v) {
		case 1:
			return v[0] >= 50
		case 2:
			return v[0] >= 50 || v[1] >= 50
		case 4:
			return v[0]+v[2] >= 100 || v[1]+v[3] >= 100
		}
	case strings.HasPrefix(path, "circle("), strings.HasPrefix(path, "ellipse("):
		f := strings.Fields(strings.TrimRight(path[strings.IndexByte(path, '(')+1:], ")"))
		return len(f) > 0 && (f[0] == "0" || f[0] == "0px" || f[0] == "0%")
	case strings.HasPrefix(path, "polygon("):
		return strings.Trim(path[len("polygon("):], "0px%, )") == ""
	}
	return false
}

// farAway is how far off the page a box must be to be hidden on purpose.
const farAway = 900

// offScreen says whether the box is moved off the page, as in left: -9999px.
func (c *Computed) offScreen() bool {
	b := c.box
	if b.Position != "static" && b.Position != "sticky" {
		for _, side := range []Side{Left, Top} {
			if px, ok := b.Inset[side].Known(); ok && px <= -farAway {
				return true
			}
		}
		if px, ok := b.Inset[Right].Known(); ok && px <= -farAway && b.Inset[Left].Kind == Auto {
			return true
		}
	}
	if b.Position == "absolute" || b.Position == "fixed" {
		for _, side := range []Side{Left, Top} {
			if px, ok := b.Margin[side].Known(); ok && px <= -farAway {
				return true
			}
		}
	}
	if px, ok := c.inh.TextIndent.Known(); ok && px <= -farAway && c.cas != nil && c.cas.find(propTextIndent) != nil {
		return true
	}
	return zeroScale(b.Transform)
}

// zeroScale says whether a transform shrinks the box to nothing.
func zeroScale(t string) bool {
	return strings.HasPrefix(t, "scale(0)") || strings.HasPrefix(t, "scaleX(0)") || strings.HasPrefix(t, "scaleY(0)")
}

// noSize says whether the box has at most one pixel in a direction and hides
// what flows over.
func (c *Computed) noSize() bool {
	b := c.box
	hides := func(v string) bool { return v != "visible" }
	small := func(l Length, limit Length) bool {
		if px, ok := l.Known(); ok && px <= 1 {
			return true
		}
		px, ok := limit.Known()
		return ok && px <= 1
	}
	if b.Display == "inline" || b.Display == "contents" {
		return false
	}
	w, h := small(b.Width, b.MaxWidth), small(b.Height, b.MaxHt)
	none := func(s1, s2 Side) bool {
		return b.Padding[s1].Px+b.Padding[s2].Px+b.Border[s1].Width+b.Border[s2].Width <= 0 &&
			b.Padding[s1].Percent+b.Padding[s2].Percent == 0
	}
	return w && hides(b.OverflowX) && none(Left, Right) && (h || zero(b.Width) || zero(b.MaxWidth)) ||
		h && hides(b.OverflowY) && none(Top, Bottom) && (w || zero(b.Height) || zero(b.MaxHt))
}

func zero(l Length) bool {
	px, ok := l.Known()
	return ok && px == 0
}
