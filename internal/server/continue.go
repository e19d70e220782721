package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"handrail/internal/formpage"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// A link back to a place on a page, for readers without script: a number of
// 20 digits. The row is found by what the number leads to and sealed under it,
// so who has the database knows neither page nor number.
const (
	continuePath = "/continue"
	linkLife     = 90 * 24 * time.Hour
	maxLinks     = 500_000
	linkSize     = 1 << 10 // sealed: its length says nothing of the page
)

// A mark is what is sealed in a link.
type mark struct {
	Path  string `json:"p"` // without edition and language
	Lang  string `json:"l"`
	Block string `json:"b,omitempty"` // of the heading
	ID    string `json:"i,omitempty"` // of the heading
}

// getContinue asks for the number.
func (s *Server) getContinue(w http.ResponseWriter, r *http.Request) {
	s.ask(w, r, http.StatusOK, &formpage.Continue{})
}

func (s *Server) ask(w http.ResponseWriter, r *http.Request, code int, v *formpage.Continue) {
	v.Action = placeOf(r).prefix + continuePath
	s.show(w, r, code, continuePath, v)
}

// postContinueLink makes a link to the part of a page that was chosen.
func (s *Server) postContinueLink(w http.ResponseWriter, r *http.Request) {
	if !s.holdProgram(w, r, s.byMark.delay(s.opt.Trusted.client(r))) {
		return
	}
	in, err := parseBody(w, r, maxSend)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	m, at, page, ok := s.marked(r, in)
	r = r.WithContext(context.WithValue(r.Context(), placeKey{}, at)) // the page's own edition and language
	switch {
	case !ok:
		s.notFound(w, r)
		return
	case !in.Has("part") && len(page.parts) > 1:
		s.choose(w, r, in.Get("page"), page)
		return
	}
	code, until, err := s.keepMark(r, m)
	if err != nil {
		s.markFail(w, r, err)
		return
	}
	v := &formpage.Kept{Code: code.Digits(), Until: until, Title: page.title, Part: page.partTitle(m),
		Back: at.prefix + m.Path + fragment(m.ID), Continue: at.prefix + continuePath}
	if base := s.kit.Load().Site().BaseURL; base != "" {
		v.Link = base + at.prefix + continuePath + "#" + code.Digits()
	}
	s.show(w, r, http.StatusOK, continuePath, v)
}

// choose asks which part of the page the reader has come to.
func (s *Server) choose(w http.ResponseWriter, r *http.Request, path string, page published) {
	v := &formpage.Choose{Action: continuePath + "/link", Hidden: []formpage.Hidden{{Name: "page", Value: path}}, Title: page.title}
	for _, x := range page.parts {
		if x.level <= 3 && x.title != "" {
			v.Parts = append(v.Parts, formpage.PagePart{ID: x.id, Title: x.title})
		}
	}
	s.show(w, r, http.StatusOK, continuePath, v)
}

// postLink does the same for programs.
func (s *Server) postLink(w http.ResponseWriter, r *http.Request) {
	if !s.holdProgram(w, r, s.byMark.delay(s.opt.Trusted.client(r))) {
		return
	}
	in, err := parseBody(w, r, maxSend)
	if err != nil {
		s.progressFail(w, r, err)
		return
	}
	m, _, _, ok := s.marked(r, in)
	if !ok {
		progressRefuse(w, http.StatusNotFound, "page")
		return
	}
	code, until, err := s.keepMark(r, m)
	if err != nil {
		s.progressFail(w, r, err)
		return
	}
	progressAnswer(w, http.StatusOK, map[string]any{"code": code.Digits(), "until": until.UTC().Format(time.RFC3339)})
}

// marked reads which place is meant: a page of this site, and a heading on it.
func (s *Server) marked(r *http.Request, in url.Values) (m mark, at place, page published, ok bool) {
	at, rest := s.split(in.Get("page"))
	if len(rest) > 400 || len(in.Get("part")) > 200 || !clean(rest) {
		return m, at, page, false
	}
	page, ok = s.published(r, at.prefix+rest)
	m = mark{Path: rest, Lang: at.lang}
	if i := slices.IndexFunc(page.parts, func(x part) bool { return x.id == in.Get("part") }); i >= 0 {
		m.ID, m.Block = page.parts[i].id, page.parts[i].block
	}
	return m, at, page, ok
}

// keepMark stores a mark under a new number.
func (s *Server) keepMark(r *http.Request, m mark) (seal.Code, time.Time, error) {
	plain, err := json.Marshal(m)
	if err != nil || len(plain) > linkSize {
		return seal.Code{}, time.Time{}, fmt.Errorf("encode a link: %d bytes", len(plain))
	}
	plain = append(plain, strings.Repeat(" ", linkSize-len(plain))...)
	code := seal.NewCode()
	done, err := s.stretching(r.Context())
	if err != nil {
		return seal.Code{}, time.Time{}, err
	}
	to := code.Mark()
	done()
	until := s.opt.Now().Add(linkLife)
	return code, until, s.opt.Store.PutLink(r.Context(), store.Link{Place: to.Place(), Sealed: to.Seal(plain), Expires: until}, maxLinks)
}

func (s *Server) markFail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, store.ErrMany) {
		err = store.ErrFull
	}
	s.fail(w, r, err)
}

// postContinue shows where a number leads. The page is offered, never jumped
// to.
func (s *Server) postContinue(w http.ResponseWriter, r *http.Request) {
	in, err := parseBody(w, r, maxSend)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := &formpage.Continue{Typed: cut(in.Get("code"))}
	code, err := seal.ParseCode(v.Typed)
	if err != nil {
		v.Problem, v.Group = findProblem(err)
		s.ask(w, r, http.StatusUnprocessableEntity, v)
		return
	}
	m, err := s.markOf(r, code)
	switch {
	case errors.Is(err, errExpired):
		s.guessed(r)
		v.Problem = "unknown"
		s.ask(w, r, http.StatusUnprocessableEntity, v)
		return
	case err != nil:
		s.markFail(w, r, err)
		return
	}
	v.Found, v.Typed = s.found(r, m), ""
	s.ask(w, r, http.StatusOK, v)
}

// markOf opens the link of a number.
func (s *Server) markOf(r *http.Request, code seal.Code) (m mark, err error) {
	done, err := s.stretching(r.Context())
	if err != nil {
		return m, err
	}
	to := code.Mark()
	done()
	l, err := s.opt.Store.Link(r.Context(), to.Place())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return m, errExpired
	case err != nil:
		return m, err
	case !s.opt.Now().Before(l.Expires):
		return m, errExpired
	}
	plain, err := to.Open(l.Sealed)
	if err == nil {
		err = json.Unmarshal(plain, &m)
	}
	if err != nil {
		return m, errors.New("a link cannot be opened")
	}
	return m, nil
}

// found looks for the place as the site is now, in the reader's edition and
// language where it has the page.
func (s *Server) found(r *http.Request, m mark) *formpage.Place {
	at, site := placeOf(r), s.kit.Load().Site()
	for _, prefix := range []string{at.prefix, site.Prefix(m.Lang, at.edition), site.Prefix(m.Lang, "")} {
		page, ok := s.published(r, prefix+m.Path)
		if !ok {
			continue
		}
		f := &formpage.Place{Title: page.title, URL: prefix + m.Path, Sure: "page"}
		if m.ID == "" {
			return f
		}
		x, sure := s.partOf(r, page, m)
		f.Sure, f.Part, f.URL = sure, x.title, f.URL+fragment(x.id)
		return f
	}
	return &formpage.Place{Sure: "gone"}
}

// partOf finds the part that was marked, or the one that took its place.
func (s *Server) partOf(r *http.Request, page published, m mark) (part, string) {
	for _, x := range page.parts {
		if m.Block != "" && x.block == m.Block || x.id == m.ID && (m.Block == "" || !page.live) {
			return x, "exact"
		}
	}
	if to := s.successor(r, page, m.Block); to != "" && page.blocks[to] > 0 {
		return page.parts[page.blocks[to]-1], "near"
	}
	for _, x := range page.parts {
		if x.id == m.ID {
			return x, "near"
		}
	}
	return part{}, "changed"
}

func (p published) partTitle(m mark) string {
	for _, x := range p.parts {
		if x.id == m.ID && m.ID != "" {
			return x.title
		}
	}
	return ""
}

func fragment(id string) string {
	if id == "" {
		return ""
	}
	return (&url.URL{Fragment: id}).String()
}
