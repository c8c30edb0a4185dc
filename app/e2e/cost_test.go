package e2e

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

// watchCost keeps the memory of the program, how long the page's tasks take, and how
// long a piece of work takes that is always the same: how much of the processor the
// page gets beside whatever else the machine does.
const watchCost = `
	window.tasks = [], window.references = [];
	new PerformanceObserver((list) => { for (const e of list.getEntries()) tasks.push(e.duration); }).observe({type: "longtask", buffered: false});
	for (const name of ["instantiate", "instantiateStreaming"]) {
		const real = WebAssembly[name];
		WebAssembly[name] = async (...args) => {
			const made = await real.apply(WebAssembly, args);
			window.program = made.instance ?? made;
			return made;
		};
	}
	window.reference = () => {
		const began = performance.now();
		let x = 0;
		for (let i = 0; i < 4e6; i++) x = (x * 31 + i) | 0;
		references.push(performance.now() - began);
		return x;
	};`

// longestTask is how long a task of the page may take on a machine that does nothing else.
const longestTask = 250

// most is how many bytes the program may take: the 256 MB of a run, those of the page,
// and as much again for what is no longer needed.
const most = 640 << 20

var costly = flag.Int("costly", 10, "how many of the most expensive links that the search has found are opened")

// costlyLinks are the worst that the search has found, and two of the past.
func costlyLinks(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../broker/lab/sim/testdata/costly.txt")
	if err != nil {
		t.Fatal(err)
	}
	links := []string{
		"#1hCcGECb84IQmNgAEVYLA_i0@1s", // a burst of a thousand each microsecond
		"#1_CcGECb88J0YEJwYwJvzwnRiQnBlAm_PCdGRCcGcCb88J0ZkJwaQJvzwnRoQnBrAm_PCdGpCcG0Cb88J0bEJwbwJvzwnRuQnBxAm_PCdHBCcHMCb88J0ckNwYsIE354boxYENwYsYE354boxYkNwYsoE354boxZENwYs4E354boxZkNwYtIE354boxaENwYtYE354boxan0JAfhMbCGJYCE6MEJjYwxLAQnRihMbKGJYCE6MkJjZwxLAQnRmhMbSGJYCE6NEJjawxLAQnRqhMbaGJYCE6NkJjbwxLAQnRuhMbiGJYCE6OEJjcwxLAQnRyhsbFhDEsBDdGLBDY2LGGJYCG6MWKGxsWUMSwEN0YskNjYs4YlgIboxZobGxaQxLAQ3Ri0Q2Ni1hiWAhujFqAPlu@10s", // sixteen of them, each with a buffer of a million
	}
	found := strings.Fields(string(text))
	return append(links, found[:min(*costly, len(found))]...)
}

func TestTheMostExpensiveLinksFreezeNothing(t *testing.T) {
	p := open(t, 1440, 900, "dark", classic+"@1s")
	p.beforeEveryLoad(watchCost)
	p.reload()
	p.do(evaluate("for (let i = 0; i < 30; i++) reference()")) // compiled, it is quicker
	for _, link := range costlyLinks(t) {
		p.do(evaluate(fmt.Sprintf("location.hash = %s; tasks.length = references.length = 0", quote(link))))
		for range 20 {
			p.do(evaluate("reference()"))
			p.frames(1)
		}
		if asked := get[bool](p, `!!document.querySelector(".notice")`); asked {
			for _, b := range get[[]string](p, `[...document.querySelectorAll(".notice .btn")].map((e) => e.innerText)`) {
				if b == "Run" {
					p.do(evaluate(`[...document.querySelectorAll(".notice .btn")].find((e) => e.innerText === "Run").click()`))
				}
			}
		}
		for range 20 {
			p.do(evaluate("reference()"))
			p.frames(1)
		}
		busy := get[float64](p, "Math.max(...references) / Math.min(...references)")
		longest := get[float64](p, "Math.max(0, ...tasks)")
		memory := get[float64](p, "program.exports.mem.buffer.byteLength")
		t.Logf("%.40s: the longest task took %.0f ms, on a machine up to %.1f times as busy as at best, with %.0f MB", link, longest, busy, memory/(1<<20))
		if longest > longestTask*busy {
			t.Errorf("%s: a task took %.0f ms, on a machine up to %.1f times as busy as at best", link, longest, busy)
		}
		if memory > most {
			t.Errorf("%s: the program takes %.0f MB", link, memory/(1<<20))
		}
	}
}

func TestAnExpensiveRunIsAskedAbout(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "1hCcGECb84IQmNgAEVYLA_i0@1s")
	notice := `document.querySelector(".notice")?.innerText ?? ""`
	p.waitFor(notice + `.includes("Up to 00:01.0 there are ")`)
	p.waitFor(notice + `.includes("on this device.")`)
	p.shot("expensive")
	p.click("Change it")
	p.waitFor(notice + ` === ""`)
	p.waitFor(`!document.querySelector(".live").innerText.includes("catching up")`)
}
