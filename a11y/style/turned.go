package style

import "strings"

// Turned returns the styles of the page when its screen is turned between
// portrait and landscape, its width the same; nil when no style sheet asks
// for the orientation.
func (s *Styles) Turned() *Styles {
	if s.turned == nil && !s.mode.turned && s.m.asksOrientation() {
		mode := s.mode
		mode.turned = true
		s.turned = s.m.Styles(mode)
	}
	return s.turned
}

// asksOrientation reports whether some rules hang on the orientation.
func (m *Matcher) asksOrientation() bool {
	for i := range m.conds {
		for _, media := range m.conds[i].medias {
			if strings.Contains(media.String(), "orientation") {
				return true
			}
		}
	}
	return false
}
