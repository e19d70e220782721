package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"handrail/internal/diag"
)

// decoded is a text in UTF-8 with \n line ends.
type decoded struct {
	text     []byte
	from     string // the encoding it was converted from; "" for UTF-8
	bom      bool
	crlf     bool
	firstBad int // offset in text of the first byte that was no UTF-8, or -1
	bad      int // how many there were
	firstNUL int // offset in text of the first NUL, or -1
}

// decode turns whatever encoding an editor left behind into UTF-8. Bytes that
// fit none become U+FFFD, one by one.
func decode(b []byte) decoded {
	d := decoded{firstBad: -1, firstNUL: -1}
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		d.bom, b = true, b[3:]
	case bytes.HasPrefix(b, []byte("\xFF\xFE")), bytes.HasPrefix(b, []byte("\xFE\xFF")):
		if t, err := utf16.UTF16(utf16.LittleEndian, utf16.ExpectBOM).NewDecoder().Bytes(b); err == nil {
			d.from, b = "UTF-16", t
		}
	}
	if !utf8.Valid(b) {
		if t, ok := gb18030(b); ok {
			d.from, b = "GB18030", t
		} else {
			b = d.replaceInvalid(b)
		}
	}
	if bytes.IndexByte(b, '\r') >= 0 {
		// Lone \r is a line end too: old Macs, and diag.Lines agrees.
		d.crlf = true
		b = lineEnds(b, &d)
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		d.firstNUL = i
		b = bytes.ReplaceAll(b, []byte{0}, []byte("\uFFFD"))
	}
	d.text = b
	return d
}

// lineEnds makes every line end \n and moves the offset of the first bad byte
// along.
func lineEnds(b []byte, d *decoded) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if i == d.firstBad {
			d.firstBad = len(out)
		}
		if b[i] != '\r' {
			out = append(out, b[i])
			continue
		}
		out = append(out, '\n')
		if i+1 < len(b) && b[i+1] == '\n' {
			i++
		}
	}
	return out
}

func (d *decoded) replaceInvalid(b []byte) []byte {
	out := make([]byte, 0, len(b)+16)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			if d.firstBad < 0 {
				d.firstBad = len(out)
			}
			d.bad++
			out = append(out, "\uFFFD"...)
		} else {
			out = append(out, b[i:i+n]...)
		}
		i += n
	}
	return out
}

// gb18030 decodes b if it looks like Chinese in GB18030, GBK or GB 2312: all
// of it decodes, it is not mostly UTF-8 with a broken byte, and most pairs
// lie where GB 2312 has its common characters (Latin-1 letters pair with
// ASCII ones, and so do not).
func gb18030(b []byte) ([]byte, bool) {
	var high, inUTF8, pairs, common int
	for i := 0; i < len(b); {
		if b[i] < 0x80 {
			i++
			continue
		}
		high++
		if r, n := utf8.DecodeRune(b[i:]); r != utf8.RuneError {
			inUTF8++
			i += n
			continue
		}
		i++
	}
	if inUTF8*2 > high {
		return nil, false
	}
	for i := 0; i < len(b); {
		if b[i] < 0x80 || i+1 == len(b) {
			i++
			continue
		}
		pairs++
		if b[i] >= 0xA1 && b[i] <= 0xF7 && b[i+1] >= 0xA1 {
			common++
		}
		i += 2
	}
	if common*10 < pairs*7 {
		return nil, false
	}
	t, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(t, utf8.RuneError) {
		return nil, false
	}
	return t, true
}

// report says what decode did to a file, where the reader of the report can
// do something about it.
func (d *decoded) report(path string, lines *diag.Lines) (diags diag.List) {
	if d.from != "" {
		diags.Add(&diag.Diagnostic{
			Pos: diag.Pos{File: path}, Severity: diag.Notice, Code: "converted",
			Msg: fmt.Sprintf("read as %s and converted to UTF-8", d.from), Hint: "save the file as UTF-8",
			Args: map[string]any{"encoding": d.from},
		})
	}
	if d.firstBad >= 0 {
		diags.Add(&diag.Diagnostic{
			Pos: lines.Pos(d.firstBad), Code: "invalid-utf8",
			Msg:  fmt.Sprintf("%s here no UTF-8", plural(d.bad, "byte is", "bytes from here on are")),
			Hint: "save the file as UTF-8", Args: map[string]any{"count": d.bad},
		})
	}
	if d.firstNUL >= 0 {
		diags.Add(&diag.Diagnostic{
			Pos: lines.Pos(d.firstNUL), Code: "nul-byte", Msg: "a NUL byte cannot stand in a text file",
			Hint: "is this a text file?",
		})
	}
	return diags
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// textLanguage guesses the language of a text by its script: "zh-Hans", "ar",
// or "" for all others.
func textLanguage(text string) string {
	if len(text) > 8<<10 {
		text = strings.ToValidUTF8(text[:8<<10], "")
	}
	var han, kana, arabic, other int
	for _, r := range text {
		switch {
		case r < 0x80:
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
				other++
			}
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.IsLetter(r):
			other++
		}
	}
	switch {
	case han > 0 && kana*5 < han && han*4 > other: // a Han character says as much as a word
		return "zh-Hans"
	case arabic*2 > other && arabic > 0:
		return "ar"
	}
	return ""
}
