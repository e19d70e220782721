package build

import (
	"cmp"
	"context"
	"os"
	"time"

	"handrail/a11y/report"
	"handrail/internal/asset"
	"handrail/internal/publish"
)

// A Target says where a site is published.
type Target struct {
	Dir      string
	Force    bool   // take over a folder that Handrail did not write
	Previous string // last published folder, for pages that are held; "" is Dir
}

// Done is a build and what became of its files.
type Done struct {
	*Result
	Published     bool
	Stats         publish.Stats
	Held, Dropped int // pages that failed: kept as last published; left out
}

// Publish builds a site and publishes it, if the gate lets it: all of it, or
// with on-fail: hold all but the pages that failed.
func Publish(ctx context.Context, o Options, t Target) (*Done, error) {
	if _, err := os.Stat(cmp.Or(o.Content, o.Source)); err != nil {
		return nil, err // before a mistyped name becomes a folder
	}
	w, err := publish.Open(t.Dir, publish.Options{Force: t.Force, Gate: o.Gate, Origin: o.Tool})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	res, err := Run(ctx, o, w)
	if err != nil {
		return nil, err
	}
	d := &Done{Result: res}
	errs := res.Report.Count(report.Error)
	switch {
	case res.Failed:
		return d, nil
	case errs == 0 || o.Gate != GateClosed:
	case res.Site.Cfg.OnFail == "hold" && res.Report.Errors[nil] == 0:
		if err := d.hold(w, t); err != nil {
			return nil, err
		}
	default:
		return d, nil
	}
	w.SetClock(res.Now.Format(time.RFC3339))
	began := time.Now()
	d.Stats, err = w.Commit()
	d.Stages = append(d.Stages, Stage{"publish", time.Since(began)})
	d.Published = err == nil
	return d, err
}

// hold puts the last published version in the place of each page that
// failed, or leaves the page out when there is none.
func (d *Done) hold(w *publish.Writer, t Target) error {
	for p := range d.Report.Errors {
		kept := true
		for _, e := range d.Editions {
			ok, err := w.Hold(p.OutFile(e), t.Previous)
			if err != nil {
				return err
			}
			kept = kept && ok
		}
		if kept {
			d.Held++
		} else {
			d.Dropped++
		}
	}
	if d.Held > 0 {
		w.HoldAssets(asset.Dir)
	}
	return nil
}
