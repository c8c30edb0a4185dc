package main

import (
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// traffic knows the answers that are under way.
type traffic struct {
	handler http.Handler
	log     *log.Logger // of every request, nil for none

	mu      sync.Mutex
	running map[*answer]struct{}
}

func newTraffic(handler http.Handler, requests *log.Logger) *traffic {
	return &traffic{handler: handler, log: requests, running: map[*answer]struct{}{}}
}

func (t *traffic) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := &answer{ResponseWriter: w, path: r.URL.Path, status: http.StatusOK}
	t.mu.Lock()
	t.running[a] = struct{}{}
	t.mu.Unlock()
	began := time.Now()
	defer func() {
		t.mu.Lock()
		delete(t.running, a)
		t.mu.Unlock()
		if t.log != nil {
			t.log.Printf("request [method=%s, path=%q, status=%d, bytes=%d, took=%v, from=%s]",
				r.Method, r.URL.Path, a.status, a.bytes, time.Since(began).Round(time.Microsecond), r.RemoteAddr)
		}
	}()
	t.handler.ServeHTTP(a, r)
}

// unfinished tells how many answers are under way, and of which files.
func (t *traffic) unfinished() (count int, files string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	paths := map[string]int{}
	for a := range t.running {
		paths[a.path]++
	}
	var each []string
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		each = append(each, fmt.Sprintf("%d × %q", paths[path], path))
	}
	return len(t.running), strings.Join(each, ", ")
}

// answer is a response that knows what became of it.
type answer struct {
	http.ResponseWriter
	path   string
	status int
	bytes  int64 // of the body
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)
	return n, err
}

// ReadFrom hands an open file on to the connection, which lets the kernel send it. Anything else is written, so
// that what is small leaves in one packet with the head.
func (a *answer) ReadFrom(content io.Reader) (int64, error) {
	if part, ok := content.(*io.LimitedReader); ok {
		if _, ok := part.R.(*os.File); ok {
			n, err := io.Copy(a.ResponseWriter, content)
			a.bytes += n
			return n, err
		}
	}
	return io.Copy(struct{ io.Writer }{a}, content)
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
