package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	release "github.com/spillway-go/spillway/cmd/internal/version"
)

// toolchain is the go command that the module is built with.
type toolchain struct {
	// cache is a folder for the programs. The go command leaves a program alone that is already what it
	// would link, and linking is most of the time, so the place has to stay the same.
	cache string
}

// inlining tells the compiler, per package, whether it may copy small functions into their callers. That makes
// what runs for every event and every pixel faster, and everything else larger: only where it pays it stays.
// For a package the last pattern that fits counts.
var inlining = []string{
	"-gcflags=all=-l",
	"-gcflags=runtime/...=", "-gcflags=internal/runtime/...=", "-gcflags=math/...=", "-gcflags=syscall/js=",
	"-gcflags=sync/...=", "-gcflags=internal/sync=",
	"-gcflags=./broker=", "-gcflags=./broker/lab/scenario=", "-gcflags=./broker/lab/journal=", "-gcflags=./broker/lab/record=", "-gcflags=./broker/lab/sim=",
}

// program builds a package for the browser and returns the WebAssembly.
func (t toolchain) program(pkg string) ([]byte, error) {
	if err := os.MkdirAll(t.cache, 0o755); err != nil {
		return nil, fmt.Errorf("making the cache folder: %w", err)
	}
	file := filepath.Join(t.cache, path.Base(pkg)+".wasm")
	// Without the state of the checkout in it, the program depends on nothing but its source.
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -X 'main.version=" + release.String() + "'", "-o", file}, inlining...)
	cmd := exec.Command("go", append(args, pkg)...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if output, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building %s for the browser: %w", pkg, explain(err, output))
	}
	return os.ReadFile(file)
}

// execScript returns the toolchain's own wasm_exec.js. A program only runs with the one of its toolchain.
func (t toolchain) execScript() ([]byte, error) {
	root, err := t.root()
	if err != nil {
		return nil, err
	}
	script, err := os.ReadFile(filepath.Join(root, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return nil, fmt.Errorf("the Go toolchain has no wasm_exec.js where Go 1.24 and later keep it: %w", err)
	}
	return script, nil
}

// root is the folder of the toolchain.
func (t toolchain) root() (string, error) {
	output, err := exec.Command("go", "env", "GOROOT").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("asking the Go toolchain where it is: %w", explain(err, output))
	}
	return strings.TrimSpace(string(output)), nil
}

// explain prefers what a command said to its exit status.
func explain(err error, output []byte) error {
	if output = bytes.TrimSpace(output); len(output) > 0 {
		return errors.New(string(output))
	}
	return err
}
