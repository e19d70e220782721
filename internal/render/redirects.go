package render

import (
	"cmp"
	"fmt"
	"html"
	"strings"

	"handrail/internal/diag"
	"handrail/internal/site"
)

// moved is the page at an old address, for hosts that read no _redirects. It
// works without script, and its link works without the refresh. Sites that
// have moved have thousands of them, so it is filled in without a template.
const moved = `<!DOCTYPE html>
<html lang="%[1]s" dir="%[2]s">
<meta charset="utf-8">
<title>%[3]s</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url=%[4]s">
<link rel="canonical" href="%[5]s">
<main>
<h1>%[3]s</h1>
<p><a href="%[4]s">%[6]s</a></p>
</main>
</html>
`

// redirects writes the _redirects file that several hosts read, and a page
// at each old address.
func (r *Renderer) redirects(editions []string) ([]File, error) {
	var rules strings.Builder
	var out []File
	for _, x := range r.opt.Site.Redirects {
		for _, e := range editions {
			from := x.From
			if e == site.Care {
				from = "/care" + from
			}
			to := x.To.URL(e)
			fmt.Fprintf(&rules, "%s %s 301\n", escapePath(from), escapePath(to))
			page, err := r.movedPage(x.To, to)
			if err != nil {
				return nil, err
			}
			out = append(out, File{outPath(from), page})
		}
	}
	if len(r.opt.Site.Redirects) == 0 {
		return nil, nil
	}
	return append(out, File{"_redirects", []byte(rules.String())}), nil
}

func (r *Renderer) movedPage(p *site.Page, url string) ([]byte, error) {
	heading, ok := r.langs[p.Lang].cat.Text("moved.title")
	if !ok {
		return nil, &diag.Diagnostic{Pos: diag.Pos{File: p.Lang.Tag + ".yaml"}, Code: "missing-message",
			Msg: `no catalogue has the message "moved.title"`, Args: map[string]any{"lang": p.Lang.Tag, "key": "moved.title"}}
	}
	esc := html.EscapeString
	return fmt.Appendf(nil, moved, esc(p.Lang.HTML), esc(p.Lang.Dir), esc(heading), esc(escapePath(url)), esc(r.canonical(p)),
		esc(cmp.Or(p.Title, url))), nil
}
