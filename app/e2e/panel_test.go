package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// value is what the field of that name holds.
func (p *page) value(name string) string {
	p.t.Helper()
	return get[string](p, fmt.Sprintf(`document.querySelector('[aria-label=%s]').value`, quote(name)))
}

func (p *page) waitForValue(name, want string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`document.querySelector('[aria-label=%s]')?.value === %s`, quote(name), quote(want)))
}

// enter types a text in place of what the field of that name holds.
func (p *page) enter(name, text string) {
	p.t.Helper()
	p.focus(name)
	p.do(evaluate(`document.activeElement.select(); 0`))
	p.do(input.InsertText(text))
	p.waitForValue(name, text)
}

// pressEnter presses Enter as a keyboard does: a key that is prevented types nothing.
func (p *page) pressEnter() {
	p.t.Helper()
	key := input.DispatchKeyEvent(input.KeyDown).WithKey("Enter").WithCode("Enter").WithWindowsVirtualKeyCode(13)
	up := *key
	up.Type = input.KeyUp
	p.do(key.WithText("\r"), &up)
}

// waitForNoProblem waits until nothing is wrong with the field of that name.
func (p *page) waitForNoProblem(name string) {
	p.t.Helper()
	expect(p, fmt.Sprintf(`(() => {
		const field = document.querySelector('[aria-label=%s]');
		return field.getAttribute("aria-describedby") ?? field.getAttribute("aria-invalid") ?? "";
	})()`, quote(name)), "")
}

func (p *page) waitForProblem(name, text string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`(() => {
		const id = document.querySelector('[aria-label=%s]')?.getAttribute("aria-describedby");
		return id && document.getElementById(id)?.innerText.includes(%s);
	})()`, quote(name), quote(text)))
}

// waitForCards waits until those, and nobody else, are listed.
func (p *page) waitForCards(names ...string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`[...document.querySelectorAll(".side .name")].map((e) => e.innerText).join() === %s`, quote(strings.Join(names, ","))))
}

// more shows all settings of somebody.
func (p *page) more(name string) {
	p.t.Helper()
	p.click("More settings of " + name)
	p.waitFor(fmt.Sprintf(`document.querySelector('[aria-label=%s]').ariaExpanded === "true"`, quote("More settings of "+name)))
}

// drag drags the thumb of a slider, from where it is, to a fraction of its length.
func (p *page) drag(name string, to float64) {
	p.t.Helper()
	slider := fmt.Sprintf(`document.querySelector('[aria-label=%s]')`, quote(name))
	middle := p.middle(slider)
	between := get[[]float64](p, fmt.Sprintf(`(() => {
		const e = %s, r = e.getBoundingClientRect(), thumb = 16;
		const x = (f) => r.x + thumb / 2 + (r.width - thumb) * f;
		return [x(e.value / e.max), x(%v)];
	})()`, slider, to))
	p.dragFrom(point{between[0], middle.Y}, point{between[1], middle.Y})
}

// dragFrom drags what is at a point to another.
func (p *page) dragFrom(from, to point) {
	p.t.Helper()
	mouse := func(kind input.MouseType, share float64) chromedp.Action {
		return input.DispatchMouseEvent(kind, from.X+(to.X-from.X)*share, from.Y+(to.Y-from.Y)*share).WithButton(input.Left).WithClickCount(1)
	}
	p.do(mouse(input.MousePressed, 0))
	for i := 1; i <= 5; i++ {
		p.do(mouse(input.MouseMoved, float64(i)/5))
	}
	p.do(mouse(input.MouseReleased, 1))
}

func TestPanelTypedValues(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@4.5s")
	const every = "producer: time between two events, typed"
	for _, c := range []struct{ typed, want, line string }{
		{"250ms", "250 ms", "250ms"}, {"2 s", "2 s", "2s"}, {"0.5", "500 ms", "500ms"}, {"1,5 s", "1.5 s", "1.5s"},
		{"4/s", "250 ms", "250ms"}, {"1234 ms", "1.234 s", "1.234s"}, {"1 min", "1 min", "1m"},
	} {
		p.enter(every, c.typed)
		p.pressEnter()
		p.waitForLine("producer: publishes every " + c.line)
		p.waitForValue(every, c.want)
		p.waitForNoProblem(every)
	}
	// What it shows already is written as it always is, and is no change.
	p.enter(every, "2 s")
	p.pressEnter()
	p.waitForLine("producer: publishes every 2s")
	before := p.logLines()
	p.enter(every, "2")
	p.press(kb.Tab)
	p.waitForValue(every, "2 s")
	p.tick()
	if got := p.logLines(); !slices.Equal(got, before) {
		t.Errorf("the same value is the change %q", got[len(got)-1])
	}
}

func TestPanelNonsenseStaysUntilItIsCorrected(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@4.5s")
	const every = "producer: time between two events, typed"
	before := get[string](p, "location.hash")
	lines := p.logLines()
	p.enter(every, "soon enough")
	p.press(kb.Tab)
	p.waitForProblem(every, "Enter a time from 1 µs to 1 h, e.g. 250 ms or 4/s.")
	if got := p.value(every); got != "soon enough" {
		t.Errorf("the field holds %q", got)
	}
	p.waitFor(fmt.Sprintf(`document.querySelector('[aria-label=%s]').getAttribute("aria-invalid") === "true"`, quote(every)))
	p.shot("panel-nonsense")
	p.click("Play") // what passes meanwhile is no reason to forget it
	p.waitForLine("[produced=5]")
	p.click("Pause")
	p.waitUntilItIsStill()
	if got := p.value(every); got != "soon enough" {
		t.Errorf("after a while the field holds %q", got)
	}
	p.focus(every)
	p.press(kb.Escape)
	p.waitForValue(every, "1 s")
	p.waitForNoProblem(every)
	p.enter(every, "2 h")
	p.pressEnter()
	p.waitForProblem(every, "2 h is too much: 1 µs to 1 h.")
	p.enter(every, "2 s") // is right as it is typed
	p.waitFor(fmt.Sprintf(`!document.querySelector('[aria-label=%s]').hasAttribute("aria-invalid")`, quote(every)))
	p.press(kb.Escape)
	p.waitForValue(every, "1 s")
	p.tick()
	if got := p.logLines(); slices.ContainsFunc(got, func(l string) bool { return strings.Contains(l, "from now on") }) {
		t.Errorf("something was applied: %q, it was %q", got, lines)
	}
	p.waitFor(`location.hash.split("@")[1] !== ` + quote(strings.Split(before, "@")[1])) // it has followed the time
	if got := get[string](p, "location.hash"); strings.Split(got, "@")[0] != strings.Split(before, "@")[0] {
		t.Errorf("the link is %s, was %s", got, before)
	}
}

// A slider holds where it was dragged to, also when that was refused.
func TestPanelARefusedSliderGoesBack(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@4.5s")
	const buffer = "Buffer of each consumer"
	p.click("spill to repository")
	p.waitForLine("spill from now on")
	p.drag(buffer, 0)
	p.waitForProblem(buffer, "takes a buffer of at least 1")
	p.waitForValue(buffer+", typed", "1 event") // the last that was allowed on the way
	p.waitFor(`document.querySelector('[aria-label="Buffer of each consumer"]').value === "1"`)
	p.shot("panel-refused")
	p.focus(buffer)
	p.press(kb.ArrowLeft)
	p.waitFor(`document.querySelector('[aria-label="Buffer of each consumer"]').value === "1"`)
	p.press(kb.ArrowRight)
	p.waitForValue(buffer+", typed", "2 events")
	p.waitForNoProblem(buffer)
}

func TestPanelDraggingIsOneEdit(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@4.5s")
	const every = "producer: time between two events"
	p.drag(every, 0.2)
	p.waitForLine("producer: publishes every")
	p.waitFor(fmt.Sprintf(`document.querySelector('[aria-label=%s]').value !== "1 s"`, quote(every+", typed")))
	p.tick()
	if lines := strings.Join(p.logLines(), "\n"); strings.Count(lines, "from now on") != 1 {
		t.Errorf("the log says\n%s", lines)
	}
	p.do(chromedp.KeyEvent("z", chromedp.KeyModifiers(input.ModifierCtrl))) // the slider has the focus
	p.waitForValue(every+", typed", "1 s")
	p.waitFor(`!document.querySelector("#log-lines").innerText.includes("from now on")`)
}

func TestPanelADurationIsSetWhenTheSliderIsLetGo(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@4.5s")
	p.drag("Duration of the run", 1)
	p.waitForValue("Duration of the run, typed", "24 h")
	p.waitForClock("00:04.5") // it is the same run
	p.enter("Duration of the run, typed", "12 s")
	p.pressEnter()
	p.waitFor(`document.querySelector(".clock").innerText.includes("00:12")`)
	p.enter("Seed", "12345")
	p.pressEnter()
	p.named("Pause") // another seed is another run, which plays
	p.waitForValue("Seed", "12345")
	p.waitForNoProblem("Seed")
	p.click("New seed")
	p.waitFor(`document.querySelector('[aria-label=Seed]').value !== "12345"`)
}

func TestPanelActors(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@1.5s")
	p.click("Add a producer")
	p.waitForCards("producer", "producer-2", "consumer")
	p.waitForFocus("producer-2")
	p.click("Add a consumer")
	p.waitForCards("producer", "producer-2", "consumer", "consumer-2")

	p.click("Rename producer-2")
	p.waitForFocus("New name of producer-2")
	p.press("consumer")
	p.pressEnter()
	p.waitForProblem("New name of producer-2", "is taken: every producer and consumer has its own name.")
	p.shot("panel-rename")
	p.do(evaluate(`document.activeElement.select(); 0`))
	p.press("bakery")
	p.pressEnter()
	p.waitForCards("producer", "bakery", "consumer", "consumer-2")
	p.waitForFocus("Rename bakery")
	p.click("Rename bakery")
	p.waitForFocus("New name of bakery")
	p.press("nobody" + kb.Escape)
	p.waitForFocus("Rename bakery")
	p.waitForCards("producer", "bakery", "consumer", "consumer-2")

	p.more("bakery")
	p.click("Move bakery up")
	p.waitForCards("bakery", "producer", "consumer", "consumer-2")
	p.waitForFocus("Move bakery down") // there is nothing above
	p.pressEnter()
	p.waitForCards("producer", "bakery", "consumer", "consumer-2")
	p.waitForFocus("Move bakery up")

	p.click("Remove producer")
	p.waitForCards("bakery", "consumer", "consumer-2")
	p.click("Remove consumer")
	p.waitForCards("bakery", "consumer-2")
	for _, name := range []string{"Remove bakery", "Remove consumer-2"} {
		p.waitFor(fmt.Sprintf(`document.querySelector('[aria-label=%s]').disabled`, quote(name)))
	}
	p.press(kb.Home)
	for range 2 {
		p.do(chromedp.KeyEvent("z", chromedp.KeyModifiers(input.ModifierCtrl)))
	}
	p.waitForCards("producer", "bakery", "consumer", "consumer-2")
}

func TestPanelEverySettingCanBeTyped(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "light", classic+"@1.5s")
	p.more("producer")
	p.more("consumer")
	for _, c := range []struct{ name, typed, want, line string }{
		{"producer: events at once, typed", "3", "3 events", "publishes 3 at once"},
		{"producer: topic", "orders.new", "orders.new", `publishes on topic "orders.new"`},
		{"consumer: topics", "orders.*  parcels.>", "orders.* parcels.>", `subscribes to "orders.* parcels.>"`},
		{"consumer: workers, typed", "2", "2 workers", "2 workers"},
		{"consumer: attempts that fail, typed", "25", "25 %", "fails at 25%"},
		{"consumer: attempts, typed", "4", "4 times", "4 times"},
		{"consumer: pause before the second attempt, typed", "50ms", "50 ms", "waits 50ms"},
		{"consumer: buffer of its own, typed", "0", "0 events", "a buffer of 0"},
		{"consumer: buffer of its own, typed", "as the broker", "broker’s", "has a buffer as the broker says"},
	} {
		p.enter(c.name, c.typed)
		p.pressEnter()
		p.waitForValue(c.name, c.want)
		p.waitForLine(c.line)
	}
	p.click("consumer: service times exponential")
	p.waitForLine("exponential service times")
	p.click("producer: arrivals Poisson")
	p.waitForLine("poisson intervals")
	const full = "consumer: what its full buffer does"
	p.choose(full, "6")
	p.waitForLine("overflow policy spill")

	p.enter("producer: number of events", "7")
	p.pressEnter()
	p.waitForValue("producer: number of events", "7 events")
	p.click("Pause") // it is another run, which plays
	p.named("Play")
	p.enter("consumer: begins at, typed", "2 s")
	p.pressEnter()
	p.named("Pause")
	p.waitForValue("consumer: begins at, typed", "2 s")
	p.waitForNoProblem("consumer: begins at, typed")
	p.nothingOverflows()
	p.everyControlHasAName()
	p.shot("panel-all")
}

func TestPanelActions(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@1.5s")
	p.click("Publish one by hand: producer")
	p.waitForLine("by=hand")
	p.click("Pause consumer")
	p.waitForLine("consumer: is paused")
	p.waitFor(`document.querySelector(".side .badge").innerText === "paused"`)
	p.shot("panel-paused")
	p.click("Resume consumer")
	p.waitForLine("consumer: goes on")
	p.waitFor(`document.querySelector(".side .badge").hidden`)
	p.click("Crash the process")
	p.waitForLine("the process has crashed")
	p.click("consumer")
	p.waitFor(`document.querySelector(".card.selected").id === "consumer-0" && location.hash.includes("sel=c0")`)
	p.click("consumer")
	p.waitFor(`!document.querySelector(".card.selected")`)
}

func TestPanelFitsEveryWindow(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@7.3s")
	p.more("producer")
	p.more("consumer")
	p.enter("consumer: topics", "orders..new")
	p.pressEnter()
	p.waitForProblem("consumer: topics", "orders..new")
	p.enter("Buffer of each consumer, typed", "1000000")
	p.pressEnter()
	p.waitForLine("buffers hold 1000000")
	p.waitForValue("Buffer of each consumer, typed", "1000000")
	inEveryWindow(p, func(name string) {
		p.waitForProblem("consumer: topics", "orders..new")
		p.nothingOverflows()
		p.everyControlHasAName()
		for _, cut := range get[[]string](p, `[...document.querySelectorAll(".side .typed:not(.wide), .side .btn, .side .chip")]
			.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.outerHTML.slice(0, 120))`) {
			t.Errorf("%s: cut off: %s", name, cut)
		}
		for _, id := range []string{"producer-0", "broker-0-overflow-label", "consumer-0", "run-0-seed"} {
			p.do(evaluate(fmt.Sprintf(`document.getElementById(%s).scrollIntoView(); 0`, quote(id))))
			p.shot("panel-" + name + "-" + id)
		}
		p.openScenarios()
		p.click("Save settings")
		p.waitForSaid("is saved")
		p.nothingOverflows()
		p.everyControlHasAName()
		p.shot("scenarios-" + name)
		p.closeDialog()
	})
}

// --- the dialog of scenarios -------------------------------------------------------------------------------

// openScenarios opens the dialog.
func (p *page) openScenarios() {
	p.t.Helper()
	p.click("Scenarios")
	p.waitFor(`document.querySelector("#dialog")?.open && document.querySelector(".scenarios")`)
}

func (p *page) waitForSaid(text string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`document.querySelector(".outcome")?.innerText.includes(%s)`, quote(text)))
}

// waitForMine waits until the dialog lists those as the user's own scenarios.
func (p *page) waitForMine(names ...string) {
	p.t.Helper()
	expect(p, `[...document.querySelectorAll("#saved-scenarios b")].map((e) => e.innerText)`, names)
}

// closeDialog closes the one that is open.
func (p *page) closeDialog() {
	p.t.Helper()
	p.click("Close")
	p.waitFor(`!document.querySelector("dialog")`)
}

// give chooses files for the input of the dialog.
func (p *page) give(paths ...string) {
	p.t.Helper()
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		e, failed, err := runtime.Evaluate(`document.getElementById("choose-scenario")`).Do(ctx)
		if err != nil || failed != nil {
			return fmt.Errorf("finding the input: %v, %v", err, failed)
		}
		return dom.SetFileInputFiles(paths).WithObjectID(e.ObjectID).Do(ctx)
	}))
}

func TestScenariosAreSavedAndLoaded(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@1.5s")
	p.enter("Buffer of each consumer, typed", "9")
	p.pressEnter()
	p.waitForLine("buffers hold 9")
	p.openScenarios()
	p.enter("Name to save under", "Nine")
	p.pressEnter()
	p.waitForSaid("“Nine” is saved.")
	p.enter("Name to save under", "Nine on the way")
	p.click("Save whole run")
	p.waitForSaid("“Nine on the way” is saved.")

	p.reload()
	p.openScenarios()
	p.waitForMine("Nine", "Nine on the way")
	p.clickAt(p.middle(`[...document.querySelectorAll(".pick")].find((e) => e.innerText.startsWith("Backpressure"))`))
	p.waitFor(`!document.querySelector("#dialog")`)
	p.waitFor(`document.querySelector(".question .chip[aria-pressed=true]").innerText === "block producer"`)
	p.openScenarios()
	p.click("Open Nine")
	p.waitForValue("Buffer of each consumer, typed", "9 events")
	p.waitFor(`document.querySelector(".caption").innerText.includes("“Nine”")`)
	p.openScenarios()
	p.click("Open Nine on the way")
	p.waitForValue("Buffer of each consumer, typed", "3 events") // until 1.5 s

	p.openScenarios()
	p.click("Rename Nine")
	p.waitFor(`document.activeElement.id === "rename-scenario"`)
	p.press("Nine on the way")
	p.pressEnter()
	p.waitForProblem("New name of Nine", "is taken")
	p.press(kb.Escape) // which does not close the dialog
	p.waitForFocus("Rename Nine")
	p.click("Rename Nine")
	p.waitFor(`document.activeElement.id === "rename-scenario"`)
	p.press("Neun")
	p.pressEnter()
	p.waitForSaid("“Nine” is now called “Neun”.")
	p.waitForFocus("Rename Neun")
	p.click("Delete Neun")
	p.waitForSaid("“Neun” is deleted.")
	p.waitForFocus("Undo")
	p.pressEnter()
	p.waitForSaid("It is as it was before.")
	p.waitForMine("Neun", "Nine on the way")
	p.shot("scenarios-own")
}

func TestScenariosAreImported(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const good = `{"producers": [{"name": "oven", "interval": "2s"}], "consumers": [{"name": "shop", "service": "1s"}]}`
	p := open(t, 1440, 900, "light", classic+"@1.5s")
	p.openScenarios()
	p.give(write("bakery.json", good))
	p.waitForSaid("“bakery” is imported.")
	p.give(write("broken.json", `{"producers": [`))
	p.waitForSaid("“broken” can’t be imported. The text ends in the middle.")
	p.give(write("nonsense.json", strings.Replace(good, "2s", "2 hours", 1)))
	p.waitForSaid("“nonsense” can’t be imported.")
	p.give(write("huge.json", strings.Repeat(" ", 2<<20)))
	p.waitForSaid("It has 2048 kB: a scenario has at most 1024.")
	p.shot("scenarios-broken")

	paste := func(text string) {
		p.waitFor(`(() => { const e = document.getElementById("paste-scenario"); e.focus(); return document.activeElement === e; })()`)
		p.do(evaluate(fmt.Sprintf(`document.execCommand("insertText", false, %s); document.activeElement.dispatchEvent(new InputEvent("input", {inputType: "insertFromPaste", bubbles: true})); 0`, quote(text))))
	}
	paste(good)
	p.waitForSaid("“pasted scenario” is imported.")
	p.waitFor(`document.getElementById("paste-scenario").value === ""`)
	paste("nonsense")
	p.waitForSaid("“pasted scenario” can’t be imported.")

	p.do(evaluate(fmt.Sprintf(`(() => {
		const data = new DataTransfer();
		data.items.add(new File([%s], "dropped.json"));
		const zone = document.querySelector(".import");
		for (const kind of ["dragover", "drop"]) zone.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
	})()`, quote(good))))
	p.waitForSaid("“dropped” is imported.")
	p.waitForMine("bakery", "pasted scenario", "dropped")
	p.click("Open dropped")
	p.waitForCards("oven", "shop")
}

func TestScenariosAreExported(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@1.5s")
	p.openScenarios()
	p.click("Save settings")
	p.waitForSaid("is saved")
	file := p.downloads()
	p.click("Export my scenario")
	text := file("my-scenario.json")
	if !strings.Contains(string(text), `"name": "producer"`) {
		t.Errorf("it is %s", text)
	}
	path := filepath.Join(t.TempDir(), "again.json")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	p.give(path)
	p.waitForSaid("“again” is imported.")
	p.waitForMine("my scenario", "again")
}

func TestScenariosSurviveADamagedStorage(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	p.beforeEveryLoad(`localStorage.setItem("spillway.scenarios", '{"version":1,"scenarios":[{"name":"half","scenario":{"producers":[]}},{"na')`)
	p.visit(server)
	p.waitUntilItRuns()
	p.openScenarios()
	p.waitFor(`document.querySelector("#saved-scenarios").innerText.includes("can’t be opened. The list of scenarios can't be read")`)
	p.click("Save settings")
	p.waitForSaid("is saved")
	p.waitForMine("Damaged list", "my scenario")
	p.shot("scenarios-damaged")
}

func TestScenariosStayForAsLongAsThePageWithoutStorage(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"blocked": `Object.defineProperty(globalThis, "localStorage", {configurable: true, get() { throw new DOMException("blocked", "SecurityError"); }});`,
		"full":    `Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };`,
	} {
		t.Run(name, func(t *testing.T) {
			p := blank(t, 1440, 900, "dark")
			p.beforeEveryLoad(script)
			p.visit(server)
			p.waitUntilItRuns()
			p.openScenarios()
			p.click("Save settings")
			p.waitForSaid("“my scenario” is saved. The browser's storage is blocked or full")
			p.shot("scenarios-" + name)
			p.closeDialog()
			p.openScenarios()
			p.waitForMine("my scenario")
			p.closeDialog()
			p.waitFor(`document.querySelector(".clock").innerText > "00:00.5"`)
		})
	}
}
