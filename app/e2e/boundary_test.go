package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// breaks is a script that lets a function of the browser throw while globalThis.broken is true: a method, or the
// setting or getting of a property.
func breaks(owner, name string) string {
	return fmt.Sprintf(`(() => {
		const own = Object.getOwnPropertyDescriptor(%[1]s, %[2]q), { value, get, set } = own ?? { value: %[1]s[%[2]q] };
		const broken = (f) => f && function (...args) {
			if (globalThis.broken?.(this, ...args)) throw new TypeError("%[2]s is broken");
			return f.apply(this, args);
		};
		if (value) %[1]s[%[2]q] = broken(value);
		else Object.defineProperty(%[1]s, %[2]q, { ...own, get: broken(get), set: broken(set) });
	})();`, owner, name)
}

// works operates the page: it plays, gives its link away and starts again.
func (p *page) works() {
	p.t.Helper()
	p.waitFor(`document.documentElement.dataset.boot === "running"`)
	p.answers("document")
	p.givesItsLink()
	p.pressLabelled("Step back")
	before := get[string](p, `document.querySelector(".clock").innerText`)
	p.pressLabelled("Restart")
	p.waitFor(fmt.Sprintf(`document.querySelector(".clock").innerText !== %s`, quote(before)))
	p.answers("document")
}

// pressLabelled presses a button wherever it is, as a script does.
func (p *page) pressLabelled(label string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`(() => { const b = document.querySelector('#app [aria-label=%q]'); b?.click(); return b; })()`, label))
}

// givesItsLink opens the dialog with the link, and closes it.
func (p *page) givesItsLink() {
	p.t.Helper()
	p.pressLabelled("More ways to share")
	p.waitFor(`/#1[\w-]+/.test(document.querySelector("#share-link")?.value)`)
	p.pressLabelled("Close")
	p.waitFor(`!document.querySelector("dialog")`)
}

// What throws in a part of the page, how it is brought to, and what the page says of it.
func TestAPartThatThrowsIsContainedAndSaidAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	const all = `() => true`
	for _, test := range []struct {
		part, owner, name string
		when              string // it throws, given the object and the arguments
		act               string // what then happens, if not by itself
		says              string
	}{
		{"a frame of the stage", "CanvasRenderingContext2D.prototype", "fillText", all, "", "The picture of the stage has failed: "},
		{"the copy of the stage's back", "CanvasRenderingContext2D.prototype", "drawImage", all, "", "The picture of the stage has failed: "},
		{"the time line", "CSSStyleDeclaration.prototype", "setProperty", all, "", "The time line has failed: "},
		{"a chart", "Element.prototype", "setAttribute", `(e) => e instanceof SVGElement`, "", "The drawing of the charts has failed: "},
		{"a row of the log", "Element.prototype", "insertAdjacentHTML", all, "", "The list of log lines has failed: "},
		{"the pointer on the stage", "Element.prototype", "closest", all, `document.querySelector(".stage").dispatchEvent(new PointerEvent("pointermove", { clientX: 5, clientY: 5 }))`, "The picture of the stage has failed: "},
		{"a handler", "HTMLElement.prototype", "focus", all, `dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }))`, "What was done last has failed: "},
		{"a dialog that opens", "HTMLDialogElement.prototype", "showModal", all, `document.querySelector('[aria-label="Help"]').click()`, "The dialog has failed: "},
		{"a dialog that is put into the page", "Document.prototype", "createElement", `(d, tag) => tag === "textarea"`, `document.querySelector('[aria-label="More ways to share"]').click()`, "The page has failed: "},
		{"a change of the page", "Element.prototype", "setAttribute", `(e) => !(e instanceof SVGElement) && globalThis.once-- > 0`, `globalThis.once = 1, document.querySelector('[aria-label="Add a consumer"]').click()`, "The page has failed: "},
		{"a property", "Node.prototype", "nodeValue", `(...args) => args.length > 1`, `document.querySelector('[aria-label="Step forward"]').click()`, ""},
		{"a file", "URL", "createObjectURL", all, `document.querySelector('[aria-label="Help"]').click()`, ""},
	} {
		t.Run(test.part, func(t *testing.T) {
			p := blank(t, 1440, 900, "dark")
			p.tolerate(`console.log: "`)                                // the Go program's standard error: what has failed, and where
			p.tolerate("console.error: TypeError: nodeValue is broken") // and what boot.js says
			p.beforeEveryLoad(breaks(test.owner, test.name))
			p.visit(server)
			p.waitUntilItRuns()
			p.works()
			p.do(evaluate("globalThis.broken = " + test.when + "; 0"))
			if test.part == "a file" {
				p.press("e")
				p.waitFor(`(() => { const b = document.querySelector("dialog .file"); b?.click(); return b; })()`)
				p.waitFor(says + `.includes("createObjectURL is broken")`)
			} else if test.act != "" {
				p.do(evaluate(test.act + "; 0"))
			} else {
				p.waitFor(`(() => { const b = document.querySelector('.transport [aria-label="Play"]'); b?.click(); return true; })()`)
			}
			if test.says != "" {
				p.waitFor(says + `.includes(` + quote(test.says) + `)`)
			}
			if test.part != "a property" && !strings.Contains(test.part, "dialog") { // which show what works
				p.works()
			}
			p.do(evaluate(`globalThis.broken = undefined; 0`))
			p.works()
			p.waitFor(fmt.Sprintf(drawn, "document"))
			expect(p, `document.querySelectorAll(".failed").length`, 0)
		})
	}
}

func TestAPartThatThrowsInEveryFrameIsSwitchedOffUntilItIsTriedAgain(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	p.tolerate(`console.log: "`)
	p.beforeEveryLoad(breaks("CanvasRenderingContext2D.prototype", "fillText"))
	p.visit(server)
	p.waitUntilItRuns()
	p.do(evaluate(`globalThis.thrown = 0; globalThis.broken = () => { thrown++; return true; }; 0`))
	p.waitFor(says + `.includes("It is switched off after 3 times.")`)
	before := get[int](p, `thrown`)
	p.tick()
	p.tick()
	expect(p, `thrown`, before)
	p.do(evaluate(`globalThis.broken = () => { thrown--; return false; }; 0`))
	p.shot("switched-off")
	p.click("Try again")
	p.waitFor(fmt.Sprintf(`thrown < %d - 20`, before))
	p.waitFor(`!` + says + `.includes("failed")`)
	p.works()
}

func TestAPageThatCanNotBeShownAnyMoreSaysSoAndRestartsWithTheSameScenario(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	p.tolerate(`console.log: "`, "uncaught: ", "Go program has already exited")
	p.beforeEveryLoad(breaks("Document.prototype", "createTextNode"))
	p.visit(to(dropOldest + "@2s"))
	p.waitUntilItShows(dropOldest + "@2s")
	p.do(evaluate(`globalThis.broken = () => true; document.querySelector('[aria-label="Help"]').click(); 0`))
	p.waitFor(`document.documentElement.dataset.boot === "failed" && document.querySelector("#failure[open]")`)
	expect(p, `document.querySelector("#failure-link").value.endsWith("#1JQSgO_U@2s")`, true)
	p.click("Restart")
	p.waitUntilItShows(dropOldest + "@2s")
	expect(p, `document.querySelector("select[aria-label=Preset]").value`, "drop-oldest")
	p.works()

	// When that is no help, the classic is. The address has to follow first: to set it to what it is does nothing.
	p.waitFor(`location.hash !== ` + quote("#"+dropOldest+"@2s"))
	p.do(evaluate("location.hash = " + quote(dropOldest+"@2s")))
	p.waitForClock("00:02.0")
	p.waitFor(`location.hash === ` + quote("#"+dropOldest+"@2s"))
	p.do(evaluate(`globalThis.broken = () => true; document.querySelector('[aria-label="Help"]').click(); 0`))
	p.waitFor(`document.querySelector("#failure-button")?.innerText === "Open the classic" && document.querySelector("#failure-other").innerText === "Restart"`)
	p.do(evaluate(`document.querySelector("#failure-button").click()`))
	p.waitUntilItRuns()
	expect(p, `document.querySelector("select[aria-label=Preset]").value`, "classic")
	p.works()
}
