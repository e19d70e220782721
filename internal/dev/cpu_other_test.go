//go:build !unix

package dev

import "time"

// cpuTime is not known here.
func cpuTime() time.Duration { return 0 }
