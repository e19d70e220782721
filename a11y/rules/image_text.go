package rules

import (
	"iter"
	"path"
	"regexp"
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// imageText: the text of a picture is no file name and no mere "picture". A
// house rule: whether another text fits what is shown (ACT qt1vmo) is for
// people to judge.
var imageText = &act.Rule{
	ID:       "image-text",
	Criteria: []wcag.SC{"1.1.1"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			picture := e.Is("img", "canvas") || e.NS == dom.SVG && e.Name == "svg"
			return picture && p.Visible(e) && p.Exposed(e) && p.Name(e) != ""
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		name := p.Name(e)
		switch {
		case fileName(name):
			return act.Fail("file-name").With("name", name).OnAttr(e, "alt")
		case slices.Contains(emptyImageTexts, bare(name)), numbered.MatchString(name):
			return act.Fail("empty-word").With("name", name).OnAttr(e, "alt")
		}
		return act.Pass("says-more").With("name", name)
	},
}

// emptyImageTexts fit any picture; without case, spaces and punctuation.
var emptyImageTexts = strings.Fields(`
	image images img picture photo photograph graphic imagehere placeholder spacer untitled alt alttext
	图片 图像 照片 图 插图 配图 图片说明 صورة
`)

// numbered are the names that cameras, telephones and programs give to
// pictures, and words that fit any with a number.
var numbered = regexp.MustCompile(`(?i)^\s*(?:(?:dsc[nf]?|_?dsc|img|pict|imgp|dji|pxl|gopr|mmexport|wx_camera|screenshot|screen shot|微信图片|微信截图|屏幕截图|屏幕快照|qq截图|qq图片|截屏|截图)[-_ ]*[0-9][-_. 0-9a-z（）()]*|(?:image|picture|photo|pic|figure|fig\.?|图片?|图像|照片|插图|配图)[-_ ]*[0-9]{1,4})\s*$`)

// fileName reports whether a text is the name of a picture file.
func fileName(s string) bool {
	if strings.ContainsAny(s, " \t\n") && !strings.Contains(s, "/") {
		return false
	}
	ext := strings.ToLower(path.Ext(s))
	return slices.Contains([]string{".apng", ".avif", ".bmp", ".gif", ".heic", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff", ".webp"}, ext) && len(s) > len(ext)
}
