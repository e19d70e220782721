package site

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"handrail/internal/diag"
	"handrail/internal/source"
)

// A Copy is a file of the author's that is published as it is: from static/,
// or from beside the pages.
type Copy struct {
	*source.Resource
	To string // path in the output
}

// ourFiles are files in the root of the output that only a build writes.
var ourFiles = map[string]*diag.Diagnostic{
	"manifest.json": {Code: "reserved-file", Msg: `every build writes a list of its files under the name "manifest.json"; this file is not published`,
		Hint: "call a web manifest manifest.webmanifest, as the theme's own is, or rename the file"},
	"readme.md": {Code: "readme-kept-back", Severity: diag.Notice,
		Msg: `"README.md" speaks to those who work on the site; it is not published`},
}

// copy adds a file that is to be published as it is, unless its address is
// another's.
func (b *builder) copy(taken map[string]owner, r *source.Resource, to string) {
	pos := diag.Pos{File: r.Path}
	if d := ourFiles[strings.ToLower(to[1:])]; d != nil {
		own := *d
		own.Pos = pos
		b.diags.Add(&own)
		return
	}
	if b.take(taken, owner{to, pos, nil}) {
		b.site.Copies = append(b.site.Copies, Copy{r, to[1:]})
	}
}

// filesAndFolders reports what is to be a file where others need a folder, as
// static/services beside the pages of content/en/services.
func (b *builder) filesAndFolders(taken map[string]owner) {
	folders := make(map[string]bool, len(taken))
	for key := range taken {
		for d := path.Dir(key); d != "." && !folders[d]; d = path.Dir(d) {
			folders[d] = true
		}
	}
	var inTheWay []owner
	for key, o := range taken {
		if folders[key] {
			inTheWay = append(inTheWay, o)
		}
	}
	for _, name := range b.generated() {
		if key := strings.ToLower(name); folders[key] && taken[key].path == "" {
			inTheWay = append(inTheWay, owner{path: "/" + name})
		}
	}
	if len(inTheWay) == 0 {
		return
	}
	slices.SortFunc(inTheWay, func(a, b owner) int { return strings.Compare(a.path, b.path) })
	keys := slices.Sorted(maps.Keys(taken))
	for _, o := range inTheWay {
		key := foldPath(o.path)
		i, _ := slices.BinarySearch(keys, key+"/")
		b.needsFolder(o, taken[keys[i]])
		b.site.Copies = slices.DeleteFunc(b.site.Copies, func(c Copy) bool { return "/"+c.To == o.path })
	}
}

// needsFolder reports a file and the first thing that lies below it.
func (b *builder) needsFolder(file, below owner) {
	report := func(at, other owner) {
		if at.pos.IsZero() {
			return
		}
		what := other.pos.File
		if what == "" {
			what = "a file that every site has"
		}
		b.diags.Add(&diag.Diagnostic{
			Pos: at.pos, Code: "file-and-folder",
			Msg:  fmt.Sprintf("%s cannot be both a file and a folder: see %s", file.path, what),
			Hint: "rename one of the two, or give it a slug", Args: map[string]any{"path": file.path, "other": what},
		})
	}
	report(file, below)
	report(below, file)
}

// generated lists the files that are written beside the pages. An author's
// own file takes the place of one; nothing can lie below it.
func (b *builder) generated() []string {
	names := []string{"_headers", "_redirects", "manifest.json", "robots.txt", "sitemap.xml"}
	for _, p := range b.site.Pages {
		dir := p.Path[1:]
		if !strings.HasSuffix(p.Path, "/") || p.Kind != Home && p.Kind != Section {
			continue
		}
		names = append(names, dir+"feed.xml", dir+"feed.json")
		if p.Kind == Home {
			names = append(names, dir+"manifest.webmanifest")
		}
	}
	return names
}
