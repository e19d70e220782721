package server

import (
	"io"
	"net/http"
	"regexp"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"handrail/internal/seal"
)

// maxKept is how large the form of a code may be, with the file that somebody
// has kept.
const maxKept = 64 << 10

// codes are 20 digits in groups of four, as in the file to keep.
var codes = regexp.MustCompile(`\d{4}(?:[ \x{00A0}-]?\d{4}){4}`)

// codeIn finds the code to come back with in the file that was saved with it.
// problem is "file" when there is none in it.
func codeIn(r *http.Request) (code, problem string) {
	if r.MultipartForm == nil {
		return "", ""
	}
	for _, f := range r.MultipartForm.File["file"] {
		if f.Filename == "" {
			continue
		}
		part, err := f.Open()
		if err != nil {
			return "", "file"
		}
		b, err := io.ReadAll(io.LimitReader(part, maxKept))
		part.Close()
		if err != nil {
			return "", "file"
		}
		for _, digits := range codes.FindAllString(plain(b), -1) {
			if c, err := seal.ParseCode(digits); err == nil {
				return c.Groups(), ""
			}
		}
		return "", "file"
	}
	return "", ""
}

// plain reads a text: editors may have saved it in UTF-16.
func plain(b []byte) string {
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), b)
	if err != nil {
		return ""
	}
	return string(text)
}
