package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// site serves the bundle in a folder. Another bundle may take its place, and a file may change, while it is
// served.
type site struct {
	folder string
	log    *log.Logger // of what could not be read

	mu      sync.Mutex
	current *bundle
}

func newSite(folder string, logger *log.Logger) *site {
	return &site{folder: folder, log: logger}
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

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	for _, h := range securityHeaders {
		header[h.name] = h.value
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, fmt.Sprintf("This server only answers GET and HEAD, not %s.", r.Method), http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	found, err := s.find(name, r.Header.Get("Accept-Encoding"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer found.content.Close()

	header.Set("Cache-Control", "no-cache")
	if asked := askedVersion(name, r); asked == found.version {
		// A name with the version of its content never means another content.
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else if asked != "" {
		http.Error(w, fmt.Sprintf("Version %.64q of %s is not here any more.", asked, r.URL.Path), http.StatusNotFound)
		return
	}
	if contentType, ok := contentTypes[path.Ext(name)]; ok {
		header.Set("Content-Type", contentType)
	} else {
		header.Set("Content-Type", "application/octet-stream")
	}
	header.Set("Vary", "Accept-Encoding")
	header.Set("ETag", `"`+found.hash+`"`)
	if found.encoding != "" {
		header.Set("Content-Encoding", found.encoding)
		if r.Header.Get("Range") == "" {
			header.Set("Content-Length", strconv.FormatInt(found.info.Size(), 10))
		}
	}
	http.ServeContent(w, r, name, time.Time{}, found.content)
}

// versionLength is how many digits of a content's hash make its version; cmd/bundle knows it by the same rule.
const versionLength = 12

// askedVersion is the version of a file that a request names, "" if it names none. cmd/bundle gives a version to
// scripts, styles and programs; with other files a v is as good as any other query.
func askedVersion(name string, r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	switch path.Ext(name) {
	case ".js", ".css", ".wasm":
		return r.URL.Query().Get("v")
	}
	return ""
}

// found is a file as a request wants it.
type found struct {
	*file           // the one to send
	encoding string // its content coding, "" if it has none
	version  string // of what it unpacks to
	content  io.ReadSeekCloser
}

// find looks a file up in the bundle of now. What another bundle has just taken away is looked up in that one.
func (s *site) find(name, acceptEncoding string) (found, error) {
	if !fs.ValidPath(name) || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
		return found{}, fs.ErrNotExist
	}
	for tries := 1; ; tries++ {
		b, err := s.bundle()
		if err != nil {
			return found{}, err
		}
		f, err := b.choose(name, acceptEncoding)
		if err == nil {
			return f, nil
		}
		if again, _ := s.bundle(); (again != b || err == errChanged) && tries < 10 {
			continue
		}
		if _, gone := os.Stat(s.folder); gone != nil {
			err = fmt.Errorf("the bundle is away: %v", gone) // that a file is not there either means nothing
		}
		return found{}, err
	}
}

// choose takes the compressed copy of a file that suits best, if there is one.
func (b *bundle) choose(name, acceptEncoding string) (found, error) {
	original, err := b.find(name)
	if err != nil {
		return found{}, err
	}
	chosen := found{file: original, version: original.hash[:versionLength]}
	for _, c := range preferred(acceptEncoding) {
		if c.suffix == "" {
			break
		}
		if packed, err := b.find(name + c.suffix); err == nil {
			name += c.suffix
			chosen.file, chosen.encoding = packed, c.name
			break
		}
	}
	chosen.content, err = b.reader(name, chosen.file)
	return chosen, err
}

// bundle returns the bundle that the folder is now. While there is no such folder, for one bundle is moved away
// and the next has yet to come, it is the one that was there.
func (s *site) bundle() (*bundle, error) {
	info, err := os.Stat(s.folder)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && s.current != nil && os.SameFile(info, s.current.info) {
		return s.current, nil
	}
	var fresh *bundle
	if err == nil {
		fresh, err = openBundle(s.folder)
	}
	switch {
	case err == nil:
		if s.current != nil {
			s.current.root.Close() // who still looks something up in it asks again
		}
		s.current = fresh
	case s.current == nil || !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("the bundle can't be opened: %v", err) // which does not mean that a file is not there
	}
	return s.current, nil
}

// fail answers a request for a file that could not be opened: only what is not there is not found.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case absent(err):
		http.Error(w, fmt.Sprintf("There is no %s here.", r.URL.Path), http.StatusNotFound)
	case errors.Is(err, fs.ErrPermission):
		http.Error(w, fmt.Sprintf("The server may not read %s.", r.URL.Path), http.StatusForbidden)
	default:
		s.log.Printf("reading failed [path=%q, error=%q]", r.URL.Path, err)
		w.Header().Set("Retry-After", "1")
		http.Error(w, fmt.Sprintf("The server could not read %s; please try again.", r.URL.Path), http.StatusServiceUnavailable)
	}
}

// absent tells whether an error means that there is no such file in the folder.
func absent(err error) bool {
	var number syscall.Errno
	if errors.As(err, &number) {
		switch number {
		case syscall.ENOENT, syscall.ENOTDIR, syscall.ENAMETOOLONG, syscall.ELOOP, syscall.EINVAL:
			return true
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	// What is left without a number is the refusal of a root to follow a link that leads out of it.
	var refused *fs.PathError
	return number == 0 && errors.As(err, &refused) && !errors.Is(err, fs.ErrClosed)
}
