//go:build linux

package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"handrail/internal/server/servertest"
	"handrail/internal/settings"
)

var units = []string{"handraild.service", "handraild.socket", "handraild-backup.service", "handraild-backup.timer"}

// TestUnits has systemd read the units of deploy/, with the program where they
// say, and prints how much a service may do.
func TestUnits(t *testing.T) {
	analyze := need(t, "systemd-analyze")
	exe, err := exec.LookPath("handraild")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	args := []string{"verify", "--man=no"}
	for _, name := range units {
		text := example(t, name)
		if strings.HasSuffix(name, ".service") {
			text = example(t, name, "/usr/local/bin/handraild", exe)
			text = regexp.MustCompile(`(?m)^#([A-Z])`).ReplaceAllString(text, "$1") // what is offered, too
		}
		write(t, filepath.Join(dir, name), text)
		args = append(args, filepath.Join(dir, name))
	}
	if out, err := exec.Command(analyze, args...).CombinedOutput(); err != nil || strings.Contains(string(out), dir) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	out, err := exec.Command(analyze, "security", "--offline=true", "--no-pager", "../../deploy/handraild.service").CombinedOutput()
	if err != nil {
		t.Fatalf("systemd-analyze security: %v\n%s", err, out)
	}
	m := regexp.MustCompile(`Overall exposure level[^:]*: ([0-9.]+)`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("no exposure in\n%s", out)
	}
	t.Logf("exposure %s of 10", m[1])
	if level, err := strconv.ParseFloat(string(m[1]), 64); err != nil || level > 2 {
		t.Errorf("exposure %s, %v; want at most 2.0", m[1], err)
	}
}

// TestSystemCalls: the service asks the kernel for nothing that the filter of
// its unit refuses.
func TestSystemCalls(t *testing.T) {
	strace, analyze := need(t, "strace"), need(t, "systemd-analyze")
	allowed := map[string]bool{}
	for _, line := range regexp.MustCompile(`(?m)^SystemCallFilter=(.*)$`).FindAllStringSubmatch(example(t, "handraild.service"), -1) {
		set, not := strings.CutPrefix(line[1], "~")
		for _, call := range systemCalls(t, analyze, set) {
			allowed[call] = !not
		}
	}
	if !allowed["read"] || allowed["chroot"] || len(allowed) < 100 {
		t.Fatalf("the filter is not understood: %d calls", len(allowed))
	}
	site, data := newSite(t)
	trace := filepath.Join(t.TempDir(), "trace")
	p, ok := start(t, site, data, strace, "-f", "-qq", "-o", trace)
	if !ok {
		t.Fatal(p.stderr)
	}
	person := servertest.NewPerson(t, p.remote())
	person.Get("/").Want(200, "home standard zh-Hans")
	person.Fill("").Submit().Want(200, "sent")
	p.stop(t, syscall.SIGTERM)
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\d+ +([a-z0-9_]+)\(`).FindAllSubmatch(b, -1) {
		used[string(m[1])] = true
	}
	if !used["fsync"] && !used["fdatasync"] || !used["accept4"] {
		t.Errorf("the trace shows little: %v", used)
	}
	for call := range used {
		if call == "fchown" && os.Getuid() == 0 {
			continue // SQLite gives its files away only when it is root
		}
		if !allowed[call] {
			t.Errorf("the filter refuses %s", call)
		}
	}
}

// systemCalls lists the calls of a set of systemd, with the sets inside it.
func systemCalls(t *testing.T, analyze, set string) (calls []string) {
	t.Helper()
	out, err := exec.Command(analyze, "syscall-filter", "--no-pager", set).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		name := strings.TrimSpace(line)
		switch {
		case name == set || name == "" || strings.HasPrefix(name, "#"):
		case strings.HasPrefix(name, "@"):
			calls = append(calls, systemCalls(t, analyze, name)...)
		default:
			calls = append(calls, name)
		}
	}
	return calls
}

// TestExampleSettings: server.yaml is right as it stands and with all it
// offers, and offers every key there is.
func TestExampleSettings(t *testing.T) {
	text := example(t, "server.yaml")
	whole := regexp.MustCompile(`(?m)^#([ ]{4})?(\S| {2}\S)`).ReplaceAllString(text, "$1$2")
	for _, src := range []string{text, whole} {
		s, diags := settings.Parse("server.yaml", []byte(src))
		for _, d := range diags {
			t.Errorf("%s: %s", d.Pos, d.Msg)
		}
		if s.Metrics == "" || !strings.HasPrefix(s.Listen, "127.") || len(s.Recipients["housing"]) != 2 {
			t.Errorf("%+v", s)
		}
	}
	for _, f := range settings.Fields() {
		if !regexp.MustCompile(`(?m)^` + f.Key + `:`).MatchString(whole) {
			t.Errorf("deploy/server.yaml does not show %s", f.Key)
		}
	}
	if s, _ := settings.Parse("server.yaml", []byte(whole)); s.Mail == nil || s.SMS == nil || s.Desks["housing"].WebhookSecret == "" || s.Backup.Folder == "" {
		t.Errorf("what is offered is not read: %+v", s.Outbox)
	}
}

// TestContainerfile holds the container file to its grammar, and to what it
// promises: no shell, no root, and nothing copied that is not there. Nothing
// here builds it: its bases come from a registry.
func TestContainerfile(t *testing.T) {
	root := filepath.Join("..", "..")
	b, err := os.ReadFile(filepath.Join(root, "deploy", "Containerfile"))
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"}
	var user string
	var stages, copied []string
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		op, rest, _ := strings.Cut(line, " ")
		if !slices.Contains(known, op) {
			t.Errorf("unknown instruction %q", line)
		}
		f := strings.Fields(rest)
		switch op {
		case "FROM":
			user, stages = "", append(stages, f[0])
		case "USER":
			user = rest
		case "COPY":
			if !strings.HasPrefix(f[0], "--") {
				copied = append(copied, f[:len(f)-1]...)
			}
		case "RUN", "ENTRYPOINT", "CMD", "VOLUME":
			var words []string
			if err := json.Unmarshal([]byte(rest), &words); err != nil || len(words) == 0 {
				t.Errorf("%s needs a shell: %v", line, err)
			}
		}
	}
	if len(stages) != 2 || stages[1] != "scratch" || !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(user) {
		t.Errorf("stages %v, user %q", stages, user)
	}
	for _, name := range copied {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			t.Error(err)
		}
	}
	if out, err := exec.Command("go", "list", "-deps", ".").Output(); err != nil || !strings.Contains(string(out), "\ntime/tzdata\n") {
		t.Errorf("an empty base has no time zones, the program has to bring them: %v", err)
	}
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if .Module}}{{if .Module.Main}}{{.Dir}}{{end}}{{end}}", "../handrail", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	abs, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for dir := range strings.FieldsSeq(string(out)) {
		rel, _ := filepath.Rel(abs, dir)
		if top, _, _ := strings.Cut(rel, "/"); !slices.Contains(copied, top) {
			t.Errorf("the build needs %s, which is not copied", rel)
		}
	}
}

// TestSecrets come from a file or from the environment; a missing one is named
// by its place.
func TestSecrets(t *testing.T) {
	name := filepath.Join(t.TempDir(), "secret")
	write(t, name, " from a file\n")
	g := &globals{env: &env{getenv: func(n string) string { return map[string]string{"SMS": "from outside"}[n] }}}
	for where, want := range map[string]string{"file:" + name: "from a file", "env:SMS": "from outside"} {
		if got, err := g.secret(where); got != want || err != nil {
			t.Errorf("%s: %q, %v", where, got, err)
		}
	}
	for where, want := range map[string]string{"file:" + name + "2": name + "2", "env:MAIL": "MAIL"} {
		if got, err := g.secret(where); err == nil || !strings.Contains(err.Error(), want) || got != "" {
			t.Errorf("%s: %q, %v", where, got, err)
		}
	}
}

// TestPrivateMetrics: numbers for Prometheus are on the private listener and
// nowhere else, and hold nothing of anybody.
func TestPrivateMetrics(t *testing.T) {
	site, data := newSite(t)
	exe, err := exec.LookPath("handraild")
	if err != nil {
		t.Fatal(err)
	}
	private := freeAddress(t)
	p, ok := launch(t, []string{exe, "serve", "--site", site, "--data", data, "--demo", "--listen", "127.0.0.1:0", "--metrics", private})
	if !ok {
		t.Fatal(p.stderr)
	}
	person := servertest.NewPerson(t, p.remote()).Fill("/en").Submit().Want(200, "sent")
	reference := person.Text("reference")
	if person.Get("/metrics"); person.Code != http.StatusNotFound {
		t.Errorf("/metrics is public: %d", person.Code)
	}
	res, body := fetch(t, http.DefaultClient, "http://"+private+"/metrics")
	if res.StatusCode != 200 || !strings.Contains(body, `handraild_rows{kind="case"} 1`) || !strings.Contains(body, `handraild_request_seconds_count{method="POST",status="200"}`) && !strings.Contains(body, `status="303"`) {
		t.Errorf("%s\n%s", res.Status, body)
	}
	for _, secret := range []string{"127.0.0.1", "heating", "housing", "王秀英", "13800138000", reference} {
		if strings.Contains(body, secret) {
			t.Errorf("the metrics hold %q", secret)
		}
	}
	if code := p.stop(t, syscall.SIGTERM); code != exitClean {
		t.Errorf("exit code %d", code)
	}
}
