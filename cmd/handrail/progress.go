package main

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// progress is one line in a terminal that says how far a long build is. It
// writes nothing elsewhere, and nothing before the build has lasted a moment.
type progress struct {
	g     *globals
	began time.Time

	mu    sync.Mutex
	last  time.Time
	width int // of what stands in the line now
}

func (g *globals) newProgress() *progress { return &progress{g: g, began: time.Now()} }

const (
	progressAfter = 700 * time.Millisecond
	progressEvery = 100 * time.Millisecond
)

func (p *progress) show(stage string, done, total int) {
	if !p.g.terminal || p.g.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.began) < progressAfter || now.Sub(p.last) < progressEvery {
		return
	}
	p.last = now
	line := p.g.text("tool.stage." + stage)
	if total > 0 {
		line += fmt.Sprintf(" %d/%d", done, total)
	}
	p.write(line)
}

// clear empties the line before something else is printed.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.width > 0 {
		p.write("")
		fmt.Fprint(p.g.stderr, "\r")
	}
}

func (p *progress) write(line string) {
	pad := max(0, p.width-len(line))
	fmt.Fprint(p.g.stderr, "\r"+line+strings.Repeat(" ", pad))
	p.width = len(line)
}
