package build

import (
	"handrail/internal/prefs"
	"handrail/internal/publish"
)

// writePrefs gives the companion server what it says to readers without
// script. Where it does not answer, /prefs.css is there and says nothing, so
// that no page waits for an address that is missing.
func (r *run) writePrefs() error {
	if !r.cfg.Server {
		return nil
	}
	styles := map[string]string{}
	for _, edition := range r.res.Editions {
		for _, name := range r.look.theme.Config.Editions[edition].Styles {
			url, err := r.look.assets.URL(name)
			if err != nil {
				return err
			}
			styles[edition] += r.look.assets.Sheet(url).CSS
		}
	}
	if err := r.sink.Add(publish.File{Path: ".handrail/prefs.json", Data: prefs.Derive(styles).JSON()}); err != nil {
		return err
	}
	return r.sink.Add(publish.File{Path: "prefs.css"})
}
