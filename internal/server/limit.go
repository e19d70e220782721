package server

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"handrail/internal/formpage"
)

// maxDelay is how long a request that comes too soon is held at most.
const maxDelay = 8 * time.Second

// A limiter slows down who comes too often. What it counts by is kept as a
// keyed hash under a salt that lives a day at most: no address is stored.
type limiter struct {
	mu    sync.Mutex
	now   func() time.Time
	every rate.Limit
	burst int
	salt  [32]byte
	since time.Time
	keys  map[[16]byte]*rate.Limiter
}

func newLimiter(now func() time.Time, perSecond float64, burst int) *limiter {
	l := &limiter{now: now, every: rate.Limit(perSecond), burst: burst}
	l.renew()
	return l
}

func (l *limiter) renew() {
	rand.Read(l.salt[:])
	l.keys, l.since = map[[16]byte]*rate.Limiter{}, l.now()
}

// forget drops keys that are back to normal, and all of them once a day.
func (l *limiter) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.since) >= 24*time.Hour {
		l.renew()
	}
	for k, lim := range l.keys {
		if lim.TokensAt(now) >= float64(l.burst) {
			delete(l.keys, k)
		}
	}
}

// delay is how long the next request of key has to wait.
func (l *limiter) delay(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := hmac.New(sha256.New, l.salt[:])
	h.Write([]byte(key))
	k := [16]byte(h.Sum(nil))
	lim := l.keys[k]
	if lim == nil {
		if len(l.keys) > 1<<16 {
			l.keys = map[[16]byte]*rate.Limiter{} // an attack: better to forget than to grow
		}
		lim = rate.NewLimiter(l.every, l.burst)
		l.keys[k] = lim
	}
	now := l.now()
	res := lim.ReserveN(now, 1)
	wait := res.DelayFrom(now)
	if wait > maxDelay {
		res.CancelAt(now)
	}
	return wait
}

// slowDown holds a request that comes too soon. Nobody is locked out: who
// waits gets an answer; only what would have to wait too long is asked to come
// again.
func (s *Server) slowDown(w http.ResponseWriter, r *http.Request, l *limiter, key string) bool {
	return s.hold(w, r, l.delay(key), func() {
		s.busy(w, r, http.StatusServiceUnavailable, &formpage.Busy{
			Form: s.kit.Load().Form(r.PathValue("form")), Seconds: int(maxDelay / time.Second)}, nil)
	})
}

// hold keeps a request waiting, or has it refused when that would be too long.
func (s *Server) hold(w http.ResponseWriter, r *http.Request, wait time.Duration, refuse func()) bool {
	if wait <= 0 {
		return true
	}
	s.opt.Metrics.count("slowed")
	if wait > maxDelay {
		refuse()
		return false
	}
	if err := s.pause(r.Context(), wait); err != nil {
		s.goneAway(w)
		return false
	}
	return true
}

// pause waits, unless ctx ends first.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Proxies are the networks whose X-Forwarded-For is believed.
type Proxies []netip.Prefix

func (p Proxies) has(a netip.Addr) bool {
	for _, n := range p {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// parseHop reads an address of X-Forwarded-For; some proxies add a port.
func parseHop(s string) (netip.Addr, error) {
	if a, err := netip.ParseAddrPort(s); err == nil {
		return a.Addr(), nil
	}
	return netip.ParseAddr(strings.Trim(s, "[]"))
}

// client is the network a request comes from: an IPv4 address, or the /64 of
// an IPv6 one. Behind trusted proxies it is the last address that no proxy of
// ours added.
func (p Proxies) client(r *http.Request) string {
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	addr := a.Addr().Unmap()
	if p.has(addr) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- {
			hop, err := parseHop(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			if addr = hop.Unmap(); !p.has(addr) {
				break
			}
		}
	}
	if addr.Is6() {
		net, err := addr.Prefix(64)
		if err != nil {
			return ""
		}
		return net.String()
	}
	return addr.String()
}
