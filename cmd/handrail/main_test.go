package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"handrail": func() { os.Exit(run()) }})
}

// TestScripts runs whole sites through the commands: one archive a story.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("LANG", "C")
			e.Setenv("NO_COLOR", "1")
			return nil
		},
	})
}
