package a11y_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handrail/a11y"
)

const town = `<!doctype html><html lang="en"><title>Town</title>
<header><a href="#m">Skip</a></header>
<nav aria-label="Main"><ul><li><a href="/">Home</a></li><li aria-hidden="true"><a href="/x">Gone</a></li></ul></nav>
<main id="m"><h1>Town <em>hall</em></h1><p>Open <b>daily</b>.</p>
<img src="a" alt="The hall"><img src="b" alt="">
<label>Name <input aria-describedby="d"></label><p id="d" hidden>As in your "papers"</p>
<button><svg><title>Find</title></svg></button></main>`

func TestOutline(t *testing.T) {
	p := a11y.NewChecker(a11y.Options{}).Page("town.html", town)
	want := `banner
  link "Skip"
navigation "Main"
  list
    listitem
      link "Home"
main
  heading "Town hall"
    text "Town"
    emphasis
      text "hall"
  paragraph
    text "Open"
    text "daily"
    text "."
  image "The hall"
  text "Name"
  textbox "Name" description "As in your \"papers\""
  button "Find"
`
	if diff := cmp.Diff(want, a11y.Outline(p)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestQuery(t *testing.T) {
	p := a11y.NewChecker(a11y.Options{}).Page("town.html", town)
	got, err := a11y.Query(p, "a, main > img, input")
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	if err := a11y.WriteElements(&lines, got); err != nil {
		t.Fatal(err)
	}
	want := `{"n":0,"target":"body > header > a","role":"link","name":"Skip","description":"","exposed":true}
{"n":1,"target":"body > nav > ul > li:nth-of-type(1) > a","role":"link","name":"Home","description":"","exposed":true}
{"n":2,"target":"body > nav > ul > li:nth-of-type(2) > a","role":"link","name":"","description":"","exposed":false}
{"n":3,"target":"#m > img:nth-of-type(1)","role":"image","name":"The hall","description":"","exposed":true}
{"n":4,"target":"#m > img:nth-of-type(2)","role":"none","name":"","description":"","exposed":false}
{"n":5,"target":"#m > label > input","role":"textbox","name":"Name","description":"As in your \"papers\"","exposed":true}
`
	if diff := cmp.Diff(want, lines.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := a11y.Query(p, "a["); err == nil {
		t.Error("no error for a broken selector")
	}
}
