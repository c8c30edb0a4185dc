//go:build !js

package broker_test

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "github.com/spillway-go/spillway/"
	goApp  = "github.com/maxence-charriere/go-app/"
)

// mayImport is the import rule: what a package may depend on, however far down,
// beside the standard library.
var mayImport = map[string][]string{
	"broker":                      {},
	"broker/lab/queueing":         {},
	"broker/brokertest":           {"broker"},
	"broker/lab/example/producer": {"broker"},
	"broker/lab/example/consumer": {"broker"},
	"broker/lab/scenario":         {"broker"},
	"broker/lab/journal":          {"broker"},
	"broker/lab/theory":           {"broker", "broker/lab/queueing", "broker/lab/scenario"},
	"broker/lab/sim":              {"broker", "broker/lab/example/producer", "broker/lab/example/consumer", "broker/lab/scenario", "broker/lab/journal"},
	"broker/lab/whatif":           {"broker", "broker/lab/example/producer", "broker/lab/example/consumer", "broker/lab/scenario", "broker/lab/journal", "broker/lab/sim"},
	"broker/lab/live":             {"broker", "broker/lab/example/producer", "broker/lab/example/consumer", "broker/lab/scenario", "broker/lab/journal"},
}

type listed struct {
	ImportPath string
	Standard   bool
	Deps       []string
}

// list is every package under broker, and all they depend on.
func list(t *testing.T, goos, goarch string) map[string]listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Deps", "./...")
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
			allowed, ruled := mayImport[name]
			if !ruled {
				t.Errorf("%s has no import rule", name)
				continue
			}
			for _, dep := range p.Deps {
				if !packages[dep].Standard && !slices.Contains(allowed, strings.TrimPrefix(dep, module)) {
					t.Errorf("%s/%s: %s may not depend on %s", target[0], target[1], name, dep)
				}
			}
		}
	}
}

func TestThePureFilesOfThePageKnowNoGoApp(t *testing.T) {
	for _, name := range []string{"model.go", "update.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "app", name), nil, parser.ImportsOnly)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, spec := range file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err != nil || strings.HasPrefix(path, goApp) {
				t.Errorf("app/%s imports %s, %v", name, spec.Path.Value, err)
			}
		}
	}
}
