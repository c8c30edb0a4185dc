package app

import (
	"net/url"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/play"
)

// address keeps the browser's address bar at the link of what is shown.
type address struct {
	page    url.URL // where the page is, without a fragment
	link    string  // in the address bar now, with its #
	written time.Time
}

// addressPause is the least time between two changes: browsers refuse more than
// some hundred in half a minute.
const addressPause = 400 * time.Millisecond

// read takes over what the browser's address bar has, and says whether it has
// another link than before.
func (a *address) read(ctx app.Context) (changed bool) {
	u := ctx.Page().URL()
	if u == nil {
		return false // what url.Parse refuses: boot.js is about to put it right
	}
	a.page = *u
	a.page.Fragment, a.page.RawFragment = "", ""
	if u.Fragment == "" || "#"+u.Fragment == a.link {
		return false
	}
	a.link = "#" + u.Fragment
	return true
}

// follow never asks the browser where the page is: that may be what url.Parse refuses.
func (a *address) follow(ctx app.Context, m *play.Model, now time.Time) {
	bar := a.link
	if app.IsServer || !a.changes(m, now) {
		return
	}
	u := a.page
	u.Fragment = strings.TrimPrefix(a.link, "#")
	if boundary.Try(func() { ctx.Page().ReplaceURL(&u) }) != nil {
		a.link, a.written = bar, now.Add(refusedPause)
	}
}

// refusedPause is how long the page leaves a browser alone that does not let it change
// the address: it was done too often, or may not be done in a frame of that kind. Who
// wants the link shares it.
const refusedPause = 10 * time.Second

// outside is the address of the page for others: without a link, and without what
// makes it a frame.
func (a *address) outside() string {
	u := a.page
	u.RawQuery = ""
	return u.String()
}

// changes says whether it is time for another link.
func (a *address) changes(m *play.Model, now time.Time) bool {
	if m.CatchingUp() || now.Sub(a.written) < addressPause {
		return false
	}
	link := m.Link()
	if link == a.link || a.link == "" && link == play.ClassicLink {
		return false // an address that was opened without a link stays clean until there is one to keep
	}
	a.link, a.written = link, now
	return true
}
