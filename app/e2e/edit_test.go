package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"
)

// A drag that lasts is one change in the log and in the link, which brings back what
// is shown.
func TestADragWhileItPlaysIsOneChangeHoweverLongItTakes(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@1.5s")
	const service = "consumer: time for one event"
	slider := fmt.Sprintf(`document.querySelector('[aria-label=%s]')`, quote(service))
	between := get[[]float64](p, fmt.Sprintf(`(() => {
		const e = %s, r = e.getBoundingClientRect(), thumb = 16;
		return [0, 1].map((f) => r.x + thumb / 2 + (r.width - thumb) * (e.value / e.max - f * 0.12));
	})()`, slider))
	y := p.middle(slider).Y
	mouse := func(kind input.MouseType, x float64) {
		t.Helper()
		p.do(input.DispatchMouseEvent(kind, x, y).WithButton(input.Left).WithClickCount(1))
	}
	p.click("Play")
	p.waitForLine("[produced=2]")
	mouse(input.MousePressed, between[0])
	values := map[string]bool{}
	for n := 3; n <= 6; n++ { // at least a second each
		mouse(input.MouseMoved, between[0]+(between[1]-between[0])*float64(n-2)/4)
		p.waitForLine("from now on")
		p.waitForLine(fmt.Sprintf("[produced=%d]", n))
		values[p.value(service+", typed")] = true
	}
	mouse(input.MouseReleased, between[1])
	p.click("Pause")
	p.waitUntilItIsStill()
	if len(values) < 3 {
		t.Errorf("the drag went through the values %v only", values)
	}
	lines, clock, value := p.logLines(), p.clock(), p.value(service+", typed")
	if text := strings.Join(lines, "\n"); strings.Count(text, "from now on") != 1 {
		t.Errorf("the log says\n%s", text)
	}
	p.tick()
	p.reload()
	p.waitForClock(clock)
	p.waitForValue(service+", typed", value)
	p.waitFor(fmt.Sprintf(`%s.length === %d`, happened, len(lines)))
	if got := p.logLines(); !slices.Equal(got, lines) {
		t.Errorf("the link brings back\n%s\nand there was\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
	}
}

// Keys that come before the field for the name is there are not the page's.
func TestWhatIsTypedRightAfterRenameIsNoShortcut(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@4.5s")
	before := p.logLines()
	p.do(evaluate(`(() => {
		document.querySelector('[aria-label="Rename producer"]').click();
		for (const key of ["x", "End"]) {
			document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
		}
	})(); 0`))
	p.waitForFocus("New name of producer")
	p.tick()
	if got := p.logLines(); p.clock() != "00:04.5" || !slices.Equal(got, before) {
		t.Errorf("at %s the log says %q, and it said %q", p.clock(), got, before)
	}
	p.press(kb.Escape)
	p.waitForFocus("Rename producer")
	p.press(kb.ArrowRight) // and now they are the page's again
	p.waitForClock("00:05.0")
}

func TestUndoInTheDialogKeepsWhatAnotherTabHasSavedInBetween(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@1.5s")
	p.openScenarios()
	p.enter("Name to save under", "mine")
	p.pressEnter()
	p.waitForSaid("“mine” is saved.")
	p.click("Delete mine")
	p.waitForSaid("“mine” is deleted.")
	p.do(evaluate(`(() => { // as another tab would
		const key = "spillway.scenarios", kept = JSON.parse(localStorage.getItem(key));
		kept.scenarios.push({name: "of the other", scenario: {producers: [{name: "p", interval: "1s"}], broker: {buffer: 3, overflow: "drop-newest"}, consumers: [{name: "c", service: "2s"}], duration: "10s", start: "2021-11-01 11:11:19 +0100 CET", seed: 1}});
		localStorage.setItem(key, JSON.stringify(kept));
	})(); 0`))
	p.click("Undo")
	p.waitForSaid("It is as it was before.")
	p.waitForMine("mine", "of the other")
	p.reload()
	p.openScenarios()
	p.waitForMine("mine", "of the other")
}

// A run of many records is not run again on each move: the field shows where the slider
// is, and the change comes when it is released.
func TestADragInALongRunIsSentWhenItIsReleased(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@0.1s")
	p.enter("producer: time between two events, typed", "50 us")
	p.pressEnter()
	p.waitForLine("publishes every 50µs")
	p.clickTimeLine(0.5)
	p.waitFor(`/^00:0[45]/.test(document.querySelector(".clock").innerText)`)
	p.waitUntilItIsStill()
	const service = "consumer: time for one event"
	slider := fmt.Sprintf(`document.querySelector('[aria-label=%s]')`, quote(service))
	at := get[[]float64](p, fmt.Sprintf(`(() => {
		const e = %s, r = e.getBoundingClientRect(), thumb = 16;
		return [0, 0.1, 0.2].map((f) => r.x + thumb / 2 + (r.width - thumb) * (e.value / e.max - f));
	})()`, slider))
	y := p.middle(slider).Y
	mouse := func(kind input.MouseType, x float64) {
		t.Helper()
		p.do(input.DispatchMouseEvent(kind, x, y).WithButton(input.Left).WithClickCount(1))
	}
	mouse(input.MousePressed, at[0])
	before := p.value(service + ", typed")
	for _, x := range at[1:] {
		mouse(input.MouseMoved, x)
		p.waitFor(fmt.Sprintf(`document.querySelector('[aria-label=%s]').value !== %s`, quote(service+", typed"), quote(before)))
		before = p.value(service + ", typed")
	}
	p.tick()
	if lines := strings.Join(p.logLines(), "\n"); strings.Contains(lines, "from now on") {
		t.Errorf("while it is dragged the log says\n%s", lines)
	}
	mouse(input.MouseReleased, at[2])
	p.waitForLine("consumer: needs")
	p.waitForValue(service+", typed", before)
}
