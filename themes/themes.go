// Package themes holds the themes that ship with Handrail. A site's own theme
// lies in its folder themes/ and overrides these file by file.
package themes

import "embed"

// FS holds one folder per theme: civic/theme.yaml, civic/layouts/… and so on.
//
//go:embed civic
var FS embed.FS
