// Package formpage draws every page that a form has after its static first
// one, with the theme's templates: questions, answers to check, the receipt,
// the case and all that can go wrong. The server draws them for people; the
// generator draws every state of every form and has the gate judge it. Both
// take the same files, which the generator writes to .handrail/.
package formpage

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"handrail/internal/workday"
)

// A Site is what the server has to know of the site: .handrail/site.json.
type Site struct {
	Format      int               `json:"format"` // 1
	Title       map[string]string `json:"title"`  // by language
	BaseURL     string            `json:"baseURL,omitempty"`
	TimeZone    string            `json:"timeZone"`
	Languages   []Language        `json:"languages"` // in the order of the language switch
	Editions    []string          `json:"editions"`
	Departments []Department      `json:"departments"`
	Help        Help              `json:"help,omitzero"`
	Headers     []Header          `json:"headers"` // of every response
	Assets      map[string]string `json:"assets"`  // name in the theme → address
	Forms       []string          `json:"forms"`   // ids
	Calendar    *workday.Calendar `json:"calendar,omitempty"`
}

// A Language is one of the site's.
type Language struct {
	Tag     string `json:"tag"`
	HTML    string `json:"html"`
	Dir     string `json:"dir"`
	Name    string `json:"name"`
	Default bool   `json:"default,omitempty"`
}

// A Department answers for forms. Names, addresses and hours are by language.
type Department struct {
	ID      string            `json:"id"`
	Name    map[string]string `json:"name"`
	Phone   string            `json:"phone,omitempty"`
	Text    string            `json:"text,omitempty"` // number for text messages
	Email   string            `json:"email,omitempty"`
	Address map[string]string `json:"address,omitempty"`
	Hours   map[string]string `json:"hours,omitempty"`
}

// Help is whom to ask on every page.
type Help struct {
	Phone string            `json:"phone,omitempty"`
	Text  string            `json:"text,omitempty"`
	Hours map[string]string `json:"hours,omitempty"`
}

// A Header is one line of HTTP headers.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Department returns the department with the id, or nil.
func (s *Site) Department(id string) *Department {
	for i := range s.Departments {
		if s.Departments[i].ID == id {
			return &s.Departments[i]
		}
	}
	return nil
}

// Language returns the language with the tag, or nil.
func (s *Site) Language(tag string) *Language {
	for i := range s.Languages {
		if s.Languages[i].Tag == tag {
			return &s.Languages[i]
		}
	}
	return nil
}

// DefaultLanguage returns the tag of the language without a prefix.
func (s *Site) DefaultLanguage() string {
	for _, l := range s.Languages {
		if l.Default {
			return l.Tag
		}
	}
	return ""
}

// Location returns the site's time zone.
func (s *Site) Location() (*time.Location, error) { return time.LoadLocation(s.TimeZone) }

// Prefix is what addresses of a language and edition begin with: "",
// "/en", "/care" or "/care/en".
func (s *Site) Prefix(lang, edition string) string {
	p := ""
	if edition == "care" {
		p = "/care"
	}
	if l := s.Language(lang); l != nil && !l.Default {
		p += "/" + l.Tag
	}
	return p
}

// readSite reads site.json.
func readSite(fsys fs.FS) (*Site, error) {
	data, err := fs.ReadFile(fsys, "site.json")
	if err != nil {
		return nil, err
	}
	s := &Site{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("site.json: %w", err)
	}
	if s.Format != 1 {
		return nil, fmt.Errorf("site.json: written by another version of handrail (format %d)", s.Format)
	}
	return s, nil
}
