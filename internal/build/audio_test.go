package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// spokenSite has one page that is read by a command, one that a person has
// read, and one without a plain version.
const spokenSite = `
-- site.yaml --
title: 安和
default-language: zh-Hans
audio:
  zh-Hans:
    command: [sh, voice.sh, "{output}"]
    type: audio/ogg
-- voice.sh --
echo ran >>runs
cat >"$1"
-- data/pronunciation.yaml --
银行: 银háng
-- content/zh-Hans/index.md --
---
title: 首页
---
-- content/zh-Hans/a.md --
---
title: 高龄津贴
plain:
  who: 年满**80周岁**的老人
  get: 每月¥1,200.50，打到[银行](b.md)卡
---
-- content/zh-Hans/b.md --
---
title: 银行
audio: b.mp3
plain:
  who: 人人
---
-- content/zh-Hans/b.mp3 --
not much of a recording
-- content/zh-Hans/c.md --
---
title: 长页
---
正文。
`

// buildSpoken builds the site in a folder and returns the files and what the
// report says.
func buildSpoken(t *testing.T, dir string) (map[string][]byte, []string) {
	t.Helper()
	sink := newMemSink()
	res, err := Run(t.Context(), Options{Source: dir, Gate: GateOff, Cache: filepath.Join(dir, ".cache"), Clock: testClock}, sink)
	if err != nil {
		t.Fatal(err)
	}
	return sink.files, said(res)
}

func spoken(t *testing.T, replace ...string) string {
	t.Helper()
	return unpack(t, txtar.Parse([]byte(strings.NewReplacer(replace...).Replace(spokenSite))))
}

func recordingOf(t *testing.T, files map[string][]byte, page string) string {
	t.Helper()
	_, rest, ok := strings.Cut(string(files[page]), `<audio controls preload="none" src="`)
	if !ok {
		return ""
	}
	url, _, _ := strings.Cut(rest, `"`)
	return url
}

func TestRecordings(t *testing.T) {
	dir := spoken(t)
	files, errs := buildSpoken(t, dir)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for _, edition := range []string{"", "care/"} {
		url := recordingOf(t, files, edition+"a/index.html")
		want := "高龄津贴。\n谁可以办。\n年满八十周岁的老人。\n"
		if got := string(files[strings.TrimPrefix(url, "/")]); !strings.HasPrefix(url, "/assets/plain-") || !strings.HasPrefix(got, "高龄津贴。\n") ||
			!strings.Contains(got, "年满八十周岁的老人。\n") || !strings.Contains(got, "每月一千二百元五角，打到银háng卡。\n") {
			t.Errorf("%s: the command was given %q; want it to begin like %q", url, got, want)
		}
		if url := recordingOf(t, files, edition+"b/index.html"); url != "/b.mp3" {
			t.Errorf("the recording of a person is %q; want /b.mp3", url)
		}
		if url := recordingOf(t, files, edition+"c/index.html"); url != "" {
			t.Errorf("a page without a plain version has the recording %q", url)
		}
	}
	again, _ := buildSpoken(t, dir)
	if len(again) != len(files) {
		t.Errorf("the second build has %d files, the first %d", len(again), len(files))
	}
	if runs, _ := os.ReadFile(filepath.Join(dir, "runs")); string(runs) != "ran\n" {
		t.Errorf("the command ran %d times; want once for both builds", strings.Count(string(runs), "\n"))
	}
}

func TestRecordingFails(t *testing.T) {
	dir := spoken(t, `[sh, voice.sh, "{output}"]`, `[no-such-voice]`)
	_, errs := buildSpoken(t, dir)
	if len(errs) != 1 || !strings.HasPrefix(errs[0], "site.yaml:5:14 error audio-failed: no-such-voice could not make a recording of content/zh-Hans/a.md") {
		t.Errorf("%q", errs)
	}
}

// TestRecordingByEspeak builds with the example of the handbook.
func TestRecordingByEspeak(t *testing.T) {
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("espeak-ng is not installed")
	}
	files, errs := buildSpoken(t, spoken(t, `[sh, voice.sh, "{output}"]`, `[espeak-ng, -v, cmn-latn-pinyin, -w, "{output}"]`, "audio/ogg", "audio/wav"))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	url := recordingOf(t, files, "a/index.html")
	if data := files[strings.TrimPrefix(url, "/")]; !strings.HasPrefix(string(data), "RIFF") || len(data) < 100_000 {
		t.Errorf("%s has %d bytes", url, len(data))
	}
	if !strings.Contains(string(files["a/index.html"]), "秒）") {
		t.Error("the page does not say how long the recording is")
	}
}
