package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// click clicks in the middle of the control with that accessible name, as the browser computes it for a
// screen reader: of an aria-label, a label, or its text.
func (p *page) click(name string) {
	p.t.Helper()
	node := p.named(name)
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		if err := dom.ScrollIntoViewIfNeeded().WithBackendNodeID(node).Do(ctx); err != nil {
			return err
		}
		quads, err := dom.GetContentQuads().WithBackendNodeID(node).Do(ctx)
		if err != nil {
			return err
		}
		if len(quads) == 0 {
			return fmt.Errorf("%q has no place on the screen", name)
		}
		q := quads[0]
		return chromedp.MouseClickXY((q[0]+q[4])/2, (q[1]+q[5])/2).Do(ctx)
	}))
}

// named finds the one control with that accessible name, and waits for it.
func (p *page) named(name string) cdp.BackendNodeID {
	p.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var found []cdp.BackendNodeID
		err := p.try(chromedp.ActionFunc(func(ctx context.Context) error {
			controls, err := controls(ctx)
			for _, control := range controls {
				if control.name == name {
					found = append(found, control.node)
				}
			}
			return err
		}))
		if err == nil && len(found) == 1 {
			return found[0]
		}
		select {
		case <-tick.C:
		case <-deadline:
			p.t.Fatalf("there are %d controls with the name %q (last error: %v)", len(found), name, err)
		}
	}
}

// press presses keys, one after another: text, or the keys of the package kb.
func (p *page) press(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// control is something to operate, as a screen reader meets it.
type control struct {
	role, name string
	node       cdp.BackendNodeID
}

var controlRoles = map[string]bool{
	"button": true, "checkbox": true, "combobox": true, "link": true, "listbox": true, "menuitem": true,
	"radio": true, "searchbox": true, "slider": true, "spinbutton": true, "switch": true, "tab": true, "textbox": true,
}

// controls asks for the accessibility tree. It reads the answer itself: a browser newer than the protocol
// package says words that the package refuses.
func controls(ctx context.Context) ([]control, error) {
	type value struct {
		Value any `json:"value"`
	}
	var tree struct {
		Nodes []struct {
			Ignored bool              `json:"ignored"`
			Role    value             `json:"role"`
			Name    value             `json:"name"`
			Node    cdp.BackendNodeID `json:"backendDOMNodeId"`
		} `json:"nodes"`
	}
	if err := cdp.Execute(ctx, accessibility.CommandGetFullAXTree, nil, &tree); err != nil {
		return nil, err
	}
	var found []control
	for _, node := range tree.Nodes {
		role, _ := node.Role.Value.(string)
		name, _ := node.Name.Value.(string)
		if !node.Ignored && controlRoles[role] {
			found = append(found, control{role, name, node.Node})
		}
	}
	return found, nil
}

// everyControlHasAName fails the test for controls that a screen reader could only call by their kind.
func (p *page) everyControlHasAName() {
	p.t.Helper()
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		controls, err := controls(ctx)
		for _, control := range controls {
			if control.name == "" {
				p.t.Errorf("a %s has no name", control.role)
			}
		}
		return err
	}))
}

// nothingOverflows fails the test if the page is wider than its window, and names what sticks out.
func (p *page) nothingOverflows() {
	p.t.Helper()
	const wider = `(() => {
		const width = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= width) return [];
		return [...document.body.querySelectorAll("*")]
			.filter((e) => e.getBoundingClientRect().right > width + 0.5)
			.map((e) => e.outerHTML.slice(0, 100) + " reaches " + e.getBoundingClientRect().right + " of " + width)
			.concat("the document is " + document.documentElement.scrollWidth + " wide of " + width);
	})()`
	for _, what := range get[[]string](p, wider) {
		p.t.Errorf("too wide: %s", what)
	}
}

// shot takes a picture, if anybody wants one.
func (p *page) shot(name string) {
	p.t.Helper()
	folder := os.Getenv("SPILLWAY_SHOTS")
	if folder == "" {
		return
	}
	err := p.try(chromedp.ActionFunc(func(ctx context.Context) error {
		picture, err := cdppage.CaptureScreenshot().Do(ctx)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644)
	}))
	if err != nil {
		p.t.Errorf("taking the picture %s: %v", name, err)
	}
}

// evaluate runs a JavaScript expression for what it does.
func evaluate(expression string) chromedp.Action {
	return chromedp.Evaluate(expression, nil)
}

// awaitPromise lets an evaluated expression wait for its promise.
func awaitPromise(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// scriptSeconds is how long scripts have run in the tab, WebAssembly included.
func (p *page) scriptSeconds() float64 {
	p.t.Helper()
	var seconds float64
	p.do(performance.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
		metrics, err := performance.GetMetrics().Do(ctx)
		for _, m := range metrics {
			if m.Name == "ScriptDuration" {
				seconds = m.Value
			}
		}
		return err
	}))
	return seconds
}
