//go:build !unix

package main

import (
	"runtime"
	"time"

	"handrail/i18n"
)

func cpuTime() time.Duration { return 0 }

// peakMemory is what the Go runtime has asked the system for.
func peakMemory(c *i18n.Catalogue) string {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return c.Locale.FileSize(int64(m.Sys))
}
