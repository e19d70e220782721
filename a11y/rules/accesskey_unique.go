package rules

import (
	"iter"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
)

// accesskeyUnique: no two elements have the same access key: a browser would
// press neither, or the wrong one. A house rule.
var accesskeyUnique = &act.Rule{
	ID:    "accesskey-unique",
	Level: act.Best,
	Reads: act.Semantics,

	Applicability: withKeys,

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		first := firstKeys(p)
		for key := range strings.FieldsSeq(strings.ToLower(e.Get("accesskey"))) {
			if first[key] != e {
				return act.Fail("taken").With("value", key).OnAttr(e, "accesskey")
			}
		}
		return act.Pass("own").With("value", e.Get("accesskey"))
	},
}

// withKeys yields the elements that have access keys.
func withKeys(p *act.Page) iter.Seq[*dom.Node] {
	return p.Where(func(e *dom.Node) bool {
		return !blank(e.Get("accesskey")) && p.Styles.Rendered(e)
	})
}

type firstKeysKey struct{}

// firstKeys returns the first element of each access key.
func firstKeys(p *act.Page) map[string]*dom.Node {
	return act.Shared(p, firstKeysKey{}, func() map[string]*dom.Node {
		first := map[string]*dom.Node{}
		for e := range withKeys(p) {
			for key := range strings.FieldsSeq(strings.ToLower(e.Get("accesskey"))) {
				if first[key] == nil {
					first[key] = e
				}
			}
		}
		return first
	})
}
