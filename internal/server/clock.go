package server

import "time"

const (
	maxJump  = time.Hour // that a clock may be set forward by while we run
	mistrust = time.Hour // how long nothing is deleted after a longer one
)

// A jump notices when the clock of the machine is set forward: then what is
// said to have expired may not have, and is deleted only if the clock stays.
type jump struct {
	wall  time.Time
	run   time.Duration // how long the server had run at wall
	until time.Duration // of run; before it nothing is deleted
}

// trusted reports whether the clock may be believed, and whether it has just
// jumped. It is told the time and how long the server has run.
func (j *jump) trusted(wall time.Time, run time.Duration) (trust, jumped bool) {
	wall = wall.Round(0) // without the steady clock of package time
	if !j.wall.IsZero() {
		switch ahead := wall.Sub(j.wall) - (run - j.run); {
		case ahead > maxJump:
			j.until, jumped = run+mistrust, true
		case ahead < -maxJump: // set right again
			j.until = 0
		}
	}
	j.wall, j.run = wall, run
	return run >= j.until, jumped
}
