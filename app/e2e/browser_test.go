package e2e

import (
	"fmt"
	"testing"
)

// Browsers differ in what they have and allow. Each of these is one that lacks something.
func TestABrowserThatLacksSomethingStillShowsARun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, before string
		tolerated    []string
	}{
		{"round rectangles", `delete CanvasRenderingContext2D.prototype.roundRect`, nil},
		{"a history that may be written", `History.prototype.replaceState = History.prototype.pushState = () => { throw new DOMException("too often", "SecurityError") }`, nil},
		{"room in its storage", `Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError") }`, nil},
		{"a storage that can be read", `Storage.prototype.getItem = () => { throw new DOMException("denied", "SecurityError") }`, nil},
		{"a clipboard that works", `Clipboard.prototype.writeText = () => { throw new TypeError("no") }`, nil},
		{"a clipboard", `Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined })`, nil},
		{"colours", `CSSStyleDeclaration.prototype.getPropertyValue = () => ""`, nil},
		{"colours it knows", `CSSStyleDeclaration.prototype.getPropertyValue = (name) => "var(--foreign, " + name + ")"`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := blank(t, 1440, 900, "dark")
			p.beforeEveryLoad(test.before)
			p.tolerate(test.tolerated...)
			p.visit(server)
			p.waitUntilItRuns()
			p.waitFor(fmt.Sprintf(drawn, "document"))
			p.answers("document")
			p.press("t")
			p.answers("document")
			p.click("drop oldest")
			p.press("s")
			p.waitFor(`/#1[\w-]+@/.test(document.querySelector("#share-link").value)`)
			p.click("Copy the link")
			p.waitFor(`document.querySelector("dialog .notice")`)
			p.click("Close")
			p.click("Scenarios")
			p.click("Save settings")
			p.waitFor(`document.querySelector("#saved-scenarios li")`)
			p.click("Close")
			p.answers("document")
		})
	}
}

func TestAStorageWithTwentyThousandEntriesHoldsNothingUp(t *testing.T) {
	t.Parallel()
	for name, fill := range map[string]string{
		"of others":    `for (let i = 0; i < 20000; i++) localStorage.setItem("other/" + i, '{"a":' + i + '}')`,
		"of scenarios": `localStorage.setItem("spillway.scenarios", JSON.stringify({ version: 1, scenarios: Array.from({ length: 20000 }, (_, i) => ({ name: "s" + i, damaged: "" })) }))`,
	} {
		t.Run(name, func(t *testing.T) {
			p := blank(t, 1440, 900, "dark")
			p.tolerate("favicon.ico") // which a picture has none of
			p.visit(server + "icon.svg")
			p.do(evaluate(fill))
			p.beforeEveryLoad(`globalThis.read = 0;
				const { getItem } = Storage.prototype;
				Storage.prototype.getItem = function (key) { read++; return getItem.call(this, key); };`)
			p.visit(server)
			p.waitUntilItRuns()
			p.click("Scenarios")
			if read := get[int](p, "read"); read > 50 {
				t.Errorf("%d entries have been read", read)
			}
			p.waitFor(`document.querySelector("#saved-scenarios")`)
			p.click("Save settings") // which a list of that size has no room for
			p.waitFor(`document.querySelector(".outcome").innerText !== ""`)
		})
	}
}
