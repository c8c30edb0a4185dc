package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// deadline is how long a test waits for what has to happen. It is never waited for when all is well.
const deadline = 20 * time.Second

// record collects what a program says while it runs.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// await waits until the record has a line that matches, and returns it.
func (r *record) await(t *testing.T, pattern string) string {
	t.Helper()
	expression := regexp.MustCompile(pattern)
	for end := time.Now().Add(deadline); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if line := expression.FindString(r.String()); line != "" {
			return line
		}
	}
	t.Fatalf("no line matches %q in\n%s", pattern, r)
	return ""
}

// serving is a server that runs in this process, on a socket of its own.
type serving struct {
	t       *testing.T
	address string // host and port
	log     *record
	cancel  context.CancelFunc
	ended   chan int
}

// start runs the program as main does.
func start(t *testing.T, dir string, l limits, args ...string) *serving {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &serving{t: t, log: &record{}, cancel: cancel, ended: make(chan int, 1)}
	reader, writer := io.Pipe()
	go func() {
		s.ended <- run(ctx, append([]string{"-dir", dir, "-addr", "127.0.0.1:0"}, args...), l, os.Getenv, writer, s.log)
		writer.Close()
	}()
	line, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatalf("%v; it says %q", err, s.log)
	}
	s.address = strings.TrimSuffix(strings.TrimPrefix(line, "Spillway is at http://"), "/\n")
	t.Cleanup(s.stop)
	return s
}

// stop asks for a graceful end, and waits for it.
func (s *serving) stop() {
	s.t.Helper()
	s.cancel()
	select {
	case status := <-s.ended:
		s.ended <- status
		if status != 0 {
			s.t.Errorf("the exit status is %d: %s", status, s.log)
		}
	case <-time.After(deadline):
		s.t.Fatalf("the server does not end: %s", s.log)
	}
}

// dial opens a connection and sends the text.
func (s *serving) dial(text string) net.Conn {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	conn.SetReadDeadline(time.Now().Add(deadline))
	if _, err := io.WriteString(conn, text); err != nil {
		s.t.Fatal(err)
	}
	return conn
}

// unhurried has no limit that a test could meet.
var unhurried = limits{time.Hour, time.Hour, time.Hour, time.Hour, 1 << 16, time.Hour}

const request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

// closes tells whether the server hangs up, after whatever it says.
func closes(conn net.Conn) error {
	_, err := io.Copy(io.Discard, conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errors.New("the server does not hang up")
	}
	return nil // with or without a reset
}

func TestAHeadThatDoesNotArriveIsNotWaitedForForever(t *testing.T) {
	l := unhurried
	l.readHeader = 50 * time.Millisecond
	s := start(t, folder(t, bundled), l)
	for _, beginning := range []string{"", "GET / HTTP/1.1\r\nHost:"} {
		if err := closes(s.dial(beginning)); err != nil {
			t.Errorf("after %q: %v", beginning, err)
		}
	}
}

func TestABodyThatDoesNotArriveIsNotWaitedForForever(t *testing.T) {
	l := unhurried
	l.read = 50 * time.Millisecond
	s := start(t, folder(t, bundled), l)
	if err := closes(s.dial("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n")); err != nil {
		t.Error(err)
	}
}

func TestAnIdleConnectionIsNotKeptForever(t *testing.T) {
	l := unhurried
	l.idle = 50 * time.Millisecond
	s := start(t, folder(t, bundled), l)
	if err := closes(s.dial(request)); err != nil {
		t.Error(err)
	}
}

// large is a file that no socket's buffers hold. It has no content on the disk.
func large(t *testing.T, dir string) (size int64) {
	t.Helper()
	size = 64 << 20
	name := filepath.Join(dir, "large.bin")
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, size); err != nil {
		t.Fatal(err)
	}
	return size
}

const download = "GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n"

func TestAReaderWhoStopsIsNotWaitedForForever(t *testing.T) {
	dir := folder(t, bundled)
	size := large(t, dir)
	l := unhurried
	l.write = 50 * time.Millisecond
	s := start(t, dir, l, "-log")
	conn := s.dial(download)
	s.log.await(t, `request \[method=GET, path="/large.bin", status=200, .*\]\n`)
	if n, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) || n >= size {
		t.Errorf("%d bytes of %d arrived (%v)", n, size, err)
	}
}

func TestAHeadThatIsTooLargeIsRefused(t *testing.T) {
	s := start(t, folder(t, bundled), defaultLimits)
	for length, want := range map[int]int{defaultLimits.headerBytes / 2: http.StatusOK, defaultLimits.headerBytes + 8<<10: http.StatusRequestHeaderFieldsTooLarge} {
		conn := s.dial("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", length) + "\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%d bytes: status %d, want %d", length, response.StatusCode, want)
		}
	}
}

func TestTheLimitsAreThereAndNoneIsExcessive(t *testing.T) {
	within := func(name string, got, least, most time.Duration) {
		if got < least || got > most {
			t.Errorf("%s is %v, want %v to %v", name, got, least, most)
		}
	}
	l := defaultLimits
	within("readHeader", l.readHeader, time.Second, 10*time.Second)
	within("read", l.read, l.readHeader, 30*time.Second)
	within("write", l.write, time.Minute, 10*time.Minute)
	within("idle", l.idle, 10*time.Second, 5*time.Minute)
	within("patience", l.patience, time.Second, 10*time.Second) // what sends a signal kills after 10 to 90 s
	if l.headerBytes < 8<<10 || l.headerBytes > 1<<17 {
		t.Errorf("headerBytes is %d, want 8 KB to 128 KB", l.headerBytes)
	}
}

func TestWhatIsBrokenOffAtTheEndIsLogged(t *testing.T) {
	dir := folder(t, bundled)
	large(t, dir)
	l := unhurried
	l.patience = 50 * time.Millisecond
	s := start(t, dir, l, "-log")
	closing := s.dial(strings.Replace(download, "Host", "Connection: close\r\nHost", 1))
	for _, conn := range []net.Conn{closing, s.dial(download)} {
		if _, err := conn.Read(make([]byte, 1)); err != nil { // so it is under way
			t.Fatal(err)
		}
	}
	s.dial(request) // is finished before the end
	s.log.await(t, `request \[.*path="/"`)
	s.stop()
	if want := `breaking off unfinished downloads [count=2, files=2 × "/large.bin"]` + "\n"; !strings.Contains(s.log.String(), want) {
		t.Errorf("the log is\n%s", s.log)
	}
}

func TestNothingIsBrokenOffWhenAllIsSent(t *testing.T) {
	s := start(t, folder(t, bundled), unhurried)
	conn := s.dial(request)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	s.stop()
	if strings.Contains(s.log.String(), "unfinished") {
		t.Errorf("the log is\n%s", s.log)
	}
}

func TestRequestsAreLoggedWhenAskedFor(t *testing.T) {
	for _, logged := range []bool{true, false} {
		var args []string
		if logged {
			args = []string{"-log"}
		}
		s := start(t, folder(t, bundled), unhurried, args...)
		for _, target := range []string{"/app.wasm", "/no\nwhere"} {
			request, err := http.NewRequest("GET", "http://"+s.address, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.URL.Path = target
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
		}
		http.DefaultClient.CloseIdleConnections()
		s.stop()
		for _, want := range []string{
			fmt.Sprintf(`request \[method=GET, path="/app.wasm", status=200, bytes=%d, took=[0-9.]+[µm]?s, from=127.0.0.1:[0-9]+\]\n`, len("gz")),
			`request \[method=GET, path="/no\\nwhere", status=404, bytes=[0-9]+, `,
		} {
			if got := regexp.MustCompile(want).MatchString(s.log.String()); got != logged {
				t.Errorf("-log=%v: %v that %s is in the log\n%s", logged, got, want, s.log)
			}
		}
	}
}

func TestHealthIsAnsweredWhenAskedFor(t *testing.T) {
	dir := folder(t, bundled)
	get := func(s *serving) (int, string) {
		t.Helper()
		response, err := http.Get("http://" + s.address + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(body)
	}
	defer http.DefaultClient.CloseIdleConnections()
	if status, _ := get(start(t, dir, unhurried)); status != http.StatusNotFound {
		t.Errorf("without the flag the status is %d, want 404", status)
	}
	s := start(t, dir, unhurried, "-healthz")
	if status, body := get(s); status != http.StatusOK || body != "ok\n" {
		t.Errorf("status %d with %q, want 200 with ok", status, body)
	}
	if err := os.Remove(filepath.Join(dir, "index.html")); err != nil {
		t.Fatal(err)
	}
	if status, body := get(s); status != http.StatusServiceUnavailable || !strings.HasPrefix(body, "The page can't be read: ") {
		t.Errorf("without a page: status %d with %q, want 503", status, body)
	}
}
