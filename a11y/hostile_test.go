package a11y_test

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"handrail/a11y"
)

// TestHostileSheets: sheets that are missing, that are no UTF-8, that import
// each other, or that lie on other sites break nothing, and are reported where
// they could not be read.
func TestHostileSheets(t *testing.T) {
	files := fstest.MapFS{
		"ring.css":   {Data: []byte(`@import "ring2.css"; p{color:#777}`)},
		"ring2.css":  {Data: []byte(`@import "ring.css"; @import "ring2.css"; p{margin:0}`)},
		"latin1.css": {Data: []byte("p::before{content:'\xe9\xff'} p{color:#777}")},
		"utf16.css":  {Data: []byte("\xff\xfep\x00{\x00}\x00")},
	}
	c := a11y.NewChecker(a11y.Options{Sheets: a11y.SheetsFrom(files)})
	for _, tt := range []struct {
		href   string
		unread bool
	}{
		{"ring.css", false}, {"latin1.css", false}, {"utf16.css", false},
		{"missing.css", true}, {"https://elsewhere.example/a.css", true}, {"../outside.css", true}, {"", false}, {"data:text/css,p{color:red}", true},
	} {
		t.Run(tt.href, func(t *testing.T) {
			res := c.Check("page.html", `<!doctype html><html lang="en"><title>t</title><link rel="stylesheet" href="`+tt.href+`"><p>x`)
			for _, err := range res.Errors {
				t.Error(err)
			}
			if got := len(res.Unread) > 0; got != tt.unread {
				t.Errorf("unread %v, want %v", res.Unread, tt.unread)
			}
			for _, u := range res.Unread {
				if tt.href == "missing.css" && !errors.Is(u.Err, fs.ErrNotExist) {
					t.Errorf("the reason is %v", u.Err)
				}
			}
		})
	}
}
