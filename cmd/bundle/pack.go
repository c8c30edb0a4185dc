package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
)

const bestQuality = brotli.BestCompression

// brotliWindow is how far back brotli looks, as a power of two: as far as a browser takes (RFC 7932, 24), for
// app.wasm is larger than the 4 MB it looks back unless told.
const brotliWindow = 24

// packer makes compressed copies, and keeps them in a cache by the hash of what was compressed.
type packer struct {
	cache   string
	quality int // of brotli
}

// Below this size a compressed copy saves no packet.
const packable = 1024

// copies returns the compressed copies of a file by the suffix of their name: none for what is small or
// compressed already.
func (p packer) copies(name string, content []byte) (map[string][]byte, error) {
	copies := map[string][]byte{}
	switch path.Ext(name) {
	case ".html", ".css", ".js", ".wasm", ".svg", ".json", ".webmanifest", ".txt":
	default:
		return copies, nil
	}
	if len(content) < packable {
		return copies, nil
	}
	for suffix, compress := range map[string]compressor{
		".br": {p.quality, func(w io.Writer, level int) (io.WriteCloser, error) {
			return brotli.NewWriterOptions(w, brotli.WriterOptions{Quality: level, LGWin: brotliWindow}), nil
		}},
		".gz": {gzip.BestCompression, func(w io.Writer, level int) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, level) }},
	} {
		packed, err := p.cached(content, suffix, compress)
		if err != nil {
			return nil, fmt.Errorf("compressing %s: %w", name, err)
		}
		if len(packed) < len(content) {
			copies[suffix] = packed
		}
	}
	return copies, nil
}

// compressor is a way to compress, at one of its levels.
type compressor struct {
	level int
	open  func(w io.Writer, level int) (io.WriteCloser, error)
}

// cached returns the content compressed, from the cache if it is there.
func (p packer) cached(content []byte, suffix string, compress compressor) ([]byte, error) {
	sum := sha256.Sum256(content)
	file := filepath.Join(p.cache, fmt.Sprintf("%s-%d%s", hex.EncodeToString(sum[:]), compress.level, suffix))
	if packed, err := os.ReadFile(file); err == nil {
		return packed, nil
	}
	var packed bytes.Buffer
	w, err := compress.open(&packed, compress.level)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), p.store(file, packed.Bytes())
}

// store writes a file of the cache under another name first: a run that is interrupted must not leave half
// a file to be believed, nor two runs at a time write into each other's.
func (p packer) store(file string, content []byte) error {
	if err := os.MkdirAll(p.cache, 0o755); err != nil {
		return err
	}
	part, err := os.CreateTemp(p.cache, "part-")
	if err != nil {
		return err
	}
	_, err = part.Write(content)
	if err = errors.Join(err, part.Close()); err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	return os.Rename(part.Name(), file)
}

// keep is how many compressed copies the cache holds, enough for several versions of the page.
const keep = 100

// prune keeps the cache from growing with every change: beyond a limit, it starts again.
func (p packer) prune() error {
	entries, err := os.ReadDir(p.cache)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing was worth compressing
	}
	if err != nil {
		return fmt.Errorf("looking at the cache: %w", err)
	}
	var packed []string
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
			packed = append(packed, filepath.Join(p.cache, name))
		}
	}
	if len(packed) <= keep {
		return nil
	}
	for _, file := range packed {
		if err := os.Remove(file); err != nil {
			return fmt.Errorf("emptying the cache: %w", err)
		}
	}
	return nil
}
