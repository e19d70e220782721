package render

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"strings"

	"handrail/internal/diag"
	"handrail/internal/site"
)

// moved is the page at an old address, for hosts that read no _redirects. It
// works without script, and its link works without the refresh.
var moved = template.Must(template.New("moved").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}" dir="{{.Dir}}">
<meta charset="utf-8">
<title>{{.Heading}}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={{.URL}}">
<link rel="canonical" href="{{.Canonical}}">
<main>
<h1>{{.Heading}}</h1>
<p><a href="{{.URL}}">{{.Title}}</a></p>
</main>
</html>
`))

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
			Msg: `no catalogue has the message "moved.title"`}
	}
	var b bytes.Buffer
	err := moved.Execute(&b, map[string]any{
		"Lang": p.Lang.HTML, "Dir": p.Lang.Dir, "Heading": heading, "Title": cmp.Or(p.Title, url),
		"URL": escapePath(url), "Canonical": r.canonical(p),
	})
	return b.Bytes(), err
}
