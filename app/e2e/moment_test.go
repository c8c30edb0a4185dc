package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp/kb"
)

func TestAChangeWhileItPlaysIsRecordedAndPlayedBack(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "")
	p.waitForLine("[produced=0]")
	p.click("drop oldest")
	p.waitForLine("broker: full buffers drop")
	p.named("Pause") // it goes on
	p.click("Speed 10×")
	p.waitForLine("quitting")
	const policy = `document.querySelector(".question .chip[aria-pressed=true]").innerText`
	expect(p, policy, "drop oldest")
	lines := p.logLines()
	p.focus("Time")
	p.press(kb.Home)
	expect(p, policy, "drop newest")
	p.press("]") // to the change
	expect(p, policy, "drop oldest")
	p.press(kb.End)
	p.waitFor(`location.hash.endsWith("@10s")`)
	p.reload()
	p.waitUntilItIsStill()
	expect(p, happened, lines)
}

func TestALinkBringsBackAllThatIsLookedAt(t *testing.T) {
	t.Parallel()
	const link = dropOldest + "@8.4s&sel=q0&chart=rate&marks=2s,4s"
	p := open(t, 1440, 900, "dark", link)
	for range 2 {
		p.waitForClock("00:08.4")
		expect(p, `document.querySelector("select[aria-label=Preset]").value`, "drop-oldest")
		p.waitFor(`document.querySelector(".closeup.pinned")`)
		p.card("waiting, the next first")
		p.named("Show all charts")
		p.waitFor(`document.querySelector("#chart-rate").checkVisibility() && !document.querySelector("#chart-depth").checkVisibility()`)
		expect(p, `location.hash`, "#"+link)
		p.reload()
		p.waitUntilItIsStill()
	}
	p.press(kb.Home)
	p.waitForClock("00:00.0")
	p.press("]")
	p.waitForClock("00:02.0")
}

func TestTheTimeLineIsDragged(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@2s")
	p.dragFrom(p.onTimeLine(0.2), p.onTimeLine(0.75))
	p.waitForClock("00:07.")
	p.waitForLine("event dropped")
	p.waitForTile("dropped", "1")
	p.dragFrom(p.onTimeLine(0.75), p.onTimeLine(0.45))
	p.waitForClock("00:04.")
	p.waitForTile("dropped", "0")
	p.named("Play")
}

// inkAt is a JavaScript expression for the colour of the time line's mark at a fraction of it, "" if there is none.
func inkAt(fraction float64) string {
	return fmt.Sprintf(`(() => {
		const canvas = document.querySelector("#marks"), scale = canvas.width / canvas.clientWidth, thumb = 16;
		const x = (thumb / 2 + (canvas.clientWidth - thumb) * %v) * scale;
		const copy = Object.assign(document.createElement("canvas"), { width: 6, height: 6 }).getContext("2d", { willReadFrequently: true });
		copy.drawImage(canvas, 3 - x, 0);
		const { data } = copy.getImageData(0, 0, 6, 6);
		let ink = "", most = 0;
		for (let i = 0; i < data.length; i += 4) if (data[i + 3] > most) [most, ink] = [data[i + 3], data.slice(i, i + 3).join()];
		return ink;
	})()`, fraction)
}

func TestTheTimeLineMarksDropsChangesAndTheUsersOwnMarks(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@4.5s")
	const mark, change, drop, nothing = 0.2, 0.45, 0.7, 0.9
	for _, at := range []float64{mark, change, drop, nothing} {
		expect(p, inkAt(at), "")
	}
	p.do(evaluate(`location.hash = "` + classic + `@4.5s&marks=2s"`))
	p.waitFor(`location.hash.endsWith("marks=2s")`)
	p.click("Pause consumer")
	p.waitForLine("consumer: is paused")
	p.click("Resume consumer")
	p.waitForLine("consumer: goes on")
	p.focus("Time")
	p.press(kb.End)
	p.waitForLine("event dropped")
	p.tick()
	inks := map[string]bool{}
	for _, at := range []float64{mark, change, drop} {
		ink := get[string](p, inkAt(at))
		if ink == "" {
			t.Errorf("there is nothing at %v", at)
		}
		inks[ink] = true
	}
	if len(inks) != 3 {
		t.Errorf("the three kinds have the colours %v", inks)
	}
	expect(p, inkAt(nothing), "")
	p.shot("time-line")
}

func TestTheSpeedIsChosenWithKeysAndMaxSaysHowFastItIs(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", events(t))
	const speed = `document.querySelector(".speeds [aria-pressed=true]").innerText`
	p.waitFor(speed + `.startsWith("auto")`)
	p.click("Speed 1×")
	p.press("+")
	expect(p, speed, "10×")
	p.press("-")
	p.press("-")
	expect(p, speed, "0.25×")
	for range 6 {
		p.press("+")
	}
	expect(p, speed, "max")
	p.waitFor(`/^runs at [\d\u202f.,]+×$/.test(document.querySelector(".live").innerText)`)
	p.press("r") // the run may be over soon
	p.press("-")
	expect(p, speed, "1000×")
}

func TestTheSummaryInWordsFollowsTheMoment(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@8.4s")
	const summary = `document.querySelector(".stage [role=status][aria-live=polite]").innerText`
	expect(p, summary, "At 8.4 s: 8 events published, 4 delivered, 1 dropped. consumer: 3 of 3 waiting, busy with event 3.")
	p.press(kb.Home)
	expect(p, summary, "At 0 s: 0 events published, 0 delivered, 0 dropped. consumer: 0 of 3 waiting.")
	p.press(kb.End)
	p.waitFor(summary + `.endsWith("The run has ended.")`)
}

func TestABackgroundTabStandsStillAndGoesOn(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "")
	p.do(emulation.SetFocusEmulationEnabled(false)) // with which no tab is in the background
	const clock = `document.querySelector(".clock").innerText.match(/^(\d+):([\d.]+)/).slice(1).reduce((m, s) => 60 * m + Number(s))`
	p.waitFor(clock + " > 0.5")
	p.do(evaluate(`document.addEventListener("visibilitychange", () => { globalThis[document.visibilityState] = performance.now(); })`))
	var other target.ID
	p.inBrowser(func(ctx context.Context, id cdp.BrowserContextID) (err error) {
		other, err = target.CreateTarget("about:blank").WithBrowserContextID(id).Do(ctx)
		return err
	})
	p.waitFor(`globalThis.hidden > 0`)
	at := get[float64](p, clock)
	p.waitFor(`performance.now() > hidden + 2000`)
	p.do(cdppage.BringToFront())
	p.waitFor(`globalThis.visible > 0`)
	p.waitFor(fmt.Sprintf("%s > %v", clock, at)) // it goes on
	// What has passed of the run is no more than what has passed on the screen, one long frame, and what the
	// clock was behind by.
	if ahead := get[float64](p, fmt.Sprintf("%s - %v - (performance.now() - visible) / 1000", clock, at)); ahead > 0.25+0.2 {
		t.Errorf("the run went on for %.1f s while nobody saw it", ahead)
	}
	p.inBrowser(func(ctx context.Context, _ cdp.BrowserContextID) error { return target.CloseTarget(other).Do(ctx) })
}

func TestAtHighSpeedTheStageStillMovesAndStandsStillWhenPaused(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", events(t))
	p.click("Speed 100×")
	p.waitFor(`parseInt(document.querySelector(".tile dd").innerText.replace(/\D/g, "")) > 10000`)
	if pictures := p.frames(4); len(slices.Compact(pictures)) < 3 {
		t.Error("the stage stands still")
	}
	p.waitFor(`document.querySelector('.spot[aria-label^="buffer of consumer"]')`)
	p.shot("flow")
	p.click("Pause")
	p.waitUntilItIsStill()
	if pictures := p.frames(3); len(slices.Compact(pictures)) != 1 {
		t.Error("paused, the stage moves")
	}
}

func TestAnEventUnderThePointerTellsItsStory(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@8.7s")
	p.pointAt(p.spot("buffer of consumer"))
	p.card("waiting, the next first")
	box := get[[]float64](p, `(() => { const r = document.querySelector('.spot[aria-label^="buffer of consumer"]').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()`)
	var told string
	for share := 0.05; share < 1 && told == ""; share += 0.05 {
		p.pointAt(point{box[0] + box[2]*share, box[1] + box[3]/2})
		p.tick()
		if title := p.text(".closeup strong"); strings.HasPrefix(title, "event ") {
			told = title
		}
	}
	if told == "" {
		t.Fatal("no event is found in the buffer")
	}
	p.card("of producer", "waits in the buffer")
	p.shot("event-hovered")
}

func TestEveryControlIsReachedWithTheTabKey(t *testing.T) {
	t.Parallel()
	atEverySize(t, classic+"@8.7s", func(t *testing.T, p *page) {
		p.more("producer")
		p.more("consumer")
		p.click("All kinds")
		p.tick()
		const all = `[...document.querySelectorAll("button, input, select, textarea, a[href], [tabindex]")]
			.filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }))`
		n := get[int](p, `(() => {
			globalThis.reached = new Set();
			addEventListener("focusin", (e) => reached.add(e.target), true);
			document.activeElement.blur();
			return `+all+`.length;
		})()`)
		if n < 40 {
			t.Errorf("there are only %d controls", n)
		}
		p.press(strings.Repeat(kb.Tab, n+5))
		for _, missed := range get[[]string](p, all+`.filter((e) => !reached.has(e)).map((e) => e.outerHTML.slice(0, 150))`) {
			t.Errorf("the tab key never comes to %s", missed)
		}
	})
}

func TestAPhoneIsUsedWithAFinger(t *testing.T) {
	t.Parallel()
	p := blank(t, 390, 844, "dark")
	p.do(emulation.SetTouchEmulationEnabled(true))
	p.visit(to(classic + "@2s"))
	p.waitUntilItShows(classic + "@2s")
	p.tap(p.middle(`document.querySelector('[aria-label="Step forward"]')`))
	p.waitForLine("[produced=1]")
	p.tap(p.onTimeLine(0.85))
	p.waitForClock("00:08.")
	p.tap(p.middle(`[...document.querySelectorAll("button")].find((e) => e.innerText === "drop oldest")`))
	p.waitForLine("full buffers drop")
	p.tap(p.middle(`document.querySelector('[aria-label="Play"]')`))
	p.named("Pause")
	p.nothingOverflows()
}
