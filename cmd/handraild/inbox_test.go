//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"handrail/internal/seal"
	"handrail/internal/server/servertest"
)

// TestInbox is a case from both sides: a person sends, clerks prove their
// keys, open, ask, decide; the sealed case lies in the department's folder.
func TestInbox(t *testing.T) {
	dir := t.TempDir()
	site, folder := filepath.Join(dir, "public"), filepath.Join(dir, "folder")
	form := servertest.Form()
	form.UndoMinutes = 0
	servertest.WriteSite(t, site, form)
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	exe, err := exec.LookPath("handraild")
	if err != nil {
		t.Fatal(err)
	}
	run := func(in string, args ...string) (string, error) {
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		cmd := exec.CommandContext(ctx, exe, args...)
		cmd.Env = append(os.Environ(), "LANG=C")
		cmd.Stdin = strings.NewReader(in)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		err := cmd.Run()
		return out.String(), err
	}
	must := func(in string, args ...string) string {
		t.Helper()
		out, err := run(in, args...)
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(out)
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	clerk := must("", "keys", "generate", "--clerk", file("wang.key"))
	daily := must("", "keys", "generate", "--identity", file("daily.key"))
	spare := must("", "keys", "generate", "--identity", file("spare.key"))
	config := fmt.Sprintf("listen: 127.0.0.1:0\ndepartments:\n  housing:\n    recipients: [%s, %s]\n    clerks: {wang: %s}\n    folder: %s\n",
		daily, spare, clerk, folder)
	if err := os.WriteFile(file("server.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	p, ok := launch(t, []string{exe, "serve", "--site", site, "--data", file("data"), "--config", file("server.yaml")})
	if !ok {
		t.Fatal(p.stderr)
	}
	own := []string{"--server", p.url, "--department", "housing", "--clerk", file("wang.key"), "--identity", file("daily.key")}
	// A form opens when two keys of its department have been shown to open.
	if !p.stderr.await("are not open") {
		t.Errorf("at the start: %s", p.stderr)
	}
	early := servertest.NewPerson(t, p.remote())
	early.Post("/f/heating/", "form", "heating").Want(503, "notice not-proved")
	if out := must("", append([]string{"keys", "prove"}, own...)...); !strings.Contains(out, daily) {
		t.Errorf("prove: %s", out)
	}
	early.Post("/f/heating/", "form", "heating").Want(503, "notice not-proved")
	must("", "keys", "prove", "--server", p.url, "--department", "housing", "--clerk", file("wang.key"), "--identity", file("spare.key"))
	person := servertest.NewPerson(t, p.remote()).Fill("")
	person.Submit().Want(200, "sent")
	reference, secret := person.Text("reference"), person.Text("secret")

	inbox := func(in string, args ...string) string {
		t.Helper()
		return must(in, append(append([]string{"inbox"}, args...), own...)...)
	}
	if out := inbox("", "list", "--review"); !strings.Contains(out, reference) || !strings.Contains(out, "look first") {
		t.Errorf("list: %s", out)
	}
	inbox("", "ack", reference)
	if out := inbox("", "list", "--review"); out != "" {
		t.Errorf("list after ack: %s", out)
	}
	if out := inbox("", "open", seal.Groups(reference)); !strings.Contains(out, "王秀英") {
		t.Errorf("open: %s", out)
	}
	inbox("请补交煤炉照片", "ask-for", reference, "--by", "2027-01-31")
	status := servertest.NewPerson(t, p.remote())
	status.Post("/case/", "reference", reference, "secret", secret).Want(200, "case asked").Has("ask: 请补交煤炉照片").Has("2027-01-31")
	ask := regexp.MustCompile(`/supply/([0-9a-f]+)"`).FindStringSubmatch(status.Body)[1]
	status.Upload([]servertest.File{{Key: "ask-" + ask, Name: "../煤炉\u202Egpj 1.pdf", Data: []byte("%PDF-1.7 stove")}}, "text", "六十厘米").
		Want(200, "case working")
	if out := inbox("", "open", reference, "--files", file("saved")); !strings.Contains(out, "六十厘米") || strings.Contains(out, "\u202E") {
		t.Errorf("open: %q", out)
	}
	saved, _ := filepath.Glob(filepath.Join(file("saved"), reference, "*"))
	if len(saved) != 1 || !strings.HasPrefix(filepath.Base(saved[0]), "01-") || strings.Contains(saved[0], "\u202E") {
		t.Fatalf("saved %q", saved)
	}
	if b, err := os.ReadFile(saved[0]); err != nil || string(b) != "%PDF-1.7 stove" {
		t.Errorf("saved %q, %v", b, err)
	}
	inbox("同意", "answer", reference, "--result")
	status.Get("/case/"+reference).Want(200, "case decided")

	// The person has lost the secret: a new sheet, and the old one is dead.
	inbox("", "new-secret", reference, "--sheet", file("sheet.txt"))
	sheet, err := os.ReadFile(file("sheet.txt"))
	if err != nil {
		t.Fatal(err)
	}
	fresh := regexp.MustCompile(`(\d{4} ){4}\d{4}`).FindString(string(sheet))
	servertest.NewPerson(t, p.remote()).Post("/case/", "reference", reference, "secret", secret).Want(422, "find")
	again := servertest.NewPerson(t, p.remote())
	again.Post("/case/", "reference", reference, "secret", fresh).Want(200, "case decided").Has("同意").Has("六十厘米").Has("王秀英")
	person.Get(person.Path).Want(200, "sent").Lacks(secret)

	// Another key, in the same file: nothing is lost, and the old one opens
	// nothing any more.
	if out := must("", "keys", "rotate", "--identity", file("daily.key")); !strings.Contains(out, "rewrap") || !strings.Contains(out, daily) {
		t.Errorf("rotate: %s", out)
	}
	if out, err := run("", append([]string{"inbox", "rewrap"}, own...)...); err != nil || !strings.Contains(out, "1 cases") {
		t.Errorf("rewrap: %v, %s", err, out)
	}
	inbox("", "status", reference, "closed")
	if out, err := run("", append([]string{"inbox", "status", reference, "working"}, own...)...); err == nil || !strings.Contains(out, "cannot go there") {
		t.Errorf("a closed case was taken up: %s", out)
	}
	for wait := 0; ; wait++ {
		if b, err := os.ReadFile(filepath.Join(folder, reference+".age")); err == nil {
			if bytes.Contains(b, []byte("王秀英")) || len(b) == 0 {
				t.Error("the file in the folder is not sealed")
			}
			break
		}
		if wait > 100 {
			t.Fatal("nothing came into the folder")
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.stop(t, syscall.SIGTERM)
	if s := p.stderr.String(); strings.Contains(s, "王秀英") || strings.Contains(s, "煤炉") || !strings.Contains(s, `"msg":"audit"`) {
		t.Errorf("the log:\n%s", s)
	}
}
