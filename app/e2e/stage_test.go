package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"
)

// spot is where the thing on the stage is whose name begins so.
func (p *page) spot(name string) point {
	p.t.Helper()
	y := 8.0 // the middle may be an event
	return p.place(fmt.Sprintf(`document.querySelector('.spot[aria-label^=%s]')`, quote(name)), nil, &y)
}

// card waits until there is one that says this.
func (p *page) card(words ...string) {
	p.t.Helper()
	for _, w := range words {
		p.waitFor(fmt.Sprintf(`document.querySelector(".closeup")?.innerText.includes(%s) && getComputedStyle(document.querySelector(".closeup")).visibility === "visible"`, quote(w)))
	}
}

func TestAThingOnTheStageHasACardUnderThePointerAndKeepsItWhenClicked(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@8.7s")
	at, away := p.spot("consumer:"), point{700, 600}
	p.pointAt(at)
	p.card("busy with 3 until 00:09.0", "Select it")
	p.pointAt(away)
	p.waitFor(`!document.querySelector(".closeup")`)
	p.clickAt(at)
	p.card("busy with 3 until 00:09.0", "Pause it")
	p.pointAt(away)
	p.tick()
	p.card("Pause it")
	p.waitFor(`location.hash.endsWith("&sel=c0")`)
	p.click("Pause it")
	p.card("Let it go on", "paused")
	p.click("Close the card")
	p.waitFor(`!document.querySelector(".closeup")`)
}

func TestTheCardOfADroppedEventSaysWhatWouldHaveKeptIt(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		p := open(t, size.width, size.height, "dark", classic+"@8.5s&sel=e0.6")
		for _, theme := range []string{"dark", "light"} {
			p.prefer("prefers-color-scheme", theme)
			p.waitFor(`document.documentElement.dataset.theme === ` + quote(theme))
			p.card("event 6 of producer", "3, 4, 5 waiting", "busy with 2 until 00:07.0", "a buffer of 4 would have kept it")
			p.nothingOverflows()
			p.everyControlHasAName()
			p.waitFor(`(() => {
				const card = document.querySelector(".closeup").getBoundingClientRect(), stage = document.querySelector(".stage").getBoundingClientRect();
				if (innerWidth < 600) return card.left >= 0 && card.right <= innerWidth && card.bottom <= innerHeight && card.top >= document.querySelector("#stage").getBoundingClientRect().bottom;
				return card.left >= stage.left && card.top >= stage.top && card.right <= stage.right + 0.5 && card.bottom <= stage.bottom + 0.5;
			})()`)
			p.shot(fmt.Sprintf("card-%s-%d", theme, size.width))
		}
	}
}

func TestTheStageIsWalkedWithTheKeyboard(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@8.7s")
	p.waitFor(`document.querySelectorAll(".spot").length === 5`)
	p.waitFor(`(() => { const e = document.querySelector('.spot[tabindex="0"]'); e.focus(); return document.activeElement === e; })()`)
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
	p.waitFor(`document.querySelector(".closeup.pinned")`)
	p.card("newest first")
	p.named("Close the card")
	p.press(kb.Tab) // into the card
	on("Close the card")
	p.press(kb.Tab)
	on("Look at event 6")
	p.press(kb.Enter)
	p.card("event 6 of producer", "a buffer of 4 would have kept it")
	p.focus("Close the card")
	p.press(kb.Escape)
	p.waitFor(`!document.querySelector(".closeup.pinned")`)
	on("dropped: ")
	expect(p, `document.querySelectorAll('.spot[tabindex="0"]').length`, 1) // is in the order of the Tab key
}

func TestAnEventIsPublishedByHandFromTheCard(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "light", classic+"@1.5s")
	p.clickAt(p.spot("producer: 1 published"))
	p.card("Publish one")
	p.click("Publish one")
	p.spot("producer: 2 published")
	p.waitForLine("[produced=1, by=hand]")
}

// tap taps with a finger.
func (p *page) tap(at point) {
	p.t.Helper()
	p.do(
		input.DispatchTouchEvent(input.TouchStart, []*input.TouchPoint{{X: at.X, Y: at.Y}}),
		input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}),
	)
}

func TestATapOpensACard(t *testing.T) {
	t.Parallel()
	p := blank(t, 390, 844, "dark")
	p.do(emulation.SetTouchEmulationEnabled(true))
	p.visit(to(classic + "@8.7s"))
	p.waitUntilItShows(classic + "@8.7s")
	p.tap(p.spot("producer:"))
	p.card("A producer.", "Publish one")
}

// At 7 s of the classic event 6 is dropped and then 3 is delivered: at no time is there a free place while 6 is not
// yet in the tray.
func TestAnEventIsDroppedFromABufferThatIsSeenToBeFull(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@6.8s")
	p.do(evaluate(`globalThis.sights_ = []; (function look() {
		const label = (name) => document.querySelector('.spot[aria-label^="' + name + '"]')?.ariaLabel ?? "";
		const now = label("buffer of") + ", " + label("dropped");
		if (sights_.at(-1) !== now) sights_.push(now);
		requestAnimationFrame(look);
	})()`))
	p.click("Speed 0.25×")
	p.click("Play")
	p.waitFor(`sights_.at(-1).includes("2 of 3 waiting")`)
	expect(p, `sights_.join(" | ")`, "buffer of consumer: 3 of 3 waiting, dropped: nothing yet | "+
		"buffer of consumer: 2 of 3 waiting, 1 dropped, dropped: 1 event · 14.3 %")
}

// Pictures of everything that can be chosen, to look at; without a folder for
// them it is a test that nothing complains.
func TestEveryPresetIsDrawn(t *testing.T) {
	t.Parallel()
	list, err := output(terminal, "presets")
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, 1440, 900, "dark", "")
	for _, line := range strings.Split(list, "\n") {
		id, _, _ := strings.Cut(line, " ")
		if id == "" {
			continue
		}
		link, err := output(terminal, "link", id)
		if err != nil {
			t.Fatal(err)
		}
		_, link, _ = strings.Cut(link, "#")
		p.do(evaluate("location.hash = " + quote(link+"@8.4s")))
		p.waitFor(`location.hash.endsWith("@8.4s") && document.querySelector(".clock").innerText.startsWith("00:08.4")`)
		expect(p, `document.querySelector("select[aria-label=Preset]").value`, id)
		p.waitUntilItIsStill()
		p.waitFor(`document.querySelectorAll(".spot").length > 3`)
		p.shot("preset-" + id)
	}
}
