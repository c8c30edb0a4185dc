//go:build !js

package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
)

// sources are the files of the page's program, of this package and of its rooms.
func sources(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	rooms, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(append(files, rooms...), func(name string) bool {
		return strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "e2e/") || strings.HasPrefix(name, "boundary/") || strings.Contains(name, "test/")
	})
}

// An entry is where JavaScript or go-app call the page. Whatever is not behind a
// boundary there ends the program when it panics.
func TestEveryEntryIntoThePageIsBehindABoundary(t *testing.T) {
	allowed := map[string]bool{
		"dom/part.go FuncOf": true, "dom/callback_js.go FuncOf": true, "loop_js.go FuncOf": true, // the boundary itself
		"dom/part.go go": true, "session.go go": true, "dom/part.go Defer": true,
		"page.go Render": true, // made of parts
	}
	found := map[string]bool{}
	for _, name := range sources(t) {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		entry := func(n ast.Node, what string) {
			found[name+" "+what] = true
			if !allowed[name+" "+what] {
				t.Errorf("%v: %s is not behind a boundary: use dom.Callback, CallbackOf, Aside, AfterRendering or Contained", fset.Position(n.Pos()), what)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				entry(n, "go")
			case *ast.CallExpr:
				if s, ok := n.Fun.(*ast.SelectorExpr); ok {
					switch s.Sel.Name {
					case "FuncOf", "Async", "AfterFunc", "After", "Defer", "Then":
						entry(n, s.Sel.Name)
					}
				}
			case *ast.FuncDecl:
				if n.Name.Name == "Render" && !contains(n.Body) {
					entry(n, "Render")
				}
			}
			return true
		})
	}
	for what := range allowed {
		if !found[what] {
			t.Errorf("there is no %s any more: take it from the list", what)
		}
	}
}

func TestOnlyDomFindsListensAndAwaits(t *testing.T) {
	byHand := regexp.MustCompile(`(?i)"(querySelector(All)?|getElementBy\w+|(add|remove)EventListener|then|catch|finally)"|\.GetElementByID\(|\.Then\(`)
	found := 0
	for _, name := range sources(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if !byHand.MatchString(line) {
				continue
			}
			if found++; !strings.HasPrefix(name, "dom/") {
				t.Errorf("%s:%d: use dom.ByID, Element, Within, Listen or Await instead of%s", name, i+1, strings.TrimPrefix(line, "\t"))
			}
		}
	}
	if found == 0 {
		t.Error("nothing was found, not even in dom")
	}
}

// contains says whether a body is one call of dom.Contained.
func contains(body *ast.BlockStmt) bool {
	if len(body.List) != 1 {
		return false
	}
	r, ok := body.List[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return false
	}
	call, ok := r.Results[0].(*ast.CallExpr)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.SelectorExpr)
	return ok && name.Sel.Name == "Contained"
}

// breaking is a component that fails as it is told to.
type breaking struct {
	app.Compo
	Renders bool
	Inits   bool
}

func (b *breaking) OnInit() {
	if b.Inits {
		panic("it does not begin")
	}
}

func (b *breaking) Render() app.UI {
	return dom.Contained("The breaking part", "breaking", func() app.UI {
		if b.Renders {
			panic("it does not render")
		}
		return dom.Text("p", "whole", "it renders")
	})
}

// neighbours has a breaking part beside a whole one.
type neighbours struct {
	app.Compo
	part breaking
}

func (a *neighbours) Render() app.UI {
	return dom.El("div", "", &breaking{Renders: a.part.Renders, Inits: a.part.Inits}, dom.Text("p", "beside", "beside"))
}

func TestAPartThatCanNotBeRenderedIsReplacedByASentence(t *testing.T) {
	t.Cleanup(boundary.Retry)
	page := &neighbours{}
	d := app.NewClientTester(page)
	defer d.Close()
	shows := func(part string) {
		t.Helper()
		d.Consume()
		html := app.HTMLString(page)
		if !strings.Contains(html, part) || !strings.Contains(html, "beside") {
			t.Errorf("it is %s, without %q", html, part)
		}
	}
	render := func(breaks bool) {
		d.Dispatch(app.Dispatch{Mode: app.Update, Source: page, Function: func(app.Context) { page.part.Renders = breaks }})
	}
	shows("it renders")
	render(true)
	shows("The breaking part can’t be shown.")
	render(false)
	shows("it renders")
	for range boundary.Limit {
		render(true)
		d.Consume()
		render(false)
		d.Consume()
	}
	shows("Try again")
	boundary.Retry()
	render(true)
	d.Consume()
	render(false)
	shows("it renders")
}

func TestWhatFailsInAHandlerStaysThereAndWhatBreaksTheTreeDoesNot(t *testing.T) {
	t.Cleanup(boundary.Retry)
	page := &neighbours{}
	d := app.NewClientTester(page)
	d.Dispatch(app.Dispatch{Mode: app.Next, Source: page, Function: func(app.Context) { panic("a handler") }})
	if err := serveNext(d); err != nil {
		t.Errorf("a handler has broken the tree: %v", err)
	}
	if f, ok := boundary.News(); !ok || f.Part != dom.TheAction || f.Reason != "a handler" {
		t.Errorf("told is %v", &f)
	}
	again := &neighbours{part: breaking{Inits: true}}
	d.Mount(dom.El("div", "", again))
	for range 3 {
		if err := serveNext(d); err != nil {
			if err.Error() != "it does not begin" {
				t.Errorf("it is broken by %v", err)
			}
			return
		}
	}
	t.Error("what fails in the middle of a change of the tree has not broken it")
}

func TestAPageThatTakesThePlaceOfAnotherGoesOnWithItsRun(t *testing.T) {
	s := &session{}
	first := s.next()
	first.OnInit()
	play.Update(first.model, play.LoadPreset{ID: "spill"})
	play.Update(first.model, play.Open{Dialog: play.ShareDialog})
	first.address.link = "#x"
	s.page = first
	next := s.next()
	next.OnInit()
	if next.model != first.model || next.model.Preset != "spill" || next.address.link != "#x" {
		t.Error("it begins anew")
	}
	if next.model.Dialog != play.NoDialog {
		t.Error("what was open and may be why is open again")
	}
}

func TestAPageThatFailsTooOftenIsNotRenewedAnyMore(t *testing.T) {
	s := &session{}
	for range maxRenewals {
		if err := boundary.Try(func() { s.renew(nil) }); err != nil {
			t.Fatal(err)
		}
	}
	if boundary.Try(func() { s.renew(nil) }) == nil {
		t.Error("it is renewed for ever")
	}
}
