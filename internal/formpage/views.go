package formpage

import (
	"time"

	"handrail/internal/forms"
)

// A View is one page that can be drawn. The types below are all there are.
type View interface{ template() string }

// At says where a page stands: its language, its edition, and its own address
// without either ("/f/heating/…"), to which the other editions and languages link.
type At struct{ Lang, Edition, Path string }

// Hidden is a hidden input of a form: the server's own business.
type Hidden struct{ Name, Value string }

// A Step asks questions.
type Step struct {
	Form     *forms.Definition
	Page     forms.Page
	Answers  *forms.Answers // as typed
	Problems forms.Problems
	Number   int // which page of how many; see forms.Definition.Position
	Total    int
	Action   string // where the form is posted
	Back     string // address of the page before; "" on the first one
	Hidden   []Hidden
	Change   func(pageID string) string // address of another page, for the answers given so far; nil hides them
	ToCheck  bool                       // a single answer is being changed: the button says so
	CanSave  bool                       // "save and come back later" is offered
	FileURL  func(id string) string     // where a file that was handed in can be had; may be nil
	New      bool                       // the form has changed since the draft began; this is what is new
}

// Check shows all answers before they are sent.
type Check struct {
	Form     *forms.Definition
	Answers  *forms.Answers
	Problems forms.Problems // what is still missing or wrong; sending is not offered then
	Action   string         // where "send" is posted, with Hidden and no answers
	Back     string
	Hidden   []Hidden
	Change   func(pageID string) string // address that changes the answers of a page
	CanSave  bool
	FileURL  func(id string) string // where a file can be had; may be nil
	Tell     *Tell                  // how to be told; nil: not offered
}

// Sent is the receipt.
type Sent struct {
	Form      *forms.Definition
	Reference string // 8 digits
	Secret    string // 20 digits; "" when it has been shown before
	Received  time.Time
	Due       *Due
	UndoUntil time.Time // zero: it cannot be undone, or no longer
	Undo      string    // where "undo" is posted
	Hidden    []Hidden
	CaseURL   string // the status page
	SaveURL   string // the receipt as a file
	Forget    string // where "forget on this computer" is posted; "" for nowhere
	FileURL   func(id string) string
	Answers   *forms.Answers
}

// Due is by when an answer has to come.
type Due struct {
	Date  time.Time
	About bool // beyond the last day that the calendar covers
}

// Undone says that a sending was withdrawn and the draft is open again.
type Undone struct {
	Form   *forms.Definition
	When   time.Time
	Resume string // address of the draft's answers to check
	Start  string // a fresh form
}

// Already answers a step or a sending of a draft that was sent before.
type Already struct {
	Form      *forms.Definition
	Sent      time.Time
	Withdrawn bool      // Sent is when it was withdrawn
	UndoUntil time.Time // zero: no longer
	Undo      string
	Hidden    []Hidden
	Receipt   string      // address
	Start     string      // a fresh form
	Page      *forms.Page // what was posted now and not stored, with Typed
	Typed     *forms.Answers
}

// Closed says that the form takes no answers: not yet, or no longer.
type Closed struct {
	Form    *forms.Definition
	Opens   time.Time // zero unless it has yet to open
	Closed  time.Time
	Answers *forms.Answers // shown so that nothing is lost; may be nil
}

// Expired says that a draft is gone or was never there.
type Expired struct {
	Form  *forms.Definition // nil when not known
	Start string
}

// Busy says that the server cannot store now and when to try again; what was
// typed is shown.
type Busy struct {
	Form    *forms.Definition
	Seconds int
	Action  string // "try again" posts the same values; "" for none
	Hidden  []Hidden
	Answers *forms.Answers
	Full    bool // 507: the disk is full; there is no use in trying again soon
}

// Saved says how to come back to a draft.
type Saved struct {
	Form   *forms.Definition
	Code   string // 20 digits
	Link   string // the whole address; "" when there is none
	Until  time.Time
	File   string // address of the file to keep; "" for none
	Resume string // address to go on now
	Forget string // where "forget on this computer" is posted; "" for nowhere
}

// Resume asks for the code of a draft.
type Resume struct {
	Form    *forms.Definition // nil: any form
	Action  string
	Hidden  []Hidden
	Typed   string
	Problem string // "", "missing", "wrong-length", "wrong-group", "unknown" or "file"
	Group   int    // the wrong group of four, from 1
}

// Find asks for reference and secret.
type Find struct {
	Action    string
	Hidden    []Hidden
	Reference string
	Secret    string
	Problem   string // "", "missing", "reference", "wrong-length", "wrong-group" or "unknown"
	Group     int
}

// Case is the status page.
type Case struct {
	Form      *forms.Definition // of the version that was sent
	Reference string
	State     string // held, received, working, asked, decided, closed, withdrawn
	Steps     []CaseStep
	Due       *Due
	Working   int // working days until then; 0: not said
	Messages  []Message
	Answers   *forms.Answers // nil: not to be shown
	Asked     []Ask
	Action    string // where a message is posted; "" when none can be
	Typed     string
	Problem   string // of the message: "missing", "long"
	Hidden    []Hidden
	UndoUntil time.Time
	Undo      string
	Forget    string // where "forget on this computer" is posted; "" for nowhere
	Delete    string // where "delete everything" is posted; ""
	Deleting  bool   // that was pressed: ask whether to
	FileURL   func(id string) string
	Result    string    // the decision, in the department's words
	Supplied  time.Time // when something that was asked for was handed in, if that was the last thing; zero: not so
	Tell      *Tell     // how to be told; nil: not offered
}

// Tell asks how the person wants to be told of what happens.
type Tell struct {
	Action  string
	Ways    []string // sms, email, callback, none
	By, To  string   // what was chosen and typed, when it has to be mended
	Problem string   // "way" or "address"
}

// A CaseStep is one step of a case.
type CaseStep struct {
	Title string // in the reader's language; "" takes form.state.<State>
	State string
	When  time.Time // done then, or expected by then; zero: not known
	Done  bool
	Now   bool
	Note  string
}

// A Message goes to the citizen or comes from them.
type Message struct {
	FromOffice bool
	Supply     bool // what the department asked for
	When       time.Time
	Text       string
	Files      []forms.File
}

// An Ask is a document that the department asks for.
type Ask struct {
	ID      string
	Text    string
	By      time.Time
	Action  string
	Hidden  []Hidden
	Field   *forms.Field // of kind file: what is accepted
	Typed   string       // the words so far
	Files   []forms.File // that were taken already, when something else has to be mended
	Problem *forms.Problem
}

// A Notice is any other page: a title, some paragraphs, and where to go.
type Notice struct {
	Key   string // form.notice.<Key>.title and .text of the catalogue
	Args  []any  // for both
	Form  *forms.Definition
	Links []NoticeLink
	Code  string // error reference to quote; "" for none
}

// A NoticeLink is a way on.
type NoticeLink struct {
	Key string // form.link.<Key> of the catalogue
	URL string
}

func (*Step) template() string    { return "step" }
func (*Check) template() string   { return "check" }
func (*Sent) template() string    { return "sent" }
func (*Undone) template() string  { return "undone" }
func (*Already) template() string { return "already" }
func (*Closed) template() string  { return "closed" }
func (*Expired) template() string { return "expired" }
func (*Busy) template() string    { return "busy" }
func (*Saved) template() string   { return "saved" }
func (*Resume) template() string  { return "resume" }
func (*Find) template() string    { return "find" }
func (*Case) template() string    { return "case" }
func (*Notice) template() string  { return "notice" }

// TemplateFile is the file of the theme's folder server/ that draws a view.
func TemplateFile(v View) string {
	switch v.(type) {
	case *Step:
		return "step.html"
	case *Check:
		return "check.html"
	case *Sent:
		return "sent.html"
	case *Case:
		return "case.html"
	case *Saved, *Resume, *Find:
		return "return.html"
	case *Continue, *Choose, *Kept:
		return "continue.html"
	}
	return "after.html"
}
