package block

import "slices"

// Grams returns what a text is made of, to see how like another it is: the
// set of its short runs of letters, hashed to 16 bits and sorted. A run is two
// characters long where a character is a syllable or a word (Han, kana,
// Hangul), and four in alphabets, where two letters tell nothing.
func Grams(s string) []uint16 { return GramsOf(Normalise(nil, s)) }

// GramsOf is Grams of a normalised text.
func GramsOf(units []uint16) []uint16 {
	if len(units) == 0 {
		return nil
	}
	out := make([]uint16, 0, len(units))
	for i := range units {
		width := 4
		if units[i] >= 0x2E80 {
			width = 2
		}
		if i > 0 && i+width > len(units) {
			continue
		}
		out = append(out, gram(units[i:min(i+width, len(units))]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func gram(units []uint16) uint16 {
	h := uint32(laneA)
	for _, u := range units {
		h = (h ^ uint32(u)) * primeA
	}
	return uint16(mix(h) >> 16)
}

// SketchSize is how many grams a saved place keeps.
const SketchSize = 48

// Sketch returns the smallest grams of a set: a sample that needs no text,
// chosen alike in every text, so that two samples can be compared.
func Sketch(grams []uint16) []uint16 { return grams[:min(len(grams), SketchSize)] }

// Dice estimates how alike two texts are, from 0 to 1, by their sketches:
// the share of common grams among the smallest of both together.
func Dice(x, y []uint16) float64 { return dice(Sketch(x), Sketch(y), SketchSize) }

// dice is Dice over the limit smallest grams of both.
func dice(x, y []uint16, limit int) float64 {
	seen, both := 0, 0
	for len(x)+len(y) > 0 && seen < limit {
		seen++
		switch {
		case len(y) == 0 || len(x) > 0 && x[0] < y[0]:
			x = x[1:]
		case len(x) == 0 || y[0] < x[0]:
			y = y[1:]
		default:
			x, y = x[1:], y[1:]
			both++
		}
	}
	if seen == 0 {
		return 0
	}
	j := float64(both) / float64(seen)
	return 2 * j / (1 + j)
}

// shared is the part of x's grams that y has, too.
func shared(x, y []uint16) float64 {
	if len(x) == 0 {
		return 0
	}
	both := 0
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] < y[j]:
			i++
		case y[j] < x[i]:
			j++
		default:
			i, j, both = i+1, j+1, both+1
		}
	}
	return float64(both) / float64(len(x))
}
