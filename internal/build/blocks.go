package build

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	stdhtml "html"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"handrail/a11y/dom"
	"handrail/internal/block"
	"handrail/internal/markdown"
	"handrail/internal/publish"
	"handrail/internal/render"
	"handrail/internal/site"
)

// Pages that are long enough to be read in more than one sitting remember
// where a reader was: their blocks get ids, which both editions and all
// languages share. The ids of the build that was published before are carried
// on, wherever a block is still the same or has only been changed.

// minBlocks is how many blocks make a page worth coming back to.
const minBlocks = 12

// blockPages are the blocks of all pages of one build.
type blockPages struct {
	previous Previous // nil: none

	mu    sync.Mutex
	pages map[*site.Page]*pageBlocks
	found bool // at least one page was published before
}

// pageBlocks are the blocks of one page.
type pageBlocks struct {
	index   *block.Index
	marks   *render.PageBlocks
	carried []byte // hash of an index that the sources alone would not give, or nil
}

// identify gives the blocks of all pages their ids.
func (r *run) identify() error {
	if !r.cfg.Progress {
		return nil
	}
	r.nextTagged = map[*markdown.Document][]markdown.BlockTag{}
	r.blocks = &blockPages{previous: r.Previous, pages: map[*site.Page]*pageBlocks{}}
	g, ctx := errgroup.WithContext(r.ctx)
	g.SetLimit(cmp.Or(r.Jobs, runtime.GOMAXPROCS(0)) * r.blocks.atOnce())
	for _, p := range r.model.Pages {
		if !remembers(p) || leader(p) != p {
			continue
		}
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return r.identifyGroup(p)
		})
	}
	err := g.Wait()
	r.tagged = r.nextTagged
	r.res.Blocks, r.res.Fresh, r.res.Carried = len(r.blocks.pages), !r.blocks.found, r.blocks.carried()
	return err
}

// atOnce is how many pages each processor works on: those of a site elsewhere
// are waited for.
func (b *blockPages) atOnce() int {
	if _, far := b.previous.(*website); far {
		return 4
	}
	return 1
}

// remembers reports whether the page is of a kind that people read at length.
func remembers(p *site.Page) bool {
	return p.Kind == site.Single && p.File != nil && p.File.Doc != nil && p.Type != "form" && !render.IsLate(p)
}

// leader is the page whose blocks give the translations theirs: that in the
// site's default language, or the first of its languages.
func leader(p *site.Page) *site.Page {
	best := p
	for _, t := range p.Translations {
		if remembers(t) && (t.Lang.Default || !best.Lang.Default && before(t, best)) {
			best = t
		}
	}
	return best
}

func before(p, q *site.Page) bool { return p.Lang.Tag < q.Lang.Tag }

// identifyGroup gives ids to a page and its translations.
func (r *run) identifyGroup(first *site.Page) error {
	original, err := r.scan(first)
	if err != nil {
		return err
	}
	r.assign(first, first, original, nil)
	for _, p := range first.Translations {
		if !remembers(p) {
			continue
		}
		translation, err := r.scan(p)
		if err != nil {
			return err
		}
		translation.pin(original)
		follow(original.blocks, translation.blocks)
		follow(original.fresh, translation.fresh)
		r.assign(p, first, translation, original)
	}
	return nil
}

// follow gives the blocks of a translation the ids of what they translate.
func follow(original, translation []block.Block) {
	for i, o := range block.Translate(original, translation) {
		if o >= 0 {
			translation[i].ID = original[o].ID
		}
	}
}

// pin gives the blocks that a translation had before the ids that they shared
// with the original: while an edit is not translated yet, the structure of the
// two would mislead.
func (s *scanned) pin(original *scanned) {
	if s.old == nil {
		return
	}
	live := make(map[string]bool, len(original.blocks))
	for i := range original.blocks {
		live[original.blocks[i].ID] = true
	}
	given := make(map[string]bool)
	for i := range s.blocks {
		given[s.blocks[i].ID] = true
	}
	for o, n := range s.old.Became(s.blocks, s.oldGrams) {
		if id := s.old.Live[o]; n >= 0 && s.blocks[n].ID == "" && live[id] && !given[id] {
			s.blocks[n].ID = id
		}
	}
}

// A scanned page has the blocks of its plain version and those of its text.
type scanned struct {
	blocks []block.Block
	outs   []uint32
	plain  int          // how many of them are of the plain version
	index  *block.Index // once they have their ids

	old      *block.Index // published before, or nil
	oldGrams [][]uint16

	// The same as the sources alone would have it; nil when nothing was
	// published before.
	fresh      []block.Block
	freshIndex *block.Index
}

// scan lists the blocks of a page, and reads what was published of them.
func (r *run) scan(p *site.Page) (*scanned, error) {
	s := &scanned{}
	if f := p.File.Plain; f != nil && f.Doc != nil {
		s.add(r.tags(f.Doc))
	}
	s.plain = len(s.blocks)
	s.add(r.tags(p.File.Doc))
	if r.blocks.previous != nil {
		s.fresh = slices.Clone(s.blocks)
	}
	if len(s.blocks) < minBlocks {
		return s, nil
	}
	old, err := r.blocks.before(p)
	if err != nil || old == nil {
		return s, err
	}
	s.old = old.Without(block.Field)
	if !s.old.Same(s.blocks) {
		s.weigh(p)
		s.oldGrams = r.blocks.oldGrams(p, s.old)
	}
	return s, nil
}

// tags are the blocks of a document. A session looks at each only once.
func (r *run) tags(d *markdown.Document) []markdown.BlockTag {
	if r.pages == nil {
		return d.Blocks(false)
	}
	r.keptMu.Lock()
	tags, ok := r.tagged[d]
	r.keptMu.Unlock()
	if !ok {
		tags = d.Blocks(false)
	}
	r.keptMu.Lock()
	defer r.keptMu.Unlock()
	r.nextTagged[d] = tags
	return tags
}

// add appends the blocks of a document.
func (s *scanned) add(tags []markdown.BlockTag) {
	from := len(s.blocks)
	s.blocks, s.outs = slices.Grow(s.blocks, len(tags)), slices.Grow(s.outs, len(tags))
	for i := range tags {
		s.blocks = append(s.blocks, tags[i].Block)
		s.outs = append(s.outs, tags[i].Out)
	}
	block.Place(s.blocks[from:])
	for i := range s.blocks[from:] {
		if b := &s.blocks[from+i]; b.Under > 0 {
			b.Under += from
		}
	}
}

// weigh finds out what the blocks are made of, to compare them.
func (s *scanned) weigh(p *site.Page) {
	i := 0
	take := func(d *markdown.Document) {
		for _, t := range d.Blocks(true) {
			s.blocks[i].Grams = t.Grams
			i++
		}
	}
	if s.plain > 0 {
		take(p.File.Plain.Doc)
	}
	take(p.File.Doc)
}

// assign gives the blocks of one page their ids. original is what the page
// translates, or nil.
func (r *run) assign(p, first *site.Page, s, original *scanned) {
	t := block.Task{Page: first.ID, Blocks: s.blocks, Old: s.old, OldGrams: s.oldGrams, Today: r.res.Now}
	fresh := block.Task{Page: first.ID, Blocks: s.fresh}
	if original != nil {
		t.Reserved = original.index.Known()
		if original.freshIndex != nil {
			fresh.Reserved = original.freshIndex.Known()
		}
	}
	s.index = block.Assign(t)
	if s.fresh != nil {
		s.freshIndex = block.Assign(fresh)
	}
	if len(s.blocks) < minBlocks {
		return
	}
	x := &pageBlocks{index: s.index}
	if s.old != nil && !bytes.Equal(s.index.Encode(), s.freshIndex.Encode()) {
		sum := sha256.Sum256(s.index.Encode())
		x.carried = sum[:]
	}
	all := make([]render.Mark, len(s.blocks))
	for i := range s.blocks {
		all[i] = render.Mark{Out: s.outs[i], ID: s.blocks[i].ID}
	}
	x.marks = &render.PageBlocks{Page: first.ID, Rev: s.index.Rev, URL: p.BlocksURL(), Plain: all[:s.plain], Body: all[s.plain:]}
	r.blocks.mu.Lock()
	defer r.blocks.mu.Unlock()
	r.blocks.pages[p] = x
	r.blocks.found = r.blocks.found || s.old != nil
}

// before returns the index that the page was published with, or nil. A page
// that has moved is looked for where its aliases say it was.
func (b *blockPages) before(p *site.Page) (*block.Index, error) {
	if b.previous == nil {
		return nil, nil
	}
	for _, path := range oldPaths(p) {
		data, err := b.previous.ReadFile(site.BlocksFile(path))
		if errors.Is(err, errNotThere) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if x, err := block.Decode(data); err == nil {
			return x, nil
		}
	}
	return nil, nil
}

// oldPaths are where the page may have been published before.
func oldPaths(p *site.Page) []string { return append([]string{p.Path}, p.Aliases...) }

// oldGrams returns what the blocks of a published page are made of; nothing
// for those that cannot be found in it.
func (b *blockPages) oldGrams(p *site.Page, x *block.Index) [][]uint16 {
	texts := map[string]string{}
	for _, path := range oldPaths(p) {
		for _, edition := range []string{site.Standard, site.Care} {
			data, err := b.previous.ReadFile(site.FileAt(path, edition))
			if err == nil {
				texts = blockTexts(data)
			}
			if len(texts) > 0 {
				break
			}
		}
	}
	out := make([][]uint16, len(x.Live))
	for i, id := range x.Live {
		out[i] = block.Grams(texts[id])
	}
	return out
}

// blockTexts returns the own text of each block of a published page.
func blockTexts(html []byte) map[string]string {
	own := map[string]*strings.Builder{}
	var walk func(n *dom.Node, in *strings.Builder)
	walk = func(n *dom.Node, in *strings.Builder) {
		for c := range n.Children() {
			switch {
			case c.Type == dom.Text && in != nil:
				in.WriteString(c.Text)
			case !c.IsElement() || c.Has("data-extra") || c.Get("class") == "visually-hidden":
			case c.Has("data-b"):
				b := &strings.Builder{}
				own[c.Get("data-b")] = b
				walk(c, b)
			default:
				walk(c, in)
			}
		}
	}
	walk(dom.Parse(string(html)).Root, nil)
	out := make(map[string]string, len(own))
	for id, b := range own {
		out[id] = b.String()
	}
	return out
}

// marks are what pages are rendered with.
func (b *blockPages) marks() map[*site.Page]*render.PageBlocks {
	if b == nil {
		return nil
	}
	out := make(map[*site.Page]*render.PageBlocks, len(b.pages))
	for p, x := range b.pages {
		out[p] = x.marks
	}
	return out
}

// file returns the index of a page's blocks as it is published, once one
// edition has been rendered; nil for a page that has none.
func (b *blockPages) file(p *site.Page, out *render.Output) *publish.File {
	if b == nil || b.pages[p] == nil || out == nil {
		return nil
	}
	x := b.pages[p].index
	printed := printedIDs(out.HTML, x.Live)
	if len(printed) == 0 {
		return nil
	}
	return &publish.File{Path: site.BlocksFile(p.Path), Data: x.Weave(printed).Encode(), Sources: []string{p.File.Path}}
}

// printedIDs lists the ids of blocks in a page, in order. Where they are the
// known ones it returns these.
func printedIDs(html []byte, known []string) []string {
	var out []string
	n := 0 // how many are the known ones
	attr := []byte(` data-b="`)
	for at := 0; ; {
		i := bytes.Index(html[at:], attr)
		if i < 0 {
			break
		}
		at += i
		inTag := bytes.LastIndexByte(html[:at], '<') > bytes.LastIndexByte(html[:at], '>')
		at += len(attr)
		end := bytes.IndexByte(html[at:], '"')
		switch {
		case !inTag || end <= 0:
		case out == nil && n < len(known) && string(html[at:at+end]) == known[n]:
			n++
		default:
			if out == nil {
				out = append(out, known[:n]...)
			}
			out = append(out, stdhtml.UnescapeString(string(html[at:at+end])))
		}
	}
	if out == nil {
		return known[:n]
	}
	return out
}

// carried is a hash of what the sources alone would not have given, or "".
func (b *blockPages) carried() string {
	if b == nil {
		return ""
	}
	var lines []string
	for p, x := range b.pages {
		if x.carried != nil {
			lines = append(lines, p.Path+" "+hex.EncodeToString(x.carried))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}
