package app

import (
	"runtime/debug"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/dom"
)

// session is the page for as long as it is open. go-app's own loop ends with the first
// panic in it, and with it the program. So the session does the work of that loop: what
// fails in a handler stays there, and when the tree of elements may no longer be what
// go-app thinks it is, a new page takes the place of the one before, with its run.
type session struct {
	version string
	page    *Page     // that is mounted
	since   time.Time // of the first of so many new pages
	renewed int
}

// A page that fails more often than that in such a time is not renewed any more.
const (
	maxRenewals   = 5
	renewalPeriod = time.Minute
)

// Mount makes the page what the browser shows. It is served at any path, which is the
// same as long as the program runs. The version is that of the program.
func Mount(version string) {
	path := strings.TrimPrefix(app.Window().URL().Path, app.Getenv("GOAPP_ROOT_PREFIX"))
	if path == "" {
		path = "/"
	}
	s := &session{version: version}
	app.RouteFunc(path, func() app.Composer { return s.next() })
	for {
		err := boundary.Try(app.RunWhenOnBrowser)
		if app.IsServer {
			return
		}
		s.renew(err)
	}
}

// next is the page to mount: a new one, or one that goes on where the last had come.
func (s *session) next() *Page {
	next := &Page{session: s, version: s.version}
	if last := s.page; last != nil {
		next.model, next.address, next.shelf = last.model, last.address, last.shelf
	}
	return next
}

// renew makes room for another page. It panics when there were too many.
func (s *session) renew(err error) {
	if s.page != nil {
		_ = boundary.Try(s.page.OnDismount) // which go-app may not have come to
	}
	if time.Since(s.since) > renewalPeriod {
		s.since, s.renewed = time.Now(), 0
	}
	if s.renewed++; s.renewed > maxRenewals {
		panic(err)
	}
}

// serve works in place of go-app's loop, of which it is called, until the page has to
// be renewed.
func (s *session) serve(p *Page, ctx app.Context) {
	s.page = p
	engine, ok := ctx.Dispatcher().(app.ClientDispatcher)
	if !ok {
		return
	}
	broken := make(chan error)
	go func() {
		for {
			if err := serveNext(engine); err != nil {
				broken <- err
				return
			}
		}
	}()
	panic(<-broken)
}

// serveNext waits for the next event, handles and renders it. It returns what has
// broken the tree of elements, if that may be so.
func serveNext(engine app.ClientDispatcher) (broken error) {
	defer func() {
		if r := recover(); r != nil {
			// Only a component's own methods change the tree.
			if strings.Contains(string(debug.Stack()), "/pkg/app.(*Compo).") {
				broken = boundary.Note(dom.ThePage, r)
			} else {
				boundary.Note(dom.TheAction, r)
			}
		}
	}()
	engine.ConsumeNext()
	return nil
}
