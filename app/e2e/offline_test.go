package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	// The worker takes the first page over as soon as it has kept everything.
	kept     = "navigator.serviceWorker.controller?.state === 'activated'"
	offered  = "!document.querySelector('#update').hidden"
	waiting  = "document.querySelector('#update').hidden"
	isSecond = "getComputedStyle(document.documentElement).getPropertyValue('--edition') === '2'"
)

// caches returns the names of the files the browser keeps, sorted, by the page they are of and its stamp.
const caches = `(async () => {
	const found = {};
	for (const name of await caches.keys()) {
		const requests = await (await caches.open(name)).keys();
		found[name] = requests.map(({ url }) => url.slice(location.origin.length).replace(/\?v=.*/, "")).sort();
	}
	return found;
})()`

func (p *page) caches() map[string][]string {
	p.t.Helper()
	var found map[string][]string
	p.do(chromedp.Evaluate(caches, &found, awaitPromise))
	return found
}

// host is a static host that knows nothing of Spillway: no policy, no compression. What it serves can be
// exchanged, as by a deployment.
type host struct {
	*httptest.Server
	handler atomic.Pointer[http.Handler]
}

func newHost(t *testing.T, handler http.Handler) *host {
	h := &host{}
	h.deploy(handler)
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(*h.handler.Load()).ServeHTTP(w, r)
	}))
	t.Cleanup(h.vanish)
	return h
}

func (h *host) deploy(handler http.Handler) { h.handler.Store(&handler) }

func (h *host) vanish() {
	h.CloseClientConnections()
	h.Close()
}

// first and second serve the bundle, and another one with a mark in its style sheet and another boot.js.
func first() http.Handler { return http.FileServer(http.Dir(dist)) }

func second(t *testing.T) http.Handler {
	t.Helper()
	out, err := bundleSecond()
	if err != nil {
		t.Fatal(err)
	}
	return http.FileServer(http.Dir(out))
}

// bundleSecond makes it, beside the first, for all tests that want it.
var bundleSecond = sync.OnceValues(func() (string, error) {
	folder := filepath.Dir(dist)
	web, out := filepath.Join(folder, "second-web"), filepath.Join(folder, "second")
	if err := os.CopyFS(web, os.DirFS(filepath.Join(repository, "web"))); err != nil {
		return "", err
	}
	for name, more := range map[string]string{"style.css": ":root { --edition: 2; }\n", "boot.js": "// edition 2\n"} {
		file, err := os.OpenFile(filepath.Join(web, name), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return "", err
		}
		_, err = file.WriteString(more)
		if err := errors.Join(err, file.Close()); err != nil {
			return "", err
		}
	}
	return out, inRepository("go", "run", "./cmd/bundle", "-web", web, "-o", out)
})

// installed opens a page for the first time and waits until the browser keeps it.
func installed(t *testing.T, address string) *page {
	t.Helper()
	p := blank(t, 1440, 900, "dark")
	p.beforeEveryLoad("sessionStorage.loads = 1 + Number(sessionStorage.loads ?? 0)")
	p.visit(address)
	p.waitUntilItRuns()
	p.waitFor(kept)
	return p
}

// loads is how often the tab loaded a page.
func (p *page) loads() int {
	p.t.Helper()
	return get[int](p, "Number(sessionStorage.loads)")
}

// lookForUpdate has the page ask the server for another worker, as when one comes back to its tab, and returns
// what became of it: installed, redundant if it was refused, or "" if there is none.
func (p *page) lookForUpdate() string {
	p.t.Helper()
	const look = `(async () => {
		const registration = await navigator.serviceWorker.getRegistration();
		const before = registration.waiting ?? registration.active;
		const settled = new Promise((settle) => registration.addEventListener("updatefound", () => {
			const fresh = registration.installing;
			fresh.addEventListener("statechange", () => settle(fresh.state));
		}));
		document.dispatchEvent(new Event("visibilitychange"));
		const nothing = registration.update().then(() => registration.installing || registration.waiting !== before ? settled : "", () => "");
		return Promise.race([settled, nothing]);
	})()`
	var state string
	p.do(chromedp.Evaluate(look, &state, awaitPromise))
	return state
}

func TestThePageNeedsTheServerOnlyOnce(t *testing.T) {
	t.Parallel()
	address, stop, err := startServer()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	p := installed(t, address)
	if get[bool](p, offered) {
		t.Error("the first visit is told of a new version")
	}
	p.reload()
	if get[bool](p, offered) {
		t.Error("the second visit is told of a new version, and there is none")
	}
	stop()
	for range 2 {
		p.reload()
	}
	p.visit(address + "index.html?from=home#")
	p.waitUntilItRuns()
	if get[bool](p, offered) {
		t.Error("without a server, there is a new version")
	}
	if got := p.lookForUpdate(); got != "" {
		t.Errorf("without a server, a new version is %s", got)
	}
}

// Chromium keeps the compiled code only of a response that it made itself, which has an address.
func TestAVisitAfterTheFirstCompilesTheBrowsersOwnResponse(t *testing.T) {
	t.Parallel()
	mistyped := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Base(r.URL.Path) == "app.wasm" {
			w.Header().Set("Content-Type", "text/plain")
		}
		first().ServeHTTP(w, r)
	})
	for name, test := range map[string]struct {
		handler http.Handler
		want    []string
	}{
		"a program":                 {first(), []string{"app.wasm"}},
		"a program of a wrong type": {mistyped, []string{"app.wasm", ""}}, // which takes another attempt
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t, test.handler)
			p := blank(t, 1440, 900, "dark")
			p.beforeEveryLoad(`
				globalThis.compiled = [];
				const compile = WebAssembly.compileStreaming;
				WebAssembly.compileStreaming = async (response) => {
					const made = await response;
					compiled.push(made.url && new URL(made.url).pathname.split("/").pop());
					return compile(made);
				};`)
			p.visit(h.URL + "/")
			p.waitUntilItRuns()
			expect(p, "compiled", []string{""}) // a first visit shows its progress
			p.waitFor(kept)
			p.reload()
			expect(p, "compiled", test.want)
		})
	}
}

func TestANewVersionIsOfferedAndReloadBringsItOnce(t *testing.T) {
	t.Parallel()
	fragment := dropOldest + "@9.5s"
	h := newHost(t, first())
	p := installed(t, h.URL+"/")
	p.reload()
	before := p.caches()
	h.deploy(second(t))
	p.visit(h.URL + "/#" + fragment)
	p.reload()
	p.waitFor(offered) // found by the browser itself
	if get[bool](p, isSecond) {
		t.Error("the new version came before it was asked for")
	}
	for _, theme := range []string{"light", "dark"} {
		p.click("Theme: switch to " + theme)
		for _, size := range [][2]int{{390, 844}, {1440, 900}} {
			p.resize(size[0], size[1])
			p.nothingOverflows()
			p.everyControlHasAName()
			p.shot(fmt.Sprint("update-", theme, "-", size[0]))
		}
	}
	loads := p.loads()

	for stops := 0; get[string](p, "document.activeElement.id") != "update-reload"; stops++ {
		if stops == 100 {
			t.Fatal("the tab key never comes to the notice")
		}
		p.press(kb.Tab)
	}
	p.press("\r")
	p.waitFor(isSecond + " && document.documentElement.dataset.boot === 'running'")
	p.waitFor(kept)
	if got := p.loads(); got != loads+1 {
		t.Errorf("it loaded %d times, want once", got-loads)
	}
	if got := get[string](p, "location.hash"); !strings.HasPrefix(got, "#"+dropOldest) {
		t.Errorf("the fragment is %q, want that of %s", got, fragment)
	}
	if get[bool](p, offered) {
		t.Error("the new version is offered again")
	}
	after := p.caches()
	for name, files := range after {
		if before[name] != nil || len(after) != 1 {
			t.Errorf("of the caches %q there is %q", before, after)
		}
		if !slices.Contains(files, "/app.wasm") || !slices.Contains(files, "/") {
			t.Errorf("the cache has %q", files)
		}
	}
	h.vanish()
	p.reload()
	if !get[bool](p, isSecond) || get[bool](p, offered) {
		t.Error("without a server, it is not the new version")
	}
}

func TestANewVersionFindsAPageThatStaysOpenAndCanWait(t *testing.T) {
	t.Parallel()
	h := newHost(t, first())
	p := installed(t, h.URL+"/") // and not loaded again: the first visit
	h.deploy(second(t))
	p.lookForUpdate()
	p.waitFor(offered)
	p.click("Dismiss")
	p.waitFor(waiting)
	p.reload()
	p.waitFor(offered)
	if get[bool](p, isSecond) {
		t.Error("the new version came before it was asked for")
	}
}

func TestAnotherTabIsToldWhenTheNewVersionTookOver(t *testing.T) {
	t.Parallel()
	h := newHost(t, first())
	p := installed(t, h.URL+"/")
	// A window of the same browser context: a frame would do as well, but has no notice of its own to see.
	p.do(evaluate("document.body.append(Object.assign(document.createElement('iframe'), { id: 'other', src: './' }))"))
	const other = "document.querySelector('#other').contentDocument"
	p.waitFor(other + ".documentElement?.dataset.boot === 'running'")
	h.deploy(second(t))
	p.lookForUpdate()
	p.waitFor(offered)
	p.waitFor("!" + other + ".querySelector('#update').hidden")
	p.do(evaluate(other + ".querySelector('#update-dismiss').click()"))
	loads := p.loads()
	p.do(evaluate("navigator.serviceWorker.getRegistration().then((r) => r.waiting.postMessage('take over'))"))
	p.waitFor("!" + other + ".querySelector('#update').hidden")
	if got := p.loads(); got != loads {
		t.Error("a page that nobody asked to reload did")
	}
	p.click("Reload")
	p.waitFor(isSecond)
	p.waitUntilItRuns()
	if got := p.loads(); got != loads+1 {
		t.Errorf("it loaded %d times, want once", got-loads)
	}
}

func TestAPageThatIsStillLoadingWhenTheVersionChangesStartsAgain(t *testing.T) {
	t.Parallel()
	h := newHost(t, first())
	p := installed(t, h.URL+"/")
	p.beforeEveryLoad(`
		if (self !== top) {
			sessionStorage.frames = 1 + Number(sessionStorage.frames ?? 0);
			if (sessionStorage.frames === "1") WebAssembly.compileStreaming = () => new Promise(() => {});
		}`)
	p.do(evaluate("document.body.append(Object.assign(document.createElement('iframe'), { id: 'other', src: './' }))"))
	const other = "document.querySelector('#other').contentDocument"
	p.waitFor(other + ".documentElement?.dataset.boot === 'loading' && " + other + ".readyState === 'complete'")
	h.deploy(second(t))
	if got := p.lookForUpdate(); got != "installed" {
		t.Fatalf("the new version is %q", got)
	}
	p.do(evaluate("navigator.serviceWorker.getRegistration().then((r) => r.waiting.postMessage('take over'))"))
	p.waitFor(other + ".documentElement?.dataset.boot === 'running'")
	if got := get[int](p, "Number(sessionStorage.frames)"); got != 2 {
		t.Errorf("it loaded %d times, want twice", got)
	}
}

func TestAPageThatHasStoppedIsOfferedTheNewVersion(t *testing.T) {
	t.Parallel()
	h := newHost(t, first())
	p := installed(t, h.URL+"/")
	p.tolerate("console.log:", "exit code: 2", "Go program has already exited")
	p.do(evaluate("goappNav()"))
	p.waitFor(failed)
	h.deploy(second(t))
	if got := p.lookForUpdate(); got != "installed" {
		t.Fatalf("the new version is %q", got)
	}
	p.waitFor(offered)
	const atItsPlace = `(() => {
		const { x, y, width, height } = document.querySelector("#update-reload").getBoundingClientRect();
		return document.elementFromPoint(x + width / 2, y + height / 2);
	})()`
	if got := get[string](p, atItsPlace+".id"); got != "update-reload" {
		t.Fatalf("%q covers the offer", got)
	}
	p.shot("update-stopped")
	p.do(evaluate(atItsPlace + ".click()"))
	p.waitFor(isSecond)
	p.waitUntilItRuns()
}

func TestAHalfUpdatedHostChangesNothing(t *testing.T) {
	t.Parallel()
	old, fresh := first(), second(t)
	h := newHost(t, old)
	p := installed(t, h.URL+"/")
	before := p.caches()
	h.deploy(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/sw.js") {
			fresh.ServeHTTP(w, r)
		} else {
			old.ServeHTTP(w, r)
		}
	}))
	if got := p.lookForUpdate(); got != "redundant" {
		t.Errorf("half a new version is %q, want it refused", got)
	}
	p.reload()
	if get[bool](p, isSecond) || get[bool](p, offered) {
		t.Error("half a new version is offered")
	}
	h.deploy(fresh)
	p.lookForUpdate()
	p.waitFor(offered)
	p.click("Reload")
	p.waitFor(isSecond)
	p.waitUntilItRuns()
	for name := range p.caches() {
		if before[name] != nil {
			t.Errorf("%s is still there", name)
		}
	}
}

func TestTwoPagesOfOneOriginKeepOutOfEachOthersWay(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/some/", http.StripPrefix("/some", first()))
	mux.Handle("/some/where/", http.StripPrefix("/some/where", second(t)))
	h := newHost(t, mux)
	p := installed(t, h.URL+"/some/")
	p.visit(h.URL + "/some/where/#")
	p.waitUntilItRuns()
	p.waitFor(kept + " && navigator.serviceWorker.controller.scriptURL.endsWith('/some/where/sw.js')")
	if get[bool](p, offered) {
		t.Error("the first visit to the inner folder is told of a new version")
	}
	h.vanish()
	if got := len(p.caches()); got != 2 {
		t.Errorf("there are %d caches, want one for each", got)
	}
	p.reload()
	if !get[bool](p, isSecond) {
		t.Error("the page in the inner folder is that of the outer")
	}
	p.visit(h.URL + "/some/")
	p.waitUntilItRuns()
	if get[bool](p, isSecond) {
		t.Error("the page in the outer folder is that of the inner")
	}
}

func TestThePageGoesOnWithoutServiceWorkers(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"there are none":   "delete Navigator.prototype.serviceWorker",
		"asking is denied": "Object.defineProperty(Navigator.prototype, 'serviceWorker', { get() { throw new DOMException('no', 'SecurityError') } })",
		"they are blocked": "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('no', 'SecurityError'))",
	} {
		t.Run(name, func(t *testing.T) {
			p := blank(t, 1440, 900, "dark")
			p.beforeEveryLoad(script)
			p.visit(server)
			p.waitUntilItRuns()
			if get[bool](p, offered) {
				t.Error("a new version is offered")
			}
		})
	}
}

func TestThePageCanBeInstalled(t *testing.T) {
	t.Parallel()
	h := newHost(t, http.StripPrefix("/some/where", first()))
	p := blank(t, 1440, 900, "dark")
	p.visit(h.URL + "/some/where/")
	p.waitUntilItRuns()
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		var answer struct {
			URL    string           `json:"url"`
			Errors []map[string]any `json:"errors"`
		}
		if err := cdp.Execute(ctx, cdppage.CommandGetAppManifest, nil, &answer); err != nil {
			return err
		}
		if answer.URL != h.URL+"/some/where/manifest.webmanifest" || len(answer.Errors) > 0 {
			t.Errorf("the manifest at %s has the errors %v", answer.URL, answer.Errors)
		}
		var reasons struct {
			Errors []struct {
				ID string `json:"errorId"`
			} `json:"installabilityErrors"`
		}
		if err := cdp.Execute(ctx, cdppage.CommandGetInstallabilityErrors, nil, &reasons); err != nil {
			return err
		}
		for _, reason := range reasons.Errors {
			if reason.ID != "in-incognito" { // as every context of these tests is
				t.Errorf("it can't be installed: %s", reason.ID)
			}
		}
		var identity struct {
			ID string `json:"appId"`
		}
		if err := cdp.Execute(ctx, cdppage.CommandGetAppID, nil, &identity); err != nil {
			return err
		}
		if identity.ID != h.URL+"/some/where/" {
			t.Errorf("it is installed as %s, and another page of this origin may be too", identity.ID)
		}
		return nil
	}))
}
