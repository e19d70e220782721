package server_test

import (
	"errors"
	"net/http"
	"path/filepath"
	"testing"

	"handrail/internal/backup"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
)

// TestDeleteByPerson: who has the secret can have a case deleted, is asked
// first, and then nothing of it is left but a tombstone.
func TestDeleteByPerson(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	x.store = &backup.Graveyard{Store: x.store, Name: filepath.Join(x.dir, backup.StonesFile), Files: filepath.Join(x.dir, "files")}
	x.restart(t, servertest.Form())
	p, reference := asked(t, x, "/care/en", "请补交煤炉照片")
	page := "/care/en/case/" + reference
	p.Upload(supplies("ask-1", "煤炉.pdf", []byte("%PDF-1.7 stove")), "text", "words").Want(200, "case working")
	before := onDisk(t, x)
	p.Get(page)
	_, own := p.Form()
	stranger := servertest.NewPerson(t, x.handler)
	stranger.Post(page+"/delete", append(own, "sure", "yes")...).Want(200, "find")
	p.Post(page+"/delete", "sure", "yes").Want(http.StatusForbidden, "notice refused")
	p.Post(page+"/delete", own...).Want(200, "case working").Has("<i>sure</i>")
	if n := onDisk(t, x); n != before || n == 0 {
		t.Errorf("%d files before anything was deleted, %d after", before, n)
	}
	p.Submit("sure", "yes").Want(200, "notice deleted")
	if _, err := x.store.Case(t.Context(), reference); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the case: %v", err)
	}
	if n := onDisk(t, x); n != 0 {
		t.Errorf("%d files are left", n)
	}
	stones, err := x.store.Tombstones(t.Context())
	if err != nil || len(stones) != 1 || stones[0].Reference != reference {
		t.Errorf("tombstones %v, %v", stones, err)
	}
	p.Get(page).Want(200, "find")
}
