package outbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Errors of a client.
var (
	errHost    = errors.New("this host is not in webhook-hosts")
	errPrivate = errors.New("this host has a private address")
	errScheme  = errors.New("only https is called")
)

// An Egress says whom the server may call.
type Egress struct {
	Hosts   []string // names; nothing else is called
	Private bool     // also hosts in the own network, and over http
	// Resolve is for tests; nil asks the system.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
}

// NewClient returns a client that calls only the hosts of e: by https, at an
// address that was looked at after it was resolved (so that a name cannot
// lead elsewhere between the look and the call), without following redirects
// and past any proxy of the environment.
func NewClient(e Egress) *http.Client {
	if e.Resolve == nil {
		e.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	t := &http.Transport{
		DialContext:         e.dial,
		TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConnsPerHost: 2,
		IdleConnTimeout:     30 * time.Second,
		ForceAttemptHTTP2:   true,
	}
	return &http.Client{
		Transport:     checked{e, t},
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// checked refuses requests that Egress does not allow.
type checked struct {
	Egress
	next http.RoundTripper
}

func (c checked) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !c.Private {
		return nil, errScheme
	}
	if r.URL.User != nil || !c.allowed(r.URL.Hostname()) {
		return nil, errHost
	}
	return c.next.RoundTrip(r)
}

func (e Egress) allowed(host string) bool {
	return slices.ContainsFunc(e.Hosts, func(h string) bool { return strings.EqualFold(h, strings.TrimSuffix(host, ".")) })
}

// dial resolves a name once, looks at all its addresses, and connects to one
// of those.
func (e Egress) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	var addrs []netip.Addr
	if a, err := netip.ParseAddr(host); err == nil {
		addrs = []netip.Addr{a}
	} else if addrs, err = e.Resolve(ctx, host); err != nil {
		return nil, fmt.Errorf("resolve %s: %w", host, err)
	}
	var d net.Dialer
	var last error
	for _, a := range addrs {
		a = a.Unmap()
		if !e.Private && !Public(a) {
			return nil, errPrivate
		}
		conn, err := d.DialContext(ctx, network, net.JoinHostPort(a.String(), port))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	if last == nil {
		last = fmt.Errorf("%s has no address", host)
	}
	return nil, last
}

// special are networks that no public server is in (RFC 6890 and later).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"), netip.MustParsePrefix("fec0::/10"),
}

// Public reports whether an address can be that of a server on the Internet.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}

// bare takes the address that was called off an error: the query of a gateway
// may hold a telephone number.
func bare(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}
