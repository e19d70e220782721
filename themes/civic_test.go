package themes

import (
	"fmt"
	"io/fs"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"handrail/i18n"
)

// files calls f with every file of the theme whose name ends in suffix.
func files(t *testing.T, suffix string, f func(name, text string)) {
	t.Helper()
	seen := 0
	err := fs.WalkDir(FS, "civic", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, suffix) {
			return err
		}
		b, err := fs.ReadFile(FS, p)
		if err != nil {
			return err
		}
		seen++
		f(p, string(b))
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatalf("reading %s files: %v, %d seen", suffix, err, seen)
	}
}

// comment is what holds no declaration: comments, and conditions of imports.
var comment = regexp.MustCompile(`(?s)/\*.*?\*/|@import[^;]*;`)

// declarations returns the declarations of a style sheet in order, rule by
// rule: property, value, and the number of the rule.
func declarations(css string) (decls [][2]string, rule []int) {
	n := 0
	for _, m := range regexp.MustCompile(`[{}]|([\w-]+)\s*:\s*([^;{}]+);`).FindAllStringSubmatch(comment.ReplaceAllString(css, ""), -1) {
		if m[1] == "" {
			n++
			continue
		}
		decls, rule = append(decls, [2]string{m[1], strings.TrimSpace(m[2])}), append(rule, n)
	}
	return decls, rule
}

var physical = regexp.MustCompile(`^((margin|padding|border)-(left|right|top|bottom).*|left|right|top|bottom|(min-|max-)?(width|height)|float|clear|border-(top|bottom)-(left|right)-radius)$`)

func TestStylesAreLogical(t *testing.T) {
	files(t, ".css", func(name, text string) {
		decls, _ := declarations(text)
		for _, d := range decls {
			if physical.MatchString(d[0]) || slices.Contains([]string{"left", "right"}, d[1]) {
				t.Errorf("%s: %s: %s does not mirror; use the logical property", name, d[0], d[1])
			}
		}
	})
}

func TestStylesReadInOldEngines(t *testing.T) {
	files(t, ".css", func(name, text string) {
		if m := regexp.MustCompile(`@layer|@container|:has\(|&`).FindString(comment.ReplaceAllString(text, "")); m != "" {
			t.Errorf("%s: %s is not for the base sheet", name, m)
		}
		decls, rule := declarations(text)
		for i, d := range decls {
			if strings.HasPrefix(d[0], "--") || !strings.Contains(d[1], "var(") {
				continue
			}
			if i == 0 || decls[i-1][0] != d[0] || rule[i-1] != rule[i] || strings.Contains(decls[i-1][1], "var(") {
				t.Errorf("%s: %s: %s has no plain value before it", name, d[0], d[1])
			}
		}
	})
}

// themesOf reads the colours of tokens.css, one map for each block that sets
// them; a block that sets only some starts from the first.
func themesOf(t *testing.T) map[string]map[string]string {
	t.Helper()
	b, err := fs.ReadFile(FS, "civic/assets/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for i, m := range regexp.MustCompile(`(?s)(:root[^{]*)\{(.*?)\}`).FindAllStringSubmatch(comment.ReplaceAllString(string(b), ""), -1) {
		vars := map[string]string{}
		for _, v := range regexp.MustCompile(`--([\w-]+):\s*(#[0-9a-f]+);`).FindAllStringSubmatch(m[2], -1) {
			vars[v[1]] = v[2]
		}
		if len(vars) == 0 {
			continue // measures
		}
		out[fmt.Sprintf("%d %s", i, strings.TrimSpace(m[1]))] = vars
	}
	return out
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		t.Fatalf("colour %q: %v", hex, err)
	}
	lin := func(c uint64) float64 {
		v := float64(c&255) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(n>>16) + 0.7152*lin(n>>8) + 0.0722*lin(n)
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func TestColoursHaveContrast(t *testing.T) {
	blocks := themesOf(t)
	if len(blocks) != 9 {
		t.Errorf("%d blocks of colours; want 9: light, three for the system's settings, five themes", len(blocks))
	}
	for name, c := range blocks {
		need := func(fore, back string, least float64) {
			if got := contrast(t, c[fore], c[back]); got < least {
				t.Errorf("%s: --%s on --%s is %.2f:1; want %.1f", name, fore, back, got, least)
			}
		}
		for _, back := range []string{"paper", "quiet"} {
			for _, fore := range []string{"ink", "soft", "link", "seen", "bad", "good"} {
				need(fore, back, 7)
			}
			if max(contrast(t, c["halo"], c[back]), contrast(t, c["ring"], c[back])) < 3 {
				t.Errorf("%s: neither focus ring shows on --%s", name, back)
			}
		}
		need("on-main", "main", 7)
		need("on-mark", "mark", 7)
		need("rail", "paper", 4.5)
		// Edges of boxes, and the bars and lines of charts (WCAG 1.4.11).
		for _, back := range []string{"paper", "quiet"} {
			for _, fore := range []string{"line", "main", "rail"} {
				need(fore, back, 3)
			}
		}
		need("halo", "ring", 3)
	}
}

func catalogues(t *testing.T) map[string]*i18n.Catalogue {
	t.Helper()
	set, diags := i18n.Load(i18n.Embedded())
	for _, d := range diags {
		t.Errorf("%v", d)
	}
	return map[string]*i18n.Catalogue{"zh-Hans": set.For("zh-Hans"), "en": set.For("en"), "ar": set.For("ar")}
}

func TestEveryTextExistsInEveryLanguage(t *testing.T) {
	cats := catalogues(t)
	key := regexp.MustCompile(`\b[tT] "([a-z0-9.-]+)"`) // t in layouts, .T in the server's templates
	files(t, ".html", func(name, text string) {
		for _, m := range key.FindAllStringSubmatch(text, -1) {
			for tag, c := range cats {
				msg := c.Message(m[1])
				if msg == nil || c.Foreign(msg) {
					t.Errorf("%s: %q has no text in %s", name, m[1], tag)
					continue
				}
				want := cats["en"].Message(m[1]).Placeholders()
				got := msg.Placeholders()
				slices.Sort(want)
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("%s: %q takes %v in %s and %v in English", name, m[1], got, tag, want)
				}
			}
		}
	})
}

var (
	action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	tag    = regexp.MustCompile(`(?s)<[^>]*>`)
	words  = regexp.MustCompile(`\pL+`)
	// Tokens that the server replaces, and attributes that a template prints into a tag.
	noWords = regexp.MustCompile(`-handrail-[a-z]+-| aria-[a-z]+="[^"]*"`)
)

func TestLayoutsHoldNoWords(t *testing.T) {
	files(t, ".html", func(name, text string) {
		if path.Base(name) == "column-type.html" {
			return // values of a meta tag, fixed by the inspection; nobody sees them
		}
		text = noWords.ReplaceAllString(tag.ReplaceAllString(action.ReplaceAllString(text, ""), ""), "")
		if m := words.FindString(text); m != "" {
			t.Errorf("%s: %q is said in the layout; it belongs in the catalogue", name, m)
		}
	})
}

func TestLayoutsNeedNoInlineCode(t *testing.T) {
	inline := regexp.MustCompile(`\s(style|on[a-z]+)=|<style|<script(\s|>)`)
	files(t, ".html", func(name, text string) {
		for _, m := range inline.FindAllString(text, -1) {
			if !regexp.MustCompile(`<script type="module"( fetchpriority="low")? src=`).MatchString(text) {
				t.Errorf("%s: %q; the policy forbids inline code", name, strings.TrimSpace(m))
			}
		}
	})
}
