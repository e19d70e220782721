package server

import "time"

// A quota is what is free in an hour: for each network, and for all together.
type quota struct{ each, all *limiter }

func newQuota(now func() time.Time) quota {
	return quota{newLimiter(now, freeCards/3600.0, freeCards), newLimiter(now, freeCardsAll/3600.0, freeCardsAll)}
}

// free takes one for a network, if there is one left.
func (q quota) free(network string) bool { return q.each.delay(network) == 0 && q.all.delay("") == 0 }

func (q quota) forget() {
	q.each.forget()
	q.all.forget()
}
