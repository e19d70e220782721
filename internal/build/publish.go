package build

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"handrail/a11y/report"
	"handrail/internal/asset"
	"handrail/internal/publish"
)

// A Target says where a site is published.
type Target struct {
	Dir   string
	Force bool // take over a folder that Handrail did not write
	// Previous is the site as it was published last, a folder or an address:
	// block ids are carried on from it, and pages that are held stay as they are
	// there. "" is Dir; NoPrevious stands for none.
	Previous string
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
	if o.Previous, err = t.open(ctx); err != nil {
		return nil, err
	}
	if o.Previous != nil {
		defer o.Previous.Close()
	}
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
		if err := d.hold(w, t, o.Previous); err != nil {
			return nil, err
		}
	default:
		return d, nil
	}
	w.SetCarried(res.Carried)
	w.SetClock(res.Now.Format(time.RFC3339))
	began := time.Now()
	d.Stats, err = w.Commit()
	d.Stages = append(d.Stages, Stage{"publish", time.Since(began)})
	d.Published = err == nil
	return d, err
}

// open opens the site that was published last, if there is one.
func (t Target) open(ctx context.Context) (Previous, error) {
	switch t.Previous {
	case NoPrevious:
		return nil, nil
	case "":
		if _, err := os.Stat(filepath.Join(t.Dir, publish.ManifestName)); err != nil {
			return nil, nil
		}
		p, err := OpenPrevious(ctx, t.Dir)
		if err != nil && t.Force {
			return nil, nil
		}
		return p, err
	}
	return OpenPrevious(ctx, t.Previous)
}

// elsewhere reports whether the last published site is not the folder itself.
func (t Target) elsewhere() bool { return t.Previous != "" && t.Previous != NoPrevious }

// hold puts the last published version in the place of each page that
// failed, or leaves the page out when there is none.
func (d *Done) hold(w *publish.Writer, t Target, previous Previous) error {
	one := func(path string) (bool, error) {
		if !t.elsewhere() {
			return w.Hold(path), nil
		}
		data, err := previous.ReadFile(path)
		if err != nil && !errors.Is(err, errNotThere) {
			return false, err
		}
		return data != nil, w.HoldAs(path, data)
	}
	for p := range d.Report.Errors {
		kept := true
		for _, e := range d.Editions {
			ok, err := one(p.OutFile(e))
			if err != nil {
				return err
			}
			kept = kept && ok
		}
		if _, err := one(p.BlocksURL()[1:]); err != nil {
			return err
		}
		if kept {
			d.Held++
		} else {
			d.Dropped++
		}
	}
	if d.Held == 0 {
		return nil
	}
	if t.elsewhere() {
		return holdAssets(w, previous)
	}
	w.HoldAssets(asset.Dir)
	return nil
}

// holdAssets brings along what held pages name: the assets of a site that was
// published elsewhere.
func holdAssets(w *publish.Writer, previous Previous) error {
	for _, f := range previous.Files() {
		if !strings.HasPrefix(f.Path, asset.Dir+"/") || w.Has(f.Path) {
			continue
		}
		data, err := previous.ReadFile(f.Path)
		if errors.Is(err, errNotThere) {
			continue
		}
		if err != nil {
			return err
		}
		if err := w.Add(publish.File{Path: f.Path, Data: data}); err != nil {
			return err
		}
	}
	return nil
}
