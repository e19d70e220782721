//go:build linux

package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/server/servertest"
)

// TestRealSite goes through the forms of a site that handrail has built, with
// the pages of its theme: HANDRAIL_SITE names the folder.
func TestRealSite(t *testing.T) {
	site := os.Getenv("HANDRAIL_SITE")
	if site == "" {
		t.Skip("skipped: HANDRAIL_SITE names no site; build one with: handrail build")
	}
	kit, err := formpage.Open(os.DirFS(filepath.Join(site, ".handrail")))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := start(t, site, t.TempDir())
	if !ok {
		t.Fatal(p.stderr)
	}
	for _, id := range kit.Site().Forms {
		form := kit.Form(id)
		for _, lang := range form.Languages {
			for _, edition := range kit.Site().Editions {
				prefix := kit.Site().Prefix(lang, edition)
				t.Run(id+" "+prefix, func(t *testing.T) { realForm(t, p, kit, form, prefix, lang) })
			}
		}
	}
	if code := p.stop(t, syscall.SIGTERM); code != exitClean {
		t.Errorf("exit code %d", code)
	}
	if log := p.stderr.String(); strings.Contains(log, "ERROR") || strings.Contains(log, "王秀英") {
		t.Errorf("the log:\n%s", log)
	}
}

func realForm(t *testing.T, p *process, kit *formpage.Kit, form *forms.Definition, prefix, lang string) {
	person := servertest.NewPerson(t, p.remote())
	person.Get(prefix + form.Path.In(lang))
	if person.Code != http.StatusOK || !strings.Contains(person.Body, `action="`+prefix+"/f/"+form.ID+`/"`) {
		t.Fatalf("the static page %s: %d", person.Path, person.Code)
	}
	person.Post(prefix+"/f/"+form.ID+"/", "form", form.ID, "version", form.Version())
	values := plausible(form)
	for i := 0; !strings.HasSuffix(person.Path, "/check"); i++ {
		if person.Code != http.StatusOK || i > 60 {
			t.Fatalf("stuck at %s: %d %s\n%s", person.Path, person.Code, person.Title(), problems(person.Body))
		}
		if i == 0 { // wrongly first
			person.Submit("do", "next")
			if person.Code == http.StatusOK {
				continue // nothing is required here
			}
			if person.Code != http.StatusUnprocessableEntity {
				t.Fatalf("an empty page: %d", person.Code)
			}
		}
		person.Upload(chosen(person.Body), append([]string{"do", "next"}, values...)...)
	}
	person.Submit()
	if !strings.HasSuffix(person.Path, "/sent") || person.Code != http.StatusOK {
		t.Fatalf("not sent: %s %d\n%s", person.Path, person.Code, problems(person.Body))
	}
	codes := regexp.MustCompile(`\d{4}(?: \d{4})+`).FindAllString(person.Body, -1)
	if len(codes) < 2 {
		t.Fatalf("the receipt shows %v", codes)
	}
	reference, secret := "", ""
	for _, c := range codes {
		switch len(strings.ReplaceAll(c, " ", "")) {
		case 8:
			reference = c
		case 20:
			secret = c
		}
	}
	other := servertest.NewPerson(t, p.remote())
	other.Get(prefix+"/case/").Submit("reference", reference, "secret", secret)
	if other.Code != http.StatusOK || other.Path != prefix+"/case/"+strings.ReplaceAll(reference, " ", "") {
		t.Errorf("the case: %s %d %s", other.Path, other.Code, other.Title())
	}
	if form.UndoMinutes > 0 {
		person.Submit()
		if !strings.HasSuffix(person.Path, "/undo") || person.Code != http.StatusOK {
			t.Errorf("undo: %s %d", person.Path, person.Code)
		}
	}
}

func problems(body string) []string {
	return regexp.MustCompile(`(?s)class="err"[^>]*>.*?</p>`).FindAllString(body, -1)
}

// chosen is a small PDF for every file that the page asks for.
func chosen(body string) (out []servertest.File) {
	for _, m := range regexp.MustCompile(`<input type="file" id="[^"]*" name="([^"]*)" accept="[^"]*pdf`).FindAllStringSubmatch(body, -1) {
		out = append(out, servertest.File{Key: m[1], Name: "电费 11 月.pdf", Data: []byte("%PDF-1.7 bill")})
	}
	return out
}

// plausible answers every question of a form.
func plausible(form *forms.Definition) []string {
	var out []string
	for _, s := range form.Sections {
		at := -1
		if s.Repeat != nil {
			at = 0
		}
		for _, f := range s.Fields {
			key := forms.Key(s, at, f)
			switch f.Kind {
			case forms.Date:
				out = append(out, key+":year", "1950", key+":month", "3", key+":day", "8")
			case forms.Address:
				out = append(out, key+":area", "安和市平桥区", key+":street", "平桥路18号", key+":postcode", "100000")
			case forms.Choice, forms.Choices:
				out = append(out, key, f.Options[0].Value)
			case forms.YesNo, forms.Declaration, forms.Commitment:
				out = append(out, key, "yes")
			case forms.Phone:
				out = append(out, key, "13800138000")
			case forms.Email:
				out = append(out, key, "wang@example.org")
			case forms.IDNumber:
				out = append(out, key, "11010519491231002X")
			case forms.Number:
				n := 2.0
				if f.Min != nil {
					n = max(n, *f.Min)
				}
				out = append(out, key, fmt.Sprint(n))
			default:
				text := "王秀英"
				if f.Digits {
					text = "123456789012345678"
				}
				if n := f.MaxLength; n > 0 && len([]rune(text)) > n {
					text = string([]rune(text)[:n])
				}
				out = append(out, key, text+strings.Repeat("一", max(0, f.MinLength-len([]rune(text)))))
			}
		}
	}
	return out
}
