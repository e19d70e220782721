package build

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	stdhtml "html"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

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
	r.nextTagged = map[*markdown.Document]tags{}
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
	original := r.scan(first)
	if err := r.remember(first, first, original, nil); err != nil {
		return err
	}
	r.assign(first, first, original, nil)
	for _, p := range first.Translations {
		if !remembers(p) {
			continue
		}
		translation := r.scan(p)
		follow(original.fresh, translation.fresh)
		if err := r.remember(p, first, translation, original); err != nil {
			return err
		}
		translation.pin(original)
		follow(original.blocks, translation.blocks)
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

// scan lists the blocks of a page.
func (r *run) scan(p *site.Page) *scanned {
	s := &scanned{}
	if f := p.File.Plain; f != nil && f.Doc != nil {
		s.add(r.tags(f.Doc))
	}
	s.plain = len(s.blocks)
	s.add(r.tags(p.File.Doc))
	if r.blocks.previous != nil {
		s.fresh = slices.Clone(s.blocks)
	}
	return s
}

// remember reads what was published of a page's blocks. original is what the
// page translates, or nil.
func (r *run) remember(p, first *site.Page, s, original *scanned) error {
	if s.fresh == nil {
		return nil
	}
	fresh := block.Task{Page: first.ID, Blocks: s.fresh}
	if original != nil {
		fresh.Reserved = original.freshIndex.Known()
	}
	s.freshIndex = block.Assign(fresh)
	if len(s.blocks) < minBlocks {
		return nil
	}
	var err error
	if s.old, err = r.blocks.before(p, s.freshIndex); err != nil || s.old == nil {
		return err
	}
	if !s.old.Same(s.blocks) {
		s.weigh(p)
		s.oldGrams = r.blocks.oldGrams(p, s.old)
	}
	return nil
}

// tags are the blocks of a document, and where their attributes go.
type tags struct {
	blocks []block.Block
	outs   []uint32
}

// tags lists the blocks of a document. A session looks at each only once, and
// gives them out as copies.
func (r *run) tags(d *markdown.Document) (t tags) {
	if r.pages == nil {
		t.blocks, t.outs = d.Blocks(false)
		return t
	}
	r.keptMu.Lock()
	t, ok := r.tagged[d]
	r.keptMu.Unlock()
	if !ok {
		t.blocks, t.outs = d.Blocks(false)
	}
	r.keptMu.Lock()
	r.nextTagged[d] = t
	r.keptMu.Unlock()
	return tags{slices.Clone(t.blocks), t.outs[:len(t.outs):len(t.outs)]}
}

// add appends the blocks of a document.
func (s *scanned) add(t tags) {
	block.Place(t.blocks)
	from := len(s.blocks)
	if from == 0 {
		s.blocks, s.outs = t.blocks, t.outs
		return
	}
	for i := range t.blocks {
		if b := &t.blocks[i]; b.Under > 0 {
			b.Under += from
		}
	}
	s.blocks, s.outs = append(s.blocks, t.blocks...), append(s.outs, t.outs...)
}

// weigh finds out what the blocks are made of, to compare them.
func (s *scanned) weigh(p *site.Page) {
	i := 0
	take := func(d *markdown.Document) {
		list, _ := d.Blocks(true)
		for _, b := range list {
			s.blocks[i].Grams = b.Grams
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
	if original != nil {
		t.Reserved = original.index.Known()
	}
	s.index = block.Assign(t)
	if len(s.blocks) < minBlocks {
		return
	}
	x := &pageBlocks{index: s.index}
	url := ""
	if s.old != nil && !s.index.Equal(s.freshIndex) {
		sum := sha256.Sum256(s.index.Encode())
		x.carried, url = sum[:], p.BlocksURL()
	}
	all := make([]render.Mark, len(s.blocks))
	for i := range s.blocks {
		all[i] = render.Mark{Out: s.outs[i], ID: s.blocks[i].ID}
	}
	x.marks = &render.PageBlocks{Page: first.ID, Rev: s.index.Rev, URL: url, Plain: all[:s.plain], Body: all[s.plain:]}
	r.blocks.mu.Lock()
	defer r.blocks.mu.Unlock()
	r.blocks.pages[p] = x
	r.blocks.found = r.blocks.found || s.old != nil
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
// edition has been rendered. A page whose ids follow from its sources has none:
// nothing is to be told that the page itself does not.
func (b *blockPages) file(p *site.Page, out *render.Output) *publish.File {
	if b == nil || b.pages[p] == nil || b.pages[p].carried == nil || out == nil {
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
