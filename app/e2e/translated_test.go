package e2e

import (
	"fmt"
	"testing"
)

// translator does to the texts of the page what a browser's translation does, each way that one does it: it
// marks what it has translated with « ». It translates what is new a moment later, until it is stopped.
const translator = `globalThis.translator = (how, seed) => {
	const chance = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
	const font = (...inner) => { const f = document.createElement("font"); f.append(...inner); return f; };
	const ways = {
		replaces: (text) => text.parentNode.replaceChild(font(font("«" + text.data + "»")), text),
		wraps: (text) => { const inner = font(); text.parentNode.insertBefore(font(inner), text); inner.append(text); text.data = "«" + text.data + "»"; },
		inserts: (text) => { text.parentNode.insertBefore(font(font("«" + text.data + "»")), text); text.remove(); },
		rewrites: (text) => { if (text.parentNode.childNodes.length === 1) text.parentNode.innerHTML = "<font><font>«" + text.data.replaceAll("&", "&amp;").replaceAll("<", "&lt;") + "»</font></font>"; },
	};
	const translate = (part) => {
		const texts = [], walker = document.createTreeWalker(document.querySelector("#app"), NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) texts.push(walker.currentNode);
		for (const text of texts) {
			const parent = text.parentNode;
			if (!text.data.trim() || text.data.startsWith("«") || parent.closest("svg, select, textarea, canvas") || chance() >= part) continue;
			ways[how === "all" ? Object.keys(ways)[Math.floor(chance() * 4)] : how](text);
		}
	};
	translate(1);
	const timer = setInterval(() => translate(0.3), 40);
	return () => clearInterval(timer);
}; 0`

// shown is what a part of the page says, whoever has translated it.
func shown(part string) string {
	return fmt.Sprintf(`document.querySelector(%q).innerText.replace(/[«»]/g, "").replace(/\s+/g, " ").trim()`, part)
}

// Browsers know the attribute, Google's translator the class.
func TestABrowserIsAskedNotToTranslate(t *testing.T) {
	t.Parallel()
	const translatable = `[...document.querySelectorAll("html, html *")].filter((e) => e.translate || !e.closest(".notranslate")).map((e) => e.outerHTML.slice(0, 80))`
	p := blank(t, 1440, 900, "dark")
	gate := p.hold(wasm)
	p.visit(server)
	held := gate.next()
	expect(p, translatable, []string{}) // before the program has begun
	held.proceed()
	p.waitUntilItRuns()
	p.press("?")
	p.waitFor(`document.querySelector("dialog[open]")`)
	expect(p, translatable, []string{})
}

func TestAPageThatIsTranslatedGoesOnAndSaysWhatIsTrue(t *testing.T) {
	t.Parallel()
	for seed, how := range []string{"replaces", "wraps", "inserts", "rewrites", "all"} {
		t.Run(fmt.Sprint(how, seed), func(t *testing.T) {
			p := open(t, 1440, 900, "dark", classic+"@2s")
			press := func(label string) {
				t.Helper()
				p.waitFor(fmt.Sprintf(`(() => { const b = document.querySelector('#app [aria-label=%q]'); b?.click(); return b; })()`, label))
			}
			p.do(evaluate(translator), evaluate(fmt.Sprintf(`globalThis.stopTranslator = translator(%q, %d); 0`, how, seed+1)))
			p.waitFor(`document.querySelectorAll("font").length > 100`)
			p.answers("document")
			for _, act := range []string{
				`document.querySelector('[aria-label="Overflow policy"] button:nth-child(2), .chips button:nth-child(2)').click()`,
				`document.querySelector("select[aria-label=Preset]").value = "spill", document.querySelector("select[aria-label=Preset]").dispatchEvent(new Event("change"))`,
			} {
				p.do(evaluate(act))
				p.answers("document")
			}
			for _, key := range []string{"?", "s", "e", "o"} {
				p.press(key)
				p.waitFor(`document.querySelector("dialog[open]")`)
				p.tick()
				press("Close")
				p.waitFor(`!document.querySelector("dialog")`)
			}
			p.do(evaluate(`document.querySelector(".spot").focus()`))
			p.tick()
			press("Undo")
			press("Restart")
			p.answers("document")

			p.do(evaluate(`stopTranslator(); document.activeElement.blur()`))
			p.press("ArrowLeft")
			p.press("ArrowLeft")
			p.tick()
			p.waitUntilItIsStill()
			p.tick()
			link := get[string](p, `location.hash.slice(1)`)
			q := open(t, 1440, 900, "dark", link)
			q.tick()
			expect(q, `document.querySelector("#time").getAttribute("aria-valuetext")`, get[string](p, `document.querySelector("#time").getAttribute("aria-valuetext")`))
			for _, part := range []string{".clock", ".tiles", ".theory", ".side .card", ".chart dd, .chart", "#log-lines"} {
				expect(p, shown(part), get[string](q, shown(part)))
			}
		})
	}
}
