package live

import (
	"context"
	"sync"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/record"
)

// clock brings what many goroutines record into one order. It is read under its lock,
// so the times of the records never go back.
type clock struct {
	start time.Time
	end   time.Duration // nothing happens at or after it: the end comes first
	sink  func(journal.Record)

	mu   sync.Mutex
	over bool // nothing is recorded after the end
}

// recorder records what enter lets pass.
func (c *clock) recorder(enter func(journal.Kind) (time.Duration, bool)) *record.Recorder {
	return &record.Recorder{Enter: enter, Sink: func(r *journal.Record) {
		c.sink(*r)
		c.mu.Unlock()
	}}
}

// enter locks the clock until the record has been made, unless there will be none.
func (c *clock) enter(kind journal.Kind) (at time.Duration, open bool) {
	c.mu.Lock()
	at = time.Since(c.start)
	ends := kind == journal.Interrupted || kind == journal.Quit // which are told whenever that is
	if c.over || at >= c.end && !ends {
		c.mu.Unlock()
		return 0, false
	}
	if kind == journal.Quit {
		c.over = true
	}
	return at, true
}

// gate is what the records of one process pass.
type gate struct {
	*clock
	ctx    context.Context // of the handlers of the process
	closed bool            // its end has come; the lock of the clock guards it
}

func (g *gate) enter(kind journal.Kind) (at time.Duration, open bool) {
	if at, open = g.clock.enter(kind); open && (g.closed || g.ctx.Err() != nil && endsAttempt(kind)) {
		g.mu.Unlock()
		return 0, false
	}
	return at, open
}

// endsAttempt says whether what the kind tells also happens because the process ends.
func endsAttempt(kind journal.Kind) bool {
	return kind == journal.Failed || kind == journal.Retried || kind == journal.DeadLettered || kind == journal.PutBack
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}
