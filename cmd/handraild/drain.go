package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/net/netutil"
)

// How long a server that stops waits for the first request of connections it
// has taken, and then for requests under way.
const (
	patience = 2 * time.Second
	// maxConnections is how many may be open at once; more wait to be accepted.
	maxConnections = 4096 // each takes some 10 kB

	grace = 20 * time.Second
)

// answer serves until ctx ends, then lets requests under way finish.
//
// net/http drops a connection whose first request it reads after Shutdown has
// begun. So the listener is closed first: who comes from then on waits in
// systemd's socket, and who was let in is heard.
func answer(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	var silent silence
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       75 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(quiet{log.Handler()}, slog.LevelDebug),
		ConnState:         silent.note,
	}
	l = netutil.LimitListener(l, maxConnections)
	stopped := context.AfterFunc(ctx, func() { l.Close() })
	err := srv.Serve(l)
	if stopped() || !errors.Is(err, net.ErrClosed) {
		return err
	}
	srv.SetKeepAlivesEnabled(false) // each answer is the last of its connection
	silent.wait(patience)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := srv.Shutdown(end); err != nil && !errors.Is(err, net.ErrClosed) {
		return errors.Join(fmt.Errorf("stop: %w", err), srv.Close())
	}
	return nil
}

// A silence knows the connections that have not asked for anything yet.
type silence struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

func (s *silence) note(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state != http.StateNew {
		delete(s.conns, c)
		return
	}
	if s.conns == nil {
		s.conns = map[net.Conn]struct{}{}
	}
	s.conns[c] = struct{}{}
}

// wait waits until all have asked, for a limited time: browsers also connect
// without asking.
func (s *silence) wait(limit time.Duration) {
	for end := time.Now().Add(limit); s.len() > 0 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
}

func (s *silence) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}
