package build

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"handrail/a11y/dom"
	"handrail/internal/publish"
	"handrail/internal/site"
)

// workerFile is the service worker in the output. Browsers ask for it again
// at every visit, so a site that stops being kept on devices can say so.
const workerFile = "sw.js"

// noWorker takes back what an earlier build has left on a reader's device.
const noWorker = `addEventListener("install",()=>skipWaiting());addEventListener("activate",e=>e.waitUntil((async()=>{` +
	`for(const k of await caches.keys())if(k.startsWith("handrail-"))await caches.delete(k);await registration.unregister()})()));` + "\n"

// offline gathers what is kept on a reader's device.
type offline struct {
	want map[*site.Page]bool

	mu    sync.Mutex
	pages map[string][sha256.Size]byte // by address
	files map[string]bool              // what the pages need, by path in the output
	bytes int                          // of the pages
}

// keepsOffline reports whether this build writes a service worker. A preview
// does not: it would show the pages of yesterday.
func (r *run) keepsOffline() bool {
	return len(r.model.Offline) > 0 && r.pages == nil && r.look.theme.Config.Worker != ""
}

func newOffline(pages []*site.Page) *offline {
	o := &offline{want: map[*site.Page]bool{}, pages: map[string][sha256.Size]byte{}, files: map[string]bool{}}
	for _, p := range pages {
		o.want[p] = true
	}
	return o
}

// take notes a page that is kept, and the files that it loads.
func (o *offline) take(p *site.Page, edition string, html []byte) {
	if o == nil || !o.want[p] {
		return
	}
	files := loads(html)
	sum := sha256.Sum256(html)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pages[address(p.URL(edition))] = sum
	o.bytes += len(html)
	for _, f := range files {
		o.files[f] = true
	}
}

func address(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// loads lists the files of the site that a page loads: style sheets, scripts,
// the ones that scripts load later, icons and pictures.
func loads(html []byte) []string {
	var out []string
	add := func(ref string) {
		if u, err := url.Parse(ref); err == nil && u.Host == "" && strings.HasPrefix(u.Path, "/") && !strings.HasSuffix(u.Path, "/") {
			out = append(out, u.Path[1:])
		}
	}
	for n := range dom.Parse(string(html)).Elements() {
		switch {
		case n.Is("link"):
			for _, rel := range strings.Fields(n.Get("rel")) {
				if rel == "stylesheet" || rel == "icon" || rel == "modulepreload" {
					add(n.Get("href"))
				}
			}
		case n.Is("script", "img"):
			add(n.Get("src"))
		}
		for _, a := range n.Attrs {
			if strings.HasPrefix(a.Name, "data-") && strings.HasSuffix(a.Name, "src") && a.Value != "" {
				add(a.Value)
			}
		}
	}
	return out
}

// fileSizes returns how large the files are that kept pages load. A file that is
// not part of the output is left out.
func (r *run) fileSizes(files map[string]bool) map[string]int {
	out := map[string]int{}
	for _, f := range r.look.assets.Files() {
		if files[f.Path] {
			out[f.Path] = len(f.Data)
		}
	}
	for _, c := range r.model.Copies {
		if files[c.To] {
			out[c.To] = int(c.Size)
		}
	}
	return out
}

// offlineBytes is how much is kept on a device.
func (r *run) offlineBytes() int {
	if r.offline == nil {
		return 0
	}
	total := r.offline.bytes
	for _, n := range r.fileSizes(r.offline.files) {
		total += n
	}
	return total
}

// writeWorker writes the service worker, or one that takes itself back.
func (r *run) writeWorker() error {
	text := noWorker
	if r.offline != nil {
		script, err := r.look.assets.Script(r.look.theme.Config.Worker)
		if err != nil {
			return err
		}
		list, err := r.workerList(script)
		if err != nil {
			return err
		}
		text = "self.handrail=" + string(list) + ";" + script
		r.res.OfflinePages, r.res.OfflineBytes = len(r.offline.pages), r.offlineBytes()
	}
	return r.sink.Add(publish.File{Path: workerFile, Data: []byte(text)})
}

// workerList is what the worker keeps. Its version changes with every byte of
// it, so that a device never mixes two builds.
func (r *run) workerList(script string) ([]byte, error) {
	o := r.offline
	h := sha256.New()
	fmt.Fprintln(h, script)
	pages := slices.Sorted(maps.Keys(o.pages))
	for _, p := range pages {
		fmt.Fprintf(h, "%s %x\n", p, o.pages[p])
	}
	sizes := r.fileSizes(o.files)
	files := slices.Sorted(maps.Keys(sizes))
	for i, f := range files {
		fmt.Fprintf(h, "%s %d\n", f, sizes[f])
		files[i] = address("/" + f)
	}
	for _, c := range r.model.Copies { // their names do not change with their content
		if _, ok := sizes[c.To]; ok {
			data, err := fs.ReadFile(r.named(), c.Path)
			if err != nil {
				continue // reported where the file is copied
			}
			fmt.Fprintf(h, "%s %x\n", c.To, sha256.Sum256(data))
		}
	}
	return json.Marshal(map[string]any{
		"version": hex.EncodeToString(h.Sum(nil)[:8]), "pages": pages, "files": files, "lists": r.offlineLists(),
	})
}

// offlineLists names, for the home page of each language and edition, the
// page that lists what is kept: it is shown in the place of pages that are
// not.
func (r *run) offlineLists() map[string]string {
	out := map[string]string{}
	for _, l := range r.model.Langs {
		if l.OfflinePage == nil || !r.offline.want[l.OfflinePage] {
			continue
		}
		for _, e := range r.res.Editions {
			out[address(l.Home.URL(e))] = address(l.OfflinePage.URL(e))
		}
	}
	return out
}
