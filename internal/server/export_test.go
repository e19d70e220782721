package server

import (
	"context"
	"time"
)

// OnPause has held told how long a request would be held; nobody waits.
func (s *Server) OnPause(held func(time.Duration)) {
	s.pause = func(_ context.Context, d time.Duration) error { held(d); return nil }
}
