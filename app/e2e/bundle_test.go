package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The same source makes the same bundle wherever it lies, so anybody can check what a host serves. The copy has
// another path and other times, and nothing of what was built or compressed before.
func TestTheBundleIsTheSameFromAnotherFolder(t *testing.T) {
	t.Parallel()
	elsewhere := filepath.Join(t.TempDir(), "a longer name", "of a folder")
	if err := os.MkdirAll(elsewhere, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"go.mod", "go.sum", "app", "broker", "cmd", "web"} {
		if err := copySource(filepath.Join(repository, part), filepath.Join(elsewhere, part)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "run", "./cmd/bundle")
	cmd.Dir = elsewhere
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	here, there := everyFile(t, dist), everyFile(t, filepath.Join(elsewhere, "dist"))
	for name, content := range here {
		if !bytes.Equal(content, there[name]) {
			t.Errorf("%s has %d bytes here and %d there, and not the same", name, len(content), len(there[name]))
		}
		delete(there, name)
	}
	for name := range there {
		t.Errorf("%s is only there", name)
	}
	if len(here["app.wasm"]) == 0 || len(here["app.wasm.br"]) == 0 || len(here["notices.txt"]) == 0 {
		t.Error("the bundle lacks its program or its notices")
	}
}

// copySource copies a file, or a folder without the modules in it that are not of the page.
func copySource(from, to string) error {
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if entry.IsDir() {
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
				return filepath.SkipDir
			}
			return os.MkdirAll(target, 0o755)
		}
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, 0o644)
	})
}

func everyFile(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(folder, name)
		if err != nil {
			return err
		}
		files[relative], err = os.ReadFile(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
