package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"

	"handrail/internal/diag/words"
	"handrail/internal/formpage"
	"handrail/internal/settings"
)

// settings reads server.yaml, and prints what is wrong with it.
func (g *globals) settings() (*settings.Settings, error) {
	if g.config == "" {
		return settings.Default(), nil
	}
	s, diags := settings.Load(os.DirFS(filepath.Dir(g.config)), filepath.Base(g.config))
	for _, d := range diags {
		d.Pos.File = g.config
		message, hint := words.Of(g.tool, d)
		fmt.Fprintf(g.stderr, "%v: %s\n", d.Pos, message)
		if hint != "" {
			fmt.Fprintf(g.stderr, "  %s\n", hint)
		}
	}
	if diags.Errors() > 0 {
		return nil, errDisease
	}
	return s, nil
}

// kit reads what the build wrote for the server.
func (g *globals) kit() (*formpage.Kit, error) {
	kit, err := formpage.Open(os.DirFS(filepath.Join(g.site, ".handrail")))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(g.text("tool.d.serve.no-kit", "dir", g.site))
	}
	return kit, err
}

// missingKeys lists forms that nobody could open.
func missingKeys(g *globals, kit *formpage.Kit, recipients map[string][]age.Recipient) []string {
	var out []string
	for _, id := range kit.Site().Forms {
		if dep := kit.Form(id).Department; len(recipients[dep]) == 0 {
			out = append(out, g.text("tool.d.serve.no-keys", "form", id, "department", dep))
		}
	}
	return out
}
