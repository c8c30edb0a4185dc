package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for what it expects before it fails. It bounds a failure, and tells
// nothing about how fast anything has to be.
const patience = time.Minute

// page is a tab in a browser context of its own: nothing is stored in it, and nothing is shared.
type page struct {
	t   testing.TB
	ctx context.Context

	told bool // what it looked like when the test failed

	mu        sync.Mutex
	messages  []string // of the console, uncaught exceptions included
	tolerated []string
}

// open opens the page in a window of that size, in an operating system with that theme ("dark" or "light"),
// and waits until it runs and shows the moment of the link. The fragment is what stands after the # of the
// address, if anything.
func open(t testing.TB, width, height int, theme, fragment string) *page {
	t.Helper()
	p := blank(t, width, height, theme)
	p.visit(to(fragment))
	p.waitUntilItShows(fragment)
	return p
}

// to is the address of the page with a fragment, if there is one.
func to(fragment string) string {
	if fragment == "" {
		return server
	}
	return server + "#" + fragment
}

// blank opens an empty tab, for tests that prepare something before the page loads. At the end of the test it
// fails it if the console had anything to say.
func blank(t testing.TB, width, height int, theme string) *page {
	t.Helper()
	ctx, closeTab := newTab(t)
	p := &page{t: t, ctx: ctx}
	t.Cleanup(func() {
		if t.Failed() {
			p.tell()
		}
		closeTab()
		p.complain()
	})
	chromedp.ListenTarget(ctx, p.listen)
	p.do(
		// Nothing here asks chromedp for elements, and keeping it informed of each that changes is work.
		css.Disable(), dom.Disable(),
		// Each tab behaves as the one in front, whichever that is.
		emulation.SetFocusEmulationEnabled(true),
		emulation.SetCPUThrottlingRate(slow),
	)
	p.resize(width, height)
	p.prefer("prefers-color-scheme", theme)
	return p
}

// of is the page in a part of its test.
func (p *page) of(t testing.TB) *page {
	part := &page{t: t, ctx: p.ctx}
	t.Cleanup(func() {
		if t.Failed() {
			part.tell()
			p.told = true
		}
	})
	return part
}

// resize makes the window another size.
func (p *page) resize(width, height int) {
	p.t.Helper()
	p.do(emulation.SetDeviceMetricsOverride(int64(width), int64(height), 1, false))
}

// prefer sets what the operating system says its user prefers.
func (p *page) prefer(feature, value string) {
	p.t.Helper()
	p.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: feature, Value: value}}))
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
	p.goTo(address)
	p.waitFor(fmt.Sprintf("location.href !== 'about:blank' && document.readyState !== 'loading' /* %s */", address))
}

// goTo goes to an address, of which nothing has to arrive but its beginning.
func (p *page) goTo(address string) {
	p.t.Helper()
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, failure, _, err := cdppage.Navigate(address).Do(ctx)
		if err == nil && failure != "" {
			err = fmt.Errorf("going to %s: %s", address, failure)
		}
		return err
	}))
}

// waitUntilItRuns waits until the page has begun to draw, and so to listen.
func (p *page) waitUntilItRuns() {
	p.t.Helper()
	p.waitFor(`document.documentElement.dataset.boot === "running" && document.querySelector("#time")?.hasAttribute("aria-valuetext")`)
}

// leave goes to an empty page.
func (p *page) leave() {
	p.t.Helper()
	p.do(evaluate(`location.href = "about:blank"`))
	p.waitFor(`location.href === "about:blank"`)
}

// waitUntilItShows waits until the page runs, and shows the moment of a link if the link has one.
func (p *page) waitUntilItShows(fragment string) {
	p.t.Helper()
	p.waitUntilItRuns()
	if strings.Contains(fragment, "@") {
		p.waitUntilItIsStill()
	}
}

// waitUntilItIsStill waits until the page is paused, and shows in all its parts the moment it stands at.
func (p *page) waitUntilItIsStill() {
	p.t.Helper()
	p.waitFor(`document.querySelector('.transport [aria-label="Play"]')`)
	p.draw() // the list of the log follows in the next frame
}

// draw lets the page draw, and then render what is new in its HTML.
func (p *page) draw() {
	p.t.Helper()
	var drawn bool
	p.do(chromedp.Evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 20))))`, &drawn, awaitPromise))
}

// tick lets the page draw, and bring its HTML up to date, at least once: what has not happened by then does
// not happen. The page does the former in each frame, and the latter in the first after a tenth of a second.
func (p *page) tick() {
	p.t.Helper()
	var frames int
	p.do(chromedp.Evaluate(`new Promise((done) => {
		let start, after = 0, frames = 0;
		const frame = (now) => {
			start ??= now;
			frames++;
			if (now - start > 150) after++;
			if (after < 3) requestAnimationFrame(frame);
			else setTimeout(() => requestAnimationFrame(() => done(frames)), 20); // which is when the HTML is rendered
		};
		requestAnimationFrame(frame);
	})`, &frames, awaitPromise))
}

// reload reloads the page, and waits until it runs again.
func (p *page) reload() {
	p.t.Helper()
	p.do(evaluate(`globalThis.beforeReload = true; location.reload()`))
	p.waitFor(`!globalThis.beforeReload && document.readyState !== "loading"`)
	p.waitUntilItRuns()
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
		p.fail("%v", err)
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
		p.fail("%s: %v", expression, err)
	}
	return value
}

// waitFor waits until a JavaScript expression is true. It asks from outside, because the page's content
// security policy forbids evaluating text in it, and because the page may go while it is asked.
func (p *page) waitFor(expression string) {
	p.t.Helper()
	if err := p.await(func() error {
		var holds bool
		err := p.try(chromedp.Evaluate("!!("+expression+")", &holds))
		if err == nil && !holds {
			err = errors.New("it is false")
		}
		return err
	}); err != nil {
		p.fail("it never came true (%v): %s", err, expression)
	}
}

// await asks again and again until there is no error. It returns the last one when it has no more patience.
func (p *page) await(ask func() error) error {
	deadline := time.Now().Add(patience)
	for {
		err := ask()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// expect waits until a JavaScript expression has a value.
func expect[T any](p *page, expression string, want T) {
	p.t.Helper()
	if err := p.await(func() error {
		var got T
		err := p.try(chromedp.Evaluate(expression, &got))
		if err == nil && !reflect.DeepEqual(got, want) {
			err = fmt.Errorf("it is %#v, want %#v", got, want)
		}
		return err
	}); err != nil {
		p.fail("%s: %v", expression, err)
	}
}

// fail ends the test, and tells what the page looks like.
func (p *page) fail(format string, args ...any) {
	p.t.Helper()
	p.t.Errorf(format, args...)
	p.tell()
	p.t.FailNow()
}

// tell logs what the page looks like: a picture of it, where it is, and what there is to operate.
func (p *page) tell() {
	p.t.Helper()
	if p.told {
		return
	}
	p.told = true
	ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
	defer cancel()
	folder := os.Getenv("SPILLWAY_SHOTS")
	if folder == "" {
		folder = filepath.Join(os.TempDir(), "spillway-e2e-failed")
	}
	if file, err := picture(ctx, folder, strings.NewReplacer("/", "-", `"`, "").Replace(p.t.Name())+"-failed"); err != nil {
		p.t.Logf("there is no picture of the page: %v", err)
	} else {
		p.t.Logf("a picture of the page: %s", file)
	}
	var state struct{ Address, Focus, Text string }
	if err := chromedp.Run(ctx, chromedp.Evaluate(`({
		Address: location.href,
		Focus: document.activeElement?.outerHTML.slice(0, 200) ?? "nowhere",
		Text: document.body.innerText.slice(0, 1500),
	})`, &state)); err != nil {
		p.t.Logf("the page does not answer: %v", err)
		return
	}
	var all []string
	if err := chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		controls, err := controls(ctx)
		for _, c := range controls {
			all = append(all, fmt.Sprintf("%s %q", c.role, c.name))
		}
		return err
	})); err != nil {
		all = append(all, err.Error())
	}
	p.t.Logf("it is at %s\nthe focus is on %s\nit says: %s\nthe controls are: %s", state.Address, state.Focus, state.Text, strings.Join(all, ", "))
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
