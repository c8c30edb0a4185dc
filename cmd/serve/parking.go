package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// parking is a listener that keeps connections on which nothing happens apart from the server, which holds some
// 20 KB for each of its own: a connection goes to the server with the first byte of a request, and comes back
// when it has been idle for a while. Parked, it costs a small goroutine.
type parking struct {
	net.Listener
	first time.Duration // how long a new connection may take to say something
	after time.Duration // how long the server keeps an idle one

	arrivals chan arrival
	closed   chan struct{}
	mu       sync.Mutex
	parked   map[net.Conn]struct{}
}

type arrival struct {
	conn net.Conn
	err  error
}

func newParking(listener net.Listener, first, after time.Duration) *parking {
	p := &parking{
		Listener: listener, first: first, after: after,
		arrivals: make(chan arrival), closed: make(chan struct{}), parked: map[net.Conn]struct{}{},
	}
	go p.accept()
	return p
}

// accept parks whoever comes, until the listener is closed. An error is the server's to handle, and nobody else
// is accepted until it has.
func (p *parking) accept() {
	for {
		conn, err := p.Listener.Accept()
		if err == nil {
			go p.park(conn, time.Now().Add(p.first))
			continue
		}
		select {
		case p.arrivals <- arrival{err: err}:
		case <-p.closed:
			return
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
	}
}

// park waits until something is said on a connection, and then has it served.
func (p *parking) park(conn net.Conn, until time.Time) {
	p.mu.Lock()
	select {
	case <-p.closed:
		p.mu.Unlock()
		conn.Close()
		return
	default:
	}
	p.parked[conn] = struct{}{}
	p.mu.Unlock()

	served := &guest{Conn: conn, parking: p}
	conn.SetReadDeadline(until) // of a closed connection the next line tells
	_, err := io.ReadFull(conn, served.byte[:])

	p.mu.Lock()
	delete(p.parked, conn)
	p.mu.Unlock()
	if err != nil {
		conn.Close()
		return
	}
	served.unread = true
	select {
	case p.arrivals <- arrival{conn: served}:
	case <-p.closed:
		conn.Close()
	}
}

// Accept returns the next connection with a request.
func (p *parking) Accept() (net.Conn, error) {
	select {
	case a := <-p.arrivals:
		return a.conn, a.err
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the parked connections too.
func (p *parking) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.closed:
		return nil
	default:
	}
	close(p.closed)
	for conn := range p.parked {
		conn.Close()
	}
	return p.Listener.Close()
}

// watch is the server's hook: it tells the connections that their server has answered, and will wait.
func (p *parking) watch(conn net.Conn, state http.ConnState) {
	if g, ok := conn.(*guest); ok && state == http.StateIdle {
		g.stay.Store(idle)
	}
}

// guest is a connection at the server.
type guest struct {
	net.Conn
	parking *parking
	byte    [1]byte // what was said while it was parked
	unread  bool
	whole   bool         // the server has read nothing beyond a request, so nothing is lost when it closes
	stay    atomic.Int32 // where it is between two requests
	until   time.Time    // how long it may be idle
}

const (
	busy    int32 = iota
	idle          // the request before was answered
	waiting       // for the next request, of which nothing has come
	leaving       // the server was told that nothing will come
)

// endOfHead is where a request ends, if it has no body.
var endOfHead = []byte("\r\n\r\n")

// SetReadDeadline keeps the first deadline of an idle connection, which is the one for the next request to begin,
// for when it is parked.
func (g *guest) SetReadDeadline(t time.Time) error {
	switch g.stay.Load() {
	case idle:
		if !g.whole {
			g.stay.Store(busy)
			break
		}
		g.until = t
		g.stay.Store(waiting)
		if soon := time.Now().Add(g.parking.after); t.IsZero() || soon.Before(t) {
			t = soon
		}
	case waiting:
		g.stay.Store(busy)
	}
	return g.Conn.SetReadDeadline(t)
}

// Read tells the server that the other side has hung up when it is time to park.
func (g *guest) Read(p []byte) (int, error) {
	if g.unread && len(p) > 0 {
		g.unread = false
		p[0] = g.byte[0]
		return 1, nil
	}
	n, err := g.Conn.Read(p)
	if n > 0 {
		g.whole = bytes.HasSuffix(p[:n], endOfHead)
	}
	if g.stay.Load() != waiting {
		return n, err
	}
	if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
		g.stay.Store(leaving)
		return 0, io.EOF
	}
	g.stay.Store(busy)
	if err == nil {
		err = g.Conn.SetReadDeadline(g.until) // it may be only the beginning of the next request
	}
	return n, err
}

// ReadFrom lets the kernel send an open file.
func (g *guest) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(g.Conn, r)
}

func (g *guest) Close() error {
	if g.stay.Load() == leaving && (g.until.IsZero() || time.Now().Before(g.until)) {
		go g.parking.park(g.Conn, g.until)
		return nil
	}
	return g.Conn.Close()
}
