package e2e

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image"
	_ "image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// logAt is the classic paused at 8.4 s, when its log has 12 lines.
func logAt(t *testing.T, width, height int) *page {
	t.Helper()
	p := open(t, width, height, "dark", classic+"@8.4s")
	p.waitFor(`document.querySelectorAll("#log-lines li").length === 12`)
	return p
}

// rows are the lines in the list for which a selector holds.
func (p *page) rows(selector string) []string {
	p.t.Helper()
	return get[[]string](p, fmt.Sprintf(`[...document.querySelectorAll("#log-lines li%s")].map((e) => e.innerText)`, selector))
}

// slash presses the key of that name. chromedp's own way also enters the character,
// which no browser does where a page has taken the key.
func (p *page) slash() {
	p.t.Helper()
	p.do(input.DispatchKeyEvent(input.KeyRawDown).WithKey("/").WithCode("Slash"), input.DispatchKeyEvent(input.KeyUp).WithKey("/").WithCode("Slash"))
}

func (p *page) waitForRows(want []string) {
	p.t.Helper()
	expect(p, `[...document.querySelectorAll("#log-lines li")].map((e) => e.innerText)`, want)
}

// logNote is what the log says of its lines.
const logNote = `document.querySelector("#log-note").innerText`

func (p *page) search(text string) {
	p.t.Helper()
	p.focus("Search the log")
	p.press(text)
}

// clickLine clicks on the first line with that text.
func (p *page) clickLine(text string) {
	p.t.Helper()
	p.clickAt(p.middle(fmt.Sprintf(`[...document.querySelectorAll("#log-lines li")].find((e) => e.innerText.includes(%s))`, quote(text))))
}

func TestTheLogIsFiltered(t *testing.T) {
	t.Parallel()
	p := logAt(t, 1440, 900)
	lines := p.rows("")
	of := func(who string) (some []string) {
		for _, l := range lines {
			if strings.Contains(l, " "+who+": ") {
				some = append(some, l)
			}
		}
		return some
	}
	p.click("Lines of producer")
	p.waitForRows(slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.Contains(l, " producer: ") }))
	expect(p, logNote, "4 of 12 lines")
	p.click("Lines of consumer")
	p.waitForRows(of("broker"))
	p.click("Show all")
	p.waitForRows(lines)
	p.click("All kinds")
	p.click("Lines about produced")
	p.waitFor(`document.querySelectorAll("#log-lines li").length === 4`)
	p.click("5 of 6 kinds") // which hides the chips
	p.everyControlHasAName()
	p.waitFor(`document.querySelector("#log-topics").hidden`)
	p.click("Restart")
	p.click("Speed 10×")
	p.waitForLine("quitting")
	if got := strings.Join(p.rows(""), " "); strings.Contains(got, "I have produced") || !strings.Contains(got, "created something") {
		t.Errorf("in a new run the lines are %s", got)
	}
}

func TestTheLogIsSearched(t *testing.T) {
	t.Parallel()
	p := logAt(t, 1440, 900)
	p.slash()
	p.waitFor(`document.activeElement.id === "log-search"`)
	p.press("PRODUCED=2")
	p.waitFor(`document.querySelectorAll("#log-lines li").length === 2`)
	expect(p, `[...document.querySelectorAll("#log-lines mark")].map((e) => e.innerText)`, []string{"produced=2", "produced=2"})
	p.press("x")
	p.waitFor(`document.querySelector(".log .empty")?.innerText.includes("no line matches")`)
	p.shot("log-nothing")
	p.press(kb.Backspace)
	p.waitFor(`document.querySelectorAll("#log-lines li").length === 2`)
	p.press(kb.Enter)
	p.waitFor(`document.activeElement.id === "log-lines"`)
	p.slash()
	p.waitFor(`document.activeElement.id === "log-search"`)
	p.press(kb.Escape)
	p.waitFor(`document.querySelectorAll("#log-lines li").length === 12`)
	p.waitForValue("Search the log", "")
}

func TestALineOfTheLogLeadsToItsMoment(t *testing.T) {
	t.Parallel()
	p := logAt(t, 1440, 900)
	lines := p.rows("")
	p.clickLine("consumer: the producer created something [produced=1]")
	p.waitForClock("00:05.0")
	p.waitFor(`document.querySelector("#log-lines li.now")?.innerText.includes("created something [produced=1]")`)
	at := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "created something [produced=1]") })
	expect(p, happened, lines[:at+1])
	p.waitForRows(lines)
	expect(p, logNote, fmt.Sprintf("%d lines, %d later", at+1, len(lines)-at-1))
	p.waitFor(`document.querySelectorAll("#log-lines li.of").length === 2`) // it was produced, and handled
	expect(p, `[...document.querySelectorAll("#log-lines [aria-selected=true]")].map((e) => e.innerText)`, []string{lines[at]})
	p.shot("log-past")
	p.clickLine("produced=7")
	p.waitForClock("00:08.0")
}

func TestTheLogIsReadWithTheKeyboard(t *testing.T) {
	t.Parallel()
	p := logAt(t, 1440, 900)
	lines := p.rows("")
	waitActive := func(n int) {
		t.Helper()
		expect(p, `document.querySelector("#log-lines li.at")?.innerText ?? ""`, lines[n])
		expect(p, `document.getElementById(document.getElementById("log-lines").getAttribute("aria-activedescendant"))?.innerText ?? ""`, lines[n])
	}
	p.focus("Log lines")
	waitActive(11)
	p.press(kb.ArrowUp)
	p.press(kb.ArrowUp)
	waitActive(9)
	p.press(kb.Home)
	waitActive(0)
	p.press(kb.ArrowDown)
	waitActive(1)
	if got := p.clock(); got != "00:08.4" {
		t.Errorf("the keys of the list move the time to %s", got)
	}
	p.press(kb.PageDown)
	p.press(kb.End)
	waitActive(11)
	p.press(kb.PageUp)
	p.press(kb.Home)
	p.press(kb.ArrowDown)
	p.shot("log-keys")
	p.press(kb.Enter)
	p.waitForClock("00:02.0")
	p.press(kb.ArrowRight + kb.ArrowRight + kb.ArrowRight + kb.ArrowRight) // still steps of the run
	p.waitFor(`!document.querySelector(".clock").innerText.startsWith("00:02.0")`)
	p.everyControlHasAName()
}

// events is a run with an event every millisecond, for an hour.
func events(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", milliseconds))
	if err != nil {
		t.Fatal(err)
	}
	out, err := output(terminal, "link", path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(out, "#")
}

// inView is the first line that is wholly in view, and how far below the upper edge.
const inView = `(() => {
	const box = document.getElementById("log-lines").getBoundingClientRect();
	const li = [...document.querySelectorAll("#log-lines li")].find((e) => e.getBoundingClientRect().top >= box.top);
	return li ? li.innerText + " at " + Math.round(li.getBoundingClientRect().top - box.top) : "";
})()`

const fromTheEnd = `(() => { const l = document.getElementById("log-lines"); return l.scrollHeight - l.scrollTop - l.clientHeight; })()`

func TestWhoScrollsTheLogHoldsItAndCanFollowAgain(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", events(t))
	p.click("Speed 0.1×")
	p.waitFor(`parseInt(document.querySelector("#log-note").innerText.replace(/\D/g, "")) > 60`)
	p.waitFor(fromTheEnd + ` < 2`)
	p.do(evaluate(`document.getElementById("log-lines").scrollBy(0, -700)`))
	p.waitFor(`document.querySelector(".log .follow")`)
	p.tick()
	first, lines := get[string](p, inView), get[int](p, `parseInt(document.querySelector("#log-note").innerText.replace(/\D/g, ""))`)
	if first == "" {
		t.Error("nothing is in view")
	}
	p.waitFor(fmt.Sprintf(`parseInt(document.querySelector("#log-note").innerText.replace(/\D/g, "")) > %d`, lines+100))
	if got := get[string](p, inView); got != first {
		t.Errorf("while it holds it shows %q, and then %q", first, got)
	}
	p.shot("log-held")
	p.click("↓ Follow")
	p.waitFor(`!document.querySelector(".log .follow") && ` + fromTheEnd + ` < 2`)
	p.do(evaluate(`document.getElementById("log-lines").scrollBy(0, -300)`))
	p.waitFor(`document.querySelector(".log .follow")`)
	p.click("Pause")
	p.do(evaluate(`document.getElementById("log-lines").scrollTo(0, 1e9)`))
	p.waitFor(`!document.querySelector(".log .follow")`)
}

func TestAnyPlaceOfALongLogCanBeScrolledTo(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", events(t))
	p.click("Speed max")
	p.waitFor(`document.querySelector("#log-note").innerText.includes("kept")`) // a million records have come, and more
	p.click("Pause")
	p.waitUntilItIsStill()
	p.waitFor(`document.querySelector("#log-lines li.now")`)
	for _, fraction := range []float64{0, 0.3, 0.77, 0.1, 1} {
		p.do(evaluate(fmt.Sprintf(`(() => { const l = document.getElementById("log-lines"); l.scrollTop = %g * (l.scrollHeight - l.clientHeight); })()`, fraction)))
		// The whole view has lines, with no hole.
		p.waitFor(`(() => {
			const box = document.getElementById("log-lines").getBoundingClientRect();
			const edges = [...document.querySelectorAll("#log-lines li")].map((e) => e.getBoundingClientRect());
			return edges.length > 10 && edges[0].top <= box.top + 10 && edges.at(-1).bottom >= box.bottom - 10;
		})()`)
		if n := get[int](p, `document.querySelectorAll("#log-lines li").length`); n > 400 {
			t.Errorf("at %g the list has %d lines", fraction, n)
		}
	}
	p.do(evaluate(`document.getElementById("log-lines").scrollTop = 0`))
	p.waitFor(`document.querySelector("#log-lines li").getBoundingClientRect().top >= document.getElementById("log-lines").getBoundingClientRect().top`)
	// By the wheel, from the first line on: no line is left out.
	for range 30 {
		var scrolled bool
		p.do(chromedp.Evaluate(`new Promise((done) => {
			document.getElementById("log-lines").scrollBy(0, 150);
			requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
		})`, &scrolled, awaitPromise))
	}
	p.tick()
	lines := p.rows("")
	var last int
	for i, l := range lines {
		var n int
		if _, text, ok := strings.Cut(l, "I have produced something [produced="); ok {
			fmt.Sscan(strings.TrimSuffix(text, "]"), &n)
			if i > 0 && last > 0 && n != last+1 {
				t.Errorf("after %d comes %d", last, n)
			}
			last = n
		}
	}
	if last == 0 {
		t.Errorf("the lines are %q", lines)
	}
	text := fmt.Sprintf("produced=%d]", last)
	p.search(text)
	p.waitFor(fmt.Sprintf(`document.querySelector("#log-lines li")?.innerText.includes(%s) && !document.querySelector("#log-note").innerText.includes("searching")`, quote(text)))
	if n := get[int](p, `document.querySelectorAll("#log-lines li").length`); n > 3 {
		t.Errorf("with %s there are %d lines", text, n)
	}
}

func TestTheLogIsCopied(t *testing.T) {
	t.Parallel()
	p := logAt(t, 1440, 900)
	p.mayUseTheClipboard()
	p.search("consumer:")
	expect(p, logNote, "3 of 12 lines")
	p.waitFor(`document.querySelectorAll("#log-lines li").length === 3`)
	p.click("Copy the log")
	p.waitFor(`document.querySelector(".notice")?.innerText.includes("3 lines copied")`)
	var got string
	p.do(chromedp.Evaluate("navigator.clipboard.readText()", &got, awaitPromise))
	if want := strings.Join(p.rows(""), "\n") + "\n"; got != want {
		t.Errorf("the clipboard has %q, want %q", got, want)
	}
}

// inBrowser asks the browser for something that concerns the tab's browser context.
func (p *page) inBrowser(ask func(context.Context, cdp.BrowserContextID) error) {
	p.t.Helper()
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		c := chromedp.FromContext(ctx)
		ctx = cdp.WithExecutor(ctx, c.Browser)
		info, err := target.GetTargetInfo().WithTargetID(c.Target.TargetID).Do(ctx)
		if err != nil {
			return err
		}
		return ask(ctx, info.BrowserContextID)
	}))
}

// clipboard is held by the one test that uses it: the browser has one.
var clipboard sync.Mutex

// mayUseTheClipboard lets the tab read and write it, and keeps other tests from that until this one is over.
func (p *page) mayUseTheClipboard() {
	p.t.Helper()
	clipboard.Lock()
	p.t.Cleanup(clipboard.Unlock)
	p.inBrowser(func(ctx context.Context, id cdp.BrowserContextID) error {
		may := []cdpbrowser.PermissionType{cdpbrowser.PermissionTypeClipboardReadWrite, cdpbrowser.PermissionTypeClipboardSanitizedWrite}
		return cdpbrowser.GrantPermissions(may).WithBrowserContextID(id).Do(ctx)
	})
}

// downloads lets the tab save files, and returns how to wait for one.
func (p *page) downloads() (file func(name string) []byte) {
	folder := p.t.TempDir()
	p.inBrowser(func(ctx context.Context, id cdp.BrowserContextID) error {
		return cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(folder).WithBrowserContextID(id).Do(ctx)
	})
	return func(name string) []byte {
		p.t.Helper()
		deadline := time.Now().Add(patience)
		for time.Now().Before(deadline) {
			if content, err := os.ReadFile(filepath.Join(folder, name)); err == nil && len(content) > 0 {
				return content
			}
			time.Sleep(10 * time.Millisecond)
		}
		there, _ := os.ReadDir(folder)
		p.t.Fatalf("%s was not saved: %v are", name, there)
		return nil
	}
}

func TestARunIsSavedAsFiles(t *testing.T) {
	t.Parallel()
	p := logAt(t, 1440, 900)
	p.do(emulation.SetDeviceMetricsOverride(1440, 900, 2, false))
	file := p.downloads()
	const name = "spillway-classic-20211101-111119"
	save := func(what, extension string) []byte {
		t.Helper()
		p.click("Export")
		p.click("Save " + what)
		content := file(name + extension)
		p.waitFor(fmt.Sprintf(`document.querySelector(".notice")?.innerText.startsWith("Saved %s%s")`, name, extension))
		p.waitFor(`!document.querySelector("dialog")`)
		return content
	}
	text := strings.Join(p.rows(""), "\n") + "\n"
	if got := string(save("Log", ".log")); got != text {
		t.Errorf("the log is %q, want %q", got, text)
	}

	ndjson := save("NDJSON", ".ndjson")
	var kinds []string
	for line := range bytes.Lines(ndjson) {
		var r struct {
			At   *int64 `json:"at_ns"`
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(line, &r); err != nil || r.At == nil {
			t.Fatalf("%s: %v", line, err)
		}
		kinds = append(kinds, r.Kind)
	}
	if len(kinds) != 22 || kinds[0] != "produced" {
		t.Errorf("the records are %q", kinds)
	}

	rows, err := csv.NewReader(bytes.NewReader(save("CSV", ".csv"))).ReadAll()
	if err != nil || len(rows) != 1+len(kinds) || rows[0][0] != "at_ns" {
		t.Errorf("the table has %d rows: %v", len(rows), err)
	}

	var cloud []struct {
		SpecVersion string
		ID, Source  string
		Data        struct{ Kind string }
	}
	if err := json.Unmarshal(save("CloudEvents", ".cloudevents.json"), &cloud); err != nil || len(cloud) != len(kinds) {
		t.Fatalf("there are %d events: %v", len(cloud), err)
	}
	for i, e := range cloud {
		if e.SpecVersion != "1.0" || e.ID == "" || e.Source == "" || e.Data.Kind != kinds[i] {
			t.Errorf("event %d is %+v", i, e)
		}
	}

	picture, format, err := image.Decode(bytes.NewReader(save("Stage", ".png")))
	if err != nil || format != "png" {
		t.Fatalf("the stage is %s: %v", format, err)
	}
	width := get[int](p, `document.getElementById("stage").clientWidth`)
	if got := picture.Bounds().Dx(); got != 2*width {
		t.Errorf("the picture is %d pixels wide, of a stage of %d at 2 each", got, width)
	}
	colors := map[uint32]bool{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			r, g, b, a := picture.At(x, y).RGBA()
			if a != 0xffff {
				t.Fatalf("at %d, %d it can be seen through", x, y)
			}
			colors[r>>8<<16|g>>8<<8|b>>8] = true
		}
	}
	if !colors[0x0b1018] || len(colors) < 50 {
		t.Errorf("the picture has %d colours", len(colors))
	}

	for what, extension := range map[string]string{"Buffer depth": "-depth.svg", "Rates": "-rate.svg", "Time in system": "-time.svg"} {
		var svg struct {
			XMLName xml.Name
		}
		if err := xml.Unmarshal(save(what, extension), &svg); err != nil || svg.XMLName.Local != "svg" {
			t.Errorf("%s is %q: %v", what, svg.XMLName.Local, err)
		}
	}
}

func TestWhatTheLogShowsIsSaved(t *testing.T) {
	t.Parallel()
	p := logAt(t, 1440, 900)
	file := p.downloads()
	p.search("dropped")
	expect(p, logNote, "1 of 12 lines")
	p.waitFor(`document.querySelectorAll("#log-lines li").length === 1`)
	p.click("Download the log")
	if got, want := string(file("spillway-classic-20211101-111119.log")), p.rows("")[0]+"\n"; got != want {
		t.Errorf("it is %q, want %q", got, want)
	}
	p.waitFor(`document.querySelector(".notice")?.innerText.includes("1 line,")`)
}

func TestTheLogFitsEveryWindow(t *testing.T) {
	t.Parallel()
	p := logAt(t, 1440, 900)
	inEveryWindow(p, func(name string) {
		p.waitFor(`document.querySelectorAll("#log-lines li").length === 12`)
		p.nothingOverflows()
		p.everyControlHasAName()
		p.do(evaluate(`document.querySelector(".log").scrollIntoView()`))
		p.shot("log-" + name)
		p.click("All kinds")
		p.search("produced")
		p.waitFor(`document.querySelector("#log-lines mark")`)
		p.nothingOverflows()
		p.everyControlHasAName()
		p.shot("log-" + name + "-search")
		for _, box := range get[[]string](p, `[...document.querySelectorAll("#log-lines, #log-lines li")].filter((e) => e.scrollWidth > e.clientWidth + 2).map((e) => e.outerHTML.slice(0, 90))`) {
			t.Errorf("%s: wider than its box: %s", name, box)
		}
		p.press(kb.Escape) // in the search
		p.click("All kinds")
	})
}
