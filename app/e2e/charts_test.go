package e2e

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// chart is the part of the page with that chart: depth, rate or time.
func chart(name string) string { return fmt.Sprintf("#chart-%s", name) }

// drawn waits until a chart has a line or bar in it, and returns how many paths there are.
func (p *page) drawn(name string) int {
	p.t.Helper()
	paths := fmt.Sprintf(`document.querySelectorAll("%s path").length`, chart(name))
	p.waitFor(paths + " > 3")
	return get[int](p, paths)
}

// waitForWords waits until a screen reader is told that of a chart.
func (p *page) waitForWords(name, want string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`document.querySelector("%s").getAttribute("aria-label").includes(%s)`, chart(name), quote(want)))
}

func TestTheChartsShowTheRun(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@8.4s")
	p.waitForLine("event dropped")
	look := func(name string) {
		t.Helper()
		for _, c := range []string{"depth", "rate", "time"} {
			p.do(evaluate(fmt.Sprintf(`document.querySelector("%s").scrollIntoView({block: "center"})`, chart(c))))
			p.tick() // in which it is drawn for the size it has
			p.drawn(c)
		}
		p.shot("charts-" + name)
		for c, want := range map[string]string{
			"depth": "consumer 3 of 3, at most 3", "rate": "in 1, at most 1", "time": "3 events handled, from 2 s to 4 s",
		} {
			p.waitForWords(c, want)
		}
		p.nothingOverflows()
		p.everyControlHasAName()
		p.textsAreApart()
	}
	inEveryWindow(p, look)
	for _, theme := range []string{"dark", "light"} {
		p.prefer("prefers-color-scheme", theme)
		p.resize(720, 450)
		look(theme + "-720x450")
	}
}

// textsAreApart fails the test for texts of a chart that touch each other, or leave it.
func (p *page) textsAreApart() {
	p.t.Helper()
	const touching = `[...document.querySelectorAll(".chart:not([hidden]) svg")].flatMap((svg) => {
		const around = svg.getBoundingClientRect();
		const texts = [...svg.querySelectorAll("g:first-of-type text")].map((e) => [e.textContent, e.getBoundingClientRect()]);
		const out = texts.filter(([, r]) => r.left < around.left - 2 || r.right > around.right + 2 || r.top < around.top - 2 || r.bottom > around.bottom + 2)
			.map(([text]) => svg.id + ": " + text + " sticks out");
		for (let i = 0; i < texts.length; i++) for (let j = 0; j < i; j++) {
			const [a, b] = [texts[i][1], texts[j][1]];
			if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3) out.push(svg.id + ": " + texts[i][0] + " lies on " + texts[j][0]);
		}
		return out;
	})`
	for _, what := range get[[]string](p, touching) {
		p.t.Error(what)
	}
}

func TestAChartIsEnlargedAndEscapeShowsAllAgain(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@8.4s")
	p.drawn("rate")
	const widthOfRates = `document.querySelector("#chart-rate").getBoundingClientRect().width`
	before := get[float64](p, widthOfRates)
	p.click("Enlarge rates")
	p.waitFor(`document.querySelector("#chart-rate").getBoundingClientRect().width > 600 && document.querySelector("#chart-depth").getBoundingClientRect().width === 0`)
	p.waitFor(`[...document.querySelectorAll("#chart-rate text")].some((e) => e.textContent === "4 s")`) // drawn anew, with more labels
	p.nothingOverflows()
	p.textsAreApart()
	p.shot("charts-enlarged")
	p.waitFor(`location.hash.includes("chart=rate")`)
	p.press(kb.Escape)
	p.waitFor(`document.querySelector("#chart-depth").getBoundingClientRect().width > 100`)
	expect(p, widthOfRates, before)
	p.named("Enlarge rates")

	p.click("Enlarge buffer depth")
	p.named("Show all charts")
	p.focus("Buffer depth: read it at a time")
	p.press(kb.Escape)
	p.named("Enlarge buffer depth")
	p.waitFor(`!location.hash.includes("chart=")`)
	p.click("Enlarge buffer depth")
	p.click("Show all charts")
	p.named("Enlarge buffer depth")
}

func TestEscapeMakesAChartSmallAlsoBeforeItIsSeenToBeLarge(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@8.4s")
	p.drawn("depth")
	p.do(evaluate(`document.querySelector('[aria-label="Buffer depth: read it at a time"]').focus(); document.querySelector('[aria-label="Enlarge buffer depth"]').click()`))
	p.press(kb.Escape)
	p.tick()
	p.named("Enlarge buffer depth")
	p.waitFor(`document.querySelector("#chart-rate").getBoundingClientRect().width > 100`)
}

func TestTheArrowKeysReadAChart(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "light", classic+"@8.4s")
	p.drawn("depth")
	p.focus("Buffer depth: read it at a time")
	p.waitFor(`document.querySelector("#chart-depth-cursor").getAttribute("aria-valuetext") === "00:08.4: consumer 3"`)
	p.press(kb.ArrowLeft)
	p.waitFor(`document.querySelector("#chart-depth-cursor").getAttribute("aria-valuetext") === "00:08.3: consumer 3"`)
	for range 6 {
		p.press(kb.ArrowLeft)
	}
	p.waitFor(`document.querySelector("#chart-depth-cursor").getAttribute("aria-valuetext") === "00:07.7: consumer 2"`)
	p.waitFor(`[...document.querySelectorAll("#chart-depth text")].some((e) => e.textContent === "00:07.7")`)
	if got := p.clock(); got != "00:08.4" {
		t.Errorf("the playhead moved to %s", got)
	}
	p.shot("charts-read")
	p.press(kb.Home)
	p.waitFor(`document.querySelector("#chart-depth-cursor").getAttribute("aria-valuetext") === "00:00.0: consumer 0"`)

	p.focus("Time in system: read it at a length of time")
	p.press(kb.Home)
	p.waitFor(`document.querySelector("#chart-time-cursor").getAttribute("aria-valuetext") === "2 s to 2.2 s: 1 event 33.3 %"`)
	p.waitFor(`![...document.querySelectorAll("#chart-depth text")].some((e) => e.textContent === "00:00.0")`) // nothing is read there now
}

func TestThePointerReadsAChart(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@8.4s")
	p.drawn("rate")
	const cursor = `document.querySelector("#chart-rate-cursor")`
	x := 0.6 * get[float64](p, cursor+".clientWidth")
	at := p.place(cursor, &x, nil)
	p.pointAt(at)
	p.waitFor(`[...document.querySelectorAll("#chart-rate text")].some((e) => e.textContent.startsWith("00:06"))`)
	p.pointAt(point{at.X, 100})
	p.waitFor(`![...document.querySelectorAll("#chart-rate text")].some((e) => e.textContent.startsWith("00:06"))`)
}

func TestTheChartsFollowThePlayhead(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@10s")
	p.waitForLine("quitting")
	p.drawn("depth")
	// The playhead is the first upright line of the second layer; what lies after it is dimmed before.
	playhead := func() float64 {
		return get[float64](p, `Number([...document.querySelectorAll("#chart-depth g:last-of-type path")].map((e) => /^M([\d.]+) [\d.]+L\1 /.exec(e.getAttribute("d"))).find((m) => m)[1])`)
	}
	p.waitForWords("depth", "at 10 s")
	p.waitFor(`document.querySelectorAll("#chart-depth g:last-of-type path").length > 0`)
	end := playhead()
	p.focus("Time")
	p.clickTimeLine(0.45)
	p.waitFor(`document.querySelector("#chart-depth").getAttribute("aria-label").includes("at 4.")`)
	if middle := playhead(); middle >= end || middle < end/4 {
		t.Errorf("the playhead is at %v, and was at %v at the end", middle, end)
	}
	p.waitForWords("time", "1 event handled") // up to there
}

func TestChartsOfEveryPresetAreDrawn(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "light", "")
	p.click("Speed max")
	captions := map[string]string{}
	for i, preset := range get[[]string](p, `[...document.querySelectorAll("select[aria-label=Preset] option")].map((e) => e.value).filter((v) => v)`) {
		p.choose("Preset", preset)
		p.tick() // after which nothing is of the one before
		p.press(kb.End)
		p.waitForLine("quitting")
		p.waitUntilItIsStill()
		p.waitForWords("depth", "at most")
		caption := p.text(".caption")
		if other, found := captions[caption]; found || caption == "" {
			t.Errorf("of %s it says what it says of %q: %q", preset, other, caption)
		}
		captions[caption] = preset
		for _, c := range []string{"depth", "rate", "time"} {
			if n := p.drawn(c); n > 60 {
				t.Errorf("%s has %d paths in %s", preset, n, c)
			}
		}
		p.nothingOverflows()
		p.textsAreApart()
		p.shot("charts-" + strconv.Itoa(i) + "-" + preset)
	}
}
