package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// readFolder returns the files of a folder by their slashed paths in it, without those whose name starts
// with a dot: editors leave them.
func readFolder(folder string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != folder && strings.HasPrefix(entry.Name(), ".") {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			return nil
		}
		relative, err := filepath.Rel(folder, name)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(relative)], err = os.ReadFile(name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the hand-written files: %w", err)
	}
	return files, nil
}

// bundle writes the files, index.html and sw.js stamped, and their compressed copies to a folder. It works beside the
// folder and puts the result in its place at the end, so a failure leaves the earlier bundle as it was.
func bundle(files map[string][]byte, out string, pack packer) (err error) {
	if err := replaceable(out); err != nil {
		return err
	}
	index, err := stamp(files["index.html"], files)
	if err != nil {
		return err
	}
	files["index.html"] = index
	if files["sw.js"], err = stampWorker(files["sw.js"], files); err != nil {
		return err
	}

	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return fmt.Errorf("making the folder of the bundle: %w", err)
	}
	staging, err := os.MkdirTemp(filepath.Dir(out), ".bundle-")
	if err != nil {
		return fmt.Errorf("making a folder to work in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()

	fresh := filepath.Join(staging, "new")
	for name, content := range files {
		copies, err := pack.copies(name, content)
		if err != nil {
			return err
		}
		copies[""] = content
		for suffix, content := range copies {
			if err := writeFile(filepath.Join(fresh, filepath.FromSlash(name)+suffix), content); err != nil {
				return fmt.Errorf("writing the bundle: %w", err)
			}
		}
	}
	if err := pack.prune(); err != nil {
		return err
	}
	return swap(fresh, out, filepath.Join(staging, "old"))
}

// replaceable says whether a folder may be deleted: it is a bundle, empty, or not there.
func replaceable(out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking at the earlier bundle: %w", err)
	}
	if len(entries) == 0 {
		return nil
	}
	for _, name := range []string{"index.html", "app.wasm", "wasm_exec.js"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			return fmt.Errorf("%s is not a bundle (it has no %s): move it away, or choose another folder with -o", out, name)
		}
	}
	return nil
}

func writeFile(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o644)
}
