package app

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
)

// share is the dialog that gives away what is shown: as a link, or as a frame in
// another page.
type share struct {
	app.Compo

	To      dom.Sender[play.Msg]
	Address string // of the page, without a fragment
	Link    string // the fragment
	parts   []string
}

func (s *share) Render() app.UI { return dom.Contained(dom.TheDialog, "", s.render) }

func (s *share) render() app.UI {
	link := s.Address + s.Link
	embed := frameCode(s.Address, s.Link, s.parts)
	return dom.El("div", "share",
		dom.Text("p", "", "The link carries the whole run: the scenario, what you did in it, the moment you look at."),
		copyField("share-link", "Link", link, false, s.copy(link, "The link is copied: it brings back exactly this.")),
		dom.Text("h3", "", "Embed"),
		dom.Text("p", "", "A frame for another page, with the stage and the transport, and what else you choose."),
		app.Elem("div").Class("chips").Role("group").Aria("label", "Also show").Body(
			dom.RangeOf(len(embedParts), func(i int) app.UI {
				part := embedParts[i]
				return dom.Button().Class("chip").Aria("pressed", slices.Contains(s.parts, part)).
					Text(part).OnClick(s.toggle(part), part)
			}),
		),
		copyField("share-frame", "Frame", embed, true, s.copy(embed, "The frame is copied: paste it into the HTML of a page.")),
	)
}

func (s *share) toggle(part string) app.EventHandler {
	return func(ctx app.Context, e app.Event) {
		if i := slices.Index(s.parts, part); i >= 0 {
			s.parts = slices.Delete(s.parts, i, i+1)
		} else {
			s.parts = append(s.parts, part)
		}
	}
}

func (s *share) copy(text, done string) app.EventHandler {
	return func(ctx app.Context, e app.Event) { s.To.Send(ctx, play.CopyText{Text: text, Done: done}) }
}

// copyField is a text to select, and a button that copies it.
func copyField(id, label, text string, long bool, copy app.EventHandler) app.UI {
	var field app.UI = app.Elem("input").ID(id).Attr("type", "text").Attr("readonly", true).Attr("value", text)
	if long {
		field = app.Elem("textarea").ID(id).Attr("readonly", true).Attr("rows", 4).Text(text)
	}
	return dom.El("div", "copyfield",
		app.Elem("label").Attr("for", id).Text(label),
		field,
		dom.Button().Class("btn primary").Aria("label", "Copy the "+strings.ToLower(label)).Text("Copy").OnClick(copy, text),
	)
}

// copy puts a text into the clipboard and says that it is done.
func (p *Page) copy(ctx app.Context, e play.Copy) {
	ctx = p.own(ctx) // which stays, whatever happens to the button
	text := e.Text
	if e.Link {
		text = p.address.outside() + text
	}
	clipboard := app.Window().Get("navigator").Get("clipboard")
	send := func(msg play.Msg) { ctx.Dispatch(func(ctx app.Context) { p.Send(ctx, msg) }) }
	if !clipboard.Truthy() {
		send(e.Instead)
		return
	}
	dom.Aside(dom.TheCopying, func() {
		copied := false
		_ = boundary.Try(func() { _, copied = dom.Await(dom.TheCopying, clipboard.Call("writeText", text)) })
		if copied {
			send(play.Notify{Notice: play.Notice{Text: e.Done}})
		} else {
			send(e.Instead)
		}
	})
}

// embedParts are what a frame can show beside the stage and the transport.
var embedParts = []string{"caption", "tiles", "charts", "log", "scenario"}

// Embed says what is shown in a frame of another page. The zero value is the
// whole page.
type Embed struct {
	On    bool
	Parts []string
}

// embedOf reads the query of an address: embed=1, and show=tiles,log.
func embedOf(query url.Values) Embed {
	e := Embed{On: query.Get("embed") == "1"}
	for _, part := range strings.Split(query.Get("show"), ",") {
		if e.On && slices.Contains(embedParts, part) {
			e.Parts = append(e.Parts, part)
		}
	}
	return e
}

// class is that of the page: the style sheet hides what is not shown.
func (e Embed) class() string {
	if !e.On {
		return "app"
	}
	class := "app embed"
	for _, part := range embedParts {
		if slices.Contains(e.Parts, part) {
			class += " with-" + part
		}
	}
	return class
}

// frameCode is the HTML of a frame.
func frameCode(address, link string, parts []string) string {
	query := "?embed=1"
	var shown []string
	height := 420
	for _, part := range embedParts {
		if slices.Contains(parts, part) {
			shown = append(shown, part)
			height += map[string]int{"tiles": 140, "charts": 220, "log": 260, "scenario": 320}[part]
		}
	}
	if shown != nil {
		query += "&show=" + strings.Join(shown, ",")
	}
	src := strings.NewReplacer("&", "&amp;", `"`, "&quot;").Replace(address + query + link)
	return fmt.Sprintf(`<iframe src="%s" title="Spillway: event broker playground" width="100%%" height="%d" loading="lazy" allow="clipboard-write; fullscreen" style="border:0"></iframe>`, src, height)
}
