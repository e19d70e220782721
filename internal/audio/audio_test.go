package audio

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func wav(rate, size, said uint32) []byte {
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00")
	b = binary.LittleEndian.AppendUint32(b, rate)
	b = binary.LittleEndian.AppendUint32(b, rate*2)
	b = append(b, "\x02\x00\x10\x00data"...)
	b = binary.LittleEndian.AppendUint32(b, said)
	return append(b, make([]byte, size)...)
}

func TestLength(t *testing.T) {
	ogg := "OggS\x00\x02" + strings.Repeat("\x00", 21) + "\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00" +
		"OggS\x00\x04" + string(binary.LittleEndian.AppendUint64(nil, 48000*3+312)) + strings.Repeat("\x00", 14)
	mp3 := "ID3\x04\x00\x00\x00\x00\x00\x02ab\xff\xfb\x90\x00" + strings.Repeat("\x00", 16000-4)
	mp4 := "\x00\x00\x00\x18ftypM4A " + strings.Repeat("\x00", 8) + "mvhd" + strings.Repeat("\x00", 12) + "\x00\x00\x03\xe8\x00\x00\x13\x88" + strings.Repeat("\x00", 20)
	for _, x := range []struct {
		name string
		data []byte
		want time.Duration
	}{
		{"WAV", wav(22050, 22050*4, 22050*4), 2 * time.Second},
		{"WAV from a pipe", wav(22050, 22050*2, 0x7ffff000), time.Second},
		{"Opus", []byte(ogg), 3 * time.Second},
		{"MP3 at 128 kbit/s", []byte(mp3), time.Second},
		{"MP4", []byte(mp4), 5 * time.Second},
		{"nothing", nil, 0},
		{"text", []byte("hello, world, this is text"), 0},
	} {
		if got := Length(x.data); got != x.want {
			t.Errorf("%s: %v; want %v", x.name, got, x.want)
		}
	}
}

func FuzzLength(f *testing.F) {
	f.Add(wav(8000, 10, 10))
	f.Add([]byte("OggS OpusHead"))
	f.Add([]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f\xff\xfb"))
	f.Add([]byte("\x00\x00\x00\x18ftypmvhd\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if d := Length(data); d < 0 || d > 25*time.Hour {
			t.Errorf("%v", d)
		}
	})
}

// script writes a program of the shell that stands in for a voice.
func script(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "voice")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestMake(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	voice := script(t, `echo ran >>`+log+`; cat; echo " by $1"`)
	m := Maker{Command: []string{voice, "Ann"}, Cache: t.TempDir(), Timeout: 5 * time.Second}
	for range 2 {
		data, err := m.Make(t.Context(), "hello")
		if err != nil || string(data) != "hello by Ann\n" {
			t.Fatalf("%q, %v", data, err)
		}
	}
	if runs, _ := os.ReadFile(log); string(runs) != "ran\n" {
		t.Errorf("the same text was read twice: %q", runs)
	}
	m.Command[1] = "Bob"
	if data, _ := m.Make(t.Context(), "hello"); string(data) != "hello by Bob\n" {
		t.Errorf("another command has the recording of the first: %q", data)
	}
	m.Command = []string{script(t, `cat >"$1"`), Output}
	if data, err := m.Make(t.Context(), "to a file"); err != nil || string(data) != "to a file" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestMakeFails(t *testing.T) {
	for _, x := range []struct{ name, script, want string }{
		{"complains", "echo no such voice >&2; echo more >&2; exit 3", "exit status 3: no such voice"},
		{"writes nothing", "cat >/dev/null", "it wrote nothing"},
		{"hangs", "sleep 20", "it took longer than 300ms"},
	} {
		m := Maker{Command: []string{script(t, x.script)}, Cache: t.TempDir(), Timeout: 300 * time.Millisecond}
		began := time.Now()
		_, err := m.Make(t.Context(), "hello")
		if err == nil || err.Error() != x.want {
			t.Errorf("%s: %v; want %s", x.name, err, x.want)
		}
		if time.Since(began) > 5*time.Second {
			t.Errorf("%s: took %v", x.name, time.Since(began))
		}
		if _, ok := m.Kept("hello"); ok {
			t.Errorf("%s: the cache keeps a failure", x.name)
		}
	}
	m := Maker{Command: []string{"no-such-voice"}, Timeout: time.Second}
	if _, err := m.Make(t.Context(), "hello"); err == nil || !strings.Contains(err.Error(), "not found") {
		t.Errorf("a command that is not there: %v", err)
	}
	m = Maker{Command: []string{script(t, "cat >/dev/null"), Output}, Timeout: time.Second}
	if _, err := m.Make(t.Context(), "hello"); err == nil || err.Error() != "it wrote no file at {output}" {
		t.Errorf("a command that writes no file: %v", err)
	}
}

// TestEspeak has the engine of the handbook's example read: two builds give
// the same bytes, and figures take time to say.
func TestEspeak(t *testing.T) {
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("espeak-ng is not installed")
	}
	m := Maker{Command: []string{"espeak-ng", "-v", "cmn-latn-pinyin", "-w", Output}, Timeout: 20 * time.Second}
	a, err := m.Make(t.Context(), "年满八十周岁的老人，每月一千二百元。")
	if err != nil {
		t.Fatal(err)
	}
	if d := Length(a); d < 2*time.Second || d > 15*time.Second {
		t.Errorf("the sentence lasts %v", d)
	}
	b, err := m.Make(t.Context(), "年满八十周岁的老人，每月一千二百元。")
	if err != nil || string(a) != string(b) {
		t.Errorf("the same text gives other bytes: %v", err)
	}
}
