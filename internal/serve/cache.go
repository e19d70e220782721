package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	recheck  = time.Second // how long a file in memory is believed
	maxFile  = 1 << 20     // larger ones are read from the disk each time
	maxCache = 24 << 20    // bytes kept in all
)

var errDirectory = errors.New("a folder")

// A file is what is known of a published file. Its body is nil when it is too
// large to keep.
type file struct {
	name         string
	contentType  string
	cacheControl string
	tag          string // entity tag, without quotes
	modified     time.Time
	size         int64
	body, br, gz []byte
	besides      [2]stamp // of the compressed files
	checked      atomic.Int64
}

// A stamp tells whether a file has changed; the zero stamp is of none.
type stamp struct {
	modified time.Time
	size     int64
}

func (f *file) bytes() int64 { return int64(len(f.body) + len(f.br) + len(f.gz)) }

// A cache keeps files that were asked for.
type cache struct {
	root  *os.Root
	mu    sync.RWMutex
	files map[string]*file
	size  int64
}

func (c *cache) get(name string) (*file, error) {
	now := time.Now()
	c.mu.RLock()
	f := c.files[name]
	c.mu.RUnlock()
	if f != nil && now.UnixNano()-f.checked.Load() < int64(recheck) {
		return f, nil
	}
	info, err := c.root.Stat(name)
	switch {
	case err != nil:
		// Names that a file system cannot hold do not exist either.
		return nil, fs.ErrNotExist
	case info.IsDir():
		return nil, errDirectory
	case !info.Mode().IsRegular():
		return nil, fs.ErrNotExist
	}
	if f != nil && f.size == info.Size() && f.modified.Equal(info.ModTime()) && f.besides == c.stamps(name) {
		f.checked.Store(now.UnixNano())
		return f, nil
	}
	f, err = c.load(name, info)
	if err != nil {
		return nil, err
	}
	f.checked.Store(now.UnixNano())
	c.keep(f)
	return f, nil
}

func (c *cache) keep(f *file) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.files[f.name]; old != nil {
		c.size -= old.bytes()
	}
	if c.files == nil || c.size+f.bytes() > maxCache || len(c.files) > 20000 {
		c.files, c.size = map[string]*file{}, 0
	}
	c.files[f.name] = f
	c.size += f.bytes()
}

// fingerprinted names change with their contents. Elsewhere than in the folder
// of built assets a long word is only a word: "notice-decision.pdf".
var fingerprinted = regexp.MustCompile(`^assets/.*[.-][0-9A-Za-z]{8,}\.[a-z0-9]+$`)

func (c *cache) load(name string, info fs.FileInfo) (*file, error) {
	f := &file{name: name, modified: info.ModTime(), size: info.Size(), cacheControl: "no-cache"}
	if path.Ext(name) != ".html" && fingerprinted.MatchString(name) {
		f.cacheControl = "public, max-age=31536000, immutable"
	}
	f.contentType = contentType(name)
	f.besides = c.stamps(name) // before they are read: what changes meanwhile is read again
	if info.Size() > maxFile {
		f.tag = strconv.FormatInt(info.ModTime().UnixNano(), 36) + "-" + strconv.FormatInt(info.Size(), 36)
		return f, nil
	}
	body, err := c.root.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f.body = body
	if body == nil {
		f.body = []byte{}
	}
	if f.contentType == "" {
		f.contentType = http.DetectContentType(body)
	}
	sum := sha256.Sum256(body)
	f.tag = hex.EncodeToString(sum[:12])
	f.br, f.gz = c.beside(name+".br", info), c.beside(name+".gz", info)
	if f.br == nil && f.gz == nil {
		f.gz = pack(f.contentType, body)
	}
	return f, nil
}

// leastPacked is the size from which packing saves a packet.
const leastPacked = 1400

// pack compresses text; nil where that is not worth it. Published files are
// the same for everybody and hold no secret that their packed size could tell.
func pack(contentType string, body []byte) []byte {
	typ, _, _ := strings.Cut(contentType, ";")
	switch {
	case len(body) < leastPacked:
		return nil
	case strings.HasPrefix(typ, "text/"), strings.HasSuffix(typ, "json"), strings.HasSuffix(typ, "xml"):
	default:
		return nil
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, 5)
	if err != nil {
		panic("serve: " + err.Error())
	}
	w.Write(body)
	w.Close() // a buffer takes everything
	if b.Len() >= len(body) {
		return nil
	}
	return bytes.Clone(b.Bytes())
}

// stamps looks at the compressed files beside a file.
func (c *cache) stamps(name string) (out [2]stamp) {
	for i, ext := range []string{".br", ".gz"} {
		if info, err := c.root.Stat(name + ext); err == nil {
			out[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	return out
}

// stale is how much older than its file a compressed one may be: a build
// writes both in some order.
const stale = 10 * time.Minute

// beside reads a precompressed file, unless it was made of an older one.
func (c *cache) beside(name string, of fs.FileInfo) []byte {
	info, err := c.root.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile || info.ModTime().Before(of.ModTime().Add(-stale)) {
		return nil
	}
	b, err := c.root.ReadFile(name)
	if err != nil {
		return nil
	}
	return b
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".webmanifest":
		return "application/manifest+json"
	case ".vtt":
		return "text/vtt; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".md":
		return "text/markdown; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}
