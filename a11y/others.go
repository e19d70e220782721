package a11y

import (
	"io/fs"
	"path"
	"strings"
	"sync"

	"handrail/a11y/act"
	"handrail/a11y/dom"
)

// site answers what rules ask about other files, each read once. A page is
// asked about only where the rule has to compare, so most are never read.
type site struct {
	read  func(path string) (string, error)
	pages sync.Map // path → func() *act.Other
}

// Page implements act.Site. A folder stands for its index page.
func (s *site) Page(from, base, href string) (*act.Other, bool) {
	name, ok := Resolve(from, base, href)
	if !ok {
		return nil, false
	}
	load, ok := s.pages.Load(name)
	if !ok {
		load, _ = s.pages.LoadOrStore(name, sync.OnceValue(func() *act.Other { return s.load(name) }))
	}
	o := load.(func() *act.Other)()
	return o, o != nil
}

func (s *site) load(name string) *act.Other {
	for _, candidate := range []string{name, path.Join(name, "index.html"), name + ".html"} {
		if !isPage(candidate) {
			continue
		}
		if src, err := s.read(candidate); err == nil && !strings.ContainsRune(src, 0) {
			return act.NewOther(candidate, dom.Parse(src))
		}
	}
	return nil
}

// File implements act.Site.
func (s *site) File(from, base, href string) (string, bool) {
	name, ok := Resolve(from, base, href)
	if !ok {
		return "", false
	}
	src, err := s.read(name)
	return src, err == nil
}

// FilesFrom returns a reader for Options.Files that takes files from the
// folder, those of more than a megabyte left out.
func FilesFrom(fsys fs.FS) func(path string) (string, error) {
	return func(name string) (string, error) {
		info, err := fs.Stat(fsys, name)
		if err != nil {
			return "", err
		}
		if !info.Mode().IsRegular() || info.Size() > 1<<20 {
			return "", fs.ErrInvalid
		}
		src, err := fs.ReadFile(fsys, name)
		return string(src), err
	}
}
