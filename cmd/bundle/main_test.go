package main

import (
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	release "github.com/spillway-go/spillway/cmd/internal/version"
)

// module makes a folder with a module, its page and its program, and goes there.
func module(t *testing.T, program string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{
		"go.mod":           "module example\n\ngo 1.24\n",
		"cmd/wasm/main.go": program,
		"web/index.html":   indexSource,
		"web/style.css":    "a{}",
		"web/boot.js":      "go()",
		"web/sw.js":        workerSource,
		"web/icon.svg":     "<svg/>",
		"web/.draft.swp":   "an editor's",
	} {
		if err := writeFile(filepath.FromSlash(name), []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARunMakesTheWholeBundle(t *testing.T) {
	module(t, "package main\n\nfunc main() {}\n")
	var stdout, stderr bytes.Buffer
	if status := run(nil, &stdout, &stderr); status != 0 {
		t.Fatalf("the exit status is %d: %s", status, &stderr)
	}
	files := contents(t, "dist")
	if !strings.HasPrefix(files["app.wasm"], "\x00asm") {
		t.Error("app.wasm is not WebAssembly")
	}
	if !strings.Contains(files["wasm_exec.js"], "globalThis.Go") {
		t.Error("wasm_exec.js is not the toolchain's")
	}
	if got := files["notices.txt"]; !strings.Contains(got, "\nGo, its standard library and wasm_exec.js (https://go.dev)\n") {
		t.Errorf("the notices are %q", got)
	}
	if strings.Contains(files["sw.js"], "notices.txt") {
		t.Error("the notices are fetched by everybody, to be read without a network")
	}
	if _, there := files[".draft.swp"]; there {
		t.Error("an editor's file is in the bundle")
	}
	if !strings.HasPrefix(stdout.String(), "dist: 8 files, app.wasm ") {
		t.Errorf("it says %q", &stdout)
	}
}

func TestABrokenBuildSaysWhyAndLeavesTheEarlierBundle(t *testing.T) {
	module(t, "package main\n\nfunc main() { broken }\n")
	if err := bundle(page(), "dist", newPacker(t)); err != nil {
		t.Fatal(err)
	}
	before := contents(t, "dist")
	var stdout, stderr bytes.Buffer
	if status := run(nil, &stdout, &stderr); status != 1 {
		t.Errorf("the exit status is %d, want 1", status)
	}
	if got := stderr.String(); !strings.HasPrefix(got, "bundle: building ./cmd/wasm for the browser: ") || !strings.Contains(got, "undefined: broken") {
		t.Errorf("it says %q", got)
	}
	if !maps.Equal(before, contents(t, "dist")) {
		t.Error("the earlier bundle changed")
	}
}

func TestAMissingFolderIsAClearError(t *testing.T) {
	t.Chdir(t.TempDir())
	var stdout, stderr bytes.Buffer
	if status := run([]string{"-web", "nowhere"}, &stdout, &stderr); status != 1 {
		t.Errorf("the exit status is %d, want 1", status)
	}
	if got := stderr.String(); !strings.HasPrefix(got, "bundle: reading the hand-written files: ") || !strings.Contains(got, "nowhere") {
		t.Errorf("it says %q", got)
	}
	if _, err := os.Stat("dist"); err == nil {
		t.Error("a bundle was made of nothing")
	}
}

func TestTheVersionIsTold(t *testing.T) {
	t.Chdir(t.TempDir())
	var stdout bytes.Buffer
	if status := run([]string{"-version"}, &stdout, io.Discard); status != 0 || stdout.String() != release.String()+"\n" {
		t.Errorf("status %d with %q", status, &stdout)
	}
	if made := listing(t, "."); len(made) > 0 {
		t.Errorf("it made %q", made)
	}
}

func TestMisuseIsExitStatusTwo(t *testing.T) {
	for name, test := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"an unknown flag":   {[]string{"-colour"}, 2, "flag provided but not defined: -colour"},
		"an argument":       {[]string{"all"}, 2, `unexpected argument "all"`},
		"too high a number": {[]string{"-brotli", "12"}, 2, "the brotli quality is 12, and must be 0 to 11"},
		"asking for help":   {[]string{"-help"}, 0, "Usage of bundle"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if status := run(test.args, &stdout, &stderr); status != test.status {
				t.Errorf("the exit status is %d, want %d", status, test.status)
			}
			if !strings.Contains(stderr.String(), test.want) {
				t.Errorf("it says %q, want %q", &stderr, test.want)
			}
		})
	}
}
