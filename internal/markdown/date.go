package markdown

import (
	"strings"
	"time"
)

// date writes a date. With nothing but the date in brackets, the page shows
// it as its language does; other text stays, and the attribute datetime says
// which day it means.
func (r *renderer) date(n *spanNode, attrs attrList) {
	text := strings.TrimSpace(r.plainText(n))
	iso := attrs.value("datetime")
	own := iso != ""
	if !own {
		iso = text
	}
	day, ok := parseDate(iso)
	if !ok {
		r.problem("bad-date", n.open+1, "\"{date}\" is not a date", "write :date[2026-03-05], or :date[the text]{datetime=2026-03-05}", "date", iso)
		r.inlines(n)
		return
	}
	r.enterAttrs(tagTime, n.start)
	r.attr("datetime", iso)
	r.out = append(r.out, '>')
	if own || r.words.Date == nil {
		r.inlines(n)
	} else {
		r.replaceText(n.open+1, r.words.Date(day))
	}
	r.leave()
}

func parseDate(s string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil
}
