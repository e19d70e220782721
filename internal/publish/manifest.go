package publish

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
)

// ManifestName is the file in the output folder that lists what a build wrote.
const ManifestName = "manifest.json"

const manifestFormat = 1

// A Manifest says what a build wrote and from what. The same input gives the
// same manifest.
type Manifest struct {
	Format int    `json:"format"`
	Tool   string `json:"tool"`
	Now    string `json:"now"`  // the build's clock, RFC 3339
	Gate   string `json:"gate"` // closed, report or off
	// Carried is a hash of the ids of blocks, and of what became of earlier
	// ones, that came from the site published before and not from the sources:
	// "" when there are none. The same sources, clock and ids give the same files.
	Carried string  `json:"carried,omitempty"`
	Files   []Entry `json:"files"`
}

// An Entry is one published file.
type Entry struct {
	Path    string   `json:"path"`
	SHA256  string   `json:"sha256"`
	Size    int64    `json:"size"` // bytes
	Sources []string `json:"sources,omitempty"`
}

func readManifest(fsys fs.FS) (*Manifest, error) {
	data, err := fs.ReadFile(fsys, ManifestName)
	if err != nil {
		return nil, err
	}
	return ParseManifest(data)
}

// ParseManifest reads what a build wrote under ManifestName.
func ParseManifest(data []byte) (*Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil || m.Format == 0 || m.Tool == "" {
		return nil, fmt.Errorf("%s was not written by handrail", ManifestName)
	}
	if m.Format > manifestFormat {
		return nil, fmt.Errorf("%s was written by a newer handrail (format %d)", ManifestName, m.Format)
	}
	for _, e := range m.Files {
		if checkPath(e.Path) != nil {
			return nil, fmt.Errorf("%s names a path outside the folder: %q", ManifestName, e.Path)
		}
	}
	return &m, nil
}

// encode writes one file a line, so that two manifests can be compared.
func (m *Manifest) encode() []byte {
	head := *m
	head.Files = nil
	var b bytes.Buffer
	h, _ := json.Marshal(head) // strings and numbers only: cannot fail
	b.Write(bytes.TrimSuffix(h, []byte(`"files":null}`)))
	b.WriteString(`"files":[`)
	for i, e := range m.Files {
		if i > 0 {
			b.WriteByte(',')
		}
		line, _ := json.Marshal(e)
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}
