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
	if app.IsServer || m.CatchingUp() || now.Sub(a.written) < addressPause {
		return
	}
	link := m.Link()
	if link == a.link || a.link == "" && link == classicLink {
		return // an address that was opened without a link stays clean until there is one to keep
	}
	a.link, a.written = link, now
	u := *ctx.Page().URL()
	u.Fragment = strings.TrimPrefix(link, "#")
	ctx.Page().ReplaceURL(&u)
}
