package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// click clicks in the middle of the control with that accessible name, as the browser computes it for a
// screen reader: of an aria-label, a label, or its text. Like a person it waits until the control is there,
// stands still, and can be clicked.
func (p *page) click(name string) {
	p.t.Helper()
	var at point
	if err := p.await(func() (err error) {
		at, err = p.placeOf(name)
		return err
	}); err != nil {
		p.fail("clicking %q: %v", name, err)
	}
	p.clickAt(at)
}

func (p *page) clickAt(at point) {
	p.t.Helper()
	p.do(chromedp.MouseClickXY(at.X, at.Y))
}

func (p *page) pointAt(at point) {
	p.t.Helper()
	p.do(chromedp.MouseEvent(input.MouseMoved, at.X, at.Y))
}

// point is somewhere in the window.
type point struct{ X, Y float64 }

// place is such a point, or why there is none.
type place struct {
	X, Y float64
	Why  string
}

// standing is a function that says where the element it is called on is to be clicked, or why it can't be.
// What counts is its first box, at so many pixels from the left and the top, or in the middle if there is no
// such number.
const standing = `async function (dx, dy) {
	if (!this?.isConnected) return { Why: "it is not in the page" };
	const frame = () => new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 500); });
	const box = () => {
		const { x, y, width, height } = this.getClientRects()[0] ?? { x: 0, y: 0, width: 0, height: 0 };
		return [x, y, width, height];
	};
	this.scrollIntoViewIfNeeded();
	const before = box();
	await frame();
	await frame();
	const [x, y, width, height] = box();
	if (before.join() !== [x, y, width, height].join()) return { Why: "it moves" };
	if (!width || !height) return { Why: "it has no place on the screen" };
	if (this.disabled) return { Why: "it is disabled" };
	const at = { X: x + (dx ?? width / 2), Y: y + (dy ?? height / 2) };
	const there = document.elementFromPoint(at.X, at.Y);
	const drawn = this.matches(".spot") && there?.closest(".stage") && !there.closest(".closeup"); // and the canvas listens
	if (!drawn && !this.contains(there)) return { Why: "it is covered by " + there?.outerHTML.slice(0, 100) };
	return at;
}`

// placeOf is where the one control with that accessible name is, unless it can't be clicked now.
func (p *page) placeOf(name string) (point, error) {
	node, err := p.find(name)
	if err != nil {
		return point{}, err
	}
	var place place
	err = p.try(chromedp.ActionFunc(func(ctx context.Context) error {
		object, err := dom.ResolveNode().WithBackendNodeID(node).Do(ctx)
		if err != nil {
			return err
		}
		return chromedp.CallFunctionOn(standing, &place, func(call *runtime.CallFunctionOnParams) *runtime.CallFunctionOnParams {
			return call.WithObjectID(object.ObjectID).WithAwaitPromise(true)
		}).Do(ctx)
	}))
	if err == nil && place.Why != "" {
		err = errors.New(place.Why)
	}
	return point{place.X, place.Y}, err
}

// place waits until the element that a JavaScript expression finds stands still and is not covered, and
// returns the point in it that is so many pixels from its left and its top, or in the middle for a nil.
func (p *page) place(element string, dx, dy *float64) point {
	p.t.Helper()
	arguments, err := json.Marshal([]*float64{dx, dy})
	if err != nil {
		p.t.Fatal(err)
	}
	var place place
	if err := p.await(func() error {
		place.Why = ""
		err := p.try(chromedp.Evaluate(fmt.Sprintf("(%s).apply(%s, %s)", standing, element, arguments), &place, awaitPromise))
		if err == nil && place.Why != "" {
			err = errors.New(place.Why)
		}
		return err
	}); err != nil {
		p.fail("%s: %v", element, err)
	}
	return point{place.X, place.Y}
}

// middle is place in the middle of it.
func (p *page) middle(element string) point {
	p.t.Helper()
	return p.place(element, nil, nil)
}

// named waits for the one control with that accessible name.
func (p *page) named(name string) {
	p.t.Helper()
	if err := p.await(func() error {
		_, err := p.find(name)
		return err
	}); err != nil {
		p.fail("%v", err)
	}
}

// find finds the one control with that accessible name.
func (p *page) find(name string) (cdp.BackendNodeID, error) {
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
	switch {
	case err != nil:
		return 0, err
	case len(found) != 1:
		return 0, fmt.Errorf("there are %d controls with the name %q", len(found), name)
	}
	return found[0], nil
}

// focus gives the focus to the control with that aria-label.
func (p *page) focus(name string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`(() => {
		const control = document.querySelector('[aria-label=%s]');
		control?.focus();
		return control && document.activeElement === control;
	})()`, quote(name)))
}

// waitForFocus waits until the control with that aria-label has the focus.
func (p *page) waitForFocus(name string) {
	p.t.Helper()
	expect(p, `document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText`, name)
}

// choose chooses from the menu with that aria-label.
func (p *page) choose(menu, value string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`(() => {
		const menu = document.querySelector('select[aria-label=%s]');
		if (!menu || ![...menu.options].some((option) => option.value === %s)) return false;
		menu.value = %[2]s;
		menu.dispatchEvent(new Event("input", { bubbles: true }));
		menu.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	})()`, quote(menu), quote(value)))
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

// nothingOverflows fails the test if the page is wider than its window, or if a part of it hides some of
// what it holds beyond its side, and names what sticks out. Fields scroll what is typed, an ellipsis says that
// there is more, what is for screen readers only has no room at all, and the buttons over the stage are where
// its things are with the next frame only.
func (p *page) nothingOverflows() {
	p.t.Helper()
	const wider = `(() => {
		const width = document.documentElement.clientWidth;
		const hides = (e) => {
			const { overflowX, textOverflow } = getComputedStyle(e);
			return e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1 && overflowX !== "visible" && textOverflow !== "ellipsis" &&
				!e.matches("input, textarea, select, .sr, .spots");
		};
		const hiding = [...document.body.querySelectorAll("*")].filter(hides)
			.map((e) => e.outerHTML.slice(0, 100) + " holds " + e.scrollWidth + " in " + e.clientWidth);
		if (document.documentElement.scrollWidth <= width) return hiding;
		return hiding.concat([...document.body.querySelectorAll("*")]
			.filter((e) => e.getBoundingClientRect().right > width + 0.5)
			.map((e) => e.outerHTML.slice(0, 100) + " reaches " + e.getBoundingClientRect().right + " of " + width))
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
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := picture(ctx, folder, name); err != nil {
		p.t.Errorf("taking the picture %s: %v", name, err)
	}
}

// picture takes one of a tab, and returns the file.
func picture(ctx context.Context, folder, name string) (string, error) {
	file := filepath.Join(folder, name+".png")
	return file, chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		picture, err := cdppage.CaptureScreenshot().Do(ctx)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, picture, 0o644)
	}))
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
