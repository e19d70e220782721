package workday

import (
	"testing"
	"time"
)

// autumn is a made-up calendar: a week off with two Saturdays in its stead.
var autumn = &Calendar{Version: "a1", Through: "2026-12-31",
	Off:  []string{"2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"},
	Work: []string{"2026-09-26", "2026-10-10"}}

func TestReckon(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	for _, c := range []struct {
		cal      *Calendar
		received string
		days     int
		unit     string
		want     string
		about    bool
	}{
		{autumn, "2026-09-25T09:00", 1, "workday", "2026-09-26", false}, // a Saturday that is worked
		{autumn, "2026-09-25T23:59", 1, "workday", "2026-09-26", false},
		{autumn, "2026-09-26T00:01", 1, "workday", "2026-09-28", false}, // the day itself does not count
		{autumn, "2026-09-30T12:00", 1, "workday", "2026-10-08", false},
		{autumn, "2026-09-30T12:00", 3, "workday", "2026-10-10", false},
		{autumn, "2026-12-30T12:00", 1, "workday", "2026-12-31", false},
		{autumn, "2026-12-30T12:00", 2, "workday", "2027-01-01", true}, // nobody knows yet
		{nil, "2026-11-24T12:00", 20, "workday", "2026-12-22", true},
		{autumn, "2026-09-24T12:00", 7, "day", "2026-10-08", false}, // ends on a day off
		{autumn, "2026-08-31T12:00", 1, "month", "2026-09-30", false},
		{autumn, "2026-10-31T12:00", 4, "month", "2027-03-01", true}, // 28 February is a Sunday
	} {
		received, err := time.ParseInLocation("2006-01-02T15:04", c.received, zone)
		if err != nil {
			t.Fatal(err)
		}
		d := Reckon(c.cal, received, c.days, c.unit)
		if d.Date != c.want || d.About != c.about {
			t.Errorf("%s + %d %s: %s, about %v; want %s, %v", c.received, c.days, c.unit, d.Date, d.About, c.want, c.about)
		}
		again, err := Decode(d.Encode())
		if err != nil || again != d {
			t.Errorf("%+v, %v; want %+v", again, err, d)
		}
	}
	d := Reckon(autumn, time.Date(2026, 9, 30, 12, 0, 0, 0, zone), 3, "workday")
	if n := d.Left(autumn, time.Date(2026, 10, 3, 12, 0, 0, 0, zone)); n != 3 {
		t.Errorf("%d days left", n)
	}
	if d.Calendar != "a1" || d.Through != "2026-12-31" {
		t.Errorf("%+v does not say by what it was reckoned", d)
	}
}
