package dom

import "strings"

// doctype is what a <!DOCTYPE> says.
type doctype struct {
	name           string
	public, system string
	hasPublic      bool
	hasSystem      bool
	forceQuirks    bool
}

// parseDoctype reads the source of a doctype token, "<!DOCTYPE html>".
func parseDoctype(raw string) doctype {
	s := raw[len("<!doctype"):]
	var d doctype
	if strings.HasSuffix(s, ">") {
		s = s[:len(s)-1]
	} else {
		d.forceQuirks = true
	}
	s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	s = strings.TrimLeft(s, space)
	i := strings.IndexAny(s, space)
	if i < 0 {
		i = len(s)
	}
	d.name, s = asciiLower(s[:i]), strings.TrimLeft(s[i:], space)
	if d.name == "" {
		d.forceQuirks = true
	}
	switch {
	case s == "":
		return d
	case hasPrefixFold(s, "public"):
		s = strings.TrimLeft(s[6:], space)
		if s, d.public, d.hasPublic = d.quoted(s); !d.hasPublic {
			d.forceQuirks = true
			return d
		}
		s = strings.TrimLeft(s, space)
		if s == "" {
			return d
		}
		if _, d.system, d.hasSystem = d.quoted(s); !d.hasSystem {
			d.forceQuirks = true
		}
	case hasPrefixFold(s, "system"):
		if _, d.system, d.hasSystem = d.quoted(strings.TrimLeft(s[6:], space)); !d.hasSystem {
			d.forceQuirks = true
		}
	default:
		d.forceQuirks = true
	}
	return d
}

// quoted reads a quoted identifier at the start of s.
func (d *doctype) quoted(s string) (rest, id string, ok bool) {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return s, "", false
	}
	i := strings.IndexByte(s[1:], s[0])
	if i < 0 {
		d.forceQuirks = true
		return "", s[1:], true
	}
	return s[i+2:], s[1 : i+1], true
}

// quirks says whether a page with the doctype is in quirks mode.
func (d *doctype) quirks() bool {
	if d.forceQuirks || d.name != "html" {
		return true
	}
	pub := strings.ToLower(d.public)
	if d.hasPublic {
		switch pub {
		case "-//w3o//dtd w3 html strict 3.0//en//", "-/w3c/dtd html 4.0 transitional/en", "html":
			return true
		}
		for _, p := range quirkyPrefixes {
			if strings.HasPrefix(pub, p) {
				return true
			}
		}
		if !d.hasSystem && (strings.HasPrefix(pub, "-//w3c//dtd html 4.01 frameset//") ||
			strings.HasPrefix(pub, "-//w3c//dtd html 4.01 transitional//")) {
			return true
		}
	}
	return d.hasSystem && strings.EqualFold(d.system, "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
