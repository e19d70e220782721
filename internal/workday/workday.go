// Package workday reckons by when an answer is due, in working days of a
// place whose holidays, and days worked in their stead, are known for some
// time ahead.
package workday

import (
	"encoding/json"
	"slices"
	"time"
)

// day is how a date is written.
const day = time.DateOnly

// A Calendar says which days are no working days. Beyond Through it knows
// nothing but the days of the week.
type Calendar struct {
	Version string   `json:"version"`        // what it is known by
	Through string   `json:"through"`        // the last day that is known: "2026-12-31"
	Off     []string `json:"off,omitempty"`  // free days from Monday to Friday
	Work    []string `json:"work,omitempty"` // Saturdays and Sundays that are worked
}

// IsWork reports whether t is a working day where it is.
func (c *Calendar) IsWork(t time.Time) bool {
	weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
	if c == nil {
		return !weekend
	}
	if weekend {
		return slices.Contains(c.Work, t.Format(day))
	}
	return !slices.Contains(c.Off, t.Format(day))
}

// A Due is by when an answer has to come, with all it takes to reckon it
// again.
type Due struct {
	Date     string `json:"date"`
	Days     int    `json:"days"`
	Unit     string `json:"unit"`               // "workday", "day" or "month"
	Calendar string `json:"calendar,omitempty"` // version of the calendar; "" for none
	Through  string `json:"through,omitempty"`  // its last day
	About    bool   `json:"about,omitempty"`    // the date lies beyond it, or there is none
}

// Reckon counts from the day after received, which is not counted itself
// (Civil Code of China, article 201). A month ends on the day of the same
// number or on its last one (article 202). Periods that would end on a day
// off end on the next working day (article 203).
func Reckon(c *Calendar, received time.Time, days int, unit string) Due {
	d := Due{Days: days, Unit: unit}
	if c != nil {
		d.Calendar, d.Through = c.Version, c.Through
	}
	t := time.Date(received.Year(), received.Month(), received.Day(), 12, 0, 0, 0, received.Location())
	switch unit {
	case "workday":
		for n := 0; n < days; {
			if t = t.AddDate(0, 0, 1); c.IsWork(t) {
				n++
			}
		}
	case "month":
		t = addMonths(t, days)
	default:
		t = t.AddDate(0, 0, days)
	}
	for !c.IsWork(t) {
		t = t.AddDate(0, 0, 1)
	}
	d.Date = t.Format(day)
	d.About = c == nil || d.Date > c.Through
	return d
}

func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 12, 0, 0, 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// Left is how many working days follow now until the due day, at least 0.
func (d Due) Left(c *Calendar, now time.Time) int {
	n := 0
	for t := now.AddDate(0, 0, 1); t.Format(day) <= d.Date && n < 1000; t = t.AddDate(0, 0, 1) {
		if c.IsWork(t) {
			n++
		}
	}
	return n
}

// In returns the due day where the place is, at noon: no change of time zone
// makes another day of it by a few hours.
func (d Due) In(loc *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(day, d.Date, loc)
	return t.Add(12 * time.Hour), err
}

// Encode returns the due day for the store.
func (d Due) Encode() string {
	b, err := json.Marshal(d)
	if err != nil {
		panic("workday: " + err.Error())
	}
	return string(b)
}

// Decode reads what Encode wrote.
func Decode(s string) (d Due, err error) {
	err = json.Unmarshal([]byte(s), &d)
	return d, err
}
