package gate

import "slices"

// MaxSteps is how many links may lie between the care edition's home page and
// any of its pages.
const MaxSteps = 5

// A web is the pages of one edition and language with the links between them.
type web struct {
	links map[string][]string // by URL path
}

// steps returns for each page that can be reached from home how many links
// lie between. Pages that cannot be reached are missing.
func (w *web) steps(home string) map[string]int {
	dist := map[string]int{home: 0}
	queue := []string{home}
	for len(queue) > 0 {
		u := queue[0]
		queue = queue[1:]
		for _, v := range w.links[u] {
			if _, seen := dist[v]; !seen && w.links[v] != nil {
				dist[v] = dist[u] + 1
				queue = append(queue, v)
			}
		}
	}
	return dist
}

// unreached lists the pages, sorted, that are further than MaxSteps from home
// or that no path of links leads to (steps -1).
func (w *web) unreached(home string, pages []string) (far []distance) {
	dist := w.steps(home)
	for _, p := range pages {
		d, ok := dist[p]
		if !ok {
			far = append(far, distance{p, -1})
		} else if d > MaxSteps {
			far = append(far, distance{p, d})
		}
	}
	slices.SortFunc(far, func(a, b distance) int {
		if a.url < b.url {
			return -1
		}
		return 1
	})
	return far
}

type distance struct {
	url   string
	steps int
}
