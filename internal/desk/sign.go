// Package desk is how a department gets at its cases: an HTTP interface for
// its clerks' programs, the client for it, and the door for signed updates.
//
// A clerk signs each request with an Ed25519 key of their own; server.yaml
// has only its public half. So nothing on the server, in its backups or in
// the log of a proxy lets anybody act for a department, as a bearer token
// would. What is read and written is sealed: the server passes it on.
package desk

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"handrail/internal/seal"
)

const (
	scheme       = "Handrail-Ed25519"
	publicPrefix = "clerk1-"
	secretPrefix = "CLERK-SECRET-KEY-1-"
	// tolerance is how far the clocks of a clerk and the server may be apart.
	tolerance = 5 * time.Minute
)

// A Clerk is one person's or program's key, by the name it has in the audit.
type Clerk struct {
	Name string
	Key  ed25519.PublicKey
}

// ParsePublic reads the public half of a clerk's key.
func ParsePublic(s string) (ed25519.PublicKey, error) {
	text, ok := strings.CutPrefix(s, publicPrefix)
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if !ok || err != nil || len(b) != ed25519.PublicKeySize {
		return nil, errors.New("no clerk's key: it begins with " + publicPrefix)
	}
	return b, nil
}

// FormatPublic writes what ParsePublic reads.
func FormatPublic(k ed25519.PublicKey) string {
	return publicPrefix + base64.RawURLEncoding.EncodeToString(k)
}

// ParseSecret reads the file of a clerk's key: lines that begin with # say
// something to people.
func ParseSecret(file string) (ed25519.PrivateKey, error) {
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		text, ok := strings.CutPrefix(line, secretPrefix)
		b, err := base64.RawURLEncoding.Strict().DecodeString(text)
		if ok && err == nil && len(b) == ed25519.SeedSize {
			return ed25519.NewKeyFromSeed(b), nil
		}
		break
	}
	return nil, errors.New("no clerk's key in the file: a line that begins with " + secretPrefix)
}

// FormatSecret writes what ParseSecret reads.
func FormatSecret(k ed25519.PrivateKey) string {
	return secretPrefix + base64.RawURLEncoding.EncodeToString(k.Seed())
}

// message is what is signed: a signature of one request fits no other, and no
// other server.
func message(r *http.Request, host, seconds, id string, body []byte) []byte {
	sum := sha256.Sum256(body)
	return []byte(strings.Join([]string{"handrail desk v2", strings.ToLower(host), r.Method, r.URL.RequestURI(), seconds, id, hex.EncodeToString(sum[:])}, "\n"))
}

// Sign signs a request. id is drawn anew for each thing to do; an attempt to
// do it again has the same.
func Sign(r *http.Request, key ed25519.PrivateKey, id string, now time.Time, body []byte) {
	seconds := strconv.FormatInt(now.Unix(), 10)
	sig := ed25519.Sign(key, message(r, r.URL.Host, seconds, id, body))
	r.Header.Set("Authorization", scheme+" "+strings.Join([]string{FormatPublic(key.Public().(ed25519.PublicKey)), seconds, id,
		base64.RawURLEncoding.EncodeToString(sig)}, ","))
}

// A claim is what a request says of who signed it, before that is held
// against its body: nobody else can have a large one read.
type claim struct {
	clerk       Clerk
	seconds, id string
	sig         []byte
}

// claimed reads the claim of a request: one of these clerks, now, and here.
//
// own are the names of this server. A request that names another one was
// signed for that one, whoever passes it on. On the same machine the name
// says nothing, and an empty list takes any.
func claimed(r *http.Request, own []string, clerks []Clerk, now time.Time) (claim, bool) {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), scheme+" ")
	parts := strings.Split(text, ",")
	if !ok || len(parts) != 4 || !ours(r.Host, own) {
		return claim{}, false
	}
	key, err := ParsePublic(parts[0])
	if err != nil {
		return claim{}, false
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if age := now.Sub(time.Unix(seconds, 0)); err != nil || age > tolerance || age < -tolerance {
		return claim{}, false
	}
	sig, err := base64.RawURLEncoding.DecodeString(parts[3])
	if err != nil || len(sig) != ed25519.SignatureSize || len(parts[2]) < len(seal.NewID()) || len(parts[2]) > 64 {
		return claim{}, false
	}
	i := slices.IndexFunc(clerks, func(c Clerk) bool { return c.Key.Equal(key) })
	if i < 0 {
		return claim{}, false
	}
	return claim{clerks[i], parts[1], parts[2], sig}, true
}

// holds reports whether the claim's clerk signed the request. One that
// somebody has recorded can be repeated for some minutes: reading shows them
// what is sealed, and an act with a known id changes nothing.
func (c claim) holds(r *http.Request, body []byte) bool {
	return ed25519.Verify(c.clerk.Key, message(r, r.Host, c.seconds, c.id, body), c.sig)
}

func ours(host string, own []string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	if a, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil && a.IsLoopback() || strings.EqualFold(name, "localhost") {
		return true
	}
	return len(own) == 0 || slices.ContainsFunc(own, func(o string) bool { return strings.EqualFold(o, host) })
}
