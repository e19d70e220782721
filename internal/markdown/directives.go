package markdown

import (
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"handrail/internal/chart"
)

// forms of a directive
type form uint8

const (
	container  form = 1 << iota // :::name … :::
	leaf                        // ::name
	inlineForm                  // :name[text]
)

// attrKind says what the value of an attribute must be.
type attrKind uint8

const (
	textAttr   attrKind = iota
	pageAttr            // path or URL of a page: checked as a link
	fileAttr            // path or URL of a file: checked as a link
	langAttr            // BCP 47 tag
	dirAttr             // ltr, rtl or auto
	dateAttr            // YYYY-MM-DD
	idAttr              // an id of its own
	classAttr           // one of the known classes
	wordAttr            // one of Words
	flagAttr            // stands without a value
	numberAttr          // a whole number, 0 or more
)

// An attrSpec is one attribute that a directive may have.
type attrSpec struct {
	key      string
	kind     attrKind
	required bool
	words    []string
}

// A directiveSpec is what authors may write.
type directiveSpec struct {
	name      string
	forms     form
	needTitle bool       // [Title] is required
	oneOf     [][]string // of each group one attribute must be there …
	orBody    bool       // … or the directive has a body
	attrs     []attrSpec
	use       string // the syntax, for hints
}

// everyDirective may have these.
var everyDirective = []attrSpec{{key: "id", kind: idAttr}, {key: "class", kind: classAttr}}

// headingAttrSpecs may stand at the end of a heading.
var headingAttrSpecs = append(everyDirective[:2:2], spanAttrs...)

// spanAttrs may stand on [text]{…}.
var spanAttrs = []attrSpec{{key: "lang", kind: langAttr}, {key: "dir", kind: dirAttr}}

// boxKind tells the boxes info and warning apart where other tools have more
// kinds; a theme may ignore it.
var boxKind = []attrSpec{{key: "kind", kind: wordAttr, words: []string{"tip", "important", "caution", "danger"}}}

// directiveSpecs are all directives. A theme has a template for each that is
// no inline form.
var directiveSpecs = []directiveSpec{
	{name: "summary", forms: container, use: ":::summary"},
	{name: "note", forms: container, attrs: boxKind, use: ":::note[Title]"},
	{name: "info", forms: container, attrs: boxKind, use: ":::info[Title]"},
	{name: "warning", forms: container, attrs: boxKind, use: ":::warning[Title]"},
	{name: "example", forms: container, use: ":::example[Title]"},
	{name: "steps", forms: container, use: ":::steps[Title]"},
	{name: "checklist", forms: container, use: ":::checklist[Title]"},
	{name: "timeline", forms: container, use: ":::timeline[Title]{now=2}", attrs: []attrSpec{{key: "now", kind: numberAttr, required: true}}},
	{name: "inset", forms: container, use: ":::inset"},
	{name: "untranslated", forms: container, use: ":::untranslated{lang=…}", attrs: []attrSpec{{key: "lang", kind: langAttr, required: true}}},
	{name: "part", forms: leaf, use: "::part{show=hours page=/offices/…}", attrs: []attrSpec{
		{key: "show", kind: wordAttr, required: true, words: pageParts}, {key: "page", kind: pageAttr, required: true}}},
	{name: "details", forms: container, needTitle: true, use: ":::details[Title]"},
	{name: "contact", forms: container | leaf, oneOf: [][]string{{"office", "department"}}, use: "::contact{office=…}",
		attrs: []attrSpec{{key: "office", kind: pageAttr}, {key: "department"}}},
	{name: "download", forms: container | leaf, use: "::download[Text]{file=…}",
		attrs: []attrSpec{{key: "file", kind: fileAttr, required: true}, {key: "lang", kind: langAttr}}},
	{name: "figure", forms: container | leaf, oneOf: [][]string{{"alt", "decorative"}}, use: ":::figure{src=… alt=\"…\"}",
		attrs: []attrSpec{{key: "src", kind: fileAttr, required: true}, {key: "alt"}, {key: "decorative", kind: flagAttr}}},
	{name: "video", forms: container | leaf, oneOf: [][]string{{"captions", "transcript"}}, orBody: true,
		use: "::video[Title]{src=… captions=…}", attrs: mediaAttrs},
	{name: "audio", forms: container | leaf, oneOf: [][]string{{"transcript", "captions"}}, orBody: true,
		use: "::audio[Title]{src=… transcript=…}", attrs: mediaAttrs},
	{name: "stat", forms: container | leaf, needTitle: true, use: "::stat[Number]{label=\"…\"}",
		attrs: []attrSpec{{key: "label", required: true}, {key: "source"}, {key: "date", kind: dateAttr}}},
	{name: "chart", forms: container, use: ":::chart[Title]{type=bar}",
		attrs: []attrSpec{{key: "type", kind: wordAttr, words: []string{chart.Bar, chart.Line, chart.Stacked}}, {key: "title"}}},

	{name: "gate-report", forms: leaf, use: "::gate-report"},
	{name: "offline", forms: leaf, use: "::offline"},
	{name: "glossary", forms: leaf, use: "::glossary{group=…}", attrs: []attrSpec{{key: "group"}}},

	{name: "term", forms: inlineForm, use: ":term[word]{def=\"…\"}",
		attrs: []attrSpec{{key: "def"}, {key: "page", kind: pageAttr}}},
	{name: "abbr", forms: inlineForm, use: ":abbr[WCAG]{title=\"…\"}", attrs: []attrSpec{{key: "title", required: true}}},
	{name: "ruby", forms: inlineForm, use: ":ruby[汉字]{hàn zì}"},
	{name: "date", forms: inlineForm, use: ":date[2026-03-05]", attrs: []attrSpec{{key: "datetime", kind: dateAttr}}},
}

// pageParts are the parts of another page that the directive part can show.
var pageParts = []string{
	"start", "facts", "papers", "steps", "journey", "where", "ask", "others", "money", "results", "hours", "address", "status", "topics",
}

var mediaAttrs = []attrSpec{
	{key: "src", kind: fileAttr, required: true}, {key: "captions", kind: fileAttr}, {key: "transcript", kind: pageAttr},
	{key: "sign", kind: fileAttr}, {key: "poster", kind: fileAttr}, {key: "lang", kind: langAttr},
}

// aliases are names that other tools use for boxes of ours, and GitHub's
// alerts. The second part is the attribute kind.
var aliases = map[string][2]string{
	"tip": {"info", "tip"}, "hint": {"info", "tip"}, "important": {"info", "important"},
	"caution": {"warning", "caution"}, "danger": {"warning", "danger"},
}

var specByName = func() map[string]*directiveSpec {
	m := make(map[string]*directiveSpec, len(directiveSpecs))
	for i := range directiveSpecs {
		m[directiveSpecs[i].name] = &directiveSpecs[i]
	}
	return m
}()

// directiveNames are all names that authors may write, for hints.
var directiveNames = func() []string {
	var list []string
	for name := range specByName {
		list = append(list, name)
	}
	for name := range aliases {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}()

// DirectiveNames returns the names of the directives that a theme has a
// template for, in order.
func DirectiveNames() []string {
	var list []string
	for _, s := range directiveSpecs {
		if s.forms&(container|leaf) != 0 {
			list = append(list, s.name)
		}
	}
	sort.Strings(list)
	return list
}

// lookUp finds the directive that an author means by name, and its kind.
func lookUp(name string) (*directiveSpec, string) {
	if a, ok := aliases[name]; ok {
		return specByName[a[0]], a[1]
	}
	return specByName[name], ""
}

// checkAttrs holds attributes against what owner may have and returns those
// that are good.
func (r *renderer) checkAttrs(owner string, specs []attrSpec, attrs attrList) attrList {
	good := attrs[:0:0]
	for _, a := range attrs {
		i := slices.IndexFunc(specs, func(s attrSpec) bool { return s.key == a.key })
		switch {
		case a.key == "class" && i >= 0:
			if !r.c.classes[a.value] {
				r.notice("unknown-class", a.pos, "the theme knows no class \"{class}\"; it is left out", "", "class", a.value)
				continue
			}
			if j := slices.IndexFunc(good, func(g attribute) bool { return g.key == "class" }); j >= 0 {
				good[j].value += " " + a.value
				continue
			}
		case i < 0:
			r.unknownAttr(owner, specs, a)
			continue
		case good.has(a.key):
			r.problem("duplicate-attribute", a.pos, "the attribute \"{attribute}\" is given twice", "", "attribute", a.key)
			continue
		case !r.checkValue(owner, specs[i], a):
			continue
		}
		good = append(good, a)
	}
	return good
}

// ownerZH names the owner of attributes in Chinese.
func ownerZH(owner string) string {
	switch owner {
	case "a heading":
		return "标题"
	case "an image":
		return "图片"
	}
	if name, ok := strings.CutPrefix(owner, "directive "); ok {
		return "指令“" + strings.Trim(name, `"`) + "”"
	}
	return owner
}

func (r *renderer) unknownAttr(owner string, specs []attrSpec, a attribute) {
	keys := make([]string, len(specs))
	for i, s := range specs {
		keys[i] = s.key
	}
	if guess := closest(a.key, keys); guess != "" {
		r.problem("unknown-attribute", a.pos, "{owner} has no attribute \"{attribute}\"; did you mean \"{guess}\"?",
			"", "owner", owner, "owner-zh", ownerZH(owner), "attribute", a.key, "guess", guess)
		return
	}
	r.problem("unknown-attribute", a.pos, "{owner} has no attribute \"{attribute}\"",
		"it may have: {words}", "owner", owner, "owner-zh", ownerZH(owner), "attribute", a.key, "words", strings.Join(keys, ", "))
}

var langTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

// checkValue reports a value of the wrong kind.
func (r *renderer) checkValue(owner string, s attrSpec, a attribute) bool {
	want, zh := "", ""
	switch s.kind {
	case flagAttr:
		if !a.bare {
			want, zh = "no value", "不带内容，只写名字"
		}
	case langAttr:
		if !langTag.MatchString(a.value) {
			want, zh = "a language tag such as \"en\" or \"zh-Hans\"", "语言标记，例如 en、zh-Hans"
		}
	case dirAttr:
		if a.value != "ltr" && a.value != "rtl" && a.value != "auto" {
			want, zh = "\"ltr\", \"rtl\" or \"auto\"", "ltr、rtl 或 auto"
		}
	case dateAttr:
		if _, ok := parseDate(a.value); !ok {
			want, zh = "a date such as 2026-03-05", "日期，例如 2026-03-05"
		}
	case numberAttr:
		if n, err := strconv.Atoi(a.value); err != nil || n < 0 {
			want, zh = "a whole number such as 2", "整数，例如 2"
		}
	case wordAttr:
		if !slices.Contains(s.words, a.value) {
			want, zh = "one of "+strings.Join(s.words, ", "), "这些词中的一个："+strings.Join(s.words, "、")
		}
	case pageAttr, fileAttr:
		if a.value != "" && !r.checkURL(a.value, a.valuePos) {
			return false
		}
		fallthrough
	default:
		if a.bare || strings.TrimSpace(a.value) == "" {
			want, zh = "a value", "内容，不能空着"
		}
	}
	if want == "" {
		return true
	}
	r.problem("bad-attribute", a.valuePos, "the attribute \"{attribute}\" of {owner} wants {want}", "",
		"attribute", a.key, "owner", owner, "owner-zh", ownerZH(owner), "want", want, "want-zh", zh)
	return false
}
