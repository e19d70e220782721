package i18n

import (
	"sort"
	"strconv"
	"strings"
)

// Negotiate returns the best of the offered tags for an Accept-Language
// header or a locale name such as zh_CN.UTF-8, or the first one when nothing
// fits.
func Negotiate(header string, offered []string) string {
	type want struct {
		tag string
		q   float64
	}
	var wants []want
	for field := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(field, ";")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil {
				continue
			}
			q = f
		}
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ".")
		tag = strings.ReplaceAll(tag, "_", "-")
		if tag != "" && q > 0 {
			wants = append(wants, want{tag, q})
		}
	}
	sort.SliceStable(wants, func(i, j int) bool { return wants[i].q > wants[j].q })
	for _, w := range wants {
		for t := HTMLLang(w.tag); t != ""; {
			for _, o := range offered {
				if strings.EqualFold(o, t) || strings.EqualFold(HTMLLang(o), t) {
					return o
				}
			}
			i := strings.LastIndexByte(t, '-')
			if i < 0 {
				break
			}
			t = t[:i]
		}
		for _, o := range offered {
			if base(o) == base(w.tag) {
				return o
			}
		}
	}
	if len(offered) == 0 {
		return ""
	}
	return offered[0]
}
