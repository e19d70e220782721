//go:build !linux

package postgres

import "syscall"

func userTimeout(string, string, syscall.RawConn) error { return nil }
