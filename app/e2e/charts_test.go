package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
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

// words are what a screen reader is told of a chart.
func (p *page) words(name string) string {
	p.t.Helper()
	return get[string](p, fmt.Sprintf(`document.querySelector("%s").getAttribute("aria-label")`, chart(name)))
}

func TestTheChartsShowTheRun(t *testing.T) {
	for _, theme := range []string{"dark", "light"} {
		for _, size := range [][2]int{{1440, 900}, {1024, 768}, {390, 844}, {720, 450}} {
			name := fmt.Sprintf("%s-%dx%d", theme, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				p := open(t, size[0], size[1], theme, classic+"@8.4s")
				p.waitForLine("event dropped")
				for _, c := range []string{"depth", "rate", "time"} {
					p.do(evaluate(fmt.Sprintf(`document.querySelector("%s").scrollIntoView({block: "center"})`, chart(c))))
					p.drawn(c)
				}
				p.shot("charts-" + name)
				for c, want := range map[string]string{
					"depth": "consumer 3 of 3, at most 3", "rate": "in 1, at most 1", "time": "3 events handled, from 2 s to 4 s",
				} {
					if got := p.words(c); !strings.Contains(got, want) {
						t.Errorf("of %s it says %q, want %q", c, got, want)
					}
				}
				p.nothingOverflows()
				p.everyControlHasAName()
				p.textsAreApart()
			})
		}
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
	p := open(t, 1440, 900, "dark", classic+"@8.4s")
	p.drawn("rate")
	width := func() float64 {
		return get[float64](p, `document.querySelector("#chart-rate").getBoundingClientRect().width`)
	}
	before := width()
	p.click("Enlarge rates")
	p.waitFor(`document.querySelector("#chart-rate").getBoundingClientRect().width > 600 && document.querySelector("#chart-depth").getBoundingClientRect().width === 0`)
	p.waitFor(`[...document.querySelectorAll("#chart-rate text")].some((e) => e.textContent === "4 s")`) // drawn anew, with more labels
	p.nothingOverflows()
	p.textsAreApart()
	p.shot("charts-enlarged")
	p.waitFor(`location.hash.includes("chart=rate")`)
	p.press(kb.Escape)
	p.waitFor(`document.querySelector("#chart-depth").getBoundingClientRect().width > 100`)
	if got := width(); got != before {
		t.Errorf("it is %v wide again, was %v", got, before)
	}
	p.click("Enlarge buffer depth")
	p.focus("Buffer depth: read it at a time")
	p.press(kb.Escape)
	p.named("Enlarge buffer depth")
}

func TestTheArrowKeysReadAChart(t *testing.T) {
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
	p := open(t, 1440, 900, "dark", classic+"@8.4s")
	p.drawn("rate")
	box := get[[]float64](p, `(() => { const r = document.querySelector("#chart-rate-cursor").getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()`)
	p.do(chromedp.MouseEvent("mouseMoved", box[0]+box[2]*0.6, box[1]+box[3]/2))
	p.waitFor(`[...document.querySelectorAll("#chart-rate text")].some((e) => e.textContent.startsWith("00:06"))`)
	p.do(chromedp.MouseEvent("mouseMoved", box[0]+box[2]*0.6, 100))
	p.waitFor(`![...document.querySelectorAll("#chart-rate text")].some((e) => e.textContent.startsWith("00:06"))`)
}

func TestTheChartsFollowThePlayhead(t *testing.T) {
	p := open(t, 1440, 900, "dark", classic+"@10s")
	p.waitForLine("quitting")
	p.drawn("depth")
	// The playhead is the first upright line of the second layer; what lies after it is dimmed before.
	playhead := func() float64 {
		return get[float64](p, `Number([...document.querySelectorAll("#chart-depth g:last-of-type path")].map((e) => /^M([\d.]+) [\d.]+L\1 /.exec(e.getAttribute("d"))).find((m) => m)[1])`)
	}
	p.waitFor(`document.querySelectorAll("#chart-depth g:last-of-type path").length > 0`)
	end := playhead()
	p.focus("Time")
	p.clickTimeLine(0.45)
	p.waitFor(`document.querySelector("#chart-depth").getAttribute("aria-label").includes("at 4.")`)
	if middle := playhead(); middle >= end || middle < end/4 {
		t.Errorf("the playhead is at %v, and was at %v at the end", middle, end)
	}
	if got := p.words("time"); !strings.Contains(got, "1 event handled") {
		t.Errorf("of the times up to there it says %q", got)
	}
}

func TestChartsOfEveryPresetAreDrawn(t *testing.T) {
	presets := strings.Split(get[string](open(t, 390, 844, "dark", ""), `[...document.querySelectorAll("select[aria-label=Preset] option")].map((e) => e.value).filter((v) => v).join(" ")`), " ")
	p := open(t, 1440, 900, "light", "")
	p.click("Speed max")
	for i, preset := range presets {
		p.do(evaluate(fmt.Sprintf(`{ const s = document.querySelector("select[aria-label=Preset]"); s.value = %s; s.dispatchEvent(new Event("change", {bubbles: true})); }`, quote(preset))))
		p.waitFor(`document.querySelector("#chart-depth").getAttribute("aria-label").includes("at most")`)
		p.press(kb.End)
		p.waitForLine("quitting")
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
