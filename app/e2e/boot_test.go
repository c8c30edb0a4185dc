package e2e

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp/kb"
)

const (
	failed = "document.documentElement.dataset.boot === 'failed' && document.querySelector('#failure')?.open"
	wasm   = "*/app.wasm*"
)

func TestThePageBoots(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "")
	p.waitFor("!document.querySelector('.skeleton')")
	if get[bool](p, "!!document.querySelector('#failure')") {
		t.Error("a page that runs shows a failure")
	}
	p.nothingOverflows()
	p.everyControlHasAName()
	p.shot("booted")
}

func (p *page) waitUntilItIsPainted() {
	p.t.Helper()
	p.waitFor("performance.getEntriesByName('first-contentful-paint').length === 1")
}

func TestTheSkeletonPaintsBeforeTheProgramArrives(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	p.do(network.SetBypassServiceWorker(true), network.SetCacheDisabled(true)) // each visit is as the first
	gate := p.hold(wasm)
	for _, theme := range []string{"dark", "light"} {
		for _, width := range []int{1440, 1024, 768, 390, 320} {
			t.Run(fmt.Sprintf("%s-%d", theme, width), func(t *testing.T) {
				p := p.of(t)
				gate.page = p
				p.resize(width, 900)
				p.prefer("prefers-color-scheme", theme)
				p.leave()
				p.visit(server)
				request := gate.next()
				p.waitUntilItIsPainted()
				if got := p.text(".skeleton .brand"); !strings.HasPrefix(got, "Spillway") {
					t.Errorf("the brand says %q", got)
				}
				if got := p.text("#boot-label"); got != "Loading… 0 %" {
					t.Errorf("the label says %q", got)
				}
				if got := get[string](p, "document.documentElement.dataset.theme"); got != theme {
					t.Errorf("the theme is %q, want %q", got, theme)
				}
				p.nothingOverflows()
				p.shot("skeleton-" + theme + fmt.Sprint("-", width))
				request.proceed()
				p.waitUntilItRuns()
			})
		}
	}
}

func TestNothingMovesWhenThePageTakesThePlaceOfTheSkeleton(t *testing.T) {
	t.Parallel()
	const places = `[".head", ".side", ".main", ".stage", ".transport", ".charts", ".rail", ".tiles", ".theory", ".log"].flatMap((part) => {
		return [...document.querySelectorAll("#app " + part)].filter((e) => e.checkVisibility()).map((e) => {
			const { x, y, width, height } = e.getBoundingClientRect();
			return { Part: part, Place: [x, y, width, height] };
		});
	})`
	type part struct {
		Part  string
		Place [4]float64
	}
	const near = 6 // fonts are not all of one height
	for _, size := range append(sizes, struct{ width, height int }{768, 1024}, struct{ width, height int }{320, 700}) {
		t.Run(fmt.Sprintf("%d×%d", size.width, size.height), func(t *testing.T) {
			p := blank(t, size.width, size.height, "dark")
			gate := p.hold(wasm)
			p.visit(server)
			request := gate.next()
			p.waitUntilItIsPainted()
			skeleton := get[[]part](p, places)
			request.proceed()
			p.waitUntilItRuns()
			page := get[[]part](p, places)
			if len(skeleton) != len(page) {
				t.Fatalf("the skeleton has\n%v, and the page\n%v", skeleton, page)
			}
			for i, was := range skeleton {
				is := page[i]
				if was.Place[1] > float64(size.height) {
					continue // it is not seen
				}
				for side := range 4 {
					lowEnd := side == 3 && was.Place[1]+was.Place[3] > float64(size.height)
					if was.Part != is.Part || !lowEnd && math.Abs(was.Place[side]-is.Place[side]) > near {
						t.Errorf("%s was at %v, and %s is at %v", was.Part, was.Place, is.Part, is.Place)
						break
					}
				}
			}
		})
	}
}

func TestTheProgressReachesAHundredPercentAndNeverMore(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	p.beforeEveryLoad(`
		window.progress = [];
		new MutationObserver((records) => {
			for (const { target } of records) if (target.id === "boot-progress") progress.push(Number(target.getAttribute("value")));
		}).observe(document, { subtree: true, attributes: true, attributeFilter: ["value"] });`)
	p.visit(server)
	p.waitUntilItRuns()
	// With a compressed response, Content-Length would make it several hundred percent.
	if !get[bool](p, "performance.getEntriesByType('resource').some((r) => r.name.includes('app.wasm') && r.encodedBodySize < r.decodedBodySize)") {
		t.Error("the program did not come compressed")
	}
	progress := get[[]float64](p, "progress")
	if len(progress) < 3 || progress[len(progress)-1] != 100 {
		t.Fatalf("the progress was %v", progress)
	}
	between := 0
	for i, percent := range progress {
		if percent < 0 || percent > 100 || i > 0 && percent < progress[i-1] {
			t.Errorf("the progress went to %v: %v", percent, progress)
		}
		if percent > 0 && percent < 100 {
			between++
		}
	}
	if between == 0 {
		t.Errorf("there was nothing between the beginning and the end: %v", progress)
	}
}

func TestABlockedProgramIsReportedAndRetried(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	p.tolerate("net::ERR_CONNECTION_REFUSED", "The request for app.wasm failed")
	gate := p.hold(wasm)
	p.visit(server)
	gate.next().fail()
	p.waitFor(failed)
	if got := p.text("#failure-title"); got != "Spillway could not start" {
		t.Errorf("the title is %q", got)
	}
	if got := p.text("#failure-reason"); got != "The request for app.wasm failed (Failed to fetch)." {
		t.Errorf("the reason is %q", got)
	}
	if !get[bool](p, "document.activeElement.id === 'failure-button' && document.querySelector('#failure').matches(':modal')") {
		t.Error("the keyboard is not at the button")
	}
	p.press(kb.Escape)
	p.press(kb.Escape)
	p.waitFor(failed) // there is nothing behind it
	p.everyControlHasAName()
	p.nothingOverflows()
	p.shot("failure")

	p.click("Retry")
	again := gate.next()
	p.waitFor("document.documentElement.dataset.boot === 'loading' && !document.querySelector('#failure')?.open")
	again.proceed()
	p.waitUntilItRuns()
	p.click("Pause")
	p.named("Play")
}

func TestARetryMayFailAgain(t *testing.T) {
	t.Parallel()
	p := blank(t, 390, 800, "light")
	p.tolerate("net::ERR_CONNECTION_REFUSED", "The request for app.wasm failed", "503")
	gate := p.hold(wasm)
	p.visit(server)
	gate.next().fail()
	p.waitFor(failed)
	p.nothingOverflows()
	p.shot("failure-phone")
	p.press("\r")
	gate.next().answer(503, "text/plain", nil)
	p.waitFor(failed + " && document.querySelector('#failure-reason').innerText.includes('503')")
	p.press("\r")
	gate.next().proceed()
	p.waitUntilItRuns()
}

func TestABrowserWithoutWebAssemblyIsTold(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	const want = "This browser has no WebAssembly, or it is switched off."
	p.tolerate(want)
	p.beforeEveryLoad("delete globalThis.WebAssembly")
	p.visit(server)
	p.waitFor(failed)
	if got := p.text("#failure-reason"); got != want {
		t.Errorf("the reason is %q, want %q", got, want)
	}
}

func TestAWrongContentTypeIsNoObstacle(t *testing.T) {
	t.Parallel()
	program, err := os.ReadFile(filepath.Join(dist, "app.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	p := blank(t, 1440, 900, "dark")
	gate := p.hold(wasm)
	p.visit(server)
	gate.next().answer(200, "text/plain", program)
	p.waitUntilItRuns()
}

func TestAPanicIsReadableAndARestartBringsTheRunBack(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", dropOldest)
	p.tolerate("console.log:", "exit code: 2", "Go program has already exited") // the stack, and late timers
	// go-app takes the first argument of this function without looking, which is a real panic.
	p.do(evaluate("goappNav()"))
	p.waitFor(failed)
	if got := p.text("#failure-title"); got != "Spillway has stopped" {
		t.Errorf("the title is %q", got)
	}
	if got := p.text("#failure-reason"); !strings.HasPrefix(got, "panic: runtime error: index out of range") {
		t.Errorf("the reason is %q", got)
	}
	p.everyControlHasAName()
	p.shot("panic")
	if got := get[string](p, "document.querySelector('#failure-link').value"); !strings.HasSuffix(got, "#"+dropOldest) {
		t.Errorf("the link is %q", got)
	}
	p.click("Restart")
	p.waitUntilItRuns()
	p.waitFor("location.hash === '#" + dropOldest + "'")
	p.do(evaluate("goappNav()"))
	p.waitFor(failed)
	p.click("Open the classic")
	p.waitUntilItRuns()
	p.waitFor("location.hash === ''")
}

func TestThePageWorksAtAnySubPathOfAnyHost(t *testing.T) {
	t.Parallel()
	// A host that knows nothing of Spillway: no policy, no compression.
	files := http.StripPrefix("/some/where", http.FileServer(http.Dir(dist)))
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/some/where/other.html" { // the page under another name
			page, err := os.ReadFile(filepath.Join(dist, "index.html"))
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Type", "text/html")
			w.Write(page)
			return
		}
		files.ServeHTTP(w, r)
	}))
	defer host.Close()
	p := blank(t, 1440, 900, "dark")
	for _, path := range []string{"/some/where/#fragment", "/some/where/other.html"} {
		p.visit(host.URL + path)
		p.waitUntilItRuns()
		if got := get[string](p, "goappGetenv('GOAPP_ROOT_PREFIX')"); got != "/some/where" {
			t.Errorf("of %s the prefix is %q", path, got)
		}
	}
}

func TestThePageMayBeEmbedded(t *testing.T) {
	t.Parallel()
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><link rel="icon" href="data:,"><iframe src="%s"></iframe>`, server)
	}))
	defer host.Close()
	p := blank(t, 1440, 900, "dark")
	gate := p.hold(wasm)
	// Another port is another origin, but still the same site, whose frames share the tab's gate.
	p.visit(strings.Replace(host.URL, "127.0.0.1", "localhost", 1))
	gate.next().proceed() // the page in the frame is loaded, and its scripts run
}

func TestTheThemeIsTheOneThatWasChosen(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ stored, system, want string }{
		{"", "dark", "dark"},
		{"", "light", "light"},
		{"light", "dark", "light"},
		{`"light"`, "dark", "light"},
		{`"dark"`, "light", "dark"},
		{`{"dark":1}`, "light", "light"},
	} {
		t.Run(fmt.Sprintf("stored %q on a %s system", test.stored, test.system), func(t *testing.T) {
			p := blank(t, 800, 600, test.system)
			if test.stored != "" {
				p.beforeEveryLoad("localStorage.setItem('spillway.theme', " + quote(test.stored) + ")")
			}
			gate := p.hold(wasm)
			p.visit(server)
			request := gate.next()
			if got := get[string](p, "document.documentElement.dataset.theme"); got != test.want {
				t.Errorf("the theme is %q, want %q", got, test.want)
			}
			request.proceed()
			p.waitUntilItRuns()
		})
	}
}
