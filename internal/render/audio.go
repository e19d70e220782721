package render

import "time"

// A Recording is the plain version of a page, read aloud.
type Recording struct {
	URL, Type string
	Size      int64
	Length    time.Duration // 0 when it is not known
	Made      bool          // by a command, at build; otherwise a person has read it
}

// An Audio is what a template sees of a recording.
type Audio struct {
	URL, Type        string
	Size             *Value // in words
	Minutes, Seconds int    // both 0 when the length is not known
	Made             bool
}

// Audio returns the recording of the page, or nil.
func (p *Page) Audio() *Audio {
	p.w.askPage(p.p, "audio")
	rec, ok := p.w.r.opt.Audio[p.p]
	if !ok {
		return nil
	}
	s := int(rec.Length.Round(time.Second) / time.Second)
	return &Audio{URL: rec.URL, Type: rec.Type, Size: p.w.fileSize(int(rec.Size)), Minutes: s / 60, Seconds: s % 60, Made: rec.Made}
}
