package rules

import (
	"iter"
	"net/url"
	"path"
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// objectName: an embedded picture, sound or film says what it is.
var objectName = &act.Rule{
	ID:       "object-name",
	ACT:      []string{"8fc3b6"},
	Criteria: []wcag.SC{"1.1.1"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.Is("object") && p.Tree.ExplicitRole(e) == aria.NoRole && embedsMedia(e) && p.Exposed(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		if name := p.Name(e); !blank(name) {
			return act.Pass("named").With("name", name)
		}
		return act.Fail("no-name").With("file", path.Base(e.Get("data"))).OnAttr(e, "data")
	},
}

// mediaFiles are the extensions of files that browsers show or play. An
// object with another file may hold anything; the rule leaves it alone.
var mediaFiles = strings.Fields(".apng .avif .bmp .gif .jpeg .jpg .png .svg .webp " +
	".aac .flac .m4a .mp3 .oga .ogg .opus .wav .m4v .mov .mp4 .ogv .webm")

// embedsMedia tells by the type attribute, else by the file name, whether an
// object holds an image, sound or film.
func embedsMedia(e *dom.Node) bool {
	data := e.Get("data")
	if data == "" {
		return false
	}
	if t := strings.ToLower(strings.TrimSpace(e.Get("type"))); t != "" {
		return strings.HasPrefix(t, "image/") || strings.HasPrefix(t, "audio/") || strings.HasPrefix(t, "video/")
	}
	u, err := url.Parse(strings.TrimSpace(data))
	return err == nil && slices.Contains(mediaFiles, strings.ToLower(path.Ext(u.Path)))
}
