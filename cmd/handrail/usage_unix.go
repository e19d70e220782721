//go:build unix

package main

import (
	"runtime"
	"syscall"
	"time"

	"handrail/i18n"
)

func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMemory is the most memory that this process has held at a time.
func peakMemory(c *i18n.Catalogue) string {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return "?"
	}
	bytes := int64(u.Maxrss)
	if runtime.GOOS != "darwin" { // kilobytes everywhere else
		bytes <<= 10
	}
	return c.Locale.FileSize(bytes)
}
