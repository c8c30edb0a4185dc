package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for what it expects before it fails. It bounds a failure, and tells
// nothing about how fast anything has to be.
const patience = 30 * time.Second

// page is a tab in a browser context of its own: nothing is stored in it, and nothing is shared.
type page struct {
	t   testing.TB
	ctx context.Context

	mu        sync.Mutex
	messages  []string // of the console, uncaught exceptions included
	tolerated []string
}

// open opens the page in a window of that size, in an operating system with that theme ("dark" or "light"),
// and waits until it runs. The fragment is what stands after the # of the address, if anything.
func open(t testing.TB, width, height int, theme, fragment string) *page {
	t.Helper()
	p := blank(t, width, height, theme)
	address := server
	if fragment != "" {
		address += "#" + fragment
	}
	p.visit(address)
	p.waitUntilItRuns()
	return p
}

// blank opens an empty tab, for tests that prepare something before the page loads. At the end of the test it
// fails it if the console had anything to say.
func blank(t testing.TB, width, height int, theme string) *page {
	t.Helper()
	ctx, closeTab := newTab(t)
	p := &page{t: t, ctx: ctx}
	t.Cleanup(func() {
		if t.Failed() {
			p.shot(strings.ReplaceAll(t.Name(), "/", "-") + "-failed")
		}
		closeTab()
		p.complain()
	})
	chromedp.ListenTarget(ctx, p.listen)
	p.do(
		emulation.SetDeviceMetricsOverride(int64(width), int64(height), 1, false),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}),
	)
	return p
}

// newTab makes a tab in a new browser context. chromedp's own way asks for a tab, and Chromium only gives a
// context without a window a new window.
func newTab(t testing.TB) (ctx context.Context, closeTab func()) {
	t.Helper()
	main := cdp.WithExecutor(browser, chromedp.FromContext(browser).Browser)
	isolated, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(main)
	if err != nil {
		t.Fatalf("making a browser context: %v", err)
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(isolated).WithNewWindow(true).Do(main)
	if err != nil {
		t.Fatalf("opening a window: %v", err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithTargetID(id))
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("attaching to the tab: %v", err)
	}
	return ctx, func() {
		cancel()
		if err := target.DisposeBrowserContext(isolated).Do(main); err != nil {
			t.Errorf("closing the browser context: %v", err)
		}
	}
}

// visit goes to an address, without waiting for anything but its document.
func (p *page) visit(address string) {
	p.t.Helper()
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, failure, _, err := cdppage.Navigate(address).Do(ctx)
		if err == nil && failure != "" {
			err = fmt.Errorf("going to %s: %s", address, failure)
		}
		return err
	}))
	p.waitFor(fmt.Sprintf("location.href !== 'about:blank' && document.readyState !== 'loading' /* %s */", address))
}

func (p *page) waitUntilItRuns() {
	p.t.Helper()
	p.waitFor("document.documentElement.dataset.boot === 'running'")
}

// beforeEveryLoad runs a script in each document before its own.
func (p *page) beforeEveryLoad(script string) {
	p.t.Helper()
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := cdppage.AddScriptToEvaluateOnNewDocument(script).Do(ctx)
		return err
	}))
}

// do does things in the tab, and ends the test if one fails or takes too long.
func (p *page) do(actions ...chromedp.Action) {
	p.t.Helper()
	if err := p.try(actions...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *page) try(actions ...chromedp.Action) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, actions...)
}

// get evaluates a JavaScript expression into a Go value.
func get[T any](p *page, expression string) T {
	p.t.Helper()
	var value T
	if err := p.try(chromedp.Evaluate(expression, &value)); err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// waitFor waits until a JavaScript expression is true. It asks from outside, because the page's content
// security policy forbids evaluating text in it, and because the page may go while it is asked.
func (p *page) waitFor(expression string) {
	p.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var holds bool
		err := p.try(chromedp.Evaluate("!!("+expression+")", &holds))
		if err == nil && holds {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			p.t.Fatalf("it never came true (last error: %v): %s\nthe page says: %.500s", err, expression, p.text("body"))
		}
	}
}

// text returns the visible text of the first element that a selector finds, "" if there is none.
func (p *page) text(selector string) string {
	p.t.Helper()
	return get[string](p, fmt.Sprintf("document.querySelector(%s)?.innerText ?? ''", quote(selector)))
}

// quote returns a Go string as a JavaScript one.
func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return string(text)
}

// --- the console -----------------------------------------------------------------------------------------

// tolerate says that messages with this text are expected.
func (p *page) tolerate(texts ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tolerated = append(p.tolerated, texts...)
}

func (p *page) listen(event any) {
	var message string
	switch event := event.(type) {
	case *runtime.EventConsoleAPICalled:
		words := []string{"console." + string(event.Type) + ":"}
		for _, argument := range event.Args {
			if argument.Description != "" {
				words = append(words, argument.Description)
			} else {
				words = append(words, string(argument.Value))
			}
		}
		message = strings.Join(words, " ")
	case *runtime.EventExceptionThrown:
		message = "uncaught: " + event.ExceptionDetails.Error()
	case *log.EventEntryAdded:
		message = fmt.Sprintf("%s: %s %s", event.Entry.Level, event.Entry.Text, event.Entry.URL)
	default:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.messages = append(p.messages, message)
}

// complain fails the test for each message of the console that it did not expect.
func (p *page) complain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, message := range p.messages {
		if !containsAny(message, p.tolerated) {
			p.t.Errorf("the console says: %s", message)
		}
	}
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
