package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// timeFrames measures the callbacks of requestAnimationFrame, which simulate and paint, and whatever else the
// page's scripts do in between, which is the HTML.
const timeFrames = `
	globalThis.frames_ = { callbacks: [], starts: [] };
	const ask = requestAnimationFrame.bind(globalThis);
	globalThis.requestAnimationFrame = (callback) => ask((now) => {
		const start = performance.now();
		callback(now);
		frames_.callbacks.push(performance.now() - start);
		frames_.starts.push(start);
	});`

// BenchmarkFrame prints what a frame costs. It has no limits: make bench-page is for a person to read.
func BenchmarkFrame(b *testing.B) {
	for _, c := range []struct{ name, scenario, speed string }{
		{"classic at 1×", "", "Speed 1×"},
		{"16 by 16 at 1×", "sixteen.json", "Speed 1×"},
		{"an hour of milliseconds at max", "milliseconds.json", "Speed max"},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := blank(b, 1440, 900, "dark")
			p.beforeEveryLoad(timeFrames)
			p.visit(server + link(b, c.scenario))
			p.waitUntilItRuns()
			p.click(c.speed)
			p.waitFor(`frames_.callbacks.length > 60`) // until it has warmed up
			p.do(chromedp.Evaluate(`frames_.callbacks.length = frames_.starts.length = 0`, nil))
			before := p.scriptSeconds()
			p.waitFor(`frames_.callbacks.length >= 300`)
			callbacks := get[[]float64](p, "frames_.callbacks")
			starts := get[[]float64](p, "frames_.starts")
			scripts := p.scriptSeconds() - before

			slices.Sort(callbacks)
			n := len(callbacks)
			b.ReportMetric(callbacks[n/2], "ms/frame-median")
			b.ReportMetric(callbacks[n*99/100], "ms/frame-p99")
			b.ReportMetric(1000*scripts/float64(n), "ms/frame-all-scripts")
			b.ReportMetric(1000*float64(n-1)/(starts[n-1]-starts[0]), "frames/s")
			b.ReportMetric(0, "ns/op") // which says nothing here
			if note := p.text(".live"); note != "" {
				b.Log(note)
			}
		})
	}
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
	out, err := output("go", "run", "./cmd/spillway", "link", path)
	if err != nil {
		b.Fatal(err)
	}
	return out
}
