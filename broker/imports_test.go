//go:build !js

package broker_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const (
	module = "github.com/spillway-go/spillway/"
	goApp  = "github.com/maxence-charriere/go-app/"
)

// mayImport is the import rule: what a package imports itself, beside the standard
// library, and no package imports what stands further down. What a name ending in a
// slash says holds for all packages below it.
var mayImport = []struct {
	name    string
	imports []string
}{
	{"broker", nil},
	{"broker/brokertest", []string{"broker"}},
	{"broker/slogtrace", []string{"broker"}},

	{"broker/lab/example/producer", nil},
	{"broker/lab/example/consumer", []string{"broker"}},
	{"broker/lab/scenario", []string{"broker"}},
	{"broker/lab/journal", []string{"broker"}},
	{"broker/lab/record", []string{"broker", "broker/lab/example/producer", "broker/lab/scenario", "broker/lab/journal"}},
	{"broker/lab/sim", []string{"broker", "broker/lab/scenario", "broker/lab/journal", "broker/lab/record"}},
	{"broker/lab/live", []string{"broker", "broker/lab/example/", "broker/lab/scenario", "broker/lab/journal", "broker/lab/record"}},
	{"broker/lab/queueing", nil},
	{"broker/lab/theory", []string{"broker", "broker/lab/scenario", "broker/lab/queueing"}},
	{"broker/lab/estimate", []string{"broker", "broker/lab/scenario"}},
	{"broker/lab/whatif", []string{"broker", "broker/lab/scenario", "broker/lab/journal", "broker/lab/sim"}},
	{"broker/lab/labtest", []string{"broker", "broker/lab/scenario", "broker/lab/journal", "broker/lab/sim", "pgregory.net/rapid"}}, // for tests only

	{"app/boundary", nil},
	{"app/format", nil},
	{"app/draw", nil},
	{"app/play", []string{"broker", "broker/lab/scenario", "broker/lab/journal", "broker/lab/sim", "broker/lab/estimate", "app/format"}},
	{"app/playtest", []string{"broker", "broker/lab/scenario", "broker/lab/journal", "app/play"}}, // for tests only
	{"app/stage", []string{"broker", "broker/lab/scenario", "broker/lab/journal", "app/format", "app/draw", "app/play"}},
	{"app/chart", []string{"broker", "broker/lab/scenario", "broker/lab/journal", "app/format", "app/draw", "app/play"}},
	{"app/canvas", []string{"app/draw"}},
	{"app/dom", []string{"app/boundary", goApp}},
	{"app/domtest", []string{"broker", "broker/lab/scenario", "app/draw", "app/play", "app/dom", goApp}}, // for tests only
	{"app/logbook", []string{"broker", "broker/lab/scenario", "broker/lab/journal", "app/boundary", "app/format", "app/play", "app/dom", goApp}},
	{"app/inspect", []string{"broker", "broker/lab/scenario", "broker/lab/journal", "broker/lab/whatif", "app/format", "app/play", "app/stage", "app/dom", goApp}},
	{"app/panel", []string{"broker", "broker/lab/scenario", "app/format", "app/play", "app/dom", goApp}},
	{"app/shelf", []string{"broker/lab/scenario", "app/boundary", "app/format", "app/play", "app/dom", goApp}},
	{"app/screen", []string{"broker", "broker/lab/scenario", "app/boundary", "app/format", "app/draw", "app/play", "app/stage", "app/chart", "app/canvas", "app/dom", "app/inspect", goApp}},
	{"app", []string{"broker", "broker/lab/scenario", "broker/lab/journal", "broker/lab/sim", "broker/lab/theory", "broker/lab/whatif", "broker/lab/estimate", "app/", goApp}},
	{"cmd/internal/", nil},
	{"cmd/wasm", []string{"app", "cmd/internal/"}},
	{"cmd/spillway", []string{"broker/lab/", "cmd/internal/"}},
	{"cmd/spillway/bench", []string{"broker", "broker/lab/scenario", "cmd/internal/"}},
	{"cmd/bundle", []string{"cmd/internal/", "github.com/andybalholm/brotli", "golang.org/x/sys/"}},
	{"cmd/serve", []string{"cmd/internal/"}},
	{"cmd/serve/bench", []string{"cmd/internal/"}},
}

// ruleOf is the place of a package in the rule; -1: it has none.
func ruleOf(name string) int {
	for i, rule := range mayImport {
		if of(name, rule.name) {
			return i
		}
	}
	return -1
}

// of says whether a package is the one that is named or, with a slash, below it.
func of(name, named string) bool {
	return name == named || strings.HasSuffix(named, "/") && strings.HasPrefix(name, named)
}

type listed struct {
	ImportPath                               string
	Standard                                 bool
	Imports, Deps, TestImports, XTestImports []string
}

// list is every package of the module, and all they depend on.
func list(t *testing.T, goos, goarch string) map[string]listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-pgo=off", "-deps", "-json=ImportPath,Standard,Imports,Deps,TestImports,XTestImports", module+"...")
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := map[string]listed{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
}

func TestPackagesKeepTheImportRule(t *testing.T) {
	for _, target := range [][2]string{{"linux", "amd64"}, {"js", "wasm"}} {
		packages := list(t, target[0], target[1])
		for path, p := range packages {
			name, ours := strings.CutPrefix(path, module)
			if !ours {
				continue
			}
			place := ruleOf(name)
			if place < 0 {
				t.Errorf("%s has no import rule", name)
				continue
			}
			for _, imported := range p.Imports {
				imported = strings.TrimPrefix(imported, module)
				if packages[imported].Standard || imported == "C" {
					continue
				}
				allowed := slices.ContainsFunc(mayImport[place].imports, func(named string) bool { return of(imported, named) })
				if !allowed || ruleOf(imported) > place {
					t.Errorf("%s/%s: %s may not import %s", target[0], target[1], name, imported)
				}
			}
		}
		for _, name := range []string{"broker", "broker/brokertest"} {
			p := packages[module+name]
			for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
				if strings.HasPrefix(imported, module+"broker/lab/") {
					t.Errorf("%s/%s: the tests of %s may not import %s", target[0], target[1], name, imported)
				}
			}
		}
	}
}

// The model, the stage and the charts are drawn and tested without a page. No package of
// the module that they are made of, however far down, knows go-app or JavaScript.
func TestThePureRoomsOfThePageKnowNeitherGoAppNorJavaScript(t *testing.T) {
	packages := list(t, "js", "wasm")
	for _, name := range []string{"app/format", "app/draw", "app/play", "app/stage", "app/chart"} {
		p, found := packages[module+name]
		if !found {
			t.Errorf("there is no package %s", name)
		}
		for _, dep := range append(p.Deps, module+name) {
			if strings.HasPrefix(dep, goApp) {
				t.Errorf("%s is made of %s", name, dep)
			}
			if strings.HasPrefix(dep, module) && slices.Contains(packages[dep].Imports, "syscall/js") {
				t.Errorf("%s is made of %s, which imports syscall/js", name, dep)
			}
		}
	}
}
