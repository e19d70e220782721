package render

import "strings"

// Breaks returns a long word without spaces, such as an address of mail, in
// the parts between which a line may end: css/rail.css puts a mark of no width there.
// Joined they are the value, so that copies and searches find it whole.
func (v *Value) Breaks() []*Value {
	if v == nil {
		return nil
	}
	var out []*Value
	for _, part := range breaks(v.plain()) {
		c := *v
		c.text = part
		out = append(out, &c)
	}
	return out
}

// breaks cuts before every @ and dot, and behind every slash.
func breaks(s string) []string {
	var out []string
	from := 0
	for i := 1; i < len(s); i++ {
		if strings.IndexByte("@.", s[i]) >= 0 || s[i-1] == '/' && s[i] != '/' {
			out = append(out, s[from:i])
			from = i
		}
	}
	return append(out, s[from:])
}
