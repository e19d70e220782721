package markdown

import "strings"

// A tag is an element that a body may hold.
type tag uint8

const (
	tagNone tag = iota
	tagA
	tagAbbr
	tagArticle
	tagAside
	tagB
	tagBdi
	tagBdo
	tagBlockquote
	tagBr
	tagCaption
	tagCite
	tagCode
	tagCol
	tagColgroup
	tagDd
	tagDel
	tagDetails
	tagDfn
	tagDiv
	tagDl
	tagDt
	tagEm
	tagFigcaption
	tagFigure
	tagH1
	tagH2
	tagH3
	tagH4
	tagH5
	tagH6
	tagHgroup
	tagHr
	tagI
	tagImg
	tagIns
	tagKbd
	tagLi
	tagMark
	tagOl
	tagP
	tagPre
	tagQ
	tagRp
	tagRt
	tagRuby
	tagS
	tagSamp
	tagSection
	tagSmall
	tagSpan
	tagStrong
	tagSub
	tagSummary
	tagSup
	tagTable
	tagTbody
	tagTd
	tagTfoot
	tagTh
	tagThead
	tagTime
	tagTr
	tagU
	tagUl
	tagVar
	tagWbr
	tagDirective // not an element: the inner body of a directive
	tagCount
)

// traits say how the HTML parser treats an element.
type traits uint16

const (
	void       traits = 1 << iota
	block             // its start tag closes an open p (HTML 13.2.6.4.7)
	impliedEnd        // its end tag may be left out
	structure         // part of a table that holds no text of its own
	cell              // ends the scope of everything outside it
	listLike          // holds li, or dt and dd
)

// An element is a row of the table below: what the body may hold, and what
// raw HTML may say on it besides globalAttrs.
type element struct {
	name   string
	traits traits
	attrs  string // names of attributes raw HTML may use, space separated
}

// elements is the allow-list of raw HTML. What is not here is dropped, with
// its text kept, or shown as text when it is no HTML at all.
var elements = [tagCount]element{
	tagA:          {"a", 0, "href hreflang name"},
	tagAbbr:       {"abbr", 0, ""},
	tagArticle:    {"article", block, ""},
	tagAside:      {"aside", block, ""},
	tagB:          {"b", 0, ""},
	tagBdi:        {"bdi", 0, ""},
	tagBdo:        {"bdo", 0, ""},
	tagBlockquote: {"blockquote", block, "cite"},
	tagBr:         {"br", void, ""},
	tagCaption:    {"caption", cell | impliedEnd, ""},
	tagCite:       {"cite", 0, ""},
	tagCode:       {"code", 0, ""},
	tagCol:        {"col", void, "span"},
	tagColgroup:   {"colgroup", structure | impliedEnd, "span"},
	tagDd:         {"dd", block | impliedEnd, ""},
	tagDel:        {"del", 0, "cite datetime"},
	tagDetails:    {"details", block, "open"},
	tagDfn:        {"dfn", 0, ""},
	tagDiv:        {"div", block, ""},
	tagDl:         {"dl", block | listLike, ""},
	tagDt:         {"dt", block | impliedEnd, ""},
	tagEm:         {"em", 0, ""},
	tagFigcaption: {"figcaption", block, ""},
	tagFigure:     {"figure", block, ""},
	tagH1:         {"h1", block, ""},
	tagH2:         {"h2", block, ""},
	tagH3:         {"h3", block, ""},
	tagH4:         {"h4", block, ""},
	tagH5:         {"h5", block, ""},
	tagH6:         {"h6", block, ""},
	tagHgroup:     {"hgroup", block, ""},
	tagHr:         {"hr", void | block, ""},
	tagI:          {"i", 0, ""},
	tagImg:        {"img", void, "src alt width height"},
	tagIns:        {"ins", 0, "cite datetime"},
	tagKbd:        {"kbd", 0, ""},
	tagLi:         {"li", block | impliedEnd, "value"},
	tagMark:       {"mark", 0, ""},
	tagOl:         {"ol", block | listLike, "start reversed type"},
	tagP:          {"p", block | impliedEnd, ""},
	tagPre:        {"pre", block, ""},
	tagQ:          {"q", 0, "cite"},
	tagRp:         {"rp", impliedEnd, ""},
	tagRt:         {"rt", impliedEnd, ""},
	tagRuby:       {"ruby", 0, ""},
	tagS:          {"s", 0, ""},
	tagSamp:       {"samp", 0, ""},
	tagSection:    {"section", block, ""},
	tagSmall:      {"small", 0, ""},
	tagSpan:       {"span", 0, ""},
	tagStrong:     {"strong", 0, ""},
	tagSub:        {"sub", 0, ""},
	tagSummary:    {"summary", block, ""},
	tagSup:        {"sup", 0, ""},
	tagTable:      {"table", block | structure, ""},
	tagTbody:      {"tbody", structure | impliedEnd, ""},
	tagTd:         {"td", cell | impliedEnd, "colspan rowspan headers"},
	tagTfoot:      {"tfoot", structure | impliedEnd, ""},
	tagTh:         {"th", cell | impliedEnd, "colspan rowspan headers scope abbr"},
	tagThead:      {"thead", structure | impliedEnd, ""},
	tagTime:       {"time", 0, "datetime"},
	tagTr:         {"tr", structure | impliedEnd, ""},
	tagU:          {"u", 0, ""},
	tagUl:         {"ul", block | listLike, ""},
	tagVar:        {"var", 0, ""},
	tagWbr:        {"wbr", void, ""},
}

// globalAttrs may stand on every element; class keeps only listed classes.
const globalAttrs = "id lang dir title class"

// renamed elements are written as another that says the same today.
var renamed = map[string]tag{
	"acronym": tagAbbr, "center": tagDiv, "strike": tagS, "tt": tagCode,
}

// dropped is HTML that is not allowed: its tags go, its text stays. The value
// is a hint for the author, the key of dropHints.
var dropped = map[string]string{
	"address": "", "area": "", "audio": "media", "base": "", "basefont": "", "bgsound": "",
	"big": "style", "blink": "style", "body": "", "button": "form", "canvas": "", "command": "",
	"content": "", "data": "", "datalist": "form", "dialog": "", "dir": "", "embed": "media",
	"fieldset": "form", "font": "style", "footer": "layout", "form": "form", "frame": "", "frameset": "",
	"head": "", "header": "layout", "html": "", "image": "", "input": "form", "keygen": "form",
	"label": "form", "legend": "form", "link": "style", "main": "layout", "map": "", "marquee": "style",
	"menu": "", "menuitem": "", "meta": "", "meter": "", "nav": "layout", "nobr": "style",
	"noscript": "", "object": "media", "optgroup": "form", "option": "form", "output": "form",
	"param": "", "picture": "", "portal": "", "progress": "", "rb": "", "rtc": "", "search": "layout",
	"select": "form", "selectedcontent": "form", "slot": "", "source": "media", "spacer": "",
	"textarea": "form", "track": "media", "video": "media",
}

// withContent is HTML that goes with all that stands in it.
var withContent = map[string]bool{
	"applet": true, "iframe": true, "math": true, "noembed": true, "noframes": true, "plaintext": true,
	"script": true, "style": true, "svg": true, "template": true, "title": true, "xmp": true,
}

// dropHints tell authors what to write instead.
var dropHints = map[string]string{
	"form":   "a page takes no input by itself; link to a form page",
	"layout": "the theme draws this part of the page; a heading starts a section",
	"media":  "use the directive :::video or :::audio, which asks for captions or a transcript",
	"style":  "the theme decides how text looks",
}

var tagByName = func() map[string]tag {
	m := make(map[string]tag, tagCount)
	for t := tagNone + 1; t < tagDirective; t++ {
		m[elements[t].name] = t
	}
	for name, t := range renamed {
		m[name] = t
	}
	return m
}()

// isHTML reports whether a name belongs to HTML at all.
func isHTML(name string) bool {
	if _, ok := dropped[name]; ok {
		return true
	}
	return tagByName[name] != tagNone || withContent[name]
}

// allows reports whether raw HTML may set an attribute on t.
func (t tag) allows(attr string) bool {
	return hasWord(globalAttrs, attr) || hasWord(elements[t].attrs, attr)
}

func (t tag) is(f traits) bool { return elements[t].traits&f != 0 }

func (t tag) isHeading() bool { return t >= tagH1 && t <= tagH6 }

// hasWord reports whether list, words parted by single spaces, holds w.
func hasWord(list, w string) bool {
	for list != "" {
		var head string
		head, list, _ = strings.Cut(list, " ")
		if head == w {
			return true
		}
	}
	return false
}
