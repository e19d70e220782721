package server_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"
	"testing"
	"unicode/utf16"

	"handrail/internal/server/servertest"
)

// TestResumeByFile comes back with the file that was saved, on another device:
// as it was given, and as an editor may have changed it.
func TestResumeByFile(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler)
	p.Post("/care/f/heating/", "form", "heating").Submit("name", "王秀英", "do", "next").Submit("phone", "13800138000", "do", "save").Want(200, "saved")
	give := *p
	give.Get(strings.TrimSuffix(p.Path, "save") + "file")
	kept := give.Body
	utf16le := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(strings.TrimPrefix(kept, "\uFEFF"))) {
		utf16le = binary.LittleEndian.AppendUint16(utf16le, u)
	}
	file := func(data []byte) []servertest.File {
		return []servertest.File{{Key: "file", Name: "heating.txt", Data: data}}
	}
	for name, data := range map[string][]byte{"as given": []byte(kept), "in UTF-16": utf16le, "with notes": []byte("my form\n2026-11-24\n" + kept)} {
		other := servertest.NewPerson(t, x.handler)
		other.Get("/care/f/resume").Upload(file(data), "code", "")
		if other.Code != http.StatusOK || !strings.HasPrefix(other.Title(), "step ") {
			t.Errorf("%s: %d %s", name, other.Code, other.Title())
		}
	}
	other := servertest.NewPerson(t, x.handler)
	other.Get("/f/resume").Upload(file([]byte("a shopping list 13800138000")), "code", "").Want(422, "resume").Has("file")
	other.Get("/f/resume").Upload(file([]byte("1234 5678 9012 3456 7890")), "code", "").Want(422, "resume").Has("file")
	other.Get("/f/resume").Upload(file([]byte(kept)), "code", "1234").Want(422, "resume").Has("wrong-length") // what was typed counts
	other.Get("/f/resume").Upload(nil, "code", "").Want(422, "resume").Has("missing")
	other.Get("/f/resume").Upload(file(make([]byte, 70<<10)), "code", "").Want(413, "notice too-large")
}

// TestSilentBrowsers: where a browser says nothing of where a form comes from,
// only a token of its own page counts. Nothing typed is lost.
func TestSilentBrowsers(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("")
	p.Submit().Want(200, "sent")
	reference, secret := p.Text("reference"), p.Text("secret")

	old := servertest.NewPerson(t, x.handler)
	old.Header = http.Header{"Sec-Fetch-Site": nil}
	old.Post("/case/", "reference", reference, "secret", secret).Want(200, "find").Has(reference).Has(secret)
	old.Submit("reference", reference, "secret", secret).Want(200, "case held")
	forget, _ := old.Form()
	for !strings.Contains(forget, "forget") { // of the forms on the page
		old.Body = old.Body[strings.Index(old.Body, "<form")+5:]
		forget, _ = old.Form()
	}
	// The token stands in an address: it must not follow from the secret.
	if sum := sha256.Sum256([]byte("handrail v1 page " + reference + "." + strings.ReplaceAll(secret, " ", ""))); strings.Contains(forget, base64.RawURLEncoding.EncodeToString(sum[:16])) {
		t.Error("a token lets anybody try out secrets")
	}
	twice := servertest.NewPerson(t, x.handler)
	twice.Post("/case/", "reference", reference, "secret", secret).Want(200, "case held").Lacks(forget[strings.Index(forget, "=")+1:])
	old.Post("/f/forget").Want(http.StatusForbidden, "notice refused")
	old.Get("/case/"+reference).Want(200, "case held")
	old.Post(forget).Want(200, "notice forgotten")
	old.Get("/case/"+reference).Want(200, "find")

	// Another person's token is none.
	_, theirs := servertest.NewPerson(t, x.handler).Get("/case/").Form()
	old.Post("/case/", append(theirs, "reference", reference, "secret", secret)...).Want(200, "find")

	draft := servertest.NewPerson(t, x.handler)
	draft.Post("/f/heating/", "form", "heating").Submit("name", "王秀英", "do", "save").Want(200, "saved")
	code := draft.Text("code")
	old.Post("/f/resume", "code", code).Want(200, "resume").Has(code)
	old.Submit("code", code)
	if !strings.HasPrefix(old.Title(), "step ") {
		t.Errorf("come back: %d %s", old.Code, old.Title())
	}
}
