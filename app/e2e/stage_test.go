package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// spot is where the thing on the stage is whose name begins so.
func (p *page) spot(name string) (x, y float64) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`document.querySelector('.spot[aria-label^=%s]')`, quote(name)))
	box := get[[]float64](p, fmt.Sprintf(`(() => { const r = document.querySelector('.spot[aria-label^=%s]').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()`, quote(name)))
	return box[0] + box[2]/2, box[1] + 8 // the middle may be an event
}

// card waits until there is one that says this.
func (p *page) card(words ...string) {
	p.t.Helper()
	for _, w := range words {
		p.waitFor(fmt.Sprintf(`document.querySelector(".closeup")?.innerText.includes(%s) && getComputedStyle(document.querySelector(".closeup")).visibility === "visible"`, quote(w)))
	}
}

func TestAThingOnTheStageHasACardUnderThePointerAndKeepsItWhenClicked(t *testing.T) {
	p := open(t, 1440, 900, "dark", classic+"@8.7s")
	x, y := p.spot("consumer:")
	p.do(chromedp.MouseEvent(input.MouseMoved, x, y))
	p.card("busy with 3 until 00:09.0", "Select it")
	p.do(chromedp.MouseEvent(input.MouseMoved, 700, 600))
	p.waitFor(`!document.querySelector(".closeup")`)
	p.do(chromedp.MouseClickXY(x, y))
	p.card("busy with 3 until 00:09.0", "Pause it")
	p.do(chromedp.MouseEvent(input.MouseMoved, 700, 600))
	p.card("Pause it")
	p.waitFor(`location.hash.endsWith("&sel=c0")`)
	p.click("Pause it")
	p.card("Let it go on", "paused")
	p.click("Close the card")
	p.waitFor(`!document.querySelector(".closeup")`)
}

func TestTheCardOfADroppedEventSaysWhatWouldHaveKeptIt(t *testing.T) {
	for _, theme := range []string{"dark", "light"} {
		for _, size := range [][2]int{{1440, 900}, {1024, 768}, {390, 844}} {
			p := open(t, size[0], size[1], theme, classic+"@8.5s&sel=e0.6")
			p.card("event 6 of producer", "3, 4, 5 waiting", "busy with 2 until 00:07.0", "a buffer of 4 would have kept it")
			p.nothingOverflows()
			inside := `(() => { const c = document.querySelector(".closeup").getBoundingClientRect(), s = document.querySelector(".stage").getBoundingClientRect(); return c.left >= s.left && c.top >= s.top && c.right <= s.right + 0.5 && c.bottom <= s.bottom + 0.5; })()`
			p.waitFor(inside)
			p.shot(fmt.Sprintf("card-%s-%d", theme, size[0]))
		}
	}
}

func TestTheStageIsWalkedWithTheKeyboard(t *testing.T) {
	p := open(t, 1440, 900, "dark", classic+"@8.7s")
	p.waitFor(`document.querySelectorAll(".spot").length === 5`)
	p.do(evaluate(`document.querySelector('.spot[tabindex="0"]').focus()`))
	on := func(name string) {
		t.Helper()
		p.waitFor(fmt.Sprintf(`document.activeElement.getAttribute("aria-label")?.startsWith(%s)`, quote(name)))
	}
	on("producer: ")
	p.card("A producer.")
	p.press(kb.ArrowRight)
	on("buffer of consumer: 3 of 3 waiting")
	p.card("waiting, the next first")
	p.press(kb.ArrowUp)
	on("broker: ")
	p.press(kb.End)
	on("dropped: 1 event")
	if got := p.clock(); got != "00:08.7" {
		t.Errorf("the arrows have moved the time to %s", got)
	}
	p.press(kb.Enter)
	p.card("newest first")
	p.press(kb.Tab) // into the card
	on("Close the card")
	p.press(kb.Tab)
	on("Look at event 6")
	p.press(kb.Enter)
	p.card("event 6 of producer", "a buffer of 4 would have kept it")
	p.do(evaluate(`document.querySelector('[aria-label="Close the card"]').focus()`))
	p.press(kb.Escape)
	p.waitFor(`!document.querySelector(".closeup.pinned")`)
	on("dropped: ")
	if n := get[int](p, `document.querySelectorAll('.spot[tabindex="0"]').length`); n != 1 {
		t.Errorf("%d things are in the order of the Tab key", n)
	}
}

func TestAnEventIsPublishedByHandFromTheCard(t *testing.T) {
	p := open(t, 1440, 900, "light", classic+"@1.5s")
	x, y := p.spot("producer: 1 published")
	p.do(chromedp.MouseClickXY(x, y))
	p.card("Publish one")
	p.do(evaluate(`document.querySelector(".closeup .actions button").click()`))
	p.spot("producer: 2 published")
	p.waitForLine("[produced=1, by=hand]")
}

func TestATapOpensACard(t *testing.T) {
	p := blank(t, 390, 844, "dark")
	p.do(emulation.SetTouchEmulationEnabled(true))
	p.visit(server + "#" + classic + "@8.7s")
	p.waitUntilItRuns()
	x, y := p.spot("producer:")
	p.do(
		input.DispatchTouchEvent(input.TouchStart, []*input.TouchPoint{{X: x, Y: y}}),
		input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}),
	)
	p.card("A producer.", "Publish one")
}

// Pictures of everything that can be chosen, to look at; without a folder for
// them it is a test that nothing complains.
func TestEveryPresetIsDrawn(t *testing.T) {
	list, err := output("go", "run", "./cmd/spillway", "presets")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(list, "\n") {
		id, _, _ := strings.Cut(line, " ")
		if id == "" {
			continue
		}
		link, err := output("go", "run", "./cmd/spillway", "link", id)
		if err != nil {
			t.Fatal(err)
		}
		_, link, _ = strings.Cut(link, "#")
		p := open(t, 1440, 900, "dark", link+"@8.4s")
		p.waitFor(`document.querySelectorAll(".spot").length > 3`)
		p.shot("preset-" + id)
	}
}
