//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spillway-go/spillway/cmd/internal/version"
)

// program builds the real thing.
func program(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "serve")
	if output, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, output)
	}
	return file
}

func TestASignalEndsTheServerGracefully(t *testing.T) {
	file := program(t)
	dir := folder(t, bundled)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			cmd := exec.Command(file, "-addr", "localhost:0", "-dir", dir)
			var log bytes.Buffer
			cmd.Stderr = &log
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Process.Kill()

			line, err := bufio.NewReader(stdout).ReadString('\n')
			if err != nil {
				t.Fatalf("%v after %q: %s", err, line, &log)
			}
			url := regexp.MustCompile(`^Spillway is at (http://localhost:[1-9][0-9]*/)\n$`).FindStringSubmatch(line)
			if url == nil {
				t.Fatalf("it says %q", line)
			}
			response, err := http.Get(url[1])
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			if err != nil || string(body) != bundled["index.html"] {
				t.Errorf("the page is %q (%v)", body, err)
			}
			response.Body.Close()

			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("it ended with %v, want exit status 0", err)
			}
			want := regexp.MustCompile(`^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d cancelling from signal \[signal=` + signal.String() + `\]\n` +
				`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d quitting\n$`)
			if !want.Match(log.Bytes()) {
				t.Errorf("the log is\n%s", &log)
			}
		})
	}
}

// serve runs the program in this process until it ends by itself.
func serve(t *testing.T, env map[string]string, args ...string) (status int, stderr string) {
	t.Helper()
	var said bytes.Buffer
	status = run(t.Context(), args, defaultLimits, func(key string) string { return env[key] }, io.Discard, &said)
	return status, said.String()
}

func TestATakenPortIsAClearError(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	address := listener.Addr().String()
	want := "serve: " + address + " is taken by another program; choose another address with -addr or SPILLWAY_ADDR\n"
	dir := folder(t, bundled)

	if status, stderr := serve(t, nil, "-dir", dir, "-addr", address); status != 1 || stderr != want {
		t.Errorf("status %d with %q, want 1 with %q", status, stderr, want)
	}
	if status, stderr := serve(t, map[string]string{"SPILLWAY_ADDR": address}, "-dir", dir); status != 1 || stderr != want {
		t.Errorf("from the environment: status %d with %q, want 1 with %q", status, stderr, want)
	}
}

func TestWhatCannotBeServedIsAClearError(t *testing.T) {
	dir := folder(t, bundled)
	for name, test := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"no bundle":       {[]string{"-dir", "nowhere"}, 1, "serve: there is no page in nowhere; make bundle makes one\n"},
		"no such address": {[]string{"-dir", dir, "-addr", "localhost:99999"}, 1, "serve: listening on localhost:99999: "},
		"no address":      {[]string{"-dir", dir, "-addr", ""}, 2, "serve: the address is empty; choose one with -addr, such as localhost:8080, or :8080 for all networks\n"},
		"an unknown flag": {[]string{"-port", "1"}, 2, "flag provided but not defined: -port\n"},
		"an argument":     {[]string{"dist"}, 2, `serve: unexpected argument "dist"; serve -help tells the flags` + "\n"},
		"asking for help": {[]string{"-help"}, 0, "Usage of serve:\n"},
	} {
		t.Run(name, func(t *testing.T) {
			status, stderr := serve(t, nil, test.args...)
			if status != test.status || !strings.HasPrefix(stderr, test.want) {
				t.Errorf("status %d with %q, want %d with %q", status, stderr, test.status, test.want)
			}
		})
	}
}

func TestTheVersionIsTold(t *testing.T) {
	var stdout bytes.Buffer
	if status := run(t.Context(), []string{"-version", "-addr", ""}, defaultLimits, os.Getenv, &stdout, io.Discard); status != 0 || stdout.String() != version.String()+"\n" {
		t.Errorf("status %d with %q", status, &stdout)
	}
}

func TestARequestUnderWayIsFinishedAfterTheSignal(t *testing.T) {
	large := strings.Repeat("spillway ", 1<<20)
	dir := folder(t, map[string]string{"index.html": "<html>", "large.txt": large})
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"-dir", dir, "-addr", "localhost:0"}, defaultLimits, os.Getenv, writer, io.Discard)
	}()
	line, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(strings.TrimSpace(strings.TrimPrefix(line, "Spillway is at ")) + "large.txt")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	body, err := io.ReadAll(response.Body)
	if err != nil || string(body) != large {
		t.Errorf("%d bytes arrived (%v), want %d", len(body), err, len(large))
	}
	response.Body.Close()
	if status := <-ended; status != 0 {
		t.Errorf("the exit status is %d, want 0", status)
	}
}

// A pipe that nobody writes to would be waited for forever, if it were opened.
func TestWhatIsNoFileIsNotFound(t *testing.T) {
	dir := folder(t, bundled)
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.txt"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := start(t, dir, unhurried)
	for _, target := range []string{"/pipe.txt", "/sub"} {
		conn := s.dial("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		if response.Body.Close(); response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", target, response.StatusCode)
		}
	}
}

// The server may open few files, and clients hold as many connections open as it takes.
func TestAFileThatCannotBeReadNowIsNotSaidToBeMissing(t *testing.T) {
	dir := folder(t, bundled)
	large(t, dir)
	cmd := exec.Command("sh", "-c", `ulimit -n 24 && exec "$0" "$@"`, program(t), "-addr", "127.0.0.1:0", "-dir", dir)
	said := &record{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	s := &serving{t: t, log: said, address: regexp.MustCompile(`127[0-9.:]+`).FindString(said.await(t, "http://127.*/\n"))}

	ask := func(conn net.Conn) (status int, body string) {
		t.Helper()
		if _, err := io.WriteString(conn, "GET /large.bin HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-3\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		content, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(content)
	}
	first := s.dial("")
	if status, body := ask(first); status != http.StatusPartialContent || body != "\x00\x00\x00\x00" {
		t.Fatalf("status %d with %q", status, body)
	}
	var crowd []net.Conn
	for range 60 {
		crowd = append(crowd, s.dial(request))
	}
	said.await(t, `Accept error: .*too many open files`)
	status, body := ask(first)
	if want := "The server could not read /large.bin; please try again.\n"; status != http.StatusServiceUnavailable || body != want {
		t.Errorf("status %d with %q, want 503 with %q", status, body, want)
	}
	said.await(t, `reading failed \[path="/large.bin", error="[^\n]*too many open files"\]\n`)
	for _, conn := range crowd {
		conn.Close()
	}
	for end := time.Now().Add(deadline); status != http.StatusPartialContent; status, _ = ask(first) {
		if time.Now().After(end) {
			t.Fatalf("when the crowd has left, the status is still %d", status)
		}
		time.Sleep(time.Millisecond)
	}
}

func TestTheAddressIsOneABrowserOpens(t *testing.T) {
	listening := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4321}
	for asked, want := range map[string]string{
		"localhost:8080": "http://localhost:4321/",
		"127.0.0.1:0":    "http://127.0.0.1:4321/",
		":0":             "http://localhost:4321/",
		"0.0.0.0:80":     "http://localhost:4321/",
		"[::]:80":        "http://localhost:4321/",
		"[::1]:80":       "http://[::1]:4321/",
		"box.local:http": "http://box.local:4321/",
	} {
		if got := pageURL(asked, listening); got != want {
			t.Errorf("%s: %s, want %s", asked, got, want)
		}
	}
}
