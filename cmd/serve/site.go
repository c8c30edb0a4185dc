package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"os"
	"path"
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
var contentTypes = map[string][]string{
	".css":         {"text/css; charset=utf-8"},
	".html":        {"text/html; charset=utf-8"},
	".js":          {"text/javascript; charset=utf-8"},
	".json":        {"application/json"},
	".png":         {"image/png"},
	".svg":         {"image/svg+xml"},
	".txt":         {"text/plain; charset=utf-8"},
	".wasm":        {"application/wasm"},
	".webmanifest": {"application/manifest+json"},
}

// Values of headers that all answers share, so that none has to allocate them.
var (
	anyType        = []string{"application/octet-stream"}
	askFirst       = []string{"no-cache"}
	forGood        = []string{"public, max-age=31536000, immutable"}
	acceptEncoding = []string{"Accept-Encoding"}
	inBytes        = []string{"bytes"}
)

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
	asked := askedVersion(name, r)
	found, err := s.find(name, r.Header.Get("Accept-Encoding"), asked != "")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer found.close()

	header["Cache-Control"] = askFirst
	switch asked {
	case "":
	case found.version:
		header["Cache-Control"] = forGood // a name with the version of its content never means another content
	default:
		http.Error(w, fmt.Sprintf("Version %.64q of %s is not here any more.", asked, r.URL.Path), http.StatusNotFound)
		return
	}
	header["Content-Type"] = anyType
	if contentType, ok := contentTypes[path.Ext(name)]; ok {
		header["Content-Type"] = contentType
	}
	header["Vary"] = acceptEncoding
	header["Etag"] = found.tag
	if found.encoding.suffix != "" {
		header["Content-Encoding"] = found.encoding.header
	}
	found.send(w, r, name)
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
	*file             // the one to send
	encoding coding   // the zero one if it has none
	version  string   // of what it unpacks to, if that was asked for
	opened   *os.File // nil if its content is kept
}

// send sends the whole file, or what else is asked for. What is kept leaves without the detour through
// ServeContent, which finds out what is known here.
func (f found) send(w http.ResponseWriter, r *http.Request, name string) {
	asks := r.Header.Get
	switch header := w.Header(); {
	case asks("Range") != "":
	case f.kept != nil && r.Method == http.MethodGet && asks("If-Match") == "" && asks("If-None-Match") == "":
		header["Accept-Ranges"], header["Content-Length"] = inBytes, f.length
		w.Write(f.kept)
		return
	case f.encoding.suffix != "":
		header["Content-Length"] = f.length // which ServeContent leaves open
	}
	http.ServeContent(w, r, name, time.Time{}, f.reader())
}

func (f found) reader() io.ReadSeeker {
	if f.opened != nil {
		return f.opened
	}
	return bytes.NewReader(f.kept)
}

func (f found) close() {
	if f.opened != nil {
		f.opened.Close()
	}
}

// find looks a file up in the bundle of now. What another bundle has just taken away is looked up in that one.
func (s *site) find(name, acceptEncoding string, versioned bool) (found, error) {
	if !fs.ValidPath(name) || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
		return found{}, fs.ErrNotExist
	}
	if f := s.unchanged(name, acceptEncoding); f.file != nil && !versioned {
		return f, nil
	}
	for tries := 1; ; tries++ {
		b, err := s.bundle()
		if err != nil {
			return found{}, err
		}
		f, err := b.choose(name, acceptEncoding, versioned)
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

// unchanged returns a small file that was served before, if its path still leads to it. That is all there is to ask
// then: its content was found inside of the folder, and is the one that the folder has now.
func (s *site) unchanged(name, acceptEncoding string) found {
	s.mu.Lock()
	b := s.current
	s.mu.Unlock()
	wanted := preferred(acceptEncoding)
	if b == nil || len(wanted) == 0 {
		return found{}
	}
	f := b.known(name + wanted[0].suffix)
	if f == nil || f.kept == nil {
		return found{}
	}
	if info, err := os.Stat(f.path); err != nil || !f.is(info) {
		return found{}
	}
	return found{file: f, encoding: wanted[0]}
}

// choose takes the copy of a file that suits best. A compressed one stands for the file, which is looked up only
// when its version is asked for.
func (b *bundle) choose(name, acceptEncoding string, versioned bool) (found, error) {
	var chosen found
	for _, c := range preferred(acceptEncoding) {
		if c.suffix == "" {
			break
		}
		if packed, err := b.find(name + c.suffix); err == nil {
			chosen.file, chosen.encoding = packed, c
			break
		}
	}
	if chosen.file == nil || versioned {
		original, err := b.find(name)
		if err != nil {
			return found{}, err
		}
		chosen.version = original.hash[:versionLength]
		if chosen.file == nil {
			chosen.file = original
		}
	}
	var err error
	if chosen.kept == nil {
		chosen.opened, err = b.reopen(name+chosen.encoding.suffix, chosen.file)
	}
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
