package server

import (
	"context"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"filippo.io/age"

	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/store"
	"handrail/internal/upload"
)

// Limits of a body with files.
const (
	maxParts  = 400
	inputFile = "unfile" // the button that takes a file away
)

// A posted is what one page brought: the values of its fields, and files,
// which are on the disk already but belong to nothing until the draft is
// stored.
type posted struct {
	url.Values
	files    []taken
	problems forms.Problems
	full     error // there was no room for a file
}

type taken struct {
	key  string
	file forms.File
	open string // the key of the file
}

// readStep reads a posted page. Files are taken only after the draft's token,
// which stands before them on the page, and only for fields of the page.
func (s *Server) readStep(w http.ResponseWriter, r *http.Request) (*posted, error) {
	typ, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || typ != "multipart/form-data" {
		in, err := parseBody(w, r, maxStep)
		return &posted{Values: in}, err
	}
	d, err := s.open(r)
	if err != nil {
		return nil, err
	}
	to := intake{folder: d.ID, full: "file-quota", may: func(in url.Values) bool { return d.owns(in.Get(inputToken)) && !d.sent() }}
	if page, ok := d.form.Page(placeOf(r).edition, r.PathValue("page"), d.Answers); ok {
		to.items = page.Items
	}
	return s.readParts(w, r, &to, params["boundary"])
}

// An intake says where the files of a request go and which are taken.
type intake struct {
	folder string                // the draft's
	items  []forms.Item          // the fields that take files
	may    func(url.Values) bool // whether the values before the files have the right token
	full   string                // the message when the folder holds too much
}

func (s *Server) readParts(w http.ResponseWriter, r *http.Request, to *intake, boundary string) (*posted, error) {
	limit := int64(maxStep)
	for _, it := range to.items {
		if it.Field.Kind == forms.Upload { // what is too large is told on the page, if it is not much too large
			limit += 2 * int64(it.Field.Files()) * maxFile(it.Field)
		}
	}
	parts := multipart.NewReader(steady(w, r, limit), boundary)
	p := &posted{Values: url.Values{}}
	room := int64(maxStep)
	for range maxParts {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err == nil {
			err = s.readPart(p, to, part, &room)
		}
		if err != nil {
			s.dropFiles(to.folder, p)
			return nil, bodyError(err)
		}
	}
	s.dropFiles(to.folder, p)
	return nil, errBody
}

// readPart reads one value or file. An error is one of the connection.
func (s *Server) readPart(p *posted, to *intake, part *multipart.Part, room *int64) error {
	name := part.FormName()
	if _, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition")); err != nil || name == "" {
		return errBody
	} else if _, isFile := params["filename"]; isFile {
		return s.readFile(p, to, name, part)
	}
	b, err := io.ReadAll(io.LimitReader(part, *room+1))
	if err != nil {
		return err
	}
	if *room -= int64(len(b) + len(name)); *room < 0 {
		return &http.MaxBytesError{Limit: maxStep}
	}
	p.Add(name, string(b))
	return nil
}

// readFile cleans, seals and stores one file, or notes what is wrong with it.
func (s *Server) readFile(p *posted, to *intake, key string, part *multipart.Part) error {
	i := slices.IndexFunc(to.items, func(it forms.Item) bool { return it.Key == key && it.Field.Kind == forms.Upload })
	if i < 0 || part.FileName() == "" || p.full != nil || !to.may(p.Values) {
		return nil // the rest of it is passed over
	}
	field, name := to.items[i].Field, upload.Name(part.FileName(), "")
	fault := func(message string, args ...any) error {
		p.problems = append(p.problems, forms.Problem{Key: key, Message: "form.error." + message, Args: append(args, "file", name)})
		return nil
	}
	if s.opt.Uploads == nil {
		p.full = store.ErrFull
		return nil
	}
	k, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	id := seal.NewID()
	f, err := s.opt.Uploads.Keep(to.folder, id, part, field.Accept, maxFile(field), k.Recipient())
	switch {
	case errors.Is(err, upload.ErrEmpty):
		return fault("file-empty")
	case errors.Is(err, upload.ErrLarge):
		return fault("file-large", "max", maxFile(field)>>20)
	case errors.Is(err, upload.ErrKind):
		return fault("file-type", "types", kinds(field))
	case errors.Is(err, upload.ErrDamaged):
		return fault("file-damaged")
	case errors.Is(err, upload.ErrPixels):
		return fault("file-pixels")
	case errors.Is(err, upload.ErrQuota):
		return fault(to.full)
	case errors.Is(err, upload.ErrFull):
		s.opt.Log.Error("there is no room for files", "err", err.Error())
		p.full = store.ErrFull
		return nil
	case err != nil:
		return err
	}
	p.files = append(p.files, taken{key, forms.File{ID: id, Name: upload.Name(part.FileName(), f.Type), Type: f.Type, Size: f.Size}, k.String()})
	return nil
}

func maxFile(f *forms.Field) int64 {
	if f.MaxMB == 0 {
		return 10 << 20
	}
	return int64(f.MaxMB) << 20
}

// kinds names what a field takes.
func kinds(f *forms.Field) string {
	return forms.CheckFile(f, "?", 1).Args[1].(string)
}

// dropFiles deletes files that came with a request that was not stored.
func (s *Server) dropFiles(draft string, p *posted) {
	for _, t := range p.files {
		s.opt.Uploads.Remove(draft, t.file.ID)
	}
}

// addFiles notes new files in the answers, as far as their fields have room.
func (d *openDraft) addFiles(p *posted) forms.Problems {
	problems := slices.Clone(p.problems)
	for _, t := range p.files {
		_, _, id := forms.SplitKey(t.key)
		f, _ := d.form.Field(id)
		if len(d.Answers.Files[t.key]) >= f.Files() {
			problems = append(problems, forms.Problem{Key: t.key, Message: "form.error.file-many", Args: []any{"n", f.Files()}})
			continue
		}
		d.Answers.AddFile(t.key, t.file)
		if d.Keys == nil {
			d.Keys = map[string]string{}
		}
		d.Keys[t.file.ID] = t.open
	}
	return problems
}

// files lists the ids of all files of the answers.
func files(a *forms.Answers) []string {
	var ids []string
	for _, fs := range a.Files {
		for _, f := range fs {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// tidy deletes the files that a stored change left out, and forgets their
// keys.
func (s *Server) tidy(d *openDraft, before []string, p *posted) {
	if s.opt.Uploads == nil {
		return
	}
	now := files(d.Answers)
	for _, t := range p.files {
		before = append(before, t.file.ID)
	}
	for _, id := range before {
		if !slices.Contains(now, id) {
			s.opt.Uploads.Remove(d.ID, id)
		}
	}
}

// forgetKeys drops the keys of files that the answers do not have.
func (d *openDraft) forgetKeys() {
	ids := files(d.Answers)
	maps.DeleteFunc(d.Keys, func(id, _ string) bool { return !slices.Contains(ids, id) })
}

// lost are the files that the answers name and the disk does not have. That
// should not happen; if it does, nothing is sent without saying so.
func (s *Server) lost(d *openDraft) forms.Problems {
	var out forms.Problems
	for key, fs := range d.Answers.Files {
		for _, f := range fs {
			if s.opt.Uploads == nil || !s.opt.Uploads.Has(d.ID, f.ID) {
				out = append(out, forms.Problem{Key: key, Message: "form.error.file-lost", Args: []any{"file", f.Name}})
			}
		}
	}
	return out
}

// getFile gives a file of a draft back to who has its key.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request) {
	d, err := s.open(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	a, open := d.Answers, d.Keys
	if d.sent() && len(d.Sealed) == 0 {
		c, err := s.opt.Store.Case(r.Context(), d.Reference)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		id, err := s.unlock(r.Context(), d.public(), d.secret())
		if id == nil || err != nil {
			s.fail(w, r, cmpErr(err, errExpired))
			return
		}
		if a, open, err = openAnswers(c, id); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	s.giveFile(w, r, d.ID, r.PathValue("id"), a, open)
}

// getCaseFile gives a file of a case back to who has shown its secret.
func (s *Server) getCaseFile(w http.ResponseWriter, r *http.Request) {
	c, id, ok := s.shown(w, r)
	if !ok {
		return
	}
	a, open, err := openAnswers(c, id)
	if err == nil {
		err = s.addSupplied(r.Context(), c, id, a, open)
	}
	if err != nil && !errors.Is(err, seal.ErrSealed) {
		s.fail(w, r, err)
		return
	}
	s.giveFile(w, r, c.Draft, r.PathValue("id"), a, open)
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// giveFile answers with a file: to be saved, never to be shown as a page of
// ours.
func (s *Server) giveFile(w http.ResponseWriter, r *http.Request, draft, id string, a *forms.Answers, open map[string]string) {
	f, ok := fileOf(a, id)
	key, err := age.ParseX25519Identity(open[id])
	if !ok || err != nil || s.opt.Uploads == nil || !s.opt.Uploads.Has(draft, id) {
		s.notFound(w, r)
		return
	}
	body, err := s.opt.Uploads.Read(draft, id, key)
	if err != nil {
		s.fail(w, r, errors.New("a file cannot be read")) // the cause may name it
		return
	}
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", upload.Media(f.Type))
	h.Set("Content-Disposition", "attachment; filename=\"file."+f.Type+"\"; filename*=UTF-8''"+url.PathEscape(f.Name))
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if _, err := io.Copy(w, body); err != nil {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
}

func fileOf(a *forms.Answers, id string) (forms.File, bool) {
	if a != nil {
		for _, fs := range a.Files {
			for _, f := range fs {
				if f.ID == id {
					return f, true
				}
			}
		}
	}
	return forms.File{}, false
}

// SweepFiles deletes the files of drafts and cases that are gone.
func (s *Server) SweepFiles(ctx context.Context) error {
	if s.opt.Uploads == nil {
		return nil
	}
	_, err := s.opt.Uploads.Sweep(ctx, s.opt.Now(), s.opt.Store.HasDraft)
	return err
}
