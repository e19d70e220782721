package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"handrail/internal/seal"
	"handrail/internal/store"
)

// A Payload says what a job is about.
type Payload struct {
	Event string      `json:"event,omitempty"` // id of the event to carry
	Files []string    `json:"files,omitempty"` // ids of what was handed in with it
	State store.State `json:"state,omitempty"` // what the person is told; "" that something came
}

// NewJob returns a job for a case.
func NewJob(kind string, c *store.Case, p Payload, at time.Time) store.Job {
	b, err := json.Marshal(p)
	if err != nil {
		panic("outbox: " + err.Error())
	}
	return store.Job{ID: seal.NewID(), Reference: c.Reference, Department: c.Department, Kind: kind, NotBefore: at, Payload: b}
}

func payload(j *store.Job) (p Payload, err error) {
	if len(j.Payload) == 0 {
		return p, nil
	}
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return p, errNever{errors.New("the payload cannot be read")}
	}
	return p, nil
}

// A Delivery is the body of a webhook. Sealed is age ciphertext: for the
// department's keys and the case's secret. Files are named, not carried: they
// may be large. Whoever is called fetches them, as a clerk does, from
// /api/v1/departments/{department}/cases/{reference}/files/{id}; the keys that
// open them stand in what is sealed.
type Delivery struct {
	Type      string    `json:"type"` // "case.received" or "case.updated"
	Timestamp time.Time `json:"timestamp"`
	Data      Data      `json:"data"`
}

// Data is what a delivery is about.
type Data struct {
	Reference  string      `json:"reference"`
	Form       string      `json:"form"`
	Version    string      `json:"version"`
	Department string      `json:"department"`
	State      store.State `json:"state"`
	Received   time.Time   `json:"received"`
	Changed    time.Time   `json:"changed"`
	Event      string      `json:"event,omitempty"` // id
	Kind       string      `json:"kind,omitempty"`  // of the event
	Sealed     []byte      `json:"sealed,omitempty"`
	Files      []File      `json:"files,omitempty"`
}

// A File is one that belongs to a delivery. Size is that of the sealed file.
type File struct {
	ID   string `json:"id"`
	Size int64  `json:"size"`
}

// deliver carries a case to its department.
func (w *Worker) deliver(ctx context.Context, j *store.Job) error {
	c, err := w.o.Store.Case(ctx, j.Reference)
	if errors.Is(err, store.ErrNotFound) {
		return nil // deleted
	} else if err != nil {
		return err
	}
	d := Delivery{Type: "case.received", Timestamp: c.Received, Data: data(c)}
	d.Data.Sealed = c.Sealed
	if d.Data.Files, err = w.files(c.Draft, nil); err != nil {
		return err
	}
	return w.carry(ctx, j, c, c.Reference, d)
}

// update carries what the person wrote later.
func (w *Worker) update(ctx context.Context, j *store.Job) error {
	p, err := payload(j)
	if err != nil {
		return err
	}
	c, err := w.o.Store.Case(ctx, j.Reference)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	events, err := w.o.Store.Events(ctx, j.Reference)
	if err != nil {
		return err
	}
	for _, e := range events {
		if e.ID == p.Event {
			d := Delivery{Type: "case.updated", Timestamp: e.At, Data: data(c)}
			d.Data.Event, d.Data.Kind, d.Data.Sealed = e.ID, e.Kind, e.Sealed
			if len(p.Files) > 0 {
				if d.Data.Files, err = w.files(c.Draft, p.Files); err != nil {
					return err
				}
			}
			if len(d.Data.Files) < len(p.Files) {
				return errors.New("a file that belongs to it is not there")
			}
			return w.carry(ctx, j, c, c.Reference+"-"+e.ID, d)
		}
	}
	return errNever{fmt.Errorf("case %s has no such event", j.Reference)}
}

func data(c *store.Case) Data {
	return Data{Reference: c.Reference, Form: c.Form, Version: c.Version, Department: c.Department, State: c.State,
		Received: c.Received, Changed: c.Changed}
}

// files lists the files of a draft: all of them, or those named.
func (w *Worker) files(draft string, named []string) ([]File, error) {
	if w.o.Files == nil {
		return nil, nil
	}
	all, err := w.o.Files.List(draft)
	var out []File
	for _, f := range all {
		if named == nil || slices.Contains(named, f.ID) {
			out = append(out, File{f.ID, f.Size})
		}
	}
	return out, err
}

// carry does both ways that a department may have; a repeat of a way that
// went well changes nothing there.
func (w *Worker) carry(ctx context.Context, j *store.Job, c *store.Case, name string, d Delivery) error {
	route := w.o.Routes[j.Department]
	if route.Folder != "" {
		for _, f := range d.Data.Files { // first, so that who sees the case has them
			if err := w.putFile(route.Folder, c, f); err != nil {
				return err
			}
		}
		if err := put(route.Folder, name+".age", d.Data.Sealed); err != nil {
			return err
		}
	}
	if route.Webhook == nil {
		return nil
	}
	body, err := json.Marshal(d)
	if err != nil {
		return errNever{err}
	}
	return route.Webhook.post(ctx, w.o.Client, j.ID, w.o.Now(), body)
}

// putFile copies a file as it lies on the disk into the department's folder.
func (w *Worker) putFile(folder string, c *store.Case, f File) error {
	src, err := w.o.Files.Sealed(c.Draft, f.ID)
	if err != nil {
		return fmt.Errorf("case %s: open a file: %w", c.Reference, err)
	}
	defer src.Close()
	return putFrom(folder, c.Reference+"-file-"+f.ID+".age", f.Size, src)
}
