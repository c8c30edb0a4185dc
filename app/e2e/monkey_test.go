package e2e

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var (
	monkeyActions = flag.Int("monkey-actions", 600, "how many things the monkey does")
	monkeySeed    = flag.Uint64("monkey-seed", 1, "the seed of what the monkey does")
)

// monkey uses the page at random. What it does follows from its seed; what comes of it depends on how fast the
// page is too.
type monkey struct {
	*page
	*rand.Rand
	done          []string
	width, height float64
	depth         int // of the history: so often it may go back
}

// burst is how much the monkey does between two looks at the page.
const burst = 30

func TestAMonkeyFindsNothingThatEndsThePage(t *testing.T) {
	t.Parallel()
	p := blank(t, 1440, 900, "dark")
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		c := chromedp.FromContext(ctx)
		return cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorDeny).WithBrowserContextID(c.BrowserContextID).Do(cdp.WithExecutor(ctx, c.Browser))
	}))
	p.visit(server)
	p.waitUntilItRuns()
	m := &monkey{page: p, Rand: rand.New(rand.NewPCG(*monkeySeed, 0)), width: 1440, height: 900}
	t.Cleanup(func() {
		if t.Failed() || len(p.messages) > 0 {
			t.Logf("the last things it did:\n\t%s", strings.Join(m.done[max(0, len(m.done)-2*burst):], "\n\t"))
			t.Logf("to replay it: make monkey SEED=%d ACTIONS=%d", *monkeySeed, len(m.done))
		}
	})
	for len(m.done) < *monkeyActions && !t.Failed() {
		for range burst {
			m.act()
		}
		m.look()
	}
	t.Logf("it did %d things, with the seed %d", len(m.done), *monkeySeed)
}

// look finds out whether the page is as well as before.
func (m *monkey) look() {
	m.t.Helper()
	m.mu.Lock()
	said := strings.Join(m.messages, "\n")
	m.mu.Unlock()
	if said != "" {
		m.fail("the console says: %s", said)
	}
	if failed := get[string](m.page, `[...document.querySelectorAll(".failed, .notices")].map((e) => e.innerText).filter((text) => /failed|can’t be shown/.test(text)).join()`); failed != "" {
		m.fail("the page says: %s", failed)
	}
	m.resize(1440, 900)
	m.width, m.height = 1440, 900
	m.waitFor(`document.documentElement.dataset.boot === "running" && (document.querySelector("dialog[open] [aria-label=Close]")?.click(), !document.querySelector("dialog"))`)
	m.pressLabelled("Speed 1×") // so that a run is not over before anybody looks
	m.choose("Preset", "classic")
	m.answers("document")
	m.givesItsLink()
}

func (m *monkey) pick(all ...string) string { return all[m.IntN(len(all))] }

// somewhere is a point in the window.
func (m *monkey) somewhere() point { return point{m.Float64() * m.width, m.Float64() * m.height} }

// act does one thing.
func (m *monkey) act() {
	m.t.Helper()
	var what string
	var action chromedp.Action
	run := func(script string) chromedp.Action { return evaluate("(() => { " + script + " })(), 0") }
	switch n := m.IntN(100); {
	case n < 30: // a control, whatever it is
		what = fmt.Sprintf("click control %d", m.IntN(1000))
		action = run(fmt.Sprintf(`
			const all = [...document.querySelectorAll("button, input, select, summary, .spot, li, canvas, svg")].filter((e) => e.checkVisibility() && !e.disabled && e.type !== "file" && !/Choose a file/.test(e.innerText) && !e.closest(".update"));
			const e = (document.querySelector("dialog[open]") ? all.filter((e) => e.closest("dialog")) : all)[%d %% all.length];
			if (!e) return;
			e.focus?.();
			if (e.tagName === "SELECT") { e.selectedIndex = %[1]d %% e.options.length; e.dispatchEvent(new Event("change", { bubbles: true })); return; }
			if (e.type === "range") { e.value = %[1]d; e.dispatchEvent(new Event("input", { bubbles: true })); return; }
			e.click?.();`, m.IntN(1000)))
	case n < 45:
		at := m.somewhere()
		times := 1 + int64(m.IntN(2))
		what = fmt.Sprintf("click at %.0f, %.0f %d times", at.X, at.Y, times)
		action = chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(int(times)))
	case n < 55:
		from, to := m.somewhere(), m.somewhere()
		what = fmt.Sprintf("drag from %.0f, %.0f to %.0f, %.0f", from.X, from.Y, to.X, to.Y)
		action = chromedp.Tasks{
			chromedp.MouseEvent(input.MousePressed, from.X, from.Y, chromedp.ButtonLeft),
			chromedp.MouseEvent(input.MouseMoved, (from.X+to.X)/2, (from.Y+to.Y)/2, chromedp.ButtonLeft),
			chromedp.MouseEvent(input.MouseMoved, to.X, to.Y, chromedp.ButtonLeft),
			chromedp.MouseEvent(input.MouseReleased, to.X, to.Y, chromedp.ButtonLeft),
		}
	case n < 60:
		at := m.somewhere()
		what = fmt.Sprintf("point at %.0f, %.0f", at.X, at.Y)
		action = chromedp.MouseEvent(input.MouseMoved, at.X, at.Y)
	case n < 64:
		at := m.somewhere()
		by := float64(m.IntN(1200) - 600)
		what = fmt.Sprintf("scroll at %.0f, %.0f by %.0f", at.X, at.Y, by)
		action = input.DispatchMouseEvent(input.MouseWheel, at.X, at.Y).WithDeltaX(0).WithDeltaY(by)
	case n < 80:
		key := m.pick(" ", kb.ArrowLeft, kb.ArrowRight, kb.ArrowUp, kb.ArrowDown, kb.Home, kb.End, kb.PageUp, kb.PageDown, kb.Tab, kb.Enter, kb.Escape, kb.Backspace, kb.Delete,
			"[", "]", "m", "+", "-", "r", "p", "h", "x", "c", "o", "s", "e", "/", "t", "?", "1", "9", ".")
		modifier := input.ModifierNone
		if m.IntN(6) == 0 {
			key, modifier = m.pick("z", "y", "Z"), input.ModifierCtrl
		}
		what = fmt.Sprintf("press %q", key)
		action = chromedp.KeyEvent(key, chromedp.KeyModifiers(modifier))
	case n < 85:
		text := m.pick("0", "1", "-1", "1e9", "999999999999", "3 ms", "1h", "a b", "ÄÖ🙂", "\u202eabc", "orders.>", "{", "  ", strings.Repeat("x", 300))
		what = fmt.Sprintf("type %.20q", text)
		action = input.InsertText(text)
	case n < 91:
		m.width, m.height = float64(1+m.IntN(1800)), float64(1+m.IntN(1100))
		what = fmt.Sprintf("make the window %.0f×%.0f", m.width, m.height)
		m.resize(int(m.width), int(m.height))
	case n < 96:
		link := m.pick(classic, dropOldest, classic+"@8.5s", dropOldest+"@2s&sel=c0", classic+"@4s&marks=1s,2s&chart=rate", "1", "%", "nothing", "1hEc9G_hBkoFiAACbCS74eWXRv688sFgAQSgAte0") + m.pick("", "", "%", "@3s")
		what = "go to #" + link
		var went bool
		action = chromedp.Tasks{
			chromedp.Evaluate(fmt.Sprintf(`location.hash !== %[1]s && (location.hash = %[1]s, true)`, quote("#"+link)), &went),
			chromedp.ActionFunc(func(context.Context) error {
				if went {
					m.depth++
				}
				return nil
			}),
		}
	case n < 98 && m.depth > 0:
		m.depth--
		what, action = "go back", run("history.back()")
	case n < 99:
		what, action = "go forward", run("history.forward()")
	default:
		theme := m.pick("dark", "light")
		what = "prefer " + theme
		m.prefer("prefers-color-scheme", theme)
	}
	m.done = append(m.done, what)
	if action == nil {
		return
	}
	if err := m.try(action); err != nil {
		m.fail("%s: %v", what, err)
	}
	if m.IntN(4) == 0 {
		time.Sleep(time.Duration(m.IntN(120)) * time.Millisecond) // for the page to come to something
	}
}
