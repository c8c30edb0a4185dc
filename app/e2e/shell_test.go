package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// sizes are the windows that a person may have: wide, a tablet, a phone.
var sizes = []struct{ width, height int }{{1440, 900}, {1024, 768}, {390, 844}}

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
	atEverySize(t, "", func(t *testing.T, p *page) {
		p.do(evaluate(`document.querySelector("[aria-label=Help]").focus()`))
		p.press("?")
		p.waitFor(`document.querySelector("dialog").open && document.querySelector("dialog").innerText.includes("Play or pause")`)
		p.everyControlHasAName()
		p.nothingOverflows()
		p.shot("help-" + strings.ReplaceAll(t.Name(), "/", "-"))
		p.press(kb.Escape)
		p.waitFor(`!document.querySelector("dialog") && document.activeElement.getAttribute("aria-label") === "Help"`)
	})
}

func TestTheShareDialogGivesALinkAndAFrame(t *testing.T) {
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
	shown := func(p *page, selector string) bool {
		return get[bool](p, fmt.Sprintf("!!document.querySelector(%s)?.checkVisibility()", quote(selector)))
	}
	for _, test := range []struct {
		query         string
		tiles, log    bool
		caption, side bool
	}{
		{"embed=1", false, false, false, false},
		{"embed=1&show=tiles,caption", true, false, true, false},
		{"embed=1&show=log,scenario", false, true, false, true},
	} {
		p := blank(t, 800, 500, "dark")
		p.visit(server + "?" + test.query + "#" + dropOldest)
		p.waitUntilItRuns()
		for selector, want := range map[string]bool{
			".head": false, ".stage canvas": true, ".transport": true,
			".tiles": test.tiles, ".log": test.log, ".caption": test.caption, ".side": test.side,
		} {
			if got := shown(p, selector); got != want {
				t.Errorf("%s: %s is shown: %v, want %v", test.query, selector, got, want)
			}
		}
		p.everyControlHasAName()
		p.nothingOverflows()
		p.shot("embed-" + strings.NewReplacer("=", "", "&", "-", ",", "-").Replace(test.query))
	}
}

func TestAFrameInAnotherPageRuns(t *testing.T) {
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><link rel="icon" href="data:,"><iframe src="%s?embed=1#%s" width="700" height="420"></iframe>`, server, classic)
	}))
	defer host.Close()
	p := blank(t, 800, 500, "dark")
	p.visit(strings.Replace(host.URL, "127.0.0.1", "localhost", 1))
	p.waitFor("frames.length === 1")
}

func TestAnEditIsTakenBackAndMadeAgain(t *testing.T) {
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
	if !get[bool](p, `document.querySelector("[aria-label=Undo]").disabled`) {
		// Opening the link was an edit of what was there before: taking it back brings the classic's start.
		p.click("Undo")
		p.waitFor(`document.querySelector("[aria-label=Undo]").disabled`)
	}
}

func TestTheUsersMarksComeBackWithTheLink(t *testing.T) {
	p := open(t, 1440, 900, "dark", classic+"@2s")
	p.press("m")
	p.waitFor(`location.hash === "#1AO-N@2s&marks=2s"`)
	p.press(kb.Home)
	p.press("]")
	p.waitFor(`document.querySelector(".clock").innerText.startsWith("00:02.0")`)
	again := open(t, 1440, 900, "light", classic+"@3s&marks=2s")
	again.press("[")
	again.waitFor(`document.querySelector(".clock").innerText.startsWith("00:02.0")`)
}

func TestTheThemeFollowsTheSystemUntilItIsChosen(t *testing.T) {
	p := open(t, 1024, 768, "dark", "")
	system := func(theme string) {
		p.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}))
	}
	system("light")
	p.waitFor(`document.documentElement.dataset.theme === "light" && document.querySelector("[aria-label^=Theme]").getAttribute("aria-label").endsWith("dark")`)
	p.press("t")
	p.waitFor(`document.documentElement.dataset.theme === "dark"`)
	system("dark")
	system("light")
	p.waitFor(`document.documentElement.dataset.theme === "dark"`)
}

func TestTwiceTheSizeLosesNothing(t *testing.T) {
	p := open(t, 720, 450, "light", "") // 1440×900 at 200 %
	p.nothingOverflows()
	p.everyControlHasAName()
	p.shot("zoomed")
}
