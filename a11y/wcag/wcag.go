// Package wcag holds the success criteria of WCAG 2.2 as data. It lies at the
// bottom of a11y and imports nothing of ours.
package wcag

import "slices"

// A Level is a conformance level.
type Level string

// The conformance levels.
const (
	A   Level = "A"
	AA  Level = "AA"
	AAA Level = "AAA"
)

// Within reports whether a criterion of level l counts for a site that
// wants to conform at level want.
func (l Level) Within(want Level) bool { return len(l) <= len(want) }

// An SC is the number of a success criterion, such as "1.1.1".
type SC string

// A Criterion is a success criterion. TitleZh comes from the authorised
// Chinese translation of WCAG 2.1; it is empty for the nine criteria that are
// new in 2.2, for which no authorised translation exists.
type Criterion struct {
	Number  SC
	ID      string // the anchor in the Recommendation
	Level   Level
	Title   string
	TitleZh string
	Since   string // the version of WCAG that brought it: "2.0", "2.1", "2.2"
}

// All returns the criteria in force, in the order of the Recommendation.
func All() []Criterion { return slices.Clone(table) }

// Of returns the criterion with the number.
func Of(n SC) (Criterion, bool) {
	for i := range table {
		if table[i].Number == n {
			return table[i], true
		}
	}
	return Criterion{}, false
}

// Level returns the level of the criterion, or "" when there is none.
func (n SC) Level() Level {
	c, _ := Of(n)
	return c.Level
}

// Name returns the title in the language, falling back to English: a title
// that was not authorised is never made up.
func (c Criterion) Name(lang string) string {
	if len(lang) >= 2 && lang[:2] == "zh" && c.TitleZh != "" {
		return c.TitleZh
	}
	return c.Title
}
