package build

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"handrail/internal/asset"
	"handrail/internal/audio"
	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/markdown"
	"handrail/internal/publish"
	"handrail/internal/render"
	"handrail/internal/schema"
	"handrail/internal/site"
	"handrail/internal/speech"
)

// A reading is a page whose plain version is to be read by a command.
type reading struct {
	page *site.Page
	how  *config.Audio
	text string
}

// record finds the recordings of pages: a file that front matter names, else
// one that the command of site.yaml makes of the plain version.
func (r *run) record() error {
	r.recordings = map[*site.Page]render.Recording{}
	var todo []reading
	lexicon := r.lexicon()
	for _, p := range r.model.Pages {
		if p.File == nil {
			continue
		}
		if v := p.Get("audio"); v != nil {
			r.recorded(p, v)
		} else if how := r.cfg.Audio[p.Lang.Tag]; how != nil {
			if text := r.script(p, lexicon); text != "" {
				todo = append(todo, reading{p, how, text})
			}
		}
	}
	return r.readAll(todo)
}

// recorded takes in a recording that lies beside the pages.
func (r *run) recorded(p *site.Page, v *schema.Value) {
	links := p.Fields[v]
	if len(links) != 1 || links[0].Kind != site.ToFile {
		return // a broken link; the model has told the author
	}
	file := links[0].Resource
	typ := audio.TypeOf(file.Path)
	if typ == "" {
		r.diags.Add(&diag.Diagnostic{Pos: p.File.Lines.Pos(v.Off), Code: "not-audio",
			Msg: fmt.Sprintf("%s is no recording that browsers play", v.Text), Hint: "use MP3, M4A, Ogg, Opus, WAV, WebM or FLAC",
			Args: map[string]any{"file": v.Text}})
		return
	}
	rec := render.Recording{URL: links[0].URL(site.Standard), Type: typ, Size: file.Size}
	if data, err := fs.ReadFile(r.named(), file.Path); err == nil {
		rec.Length = audio.Length(data)
	}
	r.recordings[p] = rec
}

// readAll has the texts read, several at a time. A preview does with what the
// cache has. The first failure of a command ends the work for its language.
func (r *run) readAll(todo []reading) error {
	var mu sync.Mutex
	failed, published, done := map[*config.Audio]bool{}, map[string]bool{}, 0
	g, ctx := errgroup.WithContext(r.ctx)
	g.SetLimit(cmp.Or(r.Jobs, runtime.GOMAXPROCS(0)))
	for _, x := range todo {
		g.Go(func() error {
			mu.Lock()
			skip := failed[x.how]
			mu.Unlock()
			if skip || ctx.Err() != nil {
				return ctx.Err()
			}
			data, err := r.readOne(ctx, x)
			mu.Lock()
			defer mu.Unlock()
			done++
			r.progress("audio", done, len(todo))
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				if !failed[x.how] {
					r.diags.Add(unread(x, err))
				}
				failed[x.how] = true
				return nil
			case data == nil:
				return nil
			}
			f := publish.File{Path: recordingPath(data, x.how.Type), Data: data, Sources: []string{x.page.File.Path}}
			r.recordings[x.page] = render.Recording{URL: "/" + f.Path, Type: x.how.Type, Size: int64(len(data)), Length: audio.Length(data), Made: true}
			if published[f.Path] {
				return nil
			}
			published[f.Path] = true
			return r.sink.Add(f)
		})
	}
	return g.Wait()
}

func (r *run) readOne(ctx context.Context, x reading) ([]byte, error) {
	m := audio.Maker{Command: x.how.Command, Dir: r.Source, Cache: r.Cache, Timeout: x.how.Timeout}
	if r.pages != nil {
		data, _ := m.Kept(x.text)
		return data, nil
	}
	return m.Make(ctx, x.text)
}

// recordingPath names a recording by its content, so that it may be cached
// for ever.
func recordingPath(data []byte, typ string) string {
	sum := sha256.Sum256(data)
	return asset.Dir + "/plain-" + hex.EncodeToString(sum[:5]) + audio.Extensions[typ]
}

func unread(x reading, err error) *diag.Diagnostic {
	return &diag.Diagnostic{Pos: x.how.Pos, Code: "audio-failed",
		Msg:  fmt.Sprintf("%s could not make a recording of %s: %v", x.how.Command[0], x.page.File.Path, err),
		Hint: "run the command by itself with a text on its standard input, or take audio: out",
		Args: map[string]any{"command": x.how.Command[0], "page": x.page.File.Path, "reason": err.Error()}, Err: errors.Unwrap(err)}
}

// lexicon reads data/pronunciation.yaml.
func (r *run) lexicon() speech.Lexicon {
	data := r.model.Data["pronunciation"]
	if data == nil || data.Value == nil {
		return nil
	}
	var l speech.Lexicon
	for _, v := range data.Value.Map {
		if strings.TrimSpace(v.Text) == "" || len(v.Map)+len(v.List) > 0 {
			r.diags.Add(&diag.Diagnostic{Pos: data.Lines.Pos(v.KeyOff), Code: "bad-pronunciation",
				Msg: fmt.Sprintf("%q has to have one text: what the voice is given in its place", v.Key), Args: map[string]any{"word": v.Key}})
			continue
		}
		l = append(l, speech.Entry{Word: v.Key, Say: v.Text})
	}
	return l
}

// script is what the command is given of a page: its title and its plain
// version, a sentence in each line; "" for a page without a plain version.
func (r *run) script(p *site.Page, lexicon speech.Lexicon) string {
	var parts []string
	cat := r.text.For(p.Lang.Tag, r.cfg.DefaultLang)
	if plain := p.Get("plain"); plain != nil {
		for _, v := range plain.Map {
			in := p.File.Inline[v]
			if in == nil {
				continue
			}
			if label, ok := cat.Text("plain." + v.Key); ok {
				parts = append(parts, label)
			}
			parts = append(parts, blocks(in.Doc)...)
		}
	}
	if f := p.File.Plain; f != nil && f.Doc != nil {
		parts = append(parts, blocks(f.Doc)...)
	}
	if len(parts) == 0 {
		return ""
	}
	var b strings.Builder
	for _, part := range append([]string{p.Title}, parts...) {
		for _, s := range speech.Sentences(part, p.Lang.Tag, speech.Limit) {
			b.WriteString(ended(lexicon.Apply(s.Said), p.Lang.Tag))
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// ended puts a full stop behind words that have none, such as a heading, so
// that a voice pauses.
func ended(said, lang string) string {
	switch last, _ := utf8.DecodeLastRuneInString(said); {
	case strings.ContainsRune("。！？；.!?;:：؟", last):
		return said
	case strings.HasPrefix(lang, "zh"):
		return said + "。"
	}
	return said + "."
}

// inlineElements do not end a sentence.
var inlineElements = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "code": true, "dfn": true, "em": true, "i": true, "kbd": true, "mark": true,
	"q": true, "ruby": true, "s": true, "samp": true, "small": true, "span": true, "strong": true, "sub": true, "sup": true, "time": true, "u": true, "var": true, "wbr": true,
}

// blocks returns the texts of a document, one for each paragraph, item or
// cell, without pronunciations that stand beside their characters.
func blocks(doc *markdown.Document) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if t := strings.TrimSpace(html.UnescapeString(b.String())); t != "" {
			out = append(out, t)
		}
		b.Reset()
	}
	silent := ""
	for s := string(doc.HTML); s != ""; {
		open := strings.IndexByte(s, '<')
		text := s
		if open >= 0 {
			text = s[:open]
		}
		if silent == "" {
			b.WriteString(text)
		}
		if open < 0 {
			break
		}
		s = s[open+1:]
		close := strings.IndexByte(s, '>')
		if close < 0 {
			break
		}
		name, _, _ := strings.Cut(strings.TrimSuffix(s[:close], "/"), " ")
		s = s[close+1:]
		switch {
		case name == "rt" || name == "rp":
			silent = "/" + name
		case name == silent:
			silent = ""
		case !inlineElements[strings.TrimPrefix(name, "/")] && silent == "":
			end()
		}
	}
	end()
	return out
}
