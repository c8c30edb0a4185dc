package e2e

import (
	"bytes"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// misbehaving is a static host that has something wrong with one file until it is healed.
type misbehaving struct {
	*host
	healed atomic.Bool
	asked  atomic.Int32 // how often for the file
}

func newMisbehaving(t *testing.T, file string, wrong http.HandlerFunc) *misbehaving {
	m := &misbehaving{}
	m.host = newHost(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Base(r.URL.Path) == file {
			m.asked.Add(1)
			if !m.healed.Load() {
				wrong(w, r)
				return
			}
		}
		first().ServeHTTP(w, r)
	}))
	return m
}

// answer answers with a status and a text.
func answer(status int, contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}
}

// bundled is a file of the bundle.
func bundled(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dist, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Until a page runs there is nothing to lose, so one that finds a wrong file loads itself again, once.
func TestWhatCannotBeLoadedIsNamedAndARetryHelps(t *testing.T) {
	t.Parallel()
	program := bundled(t, "app.wasm")
	damaged := bytes.Replace(program, []byte("I have produced something"), []byte("I have pr0duced something"), 1)
	if bytes.Equal(program, damaged) {
		t.Fatal("there is nothing to damage")
	}
	serve := func(content []byte, contentType string) http.HandlerFunc {
		return answer(http.StatusOK, contentType, string(content))
	}
	cut := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		_, _ = w.Write(program[:len(program)/2])
		panic(http.ErrAbortHandler)
	}
	const javascript, belongs = "text/javascript", " is not the one that belongs to this page"
	for name, test := range map[string]struct {
		file  string
		wrong http.HandlerFunc
		want  string
		loads int // of the page, until it says so
	}{
		"a program that is not there":   {"app.wasm", answer(404, "text/plain", ""), "The server answered 404 Not Found for app.wasm.", 2},
		"a server in trouble":           {"app.wasm", answer(503, "text/plain", ""), "The server answered 503 Service Unavailable for app.wasm.", 1},
		"a page in the program's place": {"app.wasm", answer(200, "text/html", "<!doctype html>"), "app.wasm is not a program this browser can run: the server sent it as text/html (", 2},
		"a damaged program":             {"app.wasm", serve(damaged, "application/wasm"), "app.wasm" + belongs + ", or it was damaged on the way.", 2},
		"half a program":                {"app.wasm", cut, "app.wasm did not arrive whole (", 1},
		"no boot.js":                    {"boot.js", answer(404, "text/plain", ""), "The server answered 404 Not Found for boot.js.", 2},
		"another boot.js":               {"boot.js", answer(200, javascript, "'another'"), "boot.js" + belongs + ".", 2},
		"a page in boot.js' place":      {"boot.js", answer(200, "text/html", "<!doctype html>"), "boot.js" + belongs + ".", 2},
		"no wasm_exec.js":               {"wasm_exec.js", answer(404, "text/plain", ""), "The server answered 404 Not Found for wasm_exec.js.", 2},
		"wasm_exec.js is unreadable":    {"wasm_exec.js", answer(200, javascript, "class {{{"), "wasm_exec.js" + belongs + ".", 2},
		"no style sheet":                {"style.css", answer(500, "text/plain", ""), "The server answered 500 Internal Server Error for style.css.", 1},
		"another style sheet":           {"style.css", answer(200, "text/css", "body { display: none }"), "style.css" + belongs + ".", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newMisbehaving(t, test.file, test.wrong)
			p := blank(t, 1440, 900, "dark")
			p.tolerate("Failed to load resource", "Failed to find a valid digest", "Refused to", "net::ERR_", test.want, test.file)
			p.beforeEveryLoad("sessionStorage.loads = 1 + Number(sessionStorage.loads ?? 0)")
			p.visit(h.URL + "/#" + dropOldest)
			p.waitFor("document.querySelector('#failure')?.open")
			if got := p.text("#failure-reason"); !strings.HasPrefix(got, test.want) {
				t.Errorf("the reason is %q, want %q", got, test.want)
			}
			if got := p.loads(); got != test.loads {
				t.Errorf("the page was loaded %d times, want %d", got, test.loads)
			}
			p.everyControlHasAName()
			p.shot("asset-" + strings.NewReplacer(" ", "-", "'", "").Replace(name))
			asked := h.asked.Load()
			p.click("Retry")
			p.waitFor("document.querySelector('#failure')?.open")
			if h.asked.Load() == asked {
				t.Error("the retry did not ask the server")
			}
			h.healed.Store(true)
			p.click("Retry")
			p.waitUntilItRuns()
			p.waitFor("location.hash === '#" + dropOldest + "'")
		})
	}
}

// stall answers with the beginning of a file, of which the rest does not come.
func stall(t *testing.T, contentType string, beginning []byte) http.HandlerFunc {
	over := make(chan struct{})
	t.Cleanup(sync.OnceFunc(func() { close(over) }))
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		if len(beginning) > 0 {
			_, _ = w.Write(beginning)
			w.(http.Flusher).Flush()
		}
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}
}

// holdThirtySeconds keeps the waits of so long until thirtySecondsLater is called.
func (p *page) holdThirtySeconds() {
	p.t.Helper()
	p.beforeEveryLoad(`{
		const wait = setTimeout, end = clearTimeout;
		globalThis.waits = new Map();
		globalThis.setTimeout = (then, ms, ...more) => {
			const id = wait(ms === 30000 ? () => {} : then, ms, ...more);
			if (ms === 30000) waits.set(id, then);
			return id;
		};
		globalThis.clearTimeout = (id) => {
			waits.delete(id);
			end(id);
		};
		globalThis.thirtySecondsLater = () => waits.forEach((then) => then());
	}`)
}

// A file that neither comes nor fails holds up those after it, as the browser runs them in order.
func TestAFileThatStopsArrivingIsNamedAndARetryHelps(t *testing.T) {
	t.Parallel()
	const javascript = "text/javascript"
	for _, test := range []struct {
		before, file string
		contentType  string
		parts        int // of two that arrive
	}{
		{"failure.js", "theme.js", javascript, 0},
		{"theme.js", "style.css", "text/css", 1},
		{"style.css", "translated.js", javascript, 0},
		{"translated.js", "boot.js", javascript, 1},
		{"boot.js", "wasm_exec.js", javascript, 0},
		{"wasm_exec.js", "offline.js", javascript, 1},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			content := bundled(t, test.file)
			h := newMisbehaving(t, test.file, stall(t, test.contentType, content[:test.parts*len(content)/2]))
			p := blank(t, 1440, 900, "dark")
			p.tolerate("net::ERR_", "app.wasm") // which may be on its way too
			p.holdThirtySeconds()
			p.beforeEveryLoad(`
				globalThis.arrived = [];
				document.addEventListener("load", ({ target }) => arrived.push((target.src ?? target.href ?? "").replace(/.*\/|\?.*/g, "")), true);`)
			p.goTo(h.URL + "/#" + dropOldest)
			p.waitFor("globalThis.arrived?.includes(" + quote(test.before) + ") && waits.size > 0")
			p.do(evaluate("thirtySecondsLater()"))
			p.waitFor(failed)
			if got, want := p.text("#failure-reason"), test.file+" does not come: nothing has arrived for 30 seconds."; got != want {
				t.Errorf("the reason is %q, want %q", got, want)
			}
			p.everyControlHasAName()
			p.shot("stalled-" + test.file)
			h.healed.Store(true)
			p.click("Retry")
			p.waitUntilItRuns()
			p.waitFor("location.hash === '#" + dropOldest + "'")
		})
	}
}

func TestAProgramThatStopsArrivingIsReported(t *testing.T) {
	t.Parallel()
	program := bundled(t, "app.wasm")
	for name, test := range map[string]struct {
		sent int
		want string
	}{
		"at its beginning": {0, "app.wasm does not come: nothing has arrived for 30 seconds."},
		"on its way":       {len(program) / 2, "app.wasm stopped at "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newMisbehaving(t, "app.wasm", stall(t, "application/wasm", program[:test.sent]))
			p := blank(t, 390, 844, "light")
			p.tolerate("nothing has arrived", "Failed to load resource")
			p.holdThirtySeconds()
			p.visit(h.URL)
			if test.sent > 0 {
				p.waitFor("document.querySelector('#boot-progress').value > 0")
			}
			p.waitFor("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd && waits.size === 1")
			p.do(evaluate("thirtySecondsLater()"))
			p.waitFor(failed)
			if got := p.text("#failure-reason"); !strings.HasPrefix(got, test.want) || !strings.HasSuffix(got, "nothing has arrived for 30 seconds.") {
				t.Errorf("the reason is %q, want %q", got, test.want)
			}
			p.shot("stalled-" + name)
			h.healed.Store(true)
			p.click("Retry")
			p.waitUntilItRuns()
		})
	}
}

// A slow network is no stall: what counts is how long nothing comes.
func TestAProgramThatArrivesSlowlyIsAwaited(t *testing.T) {
	t.Parallel()
	program := bundled(t, "app.wasm")
	p := blank(t, 1440, 900, "dark")
	p.beforeEveryLoad(`
		globalThis.stalls = 0; // that would have been noticed, had the next piece not come
		const wait = setTimeout;
		globalThis.setTimeout = (then, ms, ...more) => ms === 30000 ? void stalls++ : wait(then, ms, ...more);`)
	h := newMisbehaving(t, "app.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		for piece := range 10 {
			_, _ = w.Write(program[piece*len(program)/10 : (piece+1)*len(program)/10])
			w.(http.Flusher).Flush()
		}
	})
	p.tolerate("when fetching the script") // by the worker, for which the test may be too short
	p.visit(h.URL)
	p.waitUntilItRuns()
	if got := get[int](p, "stalls"); got < 3 {
		t.Errorf("the wait began %d times for ten pieces", got)
	}
}

func TestThePageRunsWithoutWhatItCanDoWithout(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"failure.js", "theme.js", "offline.js"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			h := newMisbehaving(t, file, answer(404, "text/plain", ""))
			p := blank(t, 1440, 900, "dark")
			p.tolerate("Failed to load resource")
			p.visit(h.URL)
			p.waitUntilItRuns()
			if get[bool](p, "!!document.querySelector('#failure')") {
				t.Errorf("it says %q", p.text("#failure-reason"))
			}
		})
	}
}

// A page of the old version that is still loading when a host gets the new one.
func TestVersionsNeverMix(t *testing.T) {
	t.Parallel()
	fresh := second(t)
	old := first()
	for name, gone := range map[string]http.Handler{
		"on a host that knows versions": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, "That version is gone.", http.StatusNotFound)
		}),
		"on a host that ignores them": fresh,
	} {
		for _, file := range []string{"style.css", "boot.js", "app.wasm"} {
			if file == "app.wasm" && name == "on a host that ignores them" {
				continue // both versions have the same; a damaged one stands for another
			}
			t.Run(file+" "+name, func(t *testing.T) {
				t.Parallel()
				var deployed atomic.Bool
				h := newHost(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					switch {
					case deployed.Load():
						fresh.ServeHTTP(w, r)
					case path.Base(r.URL.Path) == file:
						deployed.Store(true)
						gone.ServeHTTP(w, r)
					default:
						old.ServeHTTP(w, r)
					}
				}))
				p := blank(t, 1440, 900, "dark")
				p.tolerate("Failed to load resource", "Failed to find a valid digest", "Refused to", "answered 404", "is not the one that belongs")
				p.beforeEveryLoad("sessionStorage.loads = 1 + Number(sessionStorage.loads ?? 0)")
				p.visit(h.URL + "/#" + dropOldest)
				p.waitFor(isSecond)
				p.waitUntilItRuns()
				if got := p.loads(); got > 2 {
					t.Errorf("the page was loaded %d times, want twice at the most", got)
				}
			})
		}
	}
}

// A host that sends no policy: the page has its own.
func TestThePageRefusesScriptsThatAreNotItsOwn(t *testing.T) {
	t.Parallel()
	h := newHost(t, first())
	p := blank(t, 1440, 900, "dark")
	p.visit(h.URL)
	p.waitUntilItRuns()
	p.tolerate("Content Security Policy", "evil")
	p.do(evaluate(`
		globalThis.refused = [];
		document.addEventListener("securitypolicyviolation", (e) => refused.push(e.effectiveDirective));
		const inline = document.createElement("script");
		inline.textContent = "globalThis.evil = true";
		document.body.append(inline);
		document.body.insertAdjacentHTML("beforeend", "<img src='data:,' onerror='globalThis.evil = true'>");
		document.body.append(Object.assign(document.createElement("script"), { src: "https://evil.example/x.js", onerror: null }));
		document.body.append(Object.assign(document.createElement("base"), { href: "https://evil.example/" }));
		fetch("https://evil.example/").catch(() => {});
		document.body.append(Object.assign(document.createElement("object"), { data: "./" }));`))
	for _, directive := range []string{"script-src-elem", "script-src-attr", "base-uri", "connect-src", "object-src"} {
		p.waitFor("refused.includes(" + quote(directive) + ")")
	}
	if get[bool](p, "'evil' in globalThis") {
		t.Error("a script ran that is not the page's")
	}
}
