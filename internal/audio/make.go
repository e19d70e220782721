// Package audio has recordings made of texts by a command of the site's own
// choice, keeps them by content, and knows how long recordings are. It stands
// beside package asset: the build has recordings made before pages are
// rendered.
package audio

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Output in an argument of a command stands for the file that it is to write;
// a command without it writes to its standard output.
const Output = "{output}"

// maxBytes is how large a recording may be.
const maxBytes = 64 << 20

// Extensions are the endings of files, by type.
var Extensions = map[string]string{
	"audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/opus": ".opus", "audio/mp4": ".m4a",
	"audio/aac": ".aac", "audio/wav": ".wav", "audio/webm": ".webm", "audio/flac": ".flac",
}

// TypeOf returns the type of a file by its name, or "".
func TypeOf(name string) string {
	ext := strings.ToLower(filepath.Ext(name))
	for typ, e := range Extensions {
		if e == ext {
			return typ
		}
	}
	return ""
}

// A Maker has texts read by a command, which gets the text on its standard
// input.
type Maker struct {
	Command []string
	Dir     string        // where the command runs
	Cache   string        // folder that keeps recordings; "" for none
	Timeout time.Duration // for one recording
}

// key names a recording by what it is made of.
func (m Maker) key(text string) string {
	h := sha256.New()
	for _, s := range append(slices.Clone(m.Command), text) {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (m Maker) file(text string) string { return filepath.Join(m.Cache, "audio", m.key(text)) }

// Kept returns the recording of a text that the cache has.
func (m Maker) Kept(text string) ([]byte, bool) {
	if m.Cache == "" {
		return nil, false
	}
	data, err := os.ReadFile(m.file(text))
	return data, err == nil && len(data) > 0
}

// Make returns the recording of a text, from the cache or made now.
func (m Maker) Make(ctx context.Context, text string) ([]byte, error) {
	if data, ok := m.Kept(text); ok {
		return data, nil
	}
	data, err := m.run(ctx, text)
	if err != nil {
		return nil, err
	}
	if m.Cache != "" {
		_ = keep(m.file(text), data) // a cache that cannot be kept costs time only
	}
	return data, nil
}

// keep writes a file in one step.
func keep(name string, data []byte) error {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// run runs the command on a text.
func (m Maker) run(ctx context.Context, text string) ([]byte, error) {
	tmp, err := os.MkdirTemp("", "handrail-audio")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	out := filepath.Join(tmp, "out")
	args := slices.Clone(m.Command)
	toFile := false
	for i := range args {
		if strings.Contains(args[i], Output) {
			args[i], toFile = strings.ReplaceAll(args[i], Output, out), true
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, m.Timeout, fmt.Errorf("it took longer than %v", m.Timeout))
	defer cancel()
	stdout, stderr := limited{max: maxBytes}, limited{max: 4 << 10}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = m.Dir, strings.NewReader(text), &stdout, &stderr
	cmd.WaitDelay = time.Second // for children that keep the output open
	if err := cmd.Run(); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, explain(err, stderr.Bytes())
	}
	data := stdout.Bytes()
	if toFile {
		if data, err = readFile(out); err != nil {
			return nil, err
		}
	}
	switch {
	case len(data) == 0:
		return nil, explain(errors.New("it wrote nothing"), stderr.Bytes())
	case stdout.full || len(data) > maxBytes:
		return nil, fmt.Errorf("the recording is larger than %d MB", maxBytes>>20)
	}
	return data, nil
}

func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, errors.New("it wrote no file at " + Output)
	case err != nil:
		return nil, err
	case info.Size() > maxBytes:
		return nil, fmt.Errorf("the recording is larger than %d MB", maxBytes>>20)
	}
	return os.ReadFile(name)
}

// explain adds the first line that a command complained with.
func explain(err error, stderr []byte) error {
	line, _, _ := strings.Cut(strings.TrimSpace(string(stderr)), "\n")
	if line == "" {
		return err
	}
	return fmt.Errorf("%w: %s", err, strings.TrimSpace(strings.ToValidUTF8(line, "")))
}

// limited keeps the beginning of what is written to it.
type limited struct {
	bytes.Buffer
	max  int
	full bool
}

func (l *limited) Write(p []byte) (int, error) {
	n := len(p)
	if room := l.max - l.Len(); len(p) > room {
		p, l.full = p[:room], true
	}
	l.Buffer.Write(p)
	return n, nil
}
