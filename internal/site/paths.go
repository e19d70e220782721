package site

import (
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"handrail/internal/diag"
	"handrail/internal/schema"
)

// reserved are the first segments of addresses that editions, the server and
// the build itself use. Languages come on top.
var reserved = []string{
	"care", "f", "case", "api", "prefs", "prefs.css", "continue", "healthz", "verify", "search",
	"rating", "letters", "consultations", "bookings", "open311", "desk", "edit", ".handrail", "assets", "static",
}

// segment turns a file name or a word into a part of a path: NFC, ASCII in
// lower case, no spaces, and nothing that would have to be escaped.
func segment(name string) string {
	if plainSegment(name) {
		return name
	}
	var b strings.Builder
	dash := false
	for _, r := range norm.NFC.String(name) {
		switch {
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\?#%"<>|:*^[]{}`+"`\uFFFD", r):
			dash = b.Len() > 0
			continue
		}
		if dash {
			b.WriteByte('-')
			dash = false
		}
		b.WriteRune(r)
	}
	s := strings.TrimLeft(b.String(), ".")
	if s == "" {
		return "-"
	}
	return s
}

// wordSegment is segment for a word of an author's: whole sentences are cut,
// because file names may have 255 bytes.
func wordSegment(word string) string {
	seg := segment(word)
	if len(seg) <= 200 {
		return seg
	}
	h := fnv.New32a()
	h.Write([]byte(seg))
	cut := strings.ToValidUTF8(seg[:180], "")
	return fmt.Sprintf("%s-%08x", cut, h.Sum32())
}

// plainSegment reports whether a name is a segment as it is; most are.
func plainSegment(s string) bool {
	if s == "" || s[0] == '.' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' {
			continue
		}
		return false
	}
	return true
}

// A flaw is what keeps a text from being an address.
type flaw struct{ code, en string }

var (
	fine        = flaw{}
	badEscapes  = flaw{"path-escapes", "its %-signs do not form characters"}
	otherSite   = flaw{"path-external", "it is an address of another site"}
	invisible   = flaw{"path-invisible", "it holds characters that nobody can see"}
	badChars    = flaw{"path-characters", "it holds characters that an address cannot have"}
	twoSlashes  = flaw{"path-slashes", "it has two slashes in a row"}
	climbs      = flaw{"path-dots", "it climbs from folder to folder with dots"}
	tooLong     = flaw{"path-long", "a part of it is longer than file names may be"}
	slugSlash   = flaw{"slug-slash", "it holds a slash; a slug is one part of the address"}
	homeAddress = flaw{"path-home", "it is the home page"}
)

// cleanPath checks an address that an author wrote and brings it into the
// form of our own: from / on, NFC, ASCII in lower case, with / at the end
// unless it names an .html file.
func cleanPath(s string) (string, flaw) {
	dec, err := url.PathUnescape(s)
	switch {
	case err != nil:
		return "", badEscapes
	case strings.Contains(s, "://") || strings.HasPrefix(s, "//"):
		return "", otherSite
	case strings.ContainsFunc(dec, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }):
		return "", invisible
	case strings.ContainsAny(dec, "\\?#\"<>|^`{}\uFFFD"):
		return "", badChars
	case strings.Contains(dec, "//"):
		return "", twoSlashes
	}
	for seg := range strings.SplitSeq(dec, "/") {
		if seg == "." || seg == ".." {
			return "", climbs
		}
		if len(seg) > 240 {
			return "", tooLong
		}
	}
	p := "/" + strings.Trim(lowerASCII(norm.NFC.String(strings.ReplaceAll(dec, " ", "-"))), "/")
	switch {
	case p == "/":
	case strings.HasSuffix(p, "/index.html"):
		p = strings.TrimSuffix(p, "index.html")
	case !strings.HasSuffix(p, ".html") && !strings.HasSuffix(p, ".htm"):
		p += "/"
	}
	return p, fine
}

func lowerASCII(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				if b[j] >= 'A' && b[j] <= 'Z' {
					b[j] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

// firstSegment returns the part of a path before its second slash.
func firstSegment(path string) string {
	seg, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return seg
}

// setPaths gives every page its path, from home down.
func (b *builder) setPaths(p *Page) {
	switch {
	case p.Parent == nil:
		p.Path = p.Lang.Prefix + "/"
	case strings.HasSuffix(p.Parent.Path, "/"):
		p.Path = p.Parent.Path + p.segment + "/"
	default:
		p.Path = p.Parent.Path + "/" + p.segment + "/"
	}
	b.ownPath(p)
	if p.Parent != nil && p.Parent.Parent == nil || p.Get("url") != nil {
		b.checkReserved(p)
	}
	for _, c := range p.Children {
		b.setPaths(c)
	}
}

// ownPath applies the author's slug and url.
func (b *builder) ownPath(p *Page) {
	if p.File == nil || p.Parent == nil {
		return
	}
	if v := p.File.Front.Get("slug"); v != nil {
		if strings.ContainsAny(v.Text, `/\`) || v.Text == "" {
			b.badPath(p, v, slugSlash)
		} else if clean, wrong := cleanPath(v.Text); wrong != fine {
			b.badPath(p, v, wrong)
		} else if clean != "/" {
			p.Path = strings.TrimSuffix(p.Parent.Path, "/") + strings.TrimSuffix(clean, "/") + "/"
		}
	}
	if v := p.File.Front.Get("url"); v != nil {
		if clean, wrong := cleanPath(v.Text); wrong != fine {
			b.badPath(p, v, wrong)
		} else if clean == "/" {
			b.badPath(p, v, homeAddress)
		} else {
			p.Path = p.Lang.Prefix + clean
		}
	}
}

func (b *builder) badPath(p *Page, v *schema.Value, why flaw) {
	b.diags.Add(why.at(p.File.Pos(v), v.Text))
}

func (w flaw) at(pos diag.Pos, path string) *diag.Diagnostic {
	return &diag.Diagnostic{
		Pos: pos, Code: w.code, Msg: fmt.Sprintf("%q cannot be an address: %s", path, w.en),
		Hint: "write it like /services/pension/", Args: map[string]any{"path": path},
	}
}

// checkReserved reports a page whose address begins like one of ours.
func (b *builder) checkReserved(p *Page) {
	seg := firstSegment(strings.TrimPrefix(p.Path, p.Lang.Prefix))
	if !b.isReserved(seg) {
		return
	}
	pos := p.Pos()
	for _, key := range []string{"url", "slug"} {
		if v := p.Get(key); v != nil {
			pos = p.File.Pos(v)
			break
		}
	}
	if pos.IsZero() { // a folder without an index
		pos = firstFile(p)
	}
	b.diags.Add(reservedError(pos, seg))
}

func (b *builder) isReserved(seg string) bool {
	return slices.Contains(reserved, seg) || slices.ContainsFunc(b.site.Langs, func(l *Lang) bool {
		return strings.EqualFold(l.Tag, seg)
	})
}

func reservedError(pos diag.Pos, seg string) *diag.Diagnostic {
	return &diag.Diagnostic{
		Pos: pos, Code: "reserved-path",
		Msg:  fmt.Sprintf("addresses that begin with /%s/ are reserved for Handrail itself", seg),
		Hint: "choose another name", Args: map[string]any{"segment": seg},
	}
}

// firstFile returns the place of the first page below p that has a file.
func firstFile(p *Page) diag.Pos {
	for _, c := range p.Children {
		if pos := c.Pos(); !pos.IsZero() {
			return pos
		}
		if pos := firstFile(c); !pos.IsZero() {
			return pos
		}
	}
	return diag.Pos{}
}
