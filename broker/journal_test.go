package broker_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// journal is everything a trace is told, one line a call.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) add(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

// take is what was told since it was last asked.
func (j *journal) take() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	lines := j.lines
	j.lines = nil
	return lines
}

// count counts the lines with that text.
func (j *journal) count(text string) (n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, line := range j.lines {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

func (j *journal) trace() broker.Trace {
	return broker.Trace{
		Buffered: func(s *broker.Subscription, e broker.Event, depth int) {
			j.add("%s buffered %s, %d wait", s.Name(), e.ID(), depth)
		},
		Delivered: func(s *broker.Subscription, e broker.Event, depth int) {
			j.add("%s delivered %s, %d wait", s.Name(), e.ID(), depth)
		},
		Dropped: func(s *broker.Subscription, e broker.Event, why broker.DropReason, depth int) {
			j.add("%s dropped %s (%v), %d wait", s.Name(), e.ID(), why, depth)
		},
		Rejected: func(s *broker.Subscription, e broker.Event) { j.add("%s rejected %s", s.Name(), e.ID()) },
		Blocked:  func(s *broker.Subscription, e broker.Event) { j.add("%s blocked %s", s.Name(), e.ID()) },
		Unblocked: func(e broker.Event, err error) {
			j.add("unblocked %s: %v", e.ID(), err)
		},
		Spilled: func(s *broker.Subscription, e broker.Event, backlog uint64) {
			j.add("%s spilled %s, backlog %d", s.Name(), e.ID(), backlog)
		},
		Refilled: func(s *broker.Subscription, e broker.Event, depth int) {
			j.add("%s refilled %s, %d wait", s.Name(), e.ID(), depth)
		},
		Returned: func(s *broker.Subscription, e broker.Event, backlog uint64) {
			j.add("%s returned %s, backlog %d", s.Name(), e.ID(), backlog)
		},
		Recovered: func(s *broker.Subscription, backlog uint64) {
			j.add("%s recovered, backlog %d", s.Name(), backlog)
		},
		RepositoryFailed: func(s *broker.Subscription, err error) { j.add("%s repository: %v", s.Name(), err) },
		Handled: func(s *broker.Subscription, e broker.Event, attempt int) {
			j.add("%s handled %s at %d", s.Name(), e.ID(), attempt)
		},
		Failed: func(s *broker.Subscription, e broker.Event, attempt int, err error, in time.Duration) {
			j.add("%s failed %s at %d: %v, again in %v", s.Name(), e.ID(), attempt, err, in)
		},
		Retried: func(s *broker.Subscription, e broker.Event, attempt int) {
			j.add("%s retried %s at %d", s.Name(), e.ID(), attempt)
		},
		Interrupted: func(s *broker.Subscription, e broker.Event, err error, depth int) {
			j.add("%s interrupted %s: %v, %d wait", s.Name(), e.ID(), err, depth)
		},
		DeadLettered: func(s *broker.Subscription, e broker.Event, err error) {
			j.add("%s dead %s: %v", s.Name(), e.ID(), err)
		},
		Abandoned: func(s *broker.Subscription, e broker.Event, err error) {
			j.add("%s abandoned %s: %v", s.Name(), e.ID(), err)
		},
	}
}

// telling is how much a trace is told. Where it is told less, the broker may do it in
// other ways: receivers may come without its lock.
type telling int

const (
	everything telling = iota
	noDeliveries
	silence
)

func (n telling) String() string { return [...]string{"everything", "no deliveries", "nothing"}[n] }

// of is the part of the trace that is told.
func (n telling) of(t broker.Trace) broker.Trace {
	switch n {
	case noDeliveries:
		t.Delivered, t.Handled = nil, nil
	case silence:
		return broker.Trace{}
	}
	return t
}

// tells says whether it is told of that. What a driver begins is no matter of the trace.
func (n telling) tells(what string) bool {
	switch what {
	case "begun":
		return true
	case "delivered", "handled":
		return n == everything
	}
	return n != silence
}

// wantLines compares what was told since it was last asked.
func (j *journal) wantLines(t *testing.T, want ...string) {
	t.Helper()
	if got := j.take(); !slices.Equal(got, want) {
		t.Errorf("the trace is\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// openJournal makes a broker that keeps a journal.
func openJournal(t *testing.T, o broker.Options) (*broker.Broker, *journal) {
	t.Helper()
	j := &journal{}
	o.Trace = j.trace()
	if o.Repository == nil {
		o.Repository = &broker.Memory{}
	}
	b, err := broker.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return b, j
}

// with subscribes with a buffer and a policy.
func with(t *testing.T, b *broker.Broker, name string, overflow broker.Overflow, buffer int, topics ...string) *broker.Subscription {
	t.Helper()
	s, err := b.Subscribe(broker.SubscribeOptions{
		Name: name, Topics: topics, Buffer: buffer, Overflow: overflow,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func configure(t *testing.T, s *broker.Subscription, overflow broker.Overflow, buffer int) {
	t.Helper()
	if err := s.Configure(broker.Settings{Buffer: buffer, Overflow: overflow}); err != nil {
		t.Fatal(err)
	}
}

// on is an event of a topic.
type on struct {
	event
	topic string
}

func (e on) Topic() string { return e.topic }

// numbers are the events without their topics.
func numbers(events []broker.Event) (n []event) {
	for _, e := range events {
		switch e := e.(type) {
		case event:
			n = append(n, e)
		case on:
			n = append(n, e.event)
		}
	}
	return n
}

// takeAll takes everything that waits, with or without a topic.
func takeAll(s *broker.Subscription) []event {
	var events []broker.Event
	for e, ok := s.TryNext(); ok; e, ok = s.TryNext() {
		events = append(events, e)
	}
	return numbers(events)
}

func publishTo(t *testing.T, b *broker.Broker, e event, topic string) {
	t.Helper()
	if err := b.TryPublish(on{e, topic}); err != nil {
		t.Fatal(err)
	}
}
