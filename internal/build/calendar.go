package build

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"handrail/internal/diag"
	"handrail/internal/workday"
)

// holidays is the name of the file in data/ that says which days are no
// working days, so that the server can say by when an answer is due.
const holidays = "holidays"

// calendar reads data/holidays.yaml; without it dates are rough.
func (r *run) calendar() *workday.Calendar {
	d := r.model.Data[holidays]
	if d == nil || d.Value == nil {
		return nil
	}
	sum := sha256.Sum256([]byte(d.Src))
	c := &workday.Calendar{Version: hex.EncodeToString(sum[:6]), Through: d.Value.String("through"),
		Off: d.Value.Strings("off"), Work: d.Value.Strings("work")}
	wrong := func(off int, day string) {
		r.diags.Add(&diag.Diagnostic{Pos: d.Lines.Pos(off), Code: "bad-holiday", Msg: "“" + day + "” is no day",
			Hint: "write year, month and day: 2026-10-01", Args: map[string]any{"day": day}})
	}
	if _, err := time.Parse(time.DateOnly, c.Through); err != nil {
		wrong(d.Value.Off, c.Through)
		return nil
	}
	for _, key := range []string{"off", "work"} {
		for _, v := range d.Value.Items(key) {
			if _, err := time.Parse(time.DateOnly, v.Text); err != nil {
				wrong(v.Off, v.Text)
				return nil
			}
		}
	}
	return c
}
