package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// noticesFile is the file of the bundle that tells whose work is in it.
const noticesFile = "notices.txt"

// notices returns the licences of what a program for the browser is built from beside this module: Go, with the
// wasm_exec.js that lies in the bundle, and the modules.
func (t toolchain) notices(pkg string) ([]byte, error) {
	root, err := t.root()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	text.WriteString("What this page is built from beside its own source, and under which licences.\n")
	licence, err := licenceOf(root)
	if errors.Is(err, fs.ErrNotExist) {
		// Some distributions of Go keep it elsewhere.
		licence, err = []byte("See https://go.dev/LICENSE.\n"), nil
	}
	if err != nil {
		return nil, err
	}
	notice(&text, "Go, its standard library and wasm_exec.js (https://go.dev)", licence)

	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", pkg)
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	var said bytes.Buffer
	list.Stderr = &said
	output, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("listing what %s is built from: %w", pkg, explain(err, said.Bytes()))
	}
	modules := slices.Compact(slices.Sorted(strings.Lines(string(output))))
	for _, line := range modules {
		module, folder, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue // a package of the standard library, or of this module
		}
		licence, err := licenceOf(folder)
		if err != nil {
			return nil, fmt.Errorf("the licence of %s: %w", module, err)
		}
		notice(&text, module, licence)
	}
	return text.Bytes(), nil
}

func notice(text *bytes.Buffer, title string, licence []byte) {
	fmt.Fprintf(text, "\n%s\n%s\n\n%s\n", title, strings.Repeat("-", len(title)), bytes.TrimSpace(licence))
}

// licenceOf reads the file with the licence in a folder.
func licenceOf(folder string) ([]byte, error) {
	for _, name := range []string{"LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING"} {
		licence, err := os.ReadFile(filepath.Join(folder, name))
		if !errors.Is(err, fs.ErrNotExist) {
			return licence, err
		}
	}
	return nil, fmt.Errorf("there is none in %s: %w", folder, fs.ErrNotExist)
}
