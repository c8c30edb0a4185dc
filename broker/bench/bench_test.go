package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// A log is what one subscriber has handled.
type log struct {
	mu     sync.Mutex
	events []int
	done   func() // if set, called for each event
	gate   chan struct{}
}

func (l *log) handle(e broker.Event) {
	if l.gate != nil {
		<-l.gate
	}
	l.mu.Lock()
	number := -1 // watermill carries none of ours
	if o, ok := e.(*occurrence); ok {
		number = o.number
	}
	l.events = append(l.events, number)
	l.mu.Unlock()
	if l.done != nil {
		l.done()
	}
}

func (l *log) handled() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.events)
}

func open(p peer, buffer int, logs ...*log) bus {
	var handlers []handler
	for _, l := range logs {
		handlers = append(handlers, l.handle)
	}
	return p.open(handlers, buffer)
}

// numbers are 0, 1, … n-1, as the peer carries them.
func numbers(p peer, n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
		if p.name == watermill.name {
			all[i] = -1
		}
	}
	return all
}

func forEachPeer(t *testing.T, test func(*testing.T, peer)) { forEach(t, peers, test) }

func forEach(t *testing.T, peers []peer, test func(*testing.T, peer)) {
	for _, p := range peers {
		t.Run(strings.ReplaceAll(p.name, "/", "."), func(t *testing.T) { test(t, p) })
	}
}

func TestEverySubscriberHandlesWhatTheBuffersHold(t *testing.T) {
	forEachPeer(t, func(t *testing.T, p peer) {
		const buffer = 50
		var done sync.WaitGroup
		done.Add(3 * buffer)
		logs := []*log{{done: done.Done}, {done: done.Done}, {done: done.Done}}
		bus := open(p, buffer, logs...)
		for i := range buffer {
			bus.publish(&occurrence{number: i})
		}
		if p.full != drops {
			done.Wait() // close does not
		}
		bus.close()
		done.Wait()
		for _, l := range logs {
			if got := l.handled(); !slices.Equal(got, numbers(p, buffer)) {
				t.Errorf("handled %v", got)
			}
		}
	})
}

func TestASubscriberThatKeepsUpMissesNothing(t *testing.T) {
	forEachPeer(t, func(t *testing.T, p peer) {
		var done sync.WaitGroup
		logs := []*log{{done: done.Done}, {done: done.Done}}
		bus := open(p, 1, logs...)
		const n = 20
		for i := range n {
			done.Add(len(logs))
			bus.publish(&occurrence{number: i})
			done.Wait()
		}
		bus.close()
		for _, l := range logs {
			if got := l.handled(); !slices.Equal(got, numbers(p, n)) {
				t.Errorf("handled %v", got)
			}
		}
	})
}

func TestWhatAStalledSubscriberCostsIsWhatThePeerSays(t *testing.T) {
	// One whose publisher waits would never come to the end of a stall.
	going := slices.DeleteFunc(slices.Clone(peers), func(p peer) bool { return p.full == waits })
	forEach(t, going, func(t *testing.T, p peer) {
		const buffer, n = 3, 40
		var done sync.WaitGroup
		slow := &log{gate: make(chan struct{})}
		quick := &log{done: done.Done}
		bus := open(p, buffer, slow, quick)
		for i := range n {
			done.Add(1)
			bus.publish(&occurrence{number: i})
			done.Wait() // else the quick one has drops too
		}
		if got := quick.handled(); !slices.Equal(got, numbers(p, n)) {
			t.Errorf("the quick one handled %v", got)
		}
		close(slow.gate)
		if p.full == grows {
			for len(slow.handled()) < n {
				time.Sleep(time.Millisecond)
			}
		}
		bus.close()
		got := slow.handled()
		switch p.full {
		case grows:
			if len(got) != n {
				t.Errorf("the slow one handled %d events of %d", len(got), n)
			}
		case drops: // one that it had taken, and those that waited
			if len(got) < buffer || len(got) > buffer+1 || !slices.IsSorted(got) || got[0] != 0 {
				t.Errorf("with a buffer of %d the slow one handled %v", buffer, got)
			}
		}
	})
}

func TestEveryLoadMeasuresSomethingAndCountsWhatIsHandled(t *testing.T) {
	forEachPeer(t, func(t *testing.T, p peer) {
		for _, l := range []load{keeping, running, stalled} {
			if !l.suits(p) {
				continue
			}
			s := cell{l, 2, 3}.run(p, 50)
			if s.ns < 0 || s.allocs < 0 { // a browser's clock may not have moved
				t.Errorf("%v: %+v", l, s)
			}
			if lossless := l == keeping || l == running && p.full != drops; lossless && s.share != 1 || s.share > 1 {
				t.Errorf("%v: the share handled is %v", l, s.share)
			}
		}
	})
}

func TestATableIsMarkdownAndAligned(t *testing.T) {
	table := newTable([]peer{channels, ranging})
	table.add(cell{running, 10, 3}, map[string]sample{channels.name: {ns: 100, share: 1}, ranging.name: {ns: 150, allocs: 0.5, share: 0.25}})
	want := `|              | full  | 10 subscribers |    × | allocs | handled |  /µs |
|--------------|-------|---------------:|-----:|-------:|--------:|-----:|
| channels     | drops |            100 | 1.00 |   0.00 |   100 % |  100 |
| Spillway All | drops |            150 | 1.50 |   0.50 |    25 % | 16.7 |
`
	if got := table.String(); got != want {
		t.Errorf("the table is\n%s", got)
	}
}

func TestBudgetsAreToldInWords(t *testing.T) {
	one, hundred, free := cell{keeping, 1, 3}, cell{stalled, 100, 3}, cell{running, 10, 3}
	r := results{
		one:     {channels.name: {ns: 100, share: 1}, ranging.name: {ns: 130, allocs: 3, share: 1}, teivah.name: {ns: 110, share: 1}, kelindar.name: {ns: 10, share: 1}},
		hundred: {channels.name: {ns: 100}, ranging.name: {ns: 90}},
		free:    {channels.name: {ns: 100, share: 0.5}, ranging.name: {ns: 100, share: 0.35}},
	}
	got := r.judge()
	for _, want := range []string{
		"MISSED  Spillway All, keeping up with 1 subscriber and a buffer of 3: 1.30 × the channel, at most 1.2\n",
		"kept    Spillway All, stalled with 100 subscribers and a buffer of 3: 0.90 × 100 channel selects, at most 1\n",
		"teivah/broadcast by 1.18 × keeping up with 1 subscriber and a buffer of 3\n",
		"3.00 keeping up with 1 subscriber",
		"0.70 × free-running with 10 subscribers and a buffer of 3",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, kelindar.name) {
		t.Errorf("what has no queue semantics is compared:\n%s", got)
	}
}
