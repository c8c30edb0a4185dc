package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// sizes are the windows that a person may have: wide, a tablet, a phone.
var sizes = []struct{ width, height int }{{1440, 900}, {1024, 768}, {390, 844}}

// inEveryWindow makes the window of a page each of those sizes, in both themes, for a test of what the page
// then looks like.
func inEveryWindow(p *page, test func(name string)) {
	p.t.Helper()
	for _, theme := range []string{"dark", "light"} {
		for _, size := range sizes {
			p.prefer("prefers-color-scheme", theme)
			p.resize(size.width, size.height)
			p.waitFor(fmt.Sprintf(`document.documentElement.dataset.theme === %s && innerWidth === %d`, quote(theme), size.width))
			p.tick()
			test(fmt.Sprintf("%s-%dx%d", theme, size.width, size.height))
		}
	}
}

// atEverySize opens the page in each of them.
func atEverySize(t *testing.T, fragment string, test func(t *testing.T, p *page)) {
	t.Helper()
	for i, size := range sizes {
		t.Run(fmt.Sprintf("%d×%d", size.width, size.height), func(t *testing.T) {
			test(t, open(t, size.width, size.height, []string{"dark", "light"}[i%2], fragment))
		})
	}
}

func TestTheHelpSheetOpensWithAKeyAndGivesTheFocusBack(t *testing.T) {
	t.Parallel()
	atEverySize(t, "", func(t *testing.T, p *page) {
		p.focus("Help")
		p.press("?")
		p.waitFor(`document.querySelector("dialog").open && document.querySelector("dialog").innerText.includes("Play or pause")`)
		p.waitFor(`document.querySelector("dialog").innerText.includes("(devel), go1.")`)
		p.everyControlHasAName()
		p.nothingOverflows()
		p.shot("help-" + strings.ReplaceAll(t.Name(), "/", "-"))
		p.press(kb.Escape)
		p.waitFor(`!document.querySelector("dialog") && document.activeElement.getAttribute("aria-label") === "Help"`)
	})
}

func TestTheShareDialogGivesALinkAndAFrame(t *testing.T) {
	t.Parallel()
	atEverySize(t, classic+"@2s", func(t *testing.T, p *page) {
		p.press("s")
		p.waitFor(`document.querySelector("#share-link").value.endsWith("#1AO-N@2s")`)
		p.click("tiles")
		p.waitFor(`document.querySelector("#share-frame").value.includes("?embed=1&amp;show=tiles#1AO-N@2s")`)
		p.everyControlHasAName()
		p.nothingOverflows()
		p.shot("share-" + strings.ReplaceAll(t.Name(), "/", "-"))
		p.mayUseTheClipboard()
		p.click("Copy the link")
		p.waitFor(`document.querySelector("dialog .notice")?.innerText.includes("copied")`)
		var got string
		p.do(chromedp.Evaluate("navigator.clipboard.readText()", &got, awaitPromise))
		if !strings.HasSuffix(got, "#1AO-N@2s") {
			t.Errorf("the clipboard has %q", got)
		}
		p.click("Close")
		p.waitFor(`!document.querySelector("dialog")`)
	})
}

func TestAFrameShowsTheStageTheTransportAndWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	p := blank(t, 800, 500, "dark")
	for _, test := range []struct {
		query              string
		tiles, log, charts bool
		caption, side      bool
	}{
		{query: "embed=1"},
		{query: "embed=1&show=tiles,caption", tiles: true, caption: true},
		{query: "embed=1&show=log,scenario", log: true, side: true},
		{query: "embed=1&show=charts", charts: true},
	} {
		p.visit(server + "?" + test.query + "#" + dropOldest)
		p.waitUntilItRuns()
		for selector, want := range map[string]bool{
			".head": false, ".stage canvas": true, ".transport": true,
			".tiles": test.tiles, ".log": test.log, ".caption": test.caption, ".side": test.side, ".charts": test.charts,
		} {
			expect(p, fmt.Sprintf("!!document.querySelector(%s)?.checkVisibility()", quote(selector)), want)
		}
		p.everyControlHasAName()
		p.nothingOverflows()
		p.shot("embed-" + strings.NewReplacer("=", "", "&", "-", ",", "-").Replace(test.query))
	}
}

func TestAFrameInAnotherPageRuns(t *testing.T) {
	t.Parallel()
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><link rel="icon" href="data:,"><iframe src="%s?embed=1#%s" width="700" height="420"></iframe>`, server, classic)
	}))
	defer host.Close()
	p := blank(t, 800, 500, "dark")
	p.visit(strings.Replace(host.URL, "127.0.0.1", "localhost", 1))
	p.waitFor("frames.length === 1")
	p.waitForInFrame(`document.documentElement.dataset.boot === "running"`)
	p.waitForInFrame(`document.querySelector(".clock").innerText > "00:00.3"`)
	// The keys are for the frame that has the focus.
	p.clickAt(p.middle(`document.querySelector("iframe")`))
	p.press(" ")
	p.waitForInFrame(`document.querySelector('.transport [aria-label="Play"]')`)
}

// waitForInFrame is waitFor in the page's only frame, which may be of another origin.
func (p *page) waitForInFrame(expression string) {
	p.t.Helper()
	if err := p.await(func() error {
		return p.try(chromedp.ActionFunc(func(ctx context.Context) error {
			tree, err := cdppage.GetFrameTree().Do(ctx)
			if err != nil {
				return err
			}
			if len(tree.ChildFrames) != 1 {
				return fmt.Errorf("there are %d frames", len(tree.ChildFrames))
			}
			world, err := cdppage.CreateIsolatedWorld(tree.ChildFrames[0].Frame.ID).WithWorldName("test").Do(ctx)
			if err != nil {
				return err
			}
			value, failed, err := runtime.Evaluate("!!(" + expression + ")").WithContextID(world).Do(ctx)
			switch {
			case err != nil:
				return err
			case failed != nil:
				return failed
			case string(value.Value) != "true":
				return errors.New("it is false")
			}
			return nil
		}))
	}); err != nil {
		p.fail("in the frame it never came true (%v): %s", err, expression)
	}
}

func TestAnEditIsTakenBackAndMadeAgain(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@2s")
	pressed := func(policy string) string {
		return fmt.Sprintf(`[...document.querySelectorAll("[aria-pressed=true]")].some((e) => e.innerText === %s)`, quote(policy))
	}
	p.click("drop oldest")
	p.waitFor(pressed("drop oldest"))
	p.do(evaluate("document.activeElement.blur()"))
	p.do(chromedp.KeyEvent("z", chromedp.KeyModifiers(2)))
	p.waitFor(pressed("drop newest") + ` && location.hash === "#1AO-N@2s"`)
	p.click("Redo")
	p.waitFor(pressed("drop oldest") + ` && location.hash !== "#1AO-N@2s"`)
	p.click("Undo")
	p.waitFor(pressed("drop newest"))
	p.waitFor(`document.querySelector("[aria-label=Undo]").disabled`) // opening the link was no edit
}

func TestTheUsersMarksComeBackWithTheLink(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", classic+"@2s")
	p.press("m")
	p.waitFor(`location.hash === "#1AO-N@2s&marks=2s"`)
	p.press(kb.Home)
	p.waitForClock("00:00.0")
	p.press("]")
	p.waitForClock("00:02.0")
	again := open(t, 1440, 900, "light", classic+"@3s&marks=2s")
	again.press("[")
	again.waitForClock("00:02.0")
}

func TestTheThemeFollowsTheSystemUntilItIsChosen(t *testing.T) {
	t.Parallel()
	p := open(t, 1024, 768, "dark", "")
	system := func(theme string) { p.prefer("prefers-color-scheme", theme) }
	system("light")
	p.waitFor(`document.documentElement.dataset.theme === "light" && document.querySelector("[aria-label^=Theme]").getAttribute("aria-label").endsWith("dark")`)
	const frame = `document.querySelector("meta[name=theme-color]").content`
	expect(p, frame, "#ffffff")
	p.press("t")
	p.waitFor(`document.documentElement.dataset.theme === "dark"`)
	expect(p, frame, "#111826")
	system("dark")
	system("light")
	p.waitFor(`matchMedia("(prefers-color-scheme: light)").matches`)
	p.tick()
	expect(p, `document.documentElement.dataset.theme`, "dark")
}

func TestTwiceTheSizeLosesNothing(t *testing.T) {
	t.Parallel()
	p := open(t, 720, 450, "light", "") // 1440×900 at 200 %
	p.nothingOverflows()
	p.everyControlHasAName()
	p.shot("zoomed")
}
