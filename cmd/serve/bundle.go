package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
)

// bundle is a folder, held open: a file that is looked up in it is of this bundle even while another one takes
// its place.
type bundle struct {
	root *os.Root
	info fs.FileInfo // of the folder

	mu    sync.RWMutex
	files map[string]*file // what is known, by the path in the folder

	loading sync.Mutex // one file is read at a time, and once
}

// file is what is known of a file, as long as it stays the same.
type file struct {
	path string
	info fs.FileInfo
	hash string
	kept []byte // the content of a small one; a large one is opened to be sent

	tag, length []string // as the values of headers
}

const (
	small    = 32 << 10 // bytes: up to here a file's content is kept
	mostKept = 256      // files that are known at a time
)

func openBundle(folder string) (*bundle, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	info, err := root.Stat(".")
	if err != nil {
		root.Close()
		return nil, err
	}
	return &bundle{root: root, info: info, files: map[string]*file{}}, nil
}

// known is what is known of a file, nil if that is nothing.
func (b *bundle) known(name string) *file {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.files[name]
}

// find returns a file of the folder, and never one outside of it.
func (b *bundle) find(name string) (*file, error) {
	name = filepath.FromSlash(name)
	info, err := b.root.Stat(name)
	if err != nil {
		return nil, err
	}
	if known := b.known(name); known.is(info) {
		return known, nil
	}
	if !info.Mode().IsRegular() {
		return nil, fs.ErrNotExist // opening a pipe would wait for its other end
	}
	return b.load(name)
}

// is tells whether the file is still the one that is known. A file that was replaced may have the time of the
// earlier one, and one that was written again may have its size.
func (f *file) is(info fs.FileInfo) bool {
	return f != nil && os.SameFile(f.info, info) && f.info.ModTime().Equal(info.ModTime()) && f.info.Size() == info.Size()
}

// load reads a file, to know its hash, and its content if it is small.
func (b *bundle) load(name string) (*file, error) {
	b.loading.Lock()
	defer b.loading.Unlock()
	opened, info, err := b.open(name)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	if known := b.known(name); known.is(info) {
		return known, nil // somebody else was quicker
	}

	f := &file{path: filepath.Join(b.root.Name(), name), info: info}
	hash := sha256.New()
	if info.Size() <= small {
		f.kept = make([]byte, info.Size())
		if _, err := io.ReadFull(opened, f.kept); err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		hash.Write(f.kept)
	} else if _, err := io.Copy(hash, opened); err != nil {
		return nil, err
	}
	f.hash = hex.EncodeToString(hash.Sum(nil))
	f.tag, f.length = []string{`"` + f.hash + `"`}, []string{strconv.FormatInt(info.Size(), 10)}

	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.files) >= mostKept {
		clear(b.files)
	}
	b.files[name] = f
	return f, nil
}

func (b *bundle) open(name string) (*os.File, fs.FileInfo, error) {
	opened, err := b.root.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := opened.Stat()
	if err != nil {
		opened.Close()
		return nil, nil, err
	}
	return opened, info, nil
}

// reopen opens a large file that was found, so that the kernel sends it and nobody holds it in memory.
func (b *bundle) reopen(name string, f *file) (*os.File, error) {
	opened, info, err := b.open(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	if !f.is(info) {
		opened.Close()
		return nil, errChanged
	}
	return opened, nil
}

// errChanged says that a file is another one than a moment ago.
var errChanged = fmt.Errorf("the file changed while it was opened")
