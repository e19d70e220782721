package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A journey is a page, the keys that a blind reader presses there, and what
// Orca has to say, in this order, with anything in between.
type journey struct {
	name, path, keys string
	says             []string
}

// Chromium's keys in Orca's browse mode: h and shift+h go by headings, 2 by
// headings of level 2, k by links, l by lists, t by tables, Down by lines.
var journeys = []journey{
	{"from home to a service of the care edition", "/", "ctrl+Home Tab Tab Tab Return wait ctrl+Home h k k k Return wait ctrl+Home h",
		[]string{"跳到正文", "link", "社区取暖点", "link", "关怀版 link", "Finished loading", "heading level 1", "办事", "link", "Finished loading", "办事 heading level 1"}},
	{"whom to ring about a service", "/care/services/old-age-allowance/", "ctrl+Home h 2 2 3 Down Down",
		[]string{"跳到正文", "高龄津贴", "heading level 1", "简单说", "heading level 2", "说话或打字，都能问到人", "打电话", "0300-555-0123", "link"}},
	{"what a policy says", "/policies/old-age-allowance-measures/", "ctrl+Home h 2 2 2 Down",
		[]string{"安和市高龄津贴发放管理办法", "heading level 1", "heading level 2"}},
	{"when an office is open", "/care/offices/pingqiao/", "ctrl+Home h 2 2 2 2 Down Down Down",
		[]string{"平桥街道便民服务中心", "heading level 1", "开放时间", "heading level 2", "8:30"}},
	{"larger text", "/care/display/", "ctrl+Home h 2 2 Tab Down Down",
		[]string{"显示和朗读", "heading level 1", "字和间距", "heading level 2"}},
}

// orcaNeeds are the programs of a desktop that a screen reader runs on.
var orcaNeeds = []string{"chromium", "Xvfb", "openbox", "xdotool", "orca", "dbus-run-session", "speech-dispatcher"}

// TestOrca walks through five journeys with the screen reader Orca and a real
// window of Chromium, and holds what it says to what a reader has to hear. It
// runs when HANDRAIL_ORCA is set: it needs a desktop of its own.
func TestOrca(t *testing.T) {
	if os.Getenv("HANDRAIL_ORCA") == "" {
		t.Skip("HANDRAIL_ORCA is not set")
	}
	needBrowser(t)
	for _, need := range orcaNeeds {
		if _, err := exec.LookPath(need); err != nil {
			t.Fatalf("%s is not installed: .ci/test install", need)
		}
	}
	for i, j := range journeys {
		t.Run(j.name, func(t *testing.T) {
			var said []string
			var missing string
			for range 2 { // a busy desktop loses a key now and then
				said = listen(t, fmt.Sprintf(":%d", 90+i), built.url+j.path, strings.Fields(j.keys))
				if missing = inOrder(said, j.says); missing == "" {
					return
				}
			}
			t.Errorf("Orca does not say “%s” in its place; it says:\n%s", missing, strings.Join(said, "\n"))
		})
	}
}

// inOrder returns the first phrase that is not said after those before it.
func inOrder(said, want []string) string {
	all := strings.Join(said, "\n")
	for _, w := range want {
		_, after, ok := strings.Cut(all, w)
		if !ok {
			return w
		}
		all = after
	}
	return ""
}

// orcaSession runs inside a D-Bus session of its own: accessibility bus, window
// manager, browser, screen reader with a log, keys.
const orcaSession = `
/usr/libexec/at-spi-bus-launcher --launch-immediately & openbox &
gsettings set org.gnome.desktop.interface toolkit-accessibility true
gsettings set org.gnome.desktop.a11y.applications screen-reader-enabled true
chromium --no-sandbox --disable-gpu --no-first-run --disable-sync --disable-extensions --disable-background-networking \
  --disable-component-update --disable-features=Translate --lang=zh-CN --force-renderer-accessibility \
  --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1' --user-data-dir="$HOME/profile" --app="$PAGE" &
for i in $(seq 60); do xdotool search --onlyvisible --class chromium >"$HOME/window" 2>/dev/null && [ -s "$HOME/window" ] && break; sleep .5; done
sleep 3
orca --debug-file="$HOME/orca.log" --replace &
for i in $(seq 80); do grep -aq 'SPEECH OUTPUT' "$HOME/orca.log" 2>/dev/null && break; sleep .5; done
sleep 3
for k in $KEYS; do if [ $k = wait ]; then sleep 4; else xdotool key $k; sleep ${PACE:-.8}; fi; done
sleep 2`

var reSpeech = regexp.MustCompile(`(?m)SPEECH OUTPUT: '(.*?)'\s*\{`)

// listen opens a page in a window on a display of its own, presses keys and
// returns what Orca said.
func listen(t *testing.T, display, url string, keys []string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
	defer cancel()
	home := t.TempDir()
	run := filepath.Join(home, "run")
	put(t, home, ".config/speech-dispatcher/speechd.conf", "AudioOutputMethod \"null\"\nAddModule \"dummy\" \"sd_dummy\" \"\"\nDefaultModule dummy\n")
	if err := os.Mkdir(run, 0o700); err != nil {
		t.Fatal(err)
	}
	x := exec.CommandContext(ctx, "Xvfb", display, "-screen", "0", "1280x1024x24", "-nolisten", "tcp")
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Process.Kill(); _ = x.Wait() }()
	time.Sleep(time.Second)
	s := exec.CommandContext(ctx, "dbus-run-session", "--", "bash", "-c", orcaSession)
	s.Env = append(os.Environ(), "HOME="+home, "XDG_RUNTIME_DIR="+run, "DISPLAY="+display, "PAGE="+url, "KEYS="+strings.Join(keys, " "))
	s.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // ended whole
	s.Cancel = func() error { return syscall.Kill(-s.Process.Pid, syscall.SIGKILL) }
	s.WaitDelay = 5 * time.Second
	err := s.Run()
	_ = syscall.Kill(-s.Process.Pid, syscall.SIGKILL) // what the session left running
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		t.Logf("the session ended with %v", err)
	}
	log, err := os.ReadFile(filepath.Join(home, "orca.log"))
	if err != nil {
		t.Fatalf("Orca wrote nothing: %v", err)
	}
	var said []string
	for _, m := range reSpeech.FindAllSubmatch(log, -1) {
		if p := strings.TrimSpace(string(m[1])); p != "" {
			said = append(said, p)
		}
	}
	return said
}
