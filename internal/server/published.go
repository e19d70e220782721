package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// maxPage is how much of a page is read to find places in it.
const maxPage = 4 << 20

// A published page, as far as places in it go.
type published struct {
	title  string
	parts  []part
	blocks map[string]int // id of a block → the part that it is in, from 1
	live   bool           // the page names its blocks
	moved  string         // address of its blocks.json
}

// A part begins with a heading that can be linked to.
type part struct {
	id, block, title string
	level            int
}

// capture takes what a handler answers.
type capture struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (c *capture) Header() http.Header { return c.header }

func (c *capture) WriteHeader(code int) {
	if c.code == 0 {
		c.code = code
	}
}

func (c *capture) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	if c.body.Len()+len(b) > maxPage {
		return 0, http.ErrBodyNotAllowed
	}
	return c.body.Write(b)
}

// fetch reads a file of the site as a browser would get it.
func (s *Server) fetch(r *http.Request, path string) ([]byte, bool) {
	if s.opt.Static == nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return nil, false
	}
	in, err := http.NewRequestWithContext(r.Context(), http.MethodGet, (&url.URL{Path: path}).EscapedPath(), nil)
	if err != nil {
		return nil, false
	}
	c := &capture{header: http.Header{}}
	s.opt.Static.ServeHTTP(c, in)
	return c.body.Bytes(), c.code == http.StatusOK
}

// published reads a page of the site; ok is false where there is none.
func (s *Server) published(r *http.Request, path string) (p published, ok bool) {
	body, ok := s.fetch(r, path)
	if !ok || !strings.HasSuffix(path, "/") {
		return p, false
	}
	return readPage(body), true
}

// readPage finds title, headings and blocks.
func readPage(body []byte) published {
	p := published{blocks: map[string]int{}}
	z := html.NewTokenizer(bytes.NewReader(body))
	var text *string // of the heading that is open
	inMain, quiet := false, 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return p
		case html.TextToken:
			if text != nil && quiet == 0 {
				*text += string(z.Text())
			}
		case html.StartTagToken:
			t := z.Token()
			attr := attributes(t)
			switch t.Data {
			case "main":
				_, p.live = attr["data-page"]
				inMain, p.moved = true, attr["data-blocks"]
			case "h1":
				text = &p.title
			case "h2", "h3", "h4":
				if inMain && attr["id"] != "" {
					p.parts = append(p.parts, part{id: attr["id"], block: attr["data-b"], level: int(t.Data[1] - '0')})
					text = &p.parts[len(p.parts)-1].title
				}
			case "rt", "rp", "svg":
				quiet++
			}
			if b := attr["data-b"]; b != "" {
				p.blocks[b] = len(p.parts)
			}
		case html.EndTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "h1", "h2", "h3", "h4":
				if text != nil {
					*text = strings.Join(strings.Fields(*text), " ")
				}
				text = nil
			case "main":
				inMain = false
			case "rt", "rp", "svg":
				quiet--
			}
		}
	}
}

func attributes(t html.Token) map[string]string {
	m := map[string]string{}
	for _, a := range t.Attr {
		m[a.Key] = a.Val
	}
	return m
}

// successor is the block that took the place of one that is gone, as the build
// has published it; "" when that is not known.
func (s *Server) successor(r *http.Request, p published, block string) string {
	body, ok := s.fetch(r, p.moved)
	if !ok {
		return ""
	}
	var list struct {
		Retired map[string]struct{ To string }
	}
	if json.Unmarshal(body, &list) != nil {
		return ""
	}
	for range 20 { // a chain, should there be one, and no circle
		x, ok := list.Retired[block]
		if !ok {
			return ""
		}
		if _, ok := p.blocks[x.To]; ok {
			return x.To
		}
		block = x.To
	}
	return ""
}
