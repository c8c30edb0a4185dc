package main

import (
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// A cell is one situation that every peer is measured in.
type cell struct {
	load        load
	subscribers int
	buffer      int
}

// load is what the publisher and the subscribers do.
type load uint8

const (
	// keeping: publish one event, wait until every subscriber has handled it.
	keeping load = iota
	// running: publish as fast as it goes, then wait until all is handled that
	// was not dropped.
	running
	// stalled: publish while every buffer is full and no subscriber receives.
	stalled
)

func (l load) String() string {
	return [...]string{"keeping up", "free-running", "stalled"}[l]
}

// suits says whether a peer can be measured under the load: what stops its
// publisher, or never drops, has nothing to do under stalled ones that ends.
func (l load) suits(p peer) bool { return l != stalled || p.full == drops }

// A sample is what one round found, by the event published.
type sample struct {
	ns     float64
	allocs float64
	share  float64 // of all deliveries that none were dropped of, 0 to 1
}

// An occurrence is an event that is published again and again: making events is not what is measured.
type occurrence struct{ number int }

func (*occurrence) ID() string            { return "" }
func (*occurrence) HappenedOn() time.Time { return time.Time{} }

// A subscriber counts what it handles. One goroutine at a time does.
type subscriber struct {
	gate    <-chan struct{} // it handles nothing until this is closed
	each    bool            // every event is told to done
	target  int             // or else the one that makes so many
	handled int
	done    *sync.WaitGroup
	_       [64]byte // neighbours share no cache line
}

func (s *subscriber) handle(broker.Event) {
	if s.handled == 0 {
		<-s.gate
	}
	s.handled++
	if s.each || s.handled == s.target {
		s.done.Done()
	}
}

// run measures one round of n events.
func (c cell) run(p peer, n int) sample {
	var done sync.WaitGroup
	gate := make(chan struct{})
	subscribers := make([]*subscriber, c.subscribers)
	handlers := make([]handler, c.subscribers)
	for i := range subscribers {
		subscribers[i] = &subscriber{gate: gate, each: c.load == keeping, target: c.buffer, done: &done}
		handlers[i] = subscribers[i].handle
	}
	bus := p.open(handlers, c.buffer)
	e := &occurrence{}

	// Nobody receives while the buffers are filled for the first time, so that
	// all memory a bus ever needs is allocated before the clock runs.
	if c.load == keeping {
		done.Add(c.buffer * c.subscribers)
	} else {
		done.Add(c.subscribers)
	}
	for range c.buffer {
		bus.publish(e)
	}
	if c.load == stalled {
		for range 3 { // the event that a stalled subscriber has taken made room for another
			runtime.Gosched()
			bus.publish(e)
		}
	} else {
		close(gate)
		done.Wait()
		for range 3 { // and everybody has waited for an event before
			for _, s := range subscribers {
				s.target++
			}
			done.Add(c.subscribers)
			bus.publish(e)
			done.Wait()
		}
	}
	warm := subscribers[0].target
	if c.load == running && p.full != drops {
		for _, s := range subscribers {
			s.target += n
		}
		done.Add(c.subscribers)
	}

	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	switch c.load {
	case keeping:
		for range n {
			done.Add(c.subscribers)
			bus.publish(e)
			done.Wait()
		}
	case running:
		for i := range n {
			bus.publish(e)
			if cooperative && i%c.buffer == c.buffer-1 {
				runtime.Gosched()
			}
		}
		if p.full == drops {
			bus.close()
		} else {
			done.Wait()
		}
	case stalled:
		for range n {
			bus.publish(e)
		}
	}
	took := time.Since(start)
	runtime.ReadMemStats(&after)

	if c.load == stalled {
		close(gate)
	}
	if c.load != running || p.full != drops {
		bus.close()
	}
	var handled int
	for _, s := range subscribers {
		handled += s.handled - warm
	}
	return sample{
		ns:     float64(took.Nanoseconds()) / float64(n),
		allocs: float64(after.Mallocs-before.Mallocs) / float64(n),
		share:  float64(handled) / float64(n*c.subscribers),
	}
}

// rate is how many events are handled a nanosecond, all subscribers together.
func (c cell) rate(s sample) float64 { return s.share * float64(c.subscribers) / s.ns }

// scale finds how many events make a round of about so long.
func (c cell) scale(p peer, round time.Duration) int {
	for n := 100; ; n *= 4 {
		took := time.Duration(c.run(p, n).ns * float64(n))
		if took >= round/8 {
			return max(1, int(float64(n)*float64(round)/float64(took)))
		}
	}
}

// measure takes the median of rounds in which the peers take turns, so that what
// else the machine does is the same for all.
func (c cell) measure(peers []peer, rounds int, round time.Duration) map[string]sample {
	var turns []peer
	n := map[string]int{}
	for _, p := range peers {
		if c.load.suits(p) {
			turns = append(turns, p)
			n[p.name] = c.scale(p, round)
		}
	}
	samples := map[string][]sample{}
	for range rounds {
		for _, p := range turns {
			samples[p.name] = append(samples[p.name], c.run(p, n[p.name]))
		}
	}
	medians := map[string]sample{}
	for name, all := range samples {
		medians[name] = sample{
			ns:     median(all, func(s sample) float64 { return s.ns }),
			allocs: median(all, func(s sample) float64 { return s.allocs }),
			share:  median(all, func(s sample) float64 { return s.share }),
		}
	}
	return medians
}

func median(all []sample, of func(sample) float64) float64 {
	var values []float64
	for _, s := range all {
		values = append(values, of(s))
	}
	slices.Sort(values)
	half := len(values) / 2
	if len(values)%2 == 1 {
		return values[half]
	}
	return (values[half-1] + values[half]) / 2
}
