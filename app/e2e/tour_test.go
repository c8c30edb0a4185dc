package e2e

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// A walk through all that can be open, shown or wrong, in each window. The console says nothing meanwhile,
// which is looked at in the end.
func TestWhateverIsOpenFitsEveryWindow(t *testing.T) {
	t.Parallel()
	atEverySize(t, classic+"@8.4s", func(t *testing.T, p *page) {
		look := func(what string) {
			t.Helper()
			p.tick()
			p.nothingOverflows()
			p.everyControlHasAName()
			p.textsAreApart()
			p.shot("tour-" + t.Name()[len("TestWhateverIsOpenFitsEveryWindow/"):] + "-" + what)
		}
		p.click("Play")
		p.click("Speed max")
		look("playing")
		p.waitForLine("quitting")
		look("over")
		p.do(evaluate(`location.hash = "` + classic + `@8.4s"`))
		p.waitForClock("00:08.4")

		for _, c := range []struct{ key, what string }{{"?", "help"}, {"s", "share"}, {"e", "export"}, {"o", "scenarios"}} {
			p.press(c.key)
			p.waitFor(`document.querySelector("dialog")?.open`)
			look(c.what)
			p.press(kb.Escape)
			p.waitFor(`!document.querySelector("dialog")`)
		}

		p.click("consumer")
		p.card("busy with 3")
		look("card")
		p.click("Close the card")
		p.click("Enlarge time in system")
		p.named("Show all charts")
		look("chart")
		p.click("Show all charts")

		p.click("All kinds")
		p.search("nothing has this in it")
		p.waitFor(`document.querySelector(".log .empty")`)
		look("search")
		p.press(kb.Escape)
		p.click("All kinds")

		p.click("Add a producer")
		p.click("Add a consumer")
		p.waitForCards("producer", "producer-2", "consumer", "consumer-2")
		p.more("consumer-2")
		p.enter("consumer-2: topics", "orders..new")
		p.pressEnter()
		p.waitForProblem("consumer-2: topics", "orders..new")
		p.click("Rename producer-2")
		p.waitForFocus("New name of producer-2")
		p.press("consumer")
		p.pressEnter()
		p.waitForProblem("New name of producer-2", "is taken")
		look("problems")
		p.press(kb.Escape)

		p.click("Pause consumer")
		p.waitForLine("consumer: is paused")
		p.click("Crash the process")
		p.waitForLine("the process has crashed")
		look("interventions")

		p.do(evaluate(`location.hash = "1AO-M"`))
		p.waitFor(`document.querySelector("[role=alert]")?.innerText.includes("checksum does not fit")`)
		look("notice")
	})
}
