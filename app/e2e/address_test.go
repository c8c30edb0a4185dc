package e2e

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

var (
	addresses   = flag.Int("addresses", 200, "how many mutated addresses a running page is sent to")
	addressSeed = flag.Uint64("address-seed", 1, "the seed of the mutated addresses")
)

// says is the page's notice.
const says = `document.querySelector(".notices").innerText`

// cannotOpen waits until the page says that it can't open a link, and shows the classic.
func (p *page) cannotOpen(link string) {
	p.t.Helper()
	p.waitFor(says + `.includes(` + quote(fmt.Sprintf("The link %q can't be opened, so here is the classic: ", link)) + `)`)
	expect(p, `document.querySelector("select[aria-label=Preset]").value`, "classic")
}

// stillWorks operates the page.
func (p *page) stillWorks() {
	p.t.Helper()
	p.waitFor(`document.documentElement.dataset.boot === "running"`)
	for _, preset := range []string{"drop-oldest", "classic"} {
		p.do(evaluate(fmt.Sprintf(`(() => {
			const preset = document.querySelector("select[aria-label=Preset]");
			preset.value = %s;
			preset.dispatchEvent(new Event("change"));
		})()`, quote(preset))))
		expect(p, `document.querySelector("select[aria-label=Preset]").value`, preset)
		p.waitForLine("[produced=1]")
	}
}

func TestALinkWithABrokenEscapeOpensThePageAndIsNamed(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	for address, link := range map[string]string{
		"#%":                        "#%",
		"#" + classic + "%":         "#" + classic + "%",
		"#%zz":                      "#%zz",
		"#1AO%2":                    "#1AO%2",
		"#%%%25%2g":                 "#%%%%2g",
		"?%#%":                      "#%",
		"index.html?a=%zz&b=%#%e2%": "#\xe2%",
	} {
		t.Run(address, func(t *testing.T) {
			p := p.of(t)
			p.leave()
			p.visit(server + address)
			p.waitUntilItRuns()
			p.cannotOpen(link)
			if address == "#%" {
				p.stillWorks()
				p.shot("broken-link")
			}
			p.reload() // what is in the address bar by now
		})
	}
}

func TestALinkWithABrokenEndOpensItsScenarioAndSaysWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	p.visit(server + "#" + dropOldest + "@2s%")
	p.waitUntilItRuns()
	p.waitFor(says + `.includes("The link opens without a part that does not fit: it has a broken % escape.")`)
	expect(p, `document.querySelector("select[aria-label=Preset]").value`, "drop-oldest")
	p.shot("left-out")
}

func TestAQueryWithABrokenEscapeChangesNothing(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	for _, query := range []string{"?%", "?a=%zz", "?embed=%", "?%=%&;=", "?a=%00%ff"} {
		p.leave()
		p.visit(server + query + "#" + dropOldest + "@2s")
		p.waitUntilItShows("@")
		p.waitForClock("00:02.0")
		expect(p, says, "")
		expect(p, `document.querySelector("select[aria-label=Preset]").value`, "drop-oldest")
	}
}

func TestABrokenLinkInARunningPageIsNamedAndThePageGoesOn(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", dropOldest+"@2s")
	for _, way := range []string{
		`location.hash = "#%s"`,
		`location.href = location.pathname + "#%s"`,
		`location.replace("#%s")`,
		`(history.pushState(null, "", "#%s"), history.pushState(null, "", "#"), history.back())`,
	} {
		for i, broken := range []string{"%", "%zz" + classic, classic + "%", "%%"} {
			broken += fmt.Sprint(i, "%")
			p.do(evaluate(strings.ReplaceAll(way, "%s", broken)))
			p.cannotOpen("#" + broken)
			p.do(evaluate(`location.hash = ` + quote(dropOldest+"@2s")))
			p.waitForClock("00:02.0")
		}
	}
	p.stillWorks()
}

// A script in the page, such as that of an extension, may change the address without a word to the page.
func TestAnAddressThatNobodyAnnouncesDoesNotEndThePage(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", dropOldest+"@2s")
	for _, change := range []string{"pushState", "replaceState"} {
		p.do(evaluate(`history.` + change + `(null, "", "?%#%")`))
		p.stillWorks()
		p.waitFor(`!location.hash.includes("%")`)
	}
}

func TestABrokenLinkInASandboxedFrameIsNamed(t *testing.T) {
	t.Parallel()
	// The frame is of no origin, so its host has to allow any.
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/frame" {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<!doctype html><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="./?embed=1#%" width="900" height="420"></iframe>`)
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		first().ServeHTTP(w, r)
	}))
	defer host.Close()
	p := blank(t, 1000, 500, "dark")
	p.visit(host.URL + "/frame")
	frame := p.frameOfItsOwn(host.URL)
	frame.waitUntilItRuns()
	frame.cannotOpen("#%")
	frame.waitFor(`document.querySelector(".clock").innerText > "00:00.3"`)
}

// frameOfItsOwn is the page's frame of a host, of another process as that of a sandbox is.
func (p *page) frameOfItsOwn(address string) *page {
	p.t.Helper()
	var frame *page
	if err := p.await(func() error {
		targets, err := chromedp.Targets(p.ctx)
		if err != nil {
			return err
		}
		for _, found := range targets {
			if found.Type == "iframe" && strings.HasPrefix(found.URL, address) {
				ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(found.TargetID))
				p.t.Cleanup(cancel)
				frame = &page{t: p.t, ctx: ctx}
				return chromedp.Run(ctx)
			}
		}
		return errors.New("there is none")
	}); err != nil {
		p.fail("no frame: %v", err)
	}
	return frame
}

// mutations makes addresses of links as they come out of mails, chats, and bad hands: beginning at the query.
type mutations struct{ *rand.Rand }

func (m mutations) next() string {
	seeds := []string{"", classic, dropOldest + "@2s", dropOldest + "@8.4s&sel=q0&chart=rate&marks=2s,4s", "1", "%", "=&=", "embed=1&show=tiles,log"}
	parts := []string{"", "?" + m.mutated(seeds), "#" + m.mutated(seeds), "?" + m.mutated(seeds) + "#" + m.mutated(seeds)}
	return parts[1+m.IntN(3)]
}

func (m mutations) mutated(seeds []string) string {
	text := []byte(seeds[m.IntN(len(seeds))])
	pieces := []string{"%", "%2", "%zz", "%00", "%7f", "%ff", "%25", "%23", "%f0%9f", "&", "=", "@", "#", "?", ";", ":", "/", "//", `\`, " ", "+",
		"\t", "\x01", "\x7f", "é", "\u202e", "😀", "[", "]", "{", "^", "|", "`", `"`, "<script>", "'", "&sel=e99999.99999999999999999999", "@-1s", "@1e9h"}
	for range 1 + m.IntN(4) {
		at := m.IntN(len(text) + 1)
		switch m.IntN(4) {
		case 0, 1:
			text = append(text[:at:at], append([]byte(pieces[m.IntN(len(pieces))]), text[at:]...)...)
		case 2:
			text = text[:at]
		case 3:
			text = append(text[:at:at], []byte(strings.Repeat(pieces[m.IntN(len(pieces))], 1+m.IntN(200)))...)
		}
	}
	return string(text)
}

func TestMutatedAddressesDoNotEndThePage(t *testing.T) {
	t.Parallel()
	t.Logf("to repeat it: go -C app/e2e test -run %s -addresses %d -address-seed %d", t.Name(), *addresses, *addressSeed)
	m := mutations{rand.New(rand.NewPCG(*addressSeed, 0))}
	p := open(t, 1440, 900, "dark", "")

	// What url.Parse makes of them, for very many: the page hears of none.
	for range *addresses / 100 {
		var tried []string
		for range 2000 {
			tried = append(tried, "x%?"[:m.IntN(2)]+m.next())
		}
		for i, address := range get[[]string](p, fmt.Sprintf(`%s.map((address) => {
			history.replaceState(null, "", address);
			return location.href;
		})`, quoteAll(tried))) {
			if _, err := url.Parse(address); err != nil {
				t.Fatalf("%q leaves the page at an address that Go can't read: %v", tried[i], err)
			}
		}
	}
	p.do(evaluate(`history.replaceState(null, "", ` + quote(server) + `)`))

	// What the program makes of them.
	for range *addresses / 10 {
		var tried []string
		for range 10 {
			tried = append(tried, m.next())
		}
		var alive bool
		p.do(chromedp.Evaluate(fmt.Sprintf(`(async () => {
			for (const [i, address] of %s.entries()) {
				const hash = address.indexOf("#");
				if (i %% 3 === 0 && hash >= 0) location.hash = address.slice(hash);
				else if (i %% 3 === 1) history.pushState(null, "", address);
				else {
					history.pushState(null, "", address);
					dispatchEvent(new PopStateEvent("popstate"));
				}
				if (i %% 2) await new Promise((next) => setTimeout(next, 20)); // now and then two at once
			}
			return document.documentElement.dataset.boot === "running";
		})()`, quoteAll(tried)), &alive, awaitPromise))
		if !alive {
			t.Fatalf("the page ended at one of %s: %s", quoteAll(tried), p.text("#failure-reason"))
		}
	}
	p.do(evaluate(`history.pushState(null, "", ` + quote(to(dropOldest)) + `); dispatchEvent(new PopStateEvent("popstate"))`)) // a frame no more
	p.stillWorks()

	// And from the start.
	for range *addresses / 40 {
		address := m.next()
		p.leave()
		p.visit(server + address)
		p.waitFor(`["running", "failed"].includes(document.documentElement.dataset.boot)`)
		if reason := p.text("#failure-reason"); reason != "" {
			t.Fatalf("the page does not start at %q: %s", address, reason)
		}
	}
}

func quoteAll(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = quote(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
