package server

import (
	"testing"
	"time"
)

// TestJump: a clock that was set forward deletes nothing for an hour; one that
// is set right again is believed at once.
func TestJump(t *testing.T) {
	start := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	var j jump
	for i, c := range []struct {
		wall, run     time.Duration
		trust, jumped bool
	}{
		{0, 0, true, false},
		{15 * time.Second, 15 * time.Second, true, false},
		{30 * time.Minute, 30 * time.Second, true, false}, // NTP at the first start
		{9000 * time.Hour, 45 * time.Second, false, true},
		{9000*time.Hour + time.Minute, 105 * time.Second, false, false},
		{2 * time.Minute, 120 * time.Second, true, false},
		{9000 * time.Hour, 135 * time.Second, false, true},
		{9001*time.Hour + time.Minute, 135*time.Second + time.Hour + time.Minute, true, false},
	} {
		if trust, jumped := j.trusted(start.Add(c.wall), c.run); trust != c.trust || jumped != c.jumped {
			t.Errorf("%d: %v, %v", i, trust, jumped)
		}
	}
}
