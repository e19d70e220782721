// Package config reads site.yaml: strictly, over the defaults, and with all
// mistakes at once, each at its place. A folder without site.yaml has the
// defaults of [Default].
package config

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"handrail/internal/diag"
	"handrail/internal/schema"
)

// A Config is what site.yaml says. Texts in several languages are maps from
// the site's language tags; [Config.Text] picks the best one.
type Config struct {
	Title       Texts
	Description Texts
	BaseURL     string // without a slash at the end; "" when the site has no address yet
	TimeZone    *time.Location
	Languages   []Language // in the order of the language switch; empty: to be discovered
	DefaultLang string
	Editions    []string // "standard", "care"
	Theme       string
	Strict      bool   // every page is strict
	Server      bool   // the companion server runs behind the site
	Progress    bool   // pages can remember where a reader was
	OnFail      string // "stop" or "hold"
	Level       string // WCAG level that closes the gate: "A", "AA" or "AAA"
	PageSize    int    // pages on one list page

	Departments map[string]*Department
	Topics      map[string]*Topic
	Menus       map[string][]MenuItem
	Help        Help
	Government  Government
	Footer      Footer
	Doors       map[string][]Door   // of the care edition's home page, by language
	CareNames   map[string][]string // names of the care edition, by language
	Urgent      map[string]Urgent
	Audio       map[string]*Audio // how texts are read at build, by language
	Acceptances []Acceptance
	Rules       map[string]string // rule → severity it is raised or lowered to
	Baseline    string            // file of findings that the site started with
	Offline     []*schema.Value   // links to pages that are kept on a reader's device; none: nothing is kept

	Params *schema.Value // the theme's own settings; nil when there are none
	Root   *schema.Value // the whole tree, with places
	File   string        // "site.yaml"; "" when there is none
	Lines  *diag.Lines   // of File; nil when there is none
	Src    string
}

// Texts holds one text in several languages. The key "" is a text that was
// given without a language and serves all of them.
type Texts map[string]Text

// A Text is one text of site.yaml.
type Text struct {
	S     string
	Value *schema.Value // with its place
}

// A Language is one of the site's languages.
type Language struct {
	Tag      string // BCP 47, as in the folder's name and URLs: "zh-Hans"
	HTMLLang string // for lang attributes: "zh-CN"
	Dir      string // "ltr" or "rtl"
	Name     string // in its own words: 简体中文
	Title    string // the site's title in this language
	Pos      diag.Pos
}

// A Department is an office that answers for pages.
type Department struct {
	ID                   string
	Name, Address, Hours Texts
	Phone, Text, Email   *schema.Value
	Page                 string // its page on this site, as a link
	Pos                  diag.Pos
	Value                *schema.Value
}

// A Topic gives a topic's id its words.
type Topic struct {
	ID            string
	Name, Summary Texts
	Pos           diag.Pos
}

// A MenuItem is a line of the main menu. Page is a link as in a page: to a
// page of the site, or an address elsewhere.
type MenuItem struct {
	Text  string
	Page  string
	Value *schema.Value // the item; Value.Get("page") has the link's place
}

// Help says whom to ask, on every page.
type Help struct {
	Phone, TextNumber string
	Email             string
	Hours, Note       Texts
	Office, Page      string
	Value             *schema.Value
}

// Government holds what sites of Chinese authorities must show.
type Government struct {
	Host, Undertaker Texts
	ICP, Police      string
	SiteIDCode       string
	CorrectionURL    string
	Value            *schema.Value
}

// Footer is what stands at the end of every page.
type Footer struct {
	Note  Texts
	Links map[string][]MenuItem
}

// A Door is one of the large choices on the care edition's home page.
type Door struct {
	MenuItem
	Note, Icon string
}

// Urgent is a line shown on top of every page of a language.
type Urgent struct {
	Label string
	MenuItem
}

// Audio says how the plain version of a page is read at build in one language.
type Audio struct {
	Command []string      // gets the text on its standard input
	Type    string        // of what it makes: "audio/mpeg"
	Timeout time.Duration // for one page
	Pos     diag.Pos      // of the command
}

// An Acceptance lets a known finding pass until a day.
type Acceptance struct {
	Rule, Page, Target, Reason string
	Until                      time.Time
	Pos                        diag.Pos
}

// Default returns the settings of a folder without site.yaml. Its languages
// are discovered when the folder is read.
func Default() *Config {
	return &Config{
		TimeZone: time.UTC,
		Progress: true,
		Editions: []string{"standard", "care"},
		Theme:    "civic", OnFail: "stop", Level: "AA", PageSize: 20,
		Title: Texts{}, Description: Texts{},
	}
}

// NewLanguage describes a language by its tag. ok is false when the tag is
// no BCP 47 tag.
func NewLanguage(tag string) (l Language, ok bool) {
	t, err := language.Parse(tag)
	if err != nil {
		return Language{Tag: tag, HTMLLang: tag, Dir: "ltr", Name: tag}, false
	}
	l = Language{Tag: tag, HTMLLang: t.String(), Dir: "ltr", Name: selfName(t)}
	script, _ := t.Script()
	if slices.Contains([]string{"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg"}, script.String()) {
		l.Dir = "rtl"
	}
	base, _ := t.Base()
	if region, conf := t.Region(); base.String() == "zh" && conf != language.Exact {
		// Screen readers and fonts choose by region; lang="zh-Hans" leaves
		// many of them without a voice.
		l.HTMLLang = map[string]string{"Hans": "zh-CN", "Hant": "zh-TW"}[script.String()]
		l.HTMLLang = cmp.Or(l.HTMLLang, "zh-"+region.String())
	}
	return l, true
}

// Lang returns the language with the tag, or nil.
func (c *Config) Lang(tag string) *Language {
	for i := range c.Languages {
		if c.Languages[i].Tag == tag {
			return &c.Languages[i]
		}
	}
	return nil
}

// Match returns the site's language for a tag that an author wrote: the same
// one, or one that differs only in script or region where that is the only
// choice ("zh" for "zh-Hans").
func (c *Config) Match(tag string) (string, bool) {
	if c.Lang(tag) != nil {
		return tag, true
	}
	want, err := language.Parse(tag)
	if err != nil {
		return "", false
	}
	wb, _ := want.Base()
	ws, _ := want.Script()
	found := ""
	for _, l := range c.Languages {
		have, err := language.Parse(l.Tag)
		if err != nil {
			continue
		}
		hb, _ := have.Base()
		hs, _ := have.Script()
		if hb == wb && hs == ws {
			if found != "" && !strings.EqualFold(l.Tag, tag) {
				return "", false
			}
			found = l.Tag
		}
	}
	return found, found != ""
}

// In returns the text for a language, else for the default language, else
// any, in the order of the site's languages.
func (t Texts) In(c *Config, lang string) Text {
	for _, tag := range []string{lang, "", c.DefaultLang} {
		if x, ok := t[tag]; ok {
			return x
		}
	}
	for _, l := range c.Languages {
		if x, ok := t[l.Tag]; ok {
			return x
		}
	}
	return Text{}
}

// For returns the text for exactly this language, or one given for all.
func (t Texts) For(lang string) (Text, bool) {
	if x, ok := t[lang]; ok {
		return x, true
	}
	x, ok := t[""]
	return x, ok
}
