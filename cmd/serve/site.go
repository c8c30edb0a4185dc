package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// site serves the files of a folder. It reads them anew when they change, so that a bundle can be replaced
// while it is served.
type site struct {
	folder string
	mu     sync.Mutex
	hashes map[string]hashed // by the path in the folder
}

// hashed is what is known of a file's content, as long as its time and size stay the same.
type hashed struct {
	modified time.Time
	size     int64
	hash     string
}

func newSite(folder string) *site {
	return &site{folder: folder, hashes: map[string]hashed{}}
}

// The types are named here, because the ones the standard library knows depend on the machine.
var contentTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
}

// The page may do what it needs: run WebAssembly, set styles (go-app writes style attributes), and draw
// pictures that it made. It may be framed by anyone, since it is meant to be embedded.
const contentSecurityPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *"

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", contentSecurityPolicy)
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")

	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, fmt.Sprintf("This server only answers GET and HEAD, not %s.", r.Method), http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	original, err := s.read(name)
	if err != nil {
		notFound(w, r, err)
		return
	}
	served, encoding := original, ""
	for _, c := range preferred(r.Header.Get("Accept-Encoding")) {
		if c.suffix == "" {
			break
		}
		if packed, err := s.read(name + c.suffix); err == nil {
			served, encoding = packed, c.name
			break
		}
	}

	if contentType, ok := contentTypes[path.Ext(name)]; ok {
		header.Set("Content-Type", contentType)
	} else {
		header.Set("Content-Type", "application/octet-stream")
	}
	header.Add("Vary", "Accept-Encoding")
	header.Set("ETag", `"`+served.hash+`"`)
	header.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == original.hash[:versionLength] {
		// A name with the version of its content never means another content.
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if encoding != "" {
		header.Set("Content-Encoding", encoding)
		if r.Header.Get("Range") == "" {
			header.Set("Content-Length", strconv.Itoa(len(served.content)))
		}
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(served.content))
}

// versionLength is how much of the hash cmd/bundle writes behind a file's name.
const versionLength = 12

type file struct {
	content []byte
	hash    string
}

// read returns a file of the folder, and never one outside of it.
func (s *site) read(name string) (file, error) {
	if !fs.ValidPath(name) || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
		return file{}, fs.ErrNotExist
	}
	opened, err := os.OpenInRoot(s.folder, filepath.FromSlash(name))
	if err != nil {
		return file{}, err
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return file{}, err
	}
	if !info.Mode().IsRegular() {
		return file{}, fs.ErrNotExist
	}
	content := make([]byte, info.Size())
	if _, err := opened.ReadAt(content, 0); err != nil {
		return file{}, fmt.Errorf("reading %s: %w", name, err)
	}
	return file{content, s.hash(name, info, content)}, nil
}

func (s *site) hash(name string, info fs.FileInfo, content []byte) string {
	s.mu.Lock()
	known, ok := s.hashes[name]
	s.mu.Unlock()
	if ok && known.modified.Equal(info.ModTime()) && known.size == info.Size() {
		return known.hash
	}
	sum := sha256.Sum256(content)
	known = hashed{info.ModTime(), info.Size(), hex.EncodeToString(sum[:])}
	s.mu.Lock()
	s.hashes[name] = known
	s.mu.Unlock()
	return known.hash
}

func notFound(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, fs.ErrPermission) {
		http.Error(w, fmt.Sprintf("The server may not read %s.", r.URL.Path), http.StatusForbidden)
		return
	}
	http.Error(w, fmt.Sprintf("There is no %s here.", r.URL.Path), http.StatusNotFound)
}
