package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The link of the classic, and of the same with drop-oldest; `spillway link` prints them.
const (
	classic    = "1AO-N"
	dropOldest = "1JQSgO_U"
)

// happened are the lines that the log shows as past.
const happened = `[...document.querySelectorAll("#log-lines li:not(.later)")].map((e) => e.innerText)`

func (p *page) logLines() []string {
	p.t.Helper()
	return get[[]string](p, happened)
}

// waitForTile waits until the tile of that name shows a value.
func (p *page) waitForTile(name, want string) {
	p.t.Helper()
	expect(p, fmt.Sprintf(`[...document.querySelectorAll(".tile")].find((e) => e.querySelector("dt").innerText.startsWith(%s)).querySelector("dd").innerText`, quote(name)), want)
}

// clock is the moment that is shown.
func (p *page) clock() string {
	p.t.Helper()
	now, _, _ := strings.Cut(p.text(".clock"), " ")
	return now
}

// waitForClock waits until a moment is shown.
func (p *page) waitForClock(moment string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`document.querySelector(".clock").innerText.startsWith(%s)`, quote(moment)))
}

func (p *page) waitForLine(text string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`[...document.querySelectorAll("#log-lines li:not(.later)")].some((e) => e.innerText.includes(%s))`, quote(text)))
}

// bySecond sorts the lines inside each second, and drops the IDs, which the example drew at random.
func bySecond(lines []string) []string {
	id := regexp.MustCompile(`ID=\d+`)
	var out []string
	for _, l := range lines {
		out = append(out, id.ReplaceAllString(l, "ID=…"))
	}
	slices.Sort(out) // a line begins with its second
	return out
}

func TestTheClassicRunsByItselfInTheWordsOfTheExample(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "")
	p.click("Speed 10×")
	p.waitForLine("quitting")

	const day = "2021/11/01 11:11:"
	produced := func(second string, n int) string {
		return fmt.Sprintf("%s%s producer: I have produced something [produced=%d]", day, second, n)
	}
	consumed := func(second string, n int) string {
		return fmt.Sprintf("%s%s consumer: the producer created something [produced=%d]", day, second, n)
	}
	want := bySecond([]string{
		produced("20", 0),
		produced("21", 1),
		consumed("22", 0), produced("22", 2),
		produced("23", 3),
		consumed("24", 1), produced("24", 4),
		produced("25", 5),
		produced("26", 6), consumed("26", 2),
		day + "26 broker: warning, event dropped [type=*producer.ProducedSomethingEvent, ID=…, happenedOn=2021-11-01 11:11:26 +0100 CET m=+7.000000000]",
		produced("27", 7),
		consumed("28", 3), produced("28", 8),
		day + "29 quitting",
	})
	if got := bySecond(p.logLines()); !slices.Equal(got, want) {
		t.Errorf("the log says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for name, want := range map[string]string{"published": "9", "delivered": "5", "dropped": "1", "loss in theory": "50.0 %", "consumer busy": "90.0 %", "load": "2.00"} {
		p.waitForTile(name, want)
	}
	expect(p, `document.querySelector(".tile em").innerText`, "11.1 %") // the loss
	p.waitFor(`document.querySelector(".sr").innerText.includes("The run has ended")`)
}

func TestAStepMovesByOneRecordAndBack(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@6.5s")
	p.waitForClock("00:06.5")
	before := p.logLines()

	p.click("Step forward")
	p.waitForClock("00:07.0")
	p.waitForLine("[produced=6]")
	p.press(kb.ArrowRight)
	p.waitForLine("event dropped")
	p.waitForTile("dropped", "1")
	p.click("Step back")
	p.press(kb.ArrowLeft)
	expect(p, happened, before)
}

func TestTheTimeLineScrubsForwardAndBack(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "light", classic+"@1.5s")
	p.clickTimeLine(0.85)
	p.waitForClock("00:08.")
	p.waitForLine("event dropped")
	p.clickTimeLine(0.25)
	p.waitForClock("00:02.")
	p.waitForTile("published", "2")
	p.waitFor(`document.querySelector("#time").getAttribute("aria-valuetext").startsWith("00:02.")`)
	p.press(kb.End)
	p.waitForLine("quitting")
	p.press(kb.Home)
	p.waitForClock("00:00.0")
}

// clickTimeLine clicks the time line at a fraction of its length.
func (p *page) clickTimeLine(fraction float64) {
	p.t.Helper()
	p.clickAt(p.onTimeLine(fraction))
}

// onTimeLine is where that is. The length of the line depends on the fonts, and a pointer comes to lie on
// whole pixels: what a test expects must hold for a few pixels to either side.
func (p *page) onTimeLine(fraction float64) point {
	p.t.Helper()
	const line = `document.querySelector("#time")`
	const thumb = 16
	x := thumb/2 + (get[float64](p, line+".clientWidth")-thumb)*fraction
	return p.place(line, &x, nil)
}

func TestAChangeTakesEffectFromNowOnAndTheLinkBringsItBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ slider, line, output string }{
		{"producer: time between two events", "producer: publishes every 800ms from now on", "800 ms"},
		{"consumer: time for one event", "consumer: needs 1.5s an event from now on", "1.5 s"},
		{"Buffer of each consumer", "broker: buffers hold 2 from now on", "2 events"},
	} {
		t.Run(test.slider, func(t *testing.T) {
			p := open(t, 1440, 900, "dark", classic+"@4.5s")
			p.waitForClock("00:04.5")
			before := p.logLines()
			p.focus(test.slider)
			p.press(kb.ArrowLeft)
			p.waitForLine(test.line)
			if got := p.logLines(); !slices.Equal(got[:len(got)-1], before) {
				t.Errorf("what happened before the change is now %q, was %q", got[:len(got)-1], before)
			}
			p.waitForValue(test.slider+", typed", test.output)

			p.focus("Time")
			p.press(kb.End)
			p.waitForLine("quitting")
			after := p.logLines()
			p.waitFor(`location.hash.endsWith("@10s")`)
			address := get[string](p, "location.href")
			p.leave()
			p.visit(address)
			p.waitUntilItShows(address)
			expect(p, happened, after)
		})
	}
}

func TestCtrlCEndsTheRunGracefully(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@3.5s")
	p.click("Ctrl-C: end the run gracefully")
	p.waitForLine("quitting")
	lines := p.logLines()
	want := []string{"2021/11/01 11:11:22 cancelling from signal [signal=interrupt]", "2021/11/01 11:11:22 quitting"}
	if got := lines[len(lines)-2:]; !slices.Equal(got, want) {
		t.Errorf("it ends with %q, want %q", got, want)
	}
	p.waitFor(`document.querySelector("[aria-label^='Ctrl-C']").disabled`)
	p.click("Play") // once more, from the start
	p.waitFor(`document.querySelector(".clock").innerText < "00:03"`)
}

func TestPlayAndPauseStopAndMoveTheTime(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "")
	p.waitFor(`document.querySelector(".clock").innerText > "00:00.3"`)
	p.press(" ")
	p.waitUntilItIsStill()
	at := p.clock()
	painted := p.frames(3)
	if got := p.clock(); got != at {
		t.Errorf("paused at %s, it is %s after some frames", at, got)
	}
	if len(slices.Compact(painted)) != 1 {
		t.Error("the stage changes while the time stands still")
	}
	p.click("Play")
	p.waitFor(fmt.Sprintf(`document.querySelector(".clock").innerText > %s`, quote(at+"z")))
	p.waitFor(`document.querySelectorAll("#log-lines li:not(.later)").length > 0`)
}

// frames are pictures of the stage, some frames of the screen apart.
func (p *page) frames(n int) []string {
	p.t.Helper()
	var pictures []string
	for range n {
		var picture string
		p.do(chromedp.Evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(document.querySelector("#stage").toDataURL()))))`, &picture, chromedp.EvalAsValue, awaitPromise))
		pictures = append(pictures, picture)
	}
	return pictures
}

func TestTheStageMovesWhileItPlays(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "")
	p.waitForLine("[produced=0]") // which is then on its way
	first := p.frames(1)[0]
	p.waitForLine("[produced=1]")
	if p.frames(1)[0] == first {
		t.Error("the stage is the same two events later")
	}
}

func TestAPresetIsChosenFromTheList(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "")
	p.choose("Preset", "drop-oldest")
	p.waitFor(`document.querySelector(".caption").innerText.includes("waited longest")`)
	p.waitFor(`document.querySelector(".question .chip[aria-pressed=true]").innerText === "drop oldest"`)
	p.waitFor(fmt.Sprintf(`location.hash.startsWith("#%s")`, dropOldest))
	p.press(kb.End) // of the run: the focus is on no field
	p.waitForLine("quitting")
}

func TestABadLinkSaysWhatIsWrongAndShowsTheClassic(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "1AO-M")
	p.waitFor(`document.querySelector("[role=alert]")?.innerText.includes("checksum does not fit")`)
	p.waitForLine("[produced=0]")
	p.shot("bad-link")
	p.click("Dismiss")
	p.waitFor(`!document.querySelector("[role=alert]")`)
}

func TestALinkTypedIntoTheOpenPageIsOpened(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "")
	p.do(chromedp.Evaluate(`location.hash = "#`+dropOldest+`@9.5s"`, nil))
	p.waitForClock("00:09.5")
	p.waitFor(`document.querySelector(".question .chip[aria-pressed=true]").innerText === "drop oldest"`)
}

func TestShareLinkCopiesALinkToWhatIsShown(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@6.5s")
	// Headless Chromium has no clipboard to look into, so the page writes into this one.
	p.do(chromedp.Evaluate(`navigator.clipboard.writeText = (text) => { globalThis.copied = text; return Promise.resolve(); }; 0`, nil))
	p.click("Share link")
	p.waitFor(`document.querySelector(".notice")?.innerText.includes("copied")`)
	if got, want := get[string](p, "copied"), server+"#"+classic+"@6.5s"; got != want {
		t.Errorf("it copies %s, want %s", got, want)
	}
	p.do(chromedp.Evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error("no")); 0`, nil))
	p.click("Share link")
	p.waitFor(`document.querySelector("#share-link")?.value.endsWith("@6.5s")`)
}

func TestTheThemeIsSwitchedAndRemembered(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "light", classic+"@6.5s")
	light := p.frames(1)[0]
	p.click("Theme: switch to dark")
	p.waitFor(`document.documentElement.dataset.theme === "dark"`)
	p.named("Theme: switch to light")
	if p.frames(1)[0] == light {
		t.Error("the stage kept its colours")
	}
	p.reload()
	p.waitFor(`document.documentElement.dataset.theme === "dark"`)
	p.named("Theme: switch to light")
}

func TestReducedMotionStartsPaused(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	p.prefer("prefers-reduced-motion", "reduce")
	p.visit(server)
	p.waitUntilItRuns()
	p.waitUntilItIsStill()
	if got := p.clock(); got != "00:00.0" {
		t.Errorf("it is at %s", got)
	}
}

func TestAMillisecondProducerAtMaxStaysUsable(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@0.5s")
	p.focus("producer: time between two events")
	p.press(kb.Home)
	p.waitForLine("publishes every 1ms")
	p.click("Speed max")
	p.click("Play")
	p.waitForLine("quitting")
	p.waitFor(`document.querySelector(".tile dd").innerText === "9500"`)
	p.waitFor(`/^[\d\u202f]{5,} lines/.test(document.querySelector("#log-note").innerText)`)
	p.shot("millisecond")
}

func TestThePageFitsEveryWindow(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{1440, 900}, {1024, 768}, {390, 844}, {320, 640}} {
		t.Run(fmt.Sprintf("%d×%d", size[0], size[1]), func(t *testing.T) {
			p := open(t, size[0], size[1], "dark", classic+"@7.3s")
			p.waitForLine("event dropped")
			for _, theme := range []string{"dark", "light"} {
				p.prefer("prefers-color-scheme", theme)
				p.waitFor(`document.documentElement.dataset.theme === ` + quote(theme))
				p.tick()
				p.nothingOverflows()
				p.everyControlHasAName()
				p.shot(fmt.Sprintf("page-%s-%dx%d", theme, size[0], size[1]))
			}
		})
	}
}
