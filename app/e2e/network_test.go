package e2e

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// gate holds back the requests for some addresses until a test says what becomes of them.
type gate struct {
	page *page
	held chan fetch.RequestID
}

// hold makes a gate for the addresses that match a pattern; * stands for anything. A page has one gate.
func (p *page) hold(pattern string) *gate {
	p.t.Helper()
	g := &gate{p, make(chan fetch.RequestID, 16)}
	// However long the test takes, the page does not take that for a network that has stalled.
	p.beforeEveryLoad(`{
		const wait = setTimeout;
		globalThis.setTimeout = (then, ms, ...more) => ms === 30000 ? 0 : wait(then, ms, ...more);
	}`)
	chromedp.ListenTarget(p.ctx, func(event any) {
		if paused, ok := event.(*fetch.EventRequestPaused); ok {
			g.held <- paused.RequestID
		}
	})
	p.do(fetch.Enable().WithPatterns([]*fetch.RequestPattern{{URLPattern: pattern}}))
	return g
}

// next waits for a request at the gate.
func (g *gate) next() *request {
	g.page.t.Helper()
	select {
	case id := <-g.held:
		return &request{g.page, id}
	case <-time.After(patience):
		g.page.t.Fatal("no request came")
		return nil
	}
}

type request struct {
	page *page
	id   fetch.RequestID
}

// proceed lets the request through to the server.
func (r *request) proceed() {
	r.page.t.Helper()
	r.page.do(fetch.ContinueRequest(r.id))
}

// fail makes it fail as an unplugged network does.
func (r *request) fail() {
	r.page.t.Helper()
	r.page.do(fetch.FailRequest(r.id, network.ErrorReasonConnectionRefused))
}

// answer answers it in the server's place.
func (r *request) answer(status int64, contentType string, body []byte) {
	r.page.t.Helper()
	r.page.do(chromedp.ActionFunc(func(ctx context.Context) error {
		return fetch.FulfillRequest(r.id, status).
			WithResponseHeaders([]*fetch.HeaderEntry{{Name: "Content-Type", Value: contentType}}).
			WithBody(base64.StdEncoding.EncodeToString(body)).
			Do(ctx)
	}))
}
