package app

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// address keeps the browser's address bar at the link of what is shown.
type address struct {
	link    string // in the address bar now, with its #
	written time.Time
}

// addressPause is the least time between two changes: browsers refuse more than
// some hundred in half a minute.
const addressPause = 400 * time.Millisecond

func (a *address) follow(ctx app.Context, m *Model, now time.Time) {
	if app.IsServer || !a.changes(m, now) {
		return
	}
	u := *ctx.Page().URL()
	u.Fragment = strings.TrimPrefix(a.link, "#")
	ctx.Page().ReplaceURL(&u)
}

// changes says whether it is time for another link.
func (a *address) changes(m *Model, now time.Time) bool {
	if m.CatchingUp() || now.Sub(a.written) < addressPause {
		return false
	}
	link := m.Link()
	if link == a.link || a.link == "" && link == classicLink {
		return false // an address that was opened without a link stays clean until there is one to keep
	}
	a.link, a.written = link, now
	return true
}
