package server

import (
	"io"
	"net/http"
	"regexp"
	"unicode/utf16"

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
	if len(b) < 2 || b[0] != 0xFF && b[0] != 0xFE || b[1] != 0xFF && b[1] != 0xFE || b[0] == b[1] {
		return string(b)
	}
	units := make([]uint16, 0, len(b)/2)
	for i := 2; i+1 < len(b); i += 2 {
		if b[0] == 0xFF {
			units = append(units, uint16(b[i])|uint16(b[i+1])<<8)
		} else {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
	}
	return string(utf16.Decode(units))
}
