package a11y_test

import (
	"errors"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"handrail/a11y"
	"handrail/a11y/style"
)

// bombs are pages that would make a careless checker slow, or fill the memory.
func bombs() map[string]string {
	css := func(sheet, body string) string {
		return "<!doctype html><html lang=en><title>t</title><style>" + sheet + "</style>" + body
	}
	var manyRules strings.Builder
	for range 100_000 {
		manyRules.WriteString(".a .b>i{color:red}")
	}
	var vars strings.Builder // each twice as long as the one before
	vars.WriteString("p{--a0:x;")
	for i := range 60 {
		vars.WriteString("--a" + string(rune('0'+i+1)) + ":var(--a" + string(rune('0'+i)) + ")var(--a" + string(rune('0'+i)) + ");")
	}
	vars.WriteString("color:var(--az)}")
	nested := strings.Repeat("<div>", 5_000) + "x"
	return map[string]string{
		"any bytes":            "\x00\xff\xfe<p \x00=\xff>\xc3\x28&#xd800;&#99999999;<\x80>",
		"deep":                 nested,
		"deep, with roles":     strings.Repeat("<ul role=list><li role=listitem>", 2_500) + "x",
		"deep spans":           "<a href=/>" + strings.Repeat("<span>", 5_000) + "x",
		"deep labels":          strings.Repeat("<label>", 5_000) + "<input>",
		"a million attributes": "<p " + strings.Repeat("a", 12) + manyAttributes(1_000_000) + ">x",
		"one long text":        "<!doctype html><html lang=en><title>t</title><main><p>" + strings.Repeat("Tides come and go. ", 50<<20/19) + "</main>",
		"100,000 rules":        css(manyRules.String(), "<p class=a><b class=b><i>x"),
		":has chains":          css(strings.Repeat("div:has(div:has(div:has(p)) + div) p{color:red}", 200), strings.Repeat("<div>", 300)+"<p>x"),
		"* ladders":            css(strings.Repeat("* ", 60)+"p{color:red}"+strings.Repeat("* ~ ", 60)+"p{color:red}", strings.Repeat("<div>", 300)+strings.Repeat("<p>x</p>", 300)),
		":not ladders":         css(strings.Repeat(":not(:is(* * *, p * p)) ", 20)+"p{color:red}", strings.Repeat("<div>", 300)+"<p>x"),
		":nth-child(of)":       css(":nth-child(2n+1 of p:not(:nth-child(3n of p))){color:red}", strings.Repeat("<p>x</p>", 2_000)),
		"variables that grow":  css(vars.String(), "<p>x"),
		"variables in a ring":  css("p{--a:var(--b);--b:var(--c, var(--a));--c:var(--a);color:var(--a)}", "<p>x"),
		"references in a ring": strings.Repeat("<p id=a aria-labelledby='a b' aria-owns=b>x<p id=b aria-labelledby='b a' aria-owns=a>y", 200),
		"names of names":       "<p id=a>x" + strings.Repeat("<a href=/ aria-labelledby='a a a a a a a a a a a a'>x</a>", 2_000),
		"empty":                "",
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteByte(' ')
		for ; i > 0; i /= 26 {
			b.WriteByte(byte('a' + i%26))
		}
		b.WriteByte('z')
	}
	return b.String()
}

// hostileBytes is the most that the checker may allocate in all for a page,
// beside what each byte of the page may cost.
const hostileBytes, hostileBytesEach = 64 << 20, 512

// TestHostilePages: no page makes the checker panic, hang or allocate more than
// grows with the page. The bound of time is wide: at rest each takes seconds,
// and what is not linear takes hours.
func TestHostilePages(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	c := a11y.NewChecker(a11y.Options{Modes: []style.Mode{{Name: "light"}, {Name: "dark", Scheme: "dark"}}})
	for name, page := range bombs() {
		t.Run(name, func(t *testing.T) {
			before, start := allocated(), time.Now()
			for _, err := range c.Check("page.html", page).Errors {
				t.Error(err)
			}
			if took := time.Since(start); took > 3*time.Minute {
				t.Errorf("took %v", took)
			}
			if got, most := allocated()-before, uint64(hostileBytes+hostileBytesEach*len(page)); got > most {
				t.Errorf("allocated %d bytes for %d; want at most %d", got, len(page), most)
			}
		})
	}
}

// allocated is how many bytes the program has allocated so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

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
