package upload

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	sniffed = 1024     // bytes that tell what a file is
	office  = "office" // a zip: docx or xlsx, or neither
)

func isOffice(kind string) bool { return kind == "docx" || kind == "xlsx" }

// Sniff tells what a file is by its beginning; "" is nothing that is taken.
func Sniff(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xD8, 0xFF}):
		return "jpg"
	case bytes.HasPrefix(head, []byte(pngSignature)):
		return "png"
	case len(head) >= 16 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return "webp"
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return "pdf"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return office
	case isText(head):
		return "txt"
	}
	return ""
}

// isText reports plain text. What begins like a page or a drawing would be
// opened as one.
func isText(head []byte) bool {
	start := strings.TrimLeft(string(head[:min(len(head), 256)]), "\uFEFF \t\r\n")
	return isPlain(head) && !strings.HasPrefix(start, "<")
}

// isPlain reports bytes without control characters but those of plain text.
func isPlain(b []byte) bool {
	for _, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7F {
			return false
		}
	}
	return true
}

// clean copies a file of a kind without what nobody needs to know, and
// returns what it is after all.
func clean(w io.Writer, r *bufio.Reader, kind string) (string, error) {
	switch kind {
	case "jpg":
		return kind, cleanJPEG(w, r)
	case "png":
		return kind, cleanPNG(w, r)
	case "webp":
		return kind, cleanWebP(w, r)
	case office:
		return copyOffice(w, r)
	case "txt":
		return kind, copyText(w, r)
	}
	_, err := io.Copy(w, r)
	return kind, err
}

// copyText refuses what turns out to be no text.
func copyText(w io.Writer, r io.Reader) error {
	buf := make([]byte, 16<<10)
	for {
		n, err := r.Read(buf)
		if !isPlain(buf[:n]) {
			return ErrKind
		}
		if _, err := w.Write(buf[:n]); err != nil {
			return err
		}
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// copyOffice copies a document of words or numbers. The names of its parts
// stand uncompressed in it, so nothing has to be unpacked. Documents with
// programs in them are not taken.
func copyOffice(w io.Writer, r io.Reader) (string, error) {
	const overlap = 64
	kind := ""
	buf := make([]byte, overlap+16<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		if _, err := w.Write(buf[kept : kept+n]); err != nil {
			return "", err
		}
		seen := buf[:kept+n]
		switch {
		case bytes.Contains(seen, []byte("vbaProject.bin")):
			return "", ErrKind
		case kind != "":
		case bytes.Contains(seen, []byte("word/document.xml")):
			kind = "docx"
		case bytes.Contains(seen, []byte("xl/workbook.xml")):
			kind = "xlsx"
		}
		kept = copy(buf, seen[max(0, len(seen)-overlap):])
		if err == io.EOF {
			break
		} else if err != nil {
			return "", err
		}
	}
	if kind == "" {
		return "", ErrKind
	}
	return kind, nil
}

// Media is the media type of a kind.
func Media(kind string) string {
	if m := media[kind]; m != "" {
		return m
	}
	return "application/octet-stream"
}

var media = map[string]string{
	"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "pdf": "application/pdf", "txt": "text/plain; charset=utf-8",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// Name makes a file name safe to show and to save: no folders, no marks that
// turn the direction of writing, an ending that says what the file is.
func Name(given, kind string) string {
	if i := strings.LastIndexAny(given, `/\`); i >= 0 {
		given = given[i+1:]
	}
	given = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return -1
		case strings.ContainsRune(`<>:"|?*;%`+"`", r):
			return '_'
		}
		return r
	}, given)
	base := given
	if i := strings.LastIndexByte(given, '.'); i >= 0 {
		base = given[:i]
	}
	base = strings.Trim(base, " .")
	if r := []rune(base); len(r) > 80 {
		base = string(r[:80])
	}
	if base == "" {
		base = "file"
	}
	if kind == "" {
		return base
	}
	return base + "." + kind
}
