package style

import _ "embed"

//go:embed ua.css
var uaSource string

//go:embed ua-quirks.css
var uaQuirksSource string

// The sheets of the browser itself. They are parsed once and never changed.
var (
	userAgent       = newSheet(uaSource, "browser", originUA, nil)
	userAgentQuirks = newSheet(uaQuirksSource, "browser", originUA, nil)
)
