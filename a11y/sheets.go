package a11y

import (
	"errors"
	"io/fs"
	"sync"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

var errElsewhere = errors.New("not in this site")

// linked returns the style sheets of the page in their order, those of style
// elements included, and the links that could not be followed.
func (c *Checker) linked(page string, doc *dom.Doc) ([]*style.Sheet, []Unread) {
	var unread []Unread
	base := act.BaseHref(doc)
	sheets := style.Sheets(doc, func(from, href string) *style.Sheet {
		var sheet *style.Sheet
		var err error
		if from == "" {
			sheet, err = c.sheet(page, base, href)
		} else {
			sheet, err = c.sheet(from, "", href)
		}
		if err != nil {
			unread = append(unread, Unread{href, linkOffset(doc, href), err})
		}
		return sheet
	})
	return sheets, unread
}

func linkOffset(doc *dom.Doc, href string) int {
	for n := range doc.Elements() {
		if n.Is("link") && n.Get("href") == href {
			return n.AttrPos("href")
		}
	}
	return 0
}

// sheet reads the style sheet that href leads to from a page or a sheet, once
// for all pages.
func (c *Checker) sheet(from, base, href string) (*style.Sheet, error) {
	name, ok := Resolve(from, base, href)
	if !ok || c.o.Sheets == nil {
		return nil, errElsewhere
	}
	read, ok := c.sheets.Load(name)
	if !ok {
		read, _ = c.sheets.LoadOrStore(name, sync.OnceValues(func() (*style.Sheet, error) { return c.o.Sheets(name) }))
	}
	return read.(func() (*style.Sheet, error))()
}

// SheetsFrom returns a reader of style sheets for Options that takes them,
// and what they import, from the folder.
func SheetsFrom(fsys fs.FS) func(path string) (*style.Sheet, error) {
	return func(name string) (*style.Sheet, error) {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		return style.ParseSheetWith(string(src), name, importer(fsys)), nil
	}
}

// importer reads imported style sheets; package style bounds how deep they
// go.
func importer(fsys fs.FS) style.Resolver {
	var read style.Resolver
	read = func(from, href string) *style.Sheet {
		name, ok := Resolve(from, "", href)
		if !ok {
			return nil
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil
		}
		return style.ParseSheetWith(string(src), name, read)
	}
	return read
}
