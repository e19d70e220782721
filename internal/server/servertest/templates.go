package servertest

// The least that a theme has to have: enough to see which view was drawn,
// what it says and where it leads.
const (
	texts = `{
 "server.file.reference": "Reference: {reference}", "server.file.secret": "Secret: {secret}",
 "server.file.received": "Received: {time}", "server.file.status": "Status: {url}", "server.file.ask": "Ask: {department}, {phone}",
 "server.file.code": "Code: {code}", "server.file.until": "Until: {time}", "server.file.go-on": "Go on: {url}", "server.file.keep": "Keep it safe"
}`

	shell = `<!doctype html><html><head><title>-handrail-title-</title></head><body><p>-handrail-way-</p>-handrail-head-<main>-handrail-main-</main></body></html>`

	templates = `
{{define "hidden"}}{{range .}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}{{end}}
{{define "answers"}}{{with .}}{{range $k, $v := .Values}}<dt>{{$k}}</dt>{{range $v}}<dd>{{.}}</dd>{{end}}{{end}}{{end}}{{end}}

{{define "step.title"}}step {{.V.Page.ID}}{{end}}{{define "step.way"}}{{.V.Number}}/{{.V.Total}}{{end}}
{{define "step.head"}}{{range .V.Problems}}<a class="problem" href="#{{.Key}}">{{.Message}}</a>{{end}}{{end}}
{{define "step.main"}}<form method="post" action="{{.V.Action}}">{{template "hidden" .V.Hidden}}
{{if .V.New}}<i>new</i>{{end}}{{range $k, $f := .V.Answers.Files}}{{range $f}}<a href="{{call $.V.FileURL .ID}}">{{.Name}}</a><button name="unfile" value="{{.ID}}"></button>{{end}}{{end}}
{{range .V.Page.Items}}<input name="{{.Key}}" value="{{$.V.Answers.Value .Key}}">{{end}}<input name="website"></form><a href="{{.V.Back}}">back</a>{{end}}

{{define "check.title"}}check{{end}}{{define "check.way"}}{{end}}
{{define "check.head"}}{{range .V.Problems}}<a class="problem" href="#{{.Key}}">{{.Message}}</a>{{end}}{{end}}
{{define "check.main"}}{{with .V.Tell}}{{range .Ways}}<i>way {{.}}</i>{{end}}{{with .Problem}}<i class="problem">tell {{.}}</i>{{end}}<i>told {{.By}} {{.To}}</i>{{end}}{{template "answers" .V.Answers}}{{with .V.Answers}}{{range .Files}}{{range .}}<a href="{{call $.V.FileURL .ID}}">{{.Name}}</a>{{end}}{{end}}{{end}}<form method="post" action="{{.V.Action}}">{{template "hidden" .V.Hidden}}</form>{{end}}

{{define "sent.title"}}sent{{end}}{{define "sent.way"}}{{end}}{{define "sent.head"}}<b id="reference">{{.V.Reference}}</b><b id="secret">{{.V.Secret}}</b>{{end}}
{{define "sent.main"}}{{template "due" .V.Due}}<time>{{.Clock .V.Received}}</time>{{template "answers" .V.Answers}}
{{if .V.Undo}}<form method="post" action="{{.V.Undo}}">{{template "hidden" .V.Hidden}}</form>{{end}}<a href="{{.V.CaseURL}}">case</a><a href="{{.V.SaveURL}}">file</a>{{template "forget" .V.Forget}}{{end}}

{{define "undone.title"}}undone{{end}}{{define "undone.way"}}{{end}}{{define "undone.head"}}{{.Clock .V.When}}{{end}}{{define "undone.main"}}<a href="{{.V.Resume}}">go on</a>{{end}}

{{define "already.title"}}already {{if .V.Withdrawn}}withdrawn{{else}}sent{{end}}{{end}}{{define "already.way"}}{{end}}{{define "already.head"}}<time>{{.Clock .V.Sent}}</time>{{end}}
{{define "already.main"}}{{template "answers" .V.Typed}}{{with .V.Receipt}}<a href="{{.}}">receipt</a>{{end}}{{if .V.Undo}}<form method="post" action="{{.V.Undo}}">{{template "hidden" .V.Hidden}}</form>{{end}}{{end}}

{{define "closed.title"}}closed{{end}}{{define "closed.way"}}{{end}}{{define "closed.head"}}<time>{{.ISO .V.Closed}}</time>{{end}}{{define "closed.main"}}{{template "answers" .V.Answers}}{{end}}
{{define "expired.title"}}expired{{end}}{{define "expired.way"}}{{end}}{{define "expired.head"}}{{end}}{{define "expired.main"}}<a href="{{.V.Start}}">start</a>{{end}}
{{define "busy.title"}}busy{{if .V.Full}} full{{end}}{{end}}{{define "busy.way"}}{{end}}{{define "busy.head"}}{{end}}{{define "busy.main"}}{{template "answers" .V.Answers}}{{if .V.Action}}<form method="post" action="{{.V.Action}}">{{template "hidden" .V.Hidden}}</form>{{end}}{{end}}
{{define "find.title"}}find{{end}}{{define "find.way"}}{{end}}{{define "find.head"}}{{with .V.Problem}}<i class="problem">{{.}} {{$.V.Group}}</i>{{end}}{{end}}
{{define "find.main"}}<form method="post" action="{{.V.Action}}">{{template "hidden" .V.Hidden}}<input name="reference" value="{{.V.Reference}}"><input name="secret" value="{{.V.Secret}}"></form>{{end}}
{{define "saved.title"}}saved{{end}}{{define "saved.way"}}{{end}}{{define "saved.head"}}{{.ISO .V.Until}}{{end}}{{define "saved.main"}}<b id="code">{{.V.Code}}</b><i id="link">{{.V.Link}}</i><a href="{{.V.Resume}}">go on</a><a href="{{.V.File}}">file</a>{{template "forget" .V.Forget}}{{end}}
{{define "resume.title"}}resume{{end}}{{define "resume.way"}}{{end}}{{define "resume.head"}}{{with .V.Problem}}<i class="problem">{{.}} {{$.V.Group}}</i>{{end}}{{end}}
{{define "resume.main"}}<form method="post" action="{{.V.Action}}">{{template "hidden" .V.Hidden}}<input name="code" value="{{.V.Typed}}"></form>{{end}}
{{define "continue.title"}}continue{{end}}{{define "continue.way"}}{{end}}{{define "continue.head"}}{{with .V.Problem}}<i class="problem">{{.}} {{$.V.Group}}</i>{{end}}{{end}}
{{define "continue.main"}}{{with .V.Found}}<a href="{{.URL}}">{{.Title}}: {{.Part}} ({{.Sure}})</a>{{end}}<form method="post" action="{{.V.Action}}"><input name="code" value="{{.V.Typed}}"></form>{{end}}
{{define "choose.title"}}choose{{end}}{{define "choose.way"}}{{end}}{{define "choose.head"}}{{.V.Title}}{{end}}
{{define "choose.main"}}<form method="post" action="{{.V.Action}}">{{template "hidden" .V.Hidden}}{{range .V.Parts}}<i>{{.ID}}={{.Title}}</i>{{end}}</form>{{end}}
{{define "kept.title"}}kept{{end}}{{define "kept.way"}}{{end}}{{define "kept.head"}}{{.V.Title}}: {{.V.Part}} {{.ISO .V.Until}}{{end}}{{define "kept.main"}}<b id="code">{{.V.Code}}</b><i id="link">{{.V.Link}}</i><a href="{{.V.Back}}">back</a>{{end}}
{{define "forget"}}{{with .}}<form method="post" action="{{.}}"><button>forget</button></form>{{end}}{{end}}
{{define "due"}}{{with .}}<i class="due">{{.Date.Format "2006-01-02"}}{{if .About}} about{{end}}</i>{{end}}{{end}}
{{define "case.title"}}case {{.V.State}}{{end}}{{define "case.way"}}{{end}}{{define "case.head"}}{{.V.Reference}}{{end}}{{define "case.main"}}{{if .V.Deleting}}<form method="post" action="{{.V.Delete}}">{{template "hidden" .V.Hidden}}<i>sure</i></form>{{end}}{{range .V.Asked}}<form method="post" action="{{.Action}}">{{template "hidden" .Hidden}}<p>ask: {{.Text}}</p>{{if not .By.IsZero}}<i class="by">{{$.ISO .By}}</i>{{end}}{{range .Files}}<i>{{.Name}}</i><button name="unfile" value="{{.ID}}"></button>{{end}}<textarea name="text">{{.Typed}}</textarea>{{with .Problem}}<i class="problem">{{.Message}}</i>{{end}}</form>{{end}}{{if not .V.Supplied.IsZero}}<i class="supplied">{{.Clock .V.Supplied}}</i>{{end}}{{template "due" .V.Due}}{{template "answers" .V.Answers}}{{$v := .V}}{{with .V.Answers}}{{range .Files}}{{range .}}<a href="{{call $v.FileURL .ID}}">{{.Name}}</a>{{end}}{{end}}{{end}}
{{if .V.Undo}}<form method="post" action="{{.V.Undo}}">{{template "hidden" .V.Hidden}}</form>{{end}}{{template "forget" .V.Forget}}{{range .V.Steps}}<li>{{.State}}</li>{{end}}{{with .V.Result}}<i class="result">{{.}}</i>{{end}}{{range .V.Messages}}<p>{{if .FromOffice}}office{{else}}you{{end}}: {{.Text}}{{range .Files}} <a href="{{call $.V.FileURL .ID}}">{{.Name}}</a>{{end}}</p>{{end}}
{{if .V.Action}}<form method="post" action="{{.V.Action}}">{{template "hidden" .V.Hidden}}<textarea name="message">{{.V.Typed}}</textarea></form>{{end}}{{with .V.Problem}}<i class="problem">{{.}}</i>{{end}}
{{with .V.Tell}}<form method="post" action="{{.Action}}">{{template "hidden" $.V.Hidden}}{{range .Ways}}<i>way {{.}}</i>{{end}}{{with .Problem}}<i class="problem">tell {{.}}</i>{{end}}</form>{{end}}{{end}}
{{define "notice.title"}}notice {{.V.Key}}{{end}}{{define "notice.way"}}{{end}}{{define "notice.head"}}{{end}}{{define "notice.main"}}{{.V.Code}}{{end}}
`
)
