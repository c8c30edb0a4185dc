package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// park serves a word, and parks connections as soon as they are idle.
func park(t *testing.T, idle time.Duration) (*parking, *serving) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := newParking(listener, time.Hour, time.Millisecond)
	server := &http.Server{IdleTimeout: idle, ConnState: p.watch, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.URL.Path)
	})}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(p) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-ended; err != http.ErrServerClosed && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return p, &serving{t: t, address: listener.Addr().String()}
}

// await waits until so many connections are parked.
func (p *parking) await(t *testing.T, want int) {
	t.Helper()
	for end := time.Now().Add(deadline); ; time.Sleep(time.Millisecond) {
		p.mu.Lock()
		got := len(p.parked)
		p.mu.Unlock()
		if got == want {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d connections are parked, want %d", got, want)
		}
	}
}

func answered(t *testing.T, r *bufio.Reader, want string) {
	t.Helper()
	response, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || string(body) != want {
		t.Errorf("the answer is %q (%v), want %q", body, err, want)
	}
}

const tail = " HTTP/1.1\r\nHost: localhost\r\n\r\n"

func TestAParkedConnectionIsServedAgain(t *testing.T) {
	p, s := park(t, time.Hour)
	conn := s.dial("")
	answers := bufio.NewReader(conn)
	for _, path := range []string{"/a", "/b", "/c"} {
		p.await(t, 1) // a new one too
		if _, err := io.WriteString(conn, "GET "+path+tail); err != nil {
			t.Fatal(err)
		}
		answered(t, answers, path)
	}
}

// Wherever a request is cut, and however long the rest takes, it is read whole.
func TestARequestThatComesInPiecesIsNotParked(t *testing.T) {
	_, s := park(t, time.Hour)
	whole := "GET /b" + tail
	for cut := 1; cut < len(whole); cut += 1 + cut/3 {
		conn := s.dial("GET /a" + tail + whole[:cut]) // the beginning of the next request comes with the first
		answers := bufio.NewReader(conn)
		answered(t, answers, "/a")
		time.Sleep(5 * time.Millisecond)
		for _, piece := range []string{whole[cut:], whole[:cut], whole[cut:]} {
			if _, err := io.WriteString(conn, piece); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Millisecond)
		}
		answered(t, answers, "/b")
		answered(t, answers, "/b")
	}
}

func TestAParkedConnectionIsNotKeptForever(t *testing.T) {
	_, s := park(t, 100*time.Millisecond)
	if err := closes(s.dial("GET /a" + tail)); err != nil {
		t.Error(err)
	}
}

func TestParkedConnectionsEndWithTheListener(t *testing.T) {
	p, s := park(t, time.Hour)
	fresh, used := s.dial(""), s.dial("GET /a"+tail)
	answered(t, bufio.NewReader(used), "/a")
	p.await(t, 2)
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	for _, conn := range []net.Conn{fresh, used} {
		if err := closes(conn); err != nil {
			t.Error(err)
		}
	}
}
