package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// timeFrames measures the callbacks of requestAnimationFrame, which simulate and paint, what parts of them are
// spent on, and whatever else the page's scripts do in between, which is the HTML; how late a key reaches the
// page; and the memory of the program.
const timeFrames = `
	globalThis.spillwayFrames = []; // in which the page says what it spends its frames on
	globalThis.frames_ = { callbacks: [], starts: [] };
	const ask = requestAnimationFrame.bind(globalThis);
	globalThis.requestAnimationFrame = (callback) => ask((now) => {
		const start = performance.now();
		callback(now);
		frames_.callbacks.push(performance.now() - start);
		frames_.starts.push(start);
	});
	globalThis.delays_ = [];
	addEventListener("keydown", (e) => delays_.push(performance.now() - e.timeStamp), { capture: true });
	const instantiate = WebAssembly.instantiate;
	WebAssembly.instantiate = async (...args) => {
		const made = await instantiate(...args);
		globalThis.memory_ = (made.instance ?? made).exports.mem;
		return made;
	};`

// The scenarios of the benchmarks, as files of testdata; empty: the classic.
const (
	sixteen      = "sixteen.json"
	milliseconds = "milliseconds.json"
)

// row is a line of the table that make bench-page prints.
type row struct{ what, value, budget string }

var table []row

func report(what, budget, format string, args ...any) {
	table = append(table, row{what, fmt.Sprintf(format, args...), budget})
}

// printTable is called when all benchmarks are done.
func printTable() {
	if table == nil {
		return
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintln(w, "\nwhat\tmeasured\tbudget")
	for _, r := range table {
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.what, r.value, r.budget)
	}
}

// timed opens a scenario with the measurements in place.
func timed(b *testing.B, scenario string) *page {
	b.Helper()
	p := blank(b, 1440, 900, "dark")
	p.beforeEveryLoad(timeFrames)
	p.visit(server + link(b, scenario))
	p.waitUntilItRuns()
	return p
}

// BenchmarkFrame measures what a frame costs. Nothing here has limits: make bench-page is for a person to read.
func BenchmarkFrame(b *testing.B) {
	for _, c := range []struct{ name, scenario, speed, budget string }{
		{"classic at 1×", "", "Speed 1×", "≤ 3 ms median"},
		{"16 by 16 at 1×", sixteen, "Speed 1×", ""},
		{"an hour of milliseconds at max", milliseconds, "Speed max", "60 frames/s"},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := timed(b, c.scenario)
			p.click(c.speed)
			p.waitFor(`frames_.callbacks.length > 60`) // until it has warmed up
			p.do(chromedp.Evaluate(`frames_.callbacks.length = frames_.starts.length = spillwayFrames.length = 0`, nil))
			before := p.scriptSeconds()
			p.waitFor(`frames_.callbacks.length >= 300`)
			callbacks := get[[]float64](p, "frames_.callbacks")
			starts := get[[]float64](p, "frames_.starts")
			scripts := 1000 * (p.scriptSeconds() - before) / float64(len(callbacks))

			median, p99 := spread(callbacks)
			perSecond := 1000 * float64(len(starts)-1) / (starts[len(starts)-1] - starts[0])
			b.ReportMetric(median, "ms/frame-median")
			b.ReportMetric(p99, "ms/frame-p99")
			b.ReportMetric(scripts, "ms/frame-all-scripts")
			b.ReportMetric(perSecond, "frames/s")
			b.ReportMetric(0, "ns/op")                                                // which says nothing here
			for i, part := range []string{"simulation", "what-if", "log", "charts"} { // in the order of app's schedule
				spent := get[[]float64](p, fmt.Sprintf("spillwayFrames.map((frame) => frame[%d])", i))
				median, p99 := spread(spent)
				b.ReportMetric(p99, "ms/"+part+"-p99")
				report("  of it the "+part, "", "%.2f ms median, %.2f ms p99", median, p99)
			}
			report("a frame, "+c.name, c.budget, "%.1f ms median, %.1f ms p99, all scripts %.1f ms, %.0f frames/s %s", median, p99, scripts, perSecond, p.text(".live"))
		})
	}
}

// BenchmarkInput measures how late a key reaches a slider while the run takes all the time it may.
func BenchmarkInput(b *testing.B) {
	p := timed(b, milliseconds)
	p.click("Speed max")
	p.waitFor(`frames_.callbacks.length > 60`)
	p.do(evaluate(`document.querySelector(".side input[type=range]").focus()`))
	p.do(evaluate(`delays_.length = 0`))
	for range 20 {
		p.press(kb.ArrowRight)
		p.press(kb.ArrowLeft)
	}
	p.waitFor(`delays_.length >= 40`)
	median, p99 := spread(get[[]float64](p, "delays_"))
	b.ReportMetric(median, "ms/key-median")
	b.ReportMetric(p99, "ms/key-p99")
	b.ReportMetric(0, "ns/op")
	report("input delay of a slider at max", "", "%.1f ms median, %.1f ms p99", median, p99)
}

// BenchmarkStart measures from the navigation to the first event that is seen, cold, on loopback.
func BenchmarkStart(b *testing.B) {
	for _, c := range []struct{ name, scenario string }{
		{"classic (whose first event comes 1 s into its run)", ""}, {"an event every millisecond", milliseconds},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := blank(b, 1440, 900, "dark")
			// The page's own clock: performance.now() counts from the navigation.
			p.beforeEveryLoad(`new MutationObserver((_, observer) => {
				const tile = document.querySelector(".app:not(.skeleton) .tile dd");
				if (!tile || tile.innerText === "0") return;
				observer.disconnect();
				globalThis.first_ = performance.now();
			}).observe(document, { childList: true, subtree: true, characterData: true });`)
			p.visit(server + link(b, c.scenario))
			p.waitFor(`globalThis.first_ > 0`)
			first := get[float64](p, `first_`)
			paint := get[float64](p, `performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0`)
			running := get[float64](p, `performance.getEntriesByName("spillway:running")[0].startTime`)
			b.ReportMetric(first, "ms/first-event")
			b.ReportMetric(0, "ns/op")
			report("start, "+c.name, "≤ 1 s from first paint to first event", "painted at %.0f ms, runs at %.0f ms, first event at %.0f ms", paint, running, first)
		})
	}
}

// BenchmarkMemory lets a run go on at max. SPILLWAY_BENCH_MINUTES, 10 by default, says for how long.
func BenchmarkMemory(b *testing.B) {
	minutes := 10
	if text := os.Getenv("SPILLWAY_BENCH_MINUTES"); text != "" {
		var err error
		if minutes, err = strconv.Atoi(text); err != nil || minutes < 1 {
			b.Fatalf("SPILLWAY_BENCH_MINUTES is %q: a whole number of minutes is wanted", text)
		}
	}
	p := timed(b, milliseconds)
	p.click("Speed max")
	for minute := 1; minute <= minutes; minute++ {
		end := time.Now().Add(time.Minute)
		for time.Now().Before(end) {
			time.Sleep(time.Second)
			if p.text(".transport [aria-label=Play]") != "" { // the hour is over: once more
				p.click("Play")
			}
		}
		if minute != 2 && minute != minutes {
			continue
		}
		wasm := get[float64](p, "memory_.buffer.byteLength") / (1 << 20)
		scripts := get[float64](p, "performance.memory.usedJSHeapSize") / (1 << 20)
		b.ReportMetric(wasm, fmt.Sprintf("MiB/after-%d-min", minute))
		report(fmt.Sprintf("memory after %d min at max", minute), "flat", "%.0f MiB of the program, %.1f MiB of JavaScript", wasm, scripts)
	}
	p.do(evaluate(`frames_.callbacks.length = frames_.starts.length = 0`))
	p.waitFor(`frames_.starts.length >= 300`)
	starts := get[[]float64](p, "frames_.starts")
	b.ReportMetric(0, "ns/op")
	report(fmt.Sprintf("frames after %d min at max", minutes), "60 frames/s", "%.0f frames/s", 1000*float64(len(starts)-1)/(starts[len(starts)-1]-starts[0]))
}

// spread is the median and the 99th percentile.
func spread(values []float64) (median, p99 float64) {
	slices.Sort(values)
	return values[len(values)/2], values[len(values)*99/100]
}

// link asks the terminal for the link of a scenario file.
func link(b *testing.B, file string) string {
	if file == "" {
		return ""
	}
	path, err := filepath.Abs(filepath.Join("testdata", file))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		b.Fatal(err)
	}
	out, err := output(terminal, "link", path)
	if err != nil {
		b.Fatal(err)
	}
	return out
}
