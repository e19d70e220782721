package forms

import (
	"testing"
	"time"
)

// TestDateThatIsRead: every date that passes the check is one that Day reads,
// so that nobody sends a date that is shown as something else.
func TestDateThatIsRead(t *testing.T) {
	f := &Field{ID: "d", Kind: Date}
	parts := []string{"2026", "02026", "0002026", "+2026", "5", "05", "005", "+5", "00005", "1e1", "0x5", "５", "1_0", "29"}
	for _, y := range parts {
		for _, m := range parts {
			for _, d := range parts {
				values := []string{y, m, d}
				if checkDate(f, values, time.Unix(0, 0).UTC()) != nil {
					continue
				}
				if _, ok := Day(values); !ok {
					t.Errorf("%q passes and is no day", values)
				}
			}
		}
	}
}

// TestNoControls: nothing that steers a terminal is taken.
func TestNoControls(t *testing.T) {
	if got := text("a\x1b[2J\u009b2Jb\u0085c\x7f\nd\te"); got != "a[2J2Jbc\nd\te" {
		t.Errorf("%q", got)
	}
}
