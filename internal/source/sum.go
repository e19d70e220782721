package source

import (
	"fmt"
	"maps"
	"slices"

	"handrail/internal/diag"
)

// sum collects what the files have to report. What would be said of
// thousands of pages in the same words is said once.
func (l *loader) sum() {
	foreign := map[string]*once{}
	unknown := map[string]*once{}
	var crlf, bom once
	for _, f := range l.tree.Files {
		l.diags = append(l.diags, f.Diags...)
		if f.Plain != nil {
			l.diags = append(l.diags, f.Plain.Diags...)
		}
		for _, k := range f.foreign {
			add(foreign, k.was, f.Lines.Pos(k.value.KeyOff))
		}
		for _, v := range f.unknown {
			add(unknown, v.Key, f.Lines.Pos(v.KeyOff))
		}
		if f.crlf {
			crlf.add(diag.Pos{File: f.Path})
		}
		if f.bom {
			bom.add(diag.Pos{File: f.Path})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(foreign)) {
		l.notice(foreign[k], "foreign-key", fmt.Sprintf("%q is read as %q", k, foreignKeys[k]),
			map[string]any{"key": k, "ours": foreignKeys[k]})
	}
	for _, k := range slices.Sorted(maps.Keys(unknown)) {
		l.notice(unknown[k], "unread-key", fmt.Sprintf("key %q says nothing to Handrail", k), map[string]any{"key": k})
	}
	l.notice(&crlf, "crlf", "Windows line ends are read as plain ones", nil)
	l.notice(&bom, "bom", "the byte order mark at the beginning is left out", nil)
}

// once gathers the places of one thing to say.
type once struct {
	first diag.Pos
	pages int
}

func (o *once) add(p diag.Pos) {
	if o.pages == 0 {
		o.first = p
	}
	o.pages++
}

func add(m map[string]*once, key string, p diag.Pos) {
	if m[key] == nil {
		m[key] = &once{}
	}
	m[key].add(p)
}

func (l *loader) notice(o *once, code, msg string, args map[string]any) {
	if o.pages == 0 {
		return
	}
	if o.pages > 1 {
		msg += fmt.Sprintf(" (%d pages)", o.pages)
	}
	if args == nil {
		args = map[string]any{}
	}
	args["pages"] = o.pages
	l.diags.Add(&diag.Diagnostic{Pos: o.first, Severity: diag.Notice, Code: code, Msg: msg, Args: args})
}
