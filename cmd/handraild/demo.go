package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"handrail/internal/formpage"
	"handrail/internal/settings"
)

// demoKeys gives every department that has a form and no recipients two keys,
// and keeps them beside the data: good enough to try a site out, and no
// protection at all.
func (g *globals) demoKeys(kit *formpage.Kit, s *settings.Settings) error {
	file := filepath.Join(g.data, "demo-keys.txt")
	keys, err := readDemoKeys(file)
	if err != nil {
		return err
	}
	for _, id := range kit.Site().Forms {
		dep := kit.Form(id).Department
		if len(s.Recipients[dep]) > 0 {
			continue
		}
		for len(keys[dep]) < 2 {
			id, err := age.GenerateX25519Identity()
			if err != nil {
				return err
			}
			keys[dep] = append(keys[dep], id)
		}
		for _, k := range keys[dep] {
			s.Recipients[dep] = append(s.Recipients[dep], k.Recipient())
		}
	}
	if err := writeDemoKeys(file, keys); err != nil {
		return err
	}
	fmt.Fprintln(g.stderr, g.text("tool.d.serve.demo", "file", file))
	return nil
}

func readDemoKeys(file string) (map[string][]*age.X25519Identity, error) {
	keys := map[string][]*age.X25519Identity{}
	b, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return keys, nil
	} else if err != nil {
		return nil, err
	}
	dep := ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "# "); ok {
			dep = name
		} else if line != "" {
			k, err := age.ParseX25519Identity(line)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			keys[dep] = append(keys[dep], k)
		}
	}
	return keys, nil
}

func writeDemoKeys(file string, keys map[string][]*age.X25519Identity) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	var b strings.Builder
	for _, dep := range slices.Sorted(maps.Keys(keys)) {
		fmt.Fprintf(&b, "# %s\n", dep)
		for _, k := range keys[dep] {
			fmt.Fprintln(&b, k)
		}
	}
	return os.WriteFile(file, []byte(b.String()), 0o600)
}
