// Package markdown turns the body of a page into HTML that keeps its
// positions: goldmark parses, our own renderer writes.
//
// It stands between source, which reads files, and render, which writes
// pages. A text is parsed and rendered once; the Document that comes out
// serves both editions. The HTML has slots where a page differs by edition
// (links, images, directives), a table that leads every byte back to the
// source, and what the author got wrong, with places.
//
// Raw HTML is read at its source segments and goes through the same writer as
// the HTML of Markdown: an allow-list decides what stays, and a stack of open
// elements sees to it that what is written parses back to the same tree.
package markdown

import (
	"strings"
	"sync"
	"time"

	"github.com/yuin/goldmark/parser"

	"handrail/internal/chart"
	"handrail/internal/diag"
	"handrail/internal/glossary"
)

// Words are the few words that the renderer adds to a text, in one language.
// "{n}" stands for a number.
type Words struct {
	Done     string // before a ticked item of a task list
	Open     string // before one that is not ticked
	Past     string // before an item of a timeline that is over
	Now      string // before the one that is going on
	Ahead    string // before one that is still to come
	Step     string // name of a step
	Notes    string // name of the list of footnotes
	Note     string // name of a reference to a footnote
	BackNote string // name of the link from a footnote back to the text
	Wide     string // name of a table without a caption that scrolls sideways
	Chart    chart.Words
	RTL      bool // the language runs from right to left

	Date func(time.Time) string // a date in full; ISO when nil
}

// English is what pages speak in a language that Options.Words lacks.
var English = Words{
	Done:     "done:",
	Open:     "to do:",
	Past:     "Done:",
	Now:      "Now:",
	Ahead:    "Later:",
	Step:     "Step {n}",
	Notes:    "Notes",
	Note:     "note {n}",
	BackNote: "back to the text, note {n}",
	Wide:     "Wide table",
	Chart:    chart.English,
}

// Options configure a Converter. The zero value is useful.
type Options struct {
	Words       map[string]Words // language tag → words; content/<tag>/… selects
	DefaultLang string           // language of files outside content/<tag>/
	Articles    bool             // paragraphs and headings "第N条", "Article N" get the id art-N
	IDPrefix    string           // goes before every generated id
	ReservedIDs []string         // ids that bodies may not use; DefaultReserved when nil
	Classes     []string         // classes that raw HTML may keep; DefaultClasses when nil
}

// DefaultReserved are ids that the pages of the theme have round a body, which
// therefore may not use them. A star at the end stands for any ending.
var DefaultReserved = []string{"main", "top", "toc", "toc-h", "help", "help-h", "offer", "part-*"}

// DefaultClasses are classes that raw HTML and {.class} may use.
var DefaultClasses = []string{
	"visually-hidden", "ta-start", "ta-center", "ta-end", "nowrap", "number", "compact", "wide", "notranslate",
}

// A Converter renders Markdown. It is safe for concurrent use.
type Converter struct {
	opt      Options
	parser   parser.Parser
	inline   parser.Parser
	reserved map[string]bool
	starts   []string // of ids that are reserved too
	classes  map[string]bool
	pool     *sync.Pool
	words    map[string]*glossary.Glossary // by language; nil when the site has none
}

// New returns a Converter.
func New(opt Options) *Converter {
	if opt.ReservedIDs == nil {
		opt.ReservedIDs = DefaultReserved
	}
	if opt.Classes == nil {
		opt.Classes = DefaultClasses
	}
	c := &Converter{
		opt:      opt,
		parser:   newParser(),
		inline:   newInlineParser(),
		reserved: set(opt.ReservedIDs),
		classes:  set(opt.Classes),
		pool:     &sync.Pool{New: func() any { return newRenderer() }},
	}
	for _, id := range opt.ReservedIDs {
		if start, ok := strings.CutSuffix(id, "*"); ok {
			c.starts = append(c.starts, start)
		}
	}
	return c
}

// isReserved reports whether the theme has, or may have, the id.
func (c *Converter) isReserved(id string) bool {
	if c.reserved[id] {
		return true
	}
	for _, s := range c.starts {
		if strings.HasPrefix(id, s) {
			return true
		}
	}
	return false
}

func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[s] = true
	}
	return m
}

// Convert renders the body of a file. src is the whole file in UTF-8, the
// body starts at bodyOff; all positions are offsets into src. lines may be
// nil.
func (c *Converter) Convert(file string, src []byte, bodyOff int, lines *diag.Lines) *Document {
	if lines == nil {
		lines = diag.NewLines(file, string(src))
	}
	return c.convert(c.parser, file, src, bodyOff, len(src), lines)
}

// Inline renders one line of Markdown without blocks, such as a front-matter
// value. Positions are offsets into src, that is, into the value.
func (c *Converter) Inline(src string) *Document {
	return c.InlineAt("", []byte(src), 0, len(src), nil)
}

// InlineAt is Inline for the bytes from start to end of a file; positions are
// offsets into src.
func (c *Converter) InlineAt(file string, src []byte, start, end int, lines *diag.Lines) *Document {
	if lines == nil {
		lines = diag.NewLines(file, string(src))
	}
	return c.convert(c.inline, file, src, start, end, lines)
}

// wordsFor returns the words of a file's language.
func (c *Converter) wordsFor(file string) Words {
	if w := languageOf(c, c.opt.Words, file); w.Done != "" {
		return w
	}
	return English
}

// languageOf returns what a file's language has in m: that of the first part
// of its path which names one, or of the default language.
func languageOf[T any](c *Converter, m map[string]T, file string) T {
	for rest := file; rest != ""; {
		var seg string
		seg, rest, _ = strings.Cut(rest, "/")
		if w, ok := m[seg]; ok && rest != "" {
			return w
		}
	}
	return m[c.opt.DefaultLang]
}
