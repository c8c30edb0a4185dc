package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Somebody looks all the time while one bundle after another is made.
func TestThereIsABundleAtAnyMoment(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("this system can't exchange two folders")
	}
	out := filepath.Join(t.TempDir(), "dist")
	pack := newPacker(t)
	if err := bundle(page(), out, pack); err != nil {
		t.Fatal(err)
	}
	index := filepath.Join(out, "index.html")
	done := make(chan struct{})
	looked := make(chan error)
	go func() {
		for {
			select {
			case <-done:
				looked <- nil
				return
			default:
			}
			if _, err := os.Stat(index); err != nil {
				looked <- err
				return
			}
		}
	}()
	for range 100 {
		if err := bundle(page(), out, pack); err != nil {
			t.Error(err)
		}
	}
	close(done)
	if err := <-looked; err != nil {
		t.Error(err)
	}
}

func TestABundleIsReplacedWhereFoldersCannotBeExchanged(t *testing.T) {
	parent := t.TempDir()
	fresh, out, old := filepath.Join(parent, "fresh"), filepath.Join(parent, "out"), filepath.Join(parent, "old")
	for _, text := range []string{"first", "second"} {
		if err := errors.Join(writeFile(filepath.Join(fresh, "index.html"), []byte(text)), replace(fresh, out, old)); err != nil {
			t.Fatal(err)
		}
		if got := contents(t, out)["index.html"]; got != text {
			t.Errorf("the bundle is %q, want %q", got, text)
		}
	}
	if got := contents(t, old)["index.html"]; got != "first" {
		t.Errorf("the earlier bundle is %q", got)
	}
	if err := replace(fresh, out, filepath.Join(parent, "older")); err == nil {
		t.Error("nothing was moved, and there was no error")
	}
	if got := contents(t, out)["index.html"]; got != "second" {
		t.Errorf("after a failure the bundle is %q", got)
	}
}
