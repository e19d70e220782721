package style

import "sync"

// An overlay is what the attributes change that a mode sets on the html
// element: the rules that test one of them.
type overlay struct {
	only           []bool // by plan.rules
	index          index
	local, context index // of plan.local and plan.context
	stateful       bool  // one of them asks for a dynamic state
}

// overlayFor returns the overlay of attributes, nil when no rule tests them.
func (p *plan) overlayFor(key string, attrs map[string]string) *overlay {
	if o, ok := p.overlays.Load(key); ok {
		return o.(*overlay)
	}
	var o *overlay
	for name := range attrs {
		for _, id := range p.attrs[asciiLower(name)] {
			if o == nil {
				o = &overlay{only: make([]bool, len(p.rules))}
			}
			o.only[id] = true
			o.stateful = o.stateful || p.rules[id].sel.States != 0
		}
	}
	if o != nil {
		o.index = newIndex(p.rules, func(id int) bool { return o.only[id] })
		o.local = newIndex(p.rules, func(id int) bool { return o.only[id] && !p.far[id] })
		o.context = newIndex(p.rules, func(id int) bool { return o.only[id] && p.far[id] })
	}
	p.overlays.Store(key, o)
	return o
}

// overlays of a plan, by attrsKey.
type overlays struct{ sync.Map }
