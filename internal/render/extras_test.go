package render

import (
	"encoding/json"
	"encoding/xml"
	"io/fs"
	"strings"
	"testing"

	"handrail/internal/site"
	"handrail/internal/theme"
)

func extras(t *testing.T, r *Renderer) map[string]string {
	t.Helper()
	list, err := r.Extras([]string{site.Standard, site.Care})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for i, f := range list {
		if i > 0 && list[i-1].Path >= f.Path {
			t.Errorf("%s stands after %s", f.Path, list[i-1].Path)
		}
		out[f.Path] = string(f.Data)
	}
	return out
}

func TestExtras(t *testing.T) {
	r := build(t, files(t), Options{})
	got := extras(t, r)
	for name, wants := range map[string][]string{
		"robots.txt": {"Sitemap: https://town.example/sitemap.xml"},
		"sitemap.xml": {
			"<loc>https://town.example/services/card/</loc><lastmod>2026-04-01</lastmod>",
			`<xhtml:link rel="alternate" hreflang="zh-CN" href="https://town.example/zh-hans/visit/"></xhtml:link>`,
			`hreflang="x-default" href="https://town.example/visit/"`,
		},
		"services/feed.xml": {"<title>Bus card &amp; more</title>", "<updated>2026-04-01T00:00:00Z</updated>", `href="https://town.example/services/card/"`},
		"feed.json":         {`"title":"Bus card & more"`, `"date_published":"2026-03-05T00:00:00Z"`, `"language":"en"`},
		"_redirects":        {"/old/card/ /services/card/ 301\n", "/care/old/card/ /care/services/card/ 301\n"},
		"old/card/index.html": {`<meta http-equiv="refresh" content="0; url=/services/card/">`, `<a href="/services/card/">Bus card &amp; more</a>`,
			`<link rel="canonical" href="https://town.example/services/card/">`, `lang="en"`},
		"care/old/card/index.html":     {`url=/care/services/card/`, `<link rel="canonical" href="https://town.example/services/card/">`},
		"manifest.webmanifest":         {`"name":"Town hall"`, `"start_url":"/"`, `"type":"image/svg+xml"`},
		"zh-hans/manifest.webmanifest": {`"name":"市政厅"`, `"lang":"zh-CN"`},
		"care/manifest.webmanifest":    {`"start_url":"/care/"`},
		"_headers":                     {"default-src 'none'; script-src 'self' 'sha256-", "nosniff", "/assets/*\n  Cache-Control: max-age=31536000, immutable"},
	} {
		for _, want := range wants {
			if !strings.Contains(got[name], want) {
				t.Errorf("%s lacks %s:\n%s", name, want, got[name])
			}
		}
	}
	if strings.Contains(got["sitemap.xml"], "/care/") || strings.Contains(got["sitemap.xml"], "404") {
		t.Error("the sitemap names care pages or the page for lost readers")
	}
	if strings.Contains(got["_headers"], "unsafe") {
		t.Error("the policy allows something unsafe")
	}
	if _, ok := got["zh-hans/feed.xml"]; ok {
		t.Error("a language without dated pages has a feed")
	}
	for name, text := range got {
		switch {
		case strings.HasSuffix(name, ".xml"):
			var v struct{ XMLName xml.Name }
			if err := xml.Unmarshal([]byte(text), &v); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case strings.HasSuffix(name, "json"), strings.HasSuffix(name, ".webmanifest"):
			if !json.Valid([]byte(text)) {
				t.Errorf("%s is no JSON", name)
			}
		}
	}
}

func TestThePolicyAllowsTheHeadScript(t *testing.T) {
	r := build(t, files(t), Options{})
	page := string(render(t, r, "/", site.Standard).HTML)
	_, rest, _ := strings.Cut(page, "<script>")
	script, _, _ := strings.Cut(rest, "</script>")
	if script != r.opt.Assets.HeadScript() || !strings.Contains(r.Policy(), r.opt.Assets.HeadScriptHash()) {
		t.Errorf("the page carries %q, the policy allows another script", script)
	}
}

func TestASiteWithoutAnAddressHasNoFeeds(t *testing.T) {
	m := files(t)
	m["site.yaml"].Data = []byte(strings.Replace(string(m["site.yaml"].Data), "base-url: https://town.example\n", "", 1))
	got := extras(t, build(t, m, Options{}))
	for _, name := range []string{"sitemap.xml", "feed.xml", "services/feed.xml"} {
		if _, ok := got[name]; ok {
			t.Errorf("%s is written, and its addresses cannot be absolute", name)
		}
	}
	if strings.Contains(got["robots.txt"], "Sitemap") {
		t.Error("robots.txt names a sitemap that does not exist")
	}
}

func TestTheOnlyEditionIsCanonical(t *testing.T) {
	r := build(t, files(t), Options{})
	base, err := fs.Sub(files(t, "theme/layouts/care/base.html", `{{if .HasOther}}other{{end}}{{.Canonical}} {{range .Alternates}}{{.HrefLang}} {{end}}`), "theme")
	if err != nil {
		t.Fatal(err)
	}
	r.opt.Theme, _ = theme.Load([]theme.Layer{{FS: base, Name: "theme"}}, []string{site.Care}, Funcs())
	if got, want := string(render(t, r, "/visit/", site.Care).HTML), "https://town.example/care/visit/ en zh-CN x-default "; got != want {
		t.Errorf("care alone: %q; want %q", got, want)
	}
	if s := extras(t, r)["sitemap.xml"]; !strings.Contains(s, "<loc>https://town.example/care/visit/</loc>") {
		t.Errorf("sitemap of a site with the care edition only: %s", s)
	}
}

func TestALongSitemapIsSplit(t *testing.T) {
	r := build(t, files(t), Options{})
	files, err := r.sitemaps([]sitemapURL{{Loc: "a"}, {Loc: "b"}, {Loc: "c"}}, 2)
	if err != nil || len(files) != 3 || files[2].Path != "sitemap.xml" || !strings.Contains(string(files[2].Data), "https://town.example/sitemap-2.xml") {
		t.Errorf("%v, %v; want two parts and an index", files, err)
	}
}
