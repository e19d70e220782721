package markdown

import (
	"strconv"
	"strings"
)

// needsParent lists elements that mean nothing outside another; elsewhere
// they are written as a plain division.
var needsParent = map[tag]tag{tagSummary: tagDetails, tagFigcaption: tagFigure}

// rawElement opens an element for the author, if it can stand here so that
// the page parses back to the same tree.
func (r *renderer) rawElement(t tag, tg *rawTag) {
	if len(r.stack) >= maxRaw {
		r.drop(tg.src, tg.name, "elements are nested too deep", "")
		r.refused[t]++
		return
	}
	if r.oneLine && t.is(block|structure|cell) {
		r.drop(tg.src, tg.name, "it cannot stand in a line of text", "")
		r.refused[t]++
		return
	}
	name := t
	if !r.fits(&t, tg) {
		r.refused[name]++
		if name.is(block | cell | structure) {
			r.partWords(tg.src)
		}
		return
	}
	if t == tagA && !r.linkTarget(tg) {
		r.refused[name]++
		return
	}
	if t.is(void) {
		r.voidStart(t, tg.src)
	} else {
		r.push(t, name, fromRaw, tg.src)
	}
	id := r.rawAttrs(t, tg)
	if id == "" && t.isHeading() {
		id = r.uniqueID(slug(tg.text))
		r.attr("id", id)
	}
	r.out = append(r.out, '>')
	if f := r.top(); t == tagA && f.link > 0 {
		f.plain = len(r.plain)
		r.capture++
	}
	if t.isHeading() {
		r.startHeading(int(t-tagH1)+1, id, tg.src)
	}
}

// voidStart writes the start of an element without content.
func (r *renderer) voidStart(t tag, src int) {
	r.fixed(src)
	r.out = append(r.out, '<')
	r.out = append(r.out, elements[t].name...)
	r.afterBlock = t.is(block) || t == tagCol
	r.inWord = false
}

// fits makes room for a raw element, or reports why there is none. It may
// change the element into one that fits.
func (r *renderer) fits(t *tag, tg *rawTag) bool {
	switch {
	case t.is(structure|cell) && *t != tagTable, *t == tagCol:
		return r.tablePart(*t, tg)
	case *t == tagLi:
		return r.item(t, tg, []tag{tagLi}, tagUl, tagOl)
	case *t == tagDt, *t == tagDd:
		return r.item(t, tg, []tag{tagDt, tagDd}, tagDl, tagDl)
	case *t == tagRt, *t == tagRp:
		return r.rubyPart(tg)
	}
	r.room(tg.src)
	if t.isHeading() {
		if i, free := r.findHeading(); i >= 0 {
			if !free {
				r.drop(tg.src, tg.name, "a heading cannot stand in a heading", "")
				return false
			}
			r.closeDown(i)
		}
	}
	if *t == tagA && !r.leaveLink(tg) {
		return false
	}
	if parent, ok := needsParent[*t]; ok && r.top().tag != parent {
		*t = tagDiv
	}
	return !t.is(block) || r.leaveParagraph(tg)
}

// leaveParagraph closes an open <p>, as the start tag of a block does.
func (r *renderer) leaveParagraph(tg *rawTag) bool {
	i, free := r.find(tagP)
	if i < 0 {
		return true
	}
	if !free {
		r.drop(tg.src, tg.name, "it cannot stand in a paragraph", "part it from the text by empty lines")
		return false
	}
	r.closeDown(i)
	return true
}

// leaveLink closes an open link, because links do not nest.
func (r *renderer) leaveLink(tg *rawTag) bool {
	if r.inLink == 0 {
		return true
	}
	i, free := r.find(tagA)
	if i < 0 || !free {
		r.notice("nested-link", tg.src, "a link cannot stand inside another; only its text is kept", "")
		return false
	}
	r.notice("nested-link", tg.src, "a link cannot stand inside another; the one before ends here", "write its end tag </a>")
	r.closeDown(i)
	return true
}

// item makes room for an item of a list. Outside a list it becomes a
// division.
func (r *renderer) item(t *tag, tg *rawTag, siblings []tag, list, other tag) bool {
	at := -1
	for i := len(r.stack) - 1; i >= 0; i-- {
		f := &r.stack[i]
		if f.tag == siblings[0] || f.tag == siblings[len(siblings)-1] {
			if f.origin == fromMarkdown {
				break
			}
			at = i
			continue
		}
		if f.origin == fromMarkdown || f.tag.is(cell) || f.tag == tagTable {
			break
		}
		if f.tag == list || f.tag == other {
			if at >= 0 {
				r.closeDown(at)
			}
			return r.leaveParagraph(tg)
		}
	}
	r.notice("item-outside-list", tg.src, "<{name}> stands in no list; it is written as <div>", "", "name", tg.name)
	*t = tagDiv
	r.room(tg.src)
	return r.leaveParagraph(tg)
}

// rubyPart makes room for the reading of a ruby.
func (r *renderer) rubyPart(tg *rawTag) bool {
	i, free := r.find(tagRuby)
	if i < 0 || !free {
		r.drop(tg.src, tg.name, "it stands in no <ruby>", "")
		return false
	}
	r.closeDown(i + 1)
	return true
}

// tablePart closes and opens parts of the innermost table until t can stand
// in it (HTML 13.2.6.4.9 to 13.2.6.4.15).
func (r *renderer) tablePart(t tag, tg *rawTag) bool {
	table := -1
	for i := len(r.stack) - 1; i >= 0 && r.stack[i].origin != fromMarkdown; i-- {
		if r.stack[i].tag == tagTable {
			table = i
			break
		}
	}
	if table < 0 {
		r.drop(tg.src, tg.name, "it stands in no <table>", "")
		return false
	}
	switch t {
	case tagTr:
		r.toSection(table, tg.src)
	case tagTd, tagTh:
		for i := table + 1; i < len(r.stack); i++ {
			if r.stack[i].tag == tagTr {
				r.closeDown(i + 1)
				return true
			}
		}
		r.toSection(table, tg.src)
		r.open(tagTr, tagTr, implied, tg.src)
	case tagCol:
		if len(r.stack) > table+1 && r.stack[table+1].tag == tagColgroup {
			r.closeDown(table + 2)
			return true
		}
		r.closeDown(table + 1)
		r.open(tagColgroup, tagColgroup, implied, tg.src)
	default:
		r.closeDown(table + 1)
	}
	return true
}

// toSection closes what is open in a table down to the part that holds rows.
func (r *renderer) toSection(table, src int) {
	if len(r.stack) > table+1 {
		switch r.stack[table+1].tag {
		case tagThead, tagTbody, tagTfoot:
			r.closeDown(table + 2)
			return
		}
	}
	r.closeDown(table + 1)
	r.open(tagTbody, tagTbody, implied, src)
}

// linkTarget reports whether a raw link leads somewhere or is at least a
// place to lead to.
func (r *renderer) linkTarget(tg *rawTag) bool {
	for _, a := range tg.attrs {
		if a.name == "href" && strings.TrimSpace(a.value) != "" && !r.checkURL(a.value, a.valueSrc) {
			return false
		}
	}
	return true
}

// rawAttrs writes the attributes that the allow-list has and returns the id.
func (r *renderer) rawAttrs(t tag, tg *rawTag) (id string) {
	for _, a := range tg.attrs {
		switch {
		case t == tagA && a.name == "href":
			if strings.TrimSpace(a.value) != "" {
				r.urlAttr(a, SlotLink, LinkPage)
				r.top().link = len(r.doc.Links)
			}
		case a.name == "cite" && t.allows("cite"):
			if s := scheme(a.value); s == "" || s == "http" || s == "https" {
				r.urlAttr(a, SlotMedia, LinkCite)
			} else {
				r.dropAttr(a, tg.name)
			}
		case a.name == "id", a.name == "name" && t == tagA:
			if id == "" {
				id = r.rawID(a)
			}
		case a.name == "rel" && t == tagA:
			// says nothing to readers
		case a.name == "class":
			r.rawClass(a, tg.name)
		case t.allows(a.name) && goodValue(a.name, &a.value):
			r.attr(a.name, a.value)
		default:
			r.dropAttr(a, tg.name)
		}
	}
	return id
}

// rawClass writes those classes that the theme lists.
func (r *renderer) rawClass(a rawAttr, name string) {
	words := strings.Fields(a.value)
	kept := words[:0:0]
	for _, c := range words {
		if r.c.classes[c] {
			kept = append(kept, c)
		}
	}
	if len(kept) > 0 {
		r.attr("class", strings.Join(kept, " "))
	}
	if len(kept) < len(words) {
		r.dropAttr(a, name)
	}
}

// endRawLink keeps the text of a link of raw HTML.
func (r *renderer) endRawLink(f *frame) {
	r.capture--
	r.doc.Links[f.link-1].Text = strings.Join(strings.Fields(string(r.plain[f.plain:])), " ")
	if r.capture == 0 {
		r.plain = r.plain[:f.plain]
	}
}

// urlAttr writes an attribute whose value the page writer fills in.
func (r *renderer) urlAttr(a rawAttr, kind SlotKind, link LinkKind) {
	i := r.addLink(link, a.value, a.valueSrc)
	r.out = append(r.out, ' ')
	r.out = append(r.out, a.name...)
	r.out = append(r.out, '=', '"')
	r.slot(kind, i)
	r.out = append(r.out, '"')
}

// rawID writes an id that the author has chosen.
func (r *renderer) rawID(a rawAttr) string {
	id := strings.TrimSpace(a.value)
	if id == "" || strings.ContainsAny(id, " \t\n\r\f") || len(id) > maxSlug {
		r.notice("bad-id", a.src, "an id is one word; this one is left out", "")
		return ""
	}
	if full := r.c.opt.IDPrefix + id; r.ids[full] > 0 || r.c.isReserved(full) {
		r.warn("duplicate-id", a.src, "the id \"{id}\" is used already on this page; this one is left out", "choose another id", "id", id)
		return ""
	}
	id = r.uniqueID(id)
	r.attr("id", id)
	return id
}

// goodValue reports whether an attribute may have its value, and cleans it.
func goodValue(name string, value *string) bool {
	v := strings.TrimSpace(*value)
	switch name {
	case "lang":
		return langTag.MatchString(v)
	case "dir":
		v = strings.ToLower(v)
		*value = v
		return v == "ltr" || v == "rtl" || v == "auto"
	case "span", "colspan":
		return inRange(v, 1, 1000)
	case "rowspan":
		return inRange(v, 0, 65534)
	case "start", "value":
		return inRange(v, -1_000_000, 1_000_000)
	case "type":
		return len(v) == 1 && strings.Contains("1aAiI", v)
	case "scope":
		v = strings.ToLower(v)
		*value = v
		return v == "row" || v == "col" || v == "rowgroup" || v == "colgroup"
	case "reversed", "open":
		*value = ""
		return true
	case "datetime":
		return v != "" && strings.Trim(v, "0123456789-+:.TtZzPpWwDdHhMmSsYy ") == ""
	case "hreflang":
		return langTag.MatchString(v)
	case "title", "abbr", "headers":
		return v != ""
	}
	return false
}

func inRange(v string, lo, hi int) bool {
	n, err := strconv.Atoi(v)
	return err == nil && n >= lo && n <= hi
}
