package upload

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"filippo.io/age"
)

const secretPlace = "GPS 39.9042 116.4074"

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for x := range 60 {
		for y := range 40 {
			m.Set(x, y, color.RGBA{uint8(x * 4), uint8(y * 6), uint8(x ^ y), 255})
		}
	}
	return m
}

// photo is a JPEG with Exif (orientation 6), XMP, a comment and a film after
// its end.
func photo(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	segment := func(marker byte, body string) []byte {
		return append([]byte{0xFF, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
	}
	exif := string(uprightSegment(6)[4:]) + secretPlace
	return bytes.Join([][]byte{b.Bytes()[:2], segment(markAPP1, exif), segment(markAPP1, "http://ns.adobe.com/xap/1.0/\x00"+secretPlace),
		segment(0xED, "Photoshop 3.0\x00"+secretPlace), segment(markCOM, secretPlace), b.Bytes()[2:], []byte("ftypmp42" + secretPlace)}, nil)
}

func chunk(typ, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, typ...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func drawing(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	const ihdr = 8 + 25
	return bytes.Join([][]byte{b.Bytes()[:ihdr], chunk("tEXt", "Comment\x00"+secretPlace), chunk("eXIf", secretPlace), b.Bytes()[ihdr:], []byte(secretPlace)}, nil)
}

func webp(width, height uint32) []byte {
	part := func(typ string, body []byte) []byte {
		b := binary.LittleEndian.AppendUint32([]byte(typ), uint32(len(body)))
		if len(body)%2 == 1 {
			body = append(body, 0)
		}
		return append(b, body...)
	}
	vp8x := []byte{0x0C, 0, 0, 0, byte(width - 1), byte((width - 1) >> 8), byte((width - 1) >> 16), byte(height - 1), byte((height - 1) >> 8), byte((height - 1) >> 16)}
	body := bytes.Join([][]byte{part("VP8X", vp8x), part("VP8L", []byte("\x2f\x00\x00\x00\x00image")), part("EXIF", []byte(secretPlace)), part("XMP ", []byte(secretPlace+"!"))}, nil)
	return bytes.Join([][]byte{[]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body)+4)), []byte("WEBP"), body}, nil)
}

func open(t testing.TB, l Limits) (*Dir, string) {
	t.Helper()
	dir := t.TempDir()
	d, err := Open(dir, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, dir
}

func key(t testing.TB) *age.X25519Identity {
	t.Helper()
	k, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var all = []string{"jpg", "png", "webp", "pdf", "txt", "docx", "xlsx"}

func TestKeep(t *testing.T) {
	d, dir := open(t, Limits{})
	k := key(t)
	for name, c := range map[string]struct {
		data []byte
		kind string
	}{
		"photo":   {photo(t), "jpg"},
		"drawing": {drawing(t), "png"},
		"webp":    {webp(60, 40), "webp"},
		"pdf":     {[]byte("%PDF-1.7\n…"), "pdf"},
		"text":    {[]byte("冬天家里冷\n"), "txt"},
		"letter":  {[]byte("PK\x03\x04" + strings.Repeat("x", 40<<10) + "word/document.xml" + strings.Repeat("y", 100)), "docx"},
		"table":   {[]byte("PK\x03\x04" + strings.Repeat("x", 16<<10+50) + "xl/workbook.xml"), "xlsx"},
	} {
		f, err := d.Keep("draft", name, iotest.HalfReader(bytes.NewReader(c.data)), all, 1<<20, k.Recipient())
		if err != nil || f.Type != c.kind {
			t.Errorf("%s: %+v, %v", name, f, err)
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, "draft", name))
		if err != nil || bytes.Contains(raw, c.data[len(c.data)/2:]) {
			t.Errorf("%s lies open on the disk, %v", name, err)
		}
		r, err := d.Read("draft", name, k)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		r.Close()
		if err != nil || int64(len(got)) != f.Size {
			t.Errorf("%s: %d bytes, %v; want %d", name, len(got), err, f.Size)
		}
		if bytes.Contains(got, []byte("39.9042")) {
			t.Errorf("%s says where it was taken", name)
		}
		if _, err := d.Read("draft", name, key(t)); err == nil {
			t.Errorf("%s opens with any key", name)
		}
		look(t, c.kind, got)
	}
	if d.Total() == 0 {
		t.Error("nothing was counted")
	}
	again, err := Open(dir, Limits{})
	if err != nil || again.Total() != d.Total() {
		t.Errorf("opened again: %d, %v; want %d", again.Total(), err, d.Total())
	}
	again.Close()
}

// look decodes what was cleaned.
func look(t *testing.T, kind string, got []byte) {
	t.Helper()
	switch kind {
	case "jpg", "png":
		m, _, err := image.Decode(bytes.NewReader(got))
		if err != nil || m.Bounds().Dx() != 60 {
			t.Errorf("%s: %v", kind, err)
		}
	case "webp":
		if int(binary.LittleEndian.Uint32(got[4:])) != len(got)-8 || got[20] != 0 {
			t.Errorf("webp: length %d of %d, flags %x", binary.LittleEndian.Uint32(got[4:]), len(got), got[20])
		}
	}
	if kind == "jpg" && !bytes.Contains(got, uprightSegment(6)) {
		t.Error("the photo lies on its side")
	}
}

func TestRefused(t *testing.T) {
	d, dir := open(t, Limits{})
	huge := drawing(t)
	binary.BigEndian.PutUint32(huge[16:], 65535)
	binary.BigEndian.PutUint32(huge[20:], 65535)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	flood := photo(t)
	at := bytes.Index(flood, []byte{0xFF, 0xC0})
	copy(flood[at+5:], []byte{0x7F, 0xFF, 0x7F, 0xFF})
	broken := drawing(t)
	broken[len(broken)/2] ^= 1
	gone := errors.New("the connection broke")
	for name, c := range map[string]struct {
		r    io.Reader
		kind []string
		want error
	}{
		"empty":        {strings.NewReader(""), all, ErrEmpty},
		"large":        {strings.NewReader("%PDF-" + strings.Repeat("x", 2<<20)), all, ErrLarge},
		"program":      {strings.NewReader("MZ\x90\x00"), all, ErrKind},
		"page":         {strings.NewReader(" <!doctype html><script>alert(1)</script>"), all, ErrKind},
		"svg":          {strings.NewReader("\uFEFF<svg onload=alert(1)>"), all, ErrKind},
		"not asked":    {bytes.NewReader(photo(t)), []string{"pdf"}, ErrKind},
		"zip":          {strings.NewReader("PK\x03\x04 anything"), all, ErrKind},
		"other office": {strings.NewReader("PK\x03\x04 xl/workbook.xml"), []string{"docx"}, ErrKind},
		"macros":       {strings.NewReader("PK\x03\x04 word/document.xml word/vbaProject.bin"), all, ErrKind},
		"late binary":  {strings.NewReader(strings.Repeat("text ", 1000) + "\x00"), all, ErrKind},
		"png flood":    {bytes.NewReader(huge), all, ErrPixels},
		"jpeg flood":   {bytes.NewReader(flood), all, ErrPixels},
		"webp flood":   {bytes.NewReader(webp(1<<24, 1<<24)), all, ErrPixels},
		"cut":          {bytes.NewReader(photo(t)[:400]), all, ErrDamaged},
		"bad sum":      {bytes.NewReader(broken), all, ErrDamaged},
		"hung up":      {io.MultiReader(bytes.NewReader(photo(t)[:400]), iotest.ErrReader(gone)), all, gone},
	} {
		if _, err := d.Keep("draft", "id", c.r, c.kind, 1<<20, key(t).Recipient()); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
		if entries, _ := os.ReadDir(filepath.Join(dir, "draft")); len(entries) > 0 {
			t.Fatalf("%s: %s stays", name, entries[0].Name())
		}
	}
	if d.Total() != 0 {
		t.Errorf("%d bytes are counted", d.Total())
	}
}

func TestPlaces(t *testing.T) {
	d, dir := open(t, Limits{})
	if err := os.WriteFile(filepath.Join(filepath.Dir(dir), "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", ".", "..", "../secret", "a/b", `..\secret`, "a\x00", "%2e%2e", "．．", strings.Repeat("a", 65)} {
		if _, err := d.Keep(bad, "id", strings.NewReader("text"), all, 100, key(t).Recipient()); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("draft %q: %v", bad, err)
		}
		if _, err := d.Keep("draft", bad, strings.NewReader("text"), all, 100, key(t).Recipient()); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("file %q: %v", bad, err)
		}
		if _, err := d.Sealed("draft", bad); err == nil || d.Has("draft", bad) || d.Has(bad, "secret") {
			t.Errorf("%q can be read", bad)
		}
		if d.RemoveAll(bad) == nil {
			t.Errorf("%q can be deleted", bad)
		}
	}
}

func TestLimits(t *testing.T) {
	text := func() io.Reader { return strings.NewReader(strings.Repeat("text", 100)) }
	d, _ := open(t, Limits{Draft: 900, Total: 2000})
	keep := func(draft, id string) error {
		_, err := d.Keep(draft, id, text(), all, 1000, key(t).Recipient())
		return err
	}
	for _, c := range []struct {
		draft, id string
		want      error
	}{{"a", "1", nil}, {"a", "2", nil}, {"a", "3", ErrQuota}, {"b", "1", nil}, {"b", "2", nil}, {"c", "1", ErrFull}} {
		if err := keep(c.draft, c.id); !errors.Is(err, c.want) {
			t.Errorf("%s/%s: %v; want %v", c.draft, c.id, err, c.want)
		}
	}
	d.Remove("a", "1")
	if err := keep("a", "3"); err != nil {
		t.Errorf("after one was removed: %v", err)
	}
	small, _ := open(t, Limits{Reserve: 1 << 60})
	if _, err := small.Keep("a", "1", text(), all, 1000, key(t).Recipient()); !errors.Is(err, ErrFull) {
		t.Errorf("on a full disk: %v", err)
	}
}

func TestSweep(t *testing.T) {
	d, dir := open(t, Limits{})
	for _, draft := range []string{"wanted", "gone", "new"} {
		for _, id := range []string{"one", "two"} {
			if _, err := d.Keep(draft, id, strings.NewReader("text"), all, 100, key(t).Recipient()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "wanted", "broke.part"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	for _, name := range []string{"wanted/broke.part", "wanted", "gone"} {
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	n, err := d.Sweep(t.Context(), time.Now(), func(_ context.Context, draft string) (bool, error) { return draft == "wanted", nil })
	if n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if !d.Has("wanted", "one") || !d.Has("new", "one") || d.Has("gone", "one") {
		t.Error("the wrong folder went")
	}
	if _, err := os.Stat(filepath.Join(dir, "wanted/broke.part")); err == nil {
		t.Error("half a file stays")
	}
	if err := d.RemoveAll("wanted", "two"); err != nil || d.Has("wanted", "one") || !d.Has("wanted", "two") {
		t.Errorf("all but one: %v", err)
	}
	if err := errors.Join(d.RemoveAll("wanted"), d.RemoveAll("new"), d.RemoveAll("never")); err != nil || d.Total() != 0 {
		t.Errorf("%v, %d bytes left", err, d.Total())
	}
}

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		"照片.JPEG": "照片.jpg", `C:\Users\王\票据.jpg`: "票据.jpg", "../../etc/passwd": "passwd.jpg", "": "file.jpg", "...": "file.jpg",
		"bill\u202Egpj.exe": "billgpj.jpg", "a\r\nSet-Cookie: x": "aSet-Cookie_ x.jpg", "a\"b;c": "a_b_c.jpg", strings.Repeat("长", 200): strings.Repeat("长", 80) + ".jpg",
	} {
		if got := Name(in, "jpg"); got != want {
			t.Errorf("%q: %q; want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add(photo(f))
	f.Add(drawing(f))
	f.Add(webp(60, 40))
	d, _ := open(f, Limits{})
	k := key(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer d.Remove("draft", "id")
		file, err := d.Keep("draft", "id", bytes.NewReader(data), all, 1<<20, k.Recipient())
		if err == nil && (file.Size > int64(len(data))+64 || !d.Has("draft", "id")) {
			t.Errorf("%+v of %d bytes", file, len(data))
		}
	})
}
