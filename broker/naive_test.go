package broker_test

import (
	"slices"
	"strings"

	"github.com/spillway-go/spillway/broker"
)

// model is the contract of a broker said the naive way: slices, and no care for
// speed.
type model struct {
	buffer   int
	policy   broker.Overflow
	subs     []*modelSub
	streams  map[string][]*storedEvent // from the oldest on that is not done with
	line     []on                      // of publishers that wait for room
	admitted map[on]error              // those that do no more, with what they got
	log      []told
}

type modelSub struct {
	name      string
	index     int
	topics    []string
	buffer    int
	bound     int // of events that may wait: more than the buffer while a surplus does
	policy    broker.Overflow
	waits     []inBuffer
	backlog   []*storedEvent
	pulled    []*storedEvent // what callers of Next have
	spilling  bool           // it has a stream
	receivers int            // that wait: callers of Next, or idle workers
	handed    []event        // to callers of Next that waited, since the last check
	paused    bool
	workers   int // of a driver: 0 for none
	attempts  int
	works     []*modelWork // those that rest come in the order they came to rest
	closed    bool
	unordered bool // KeepLatest, or an old backlog behind newer events
	stats     broker.Stats
}

// inBuffer is an event in the buffer.
type inBuffer struct {
	on
	stored *storedEvent // where it was read back from, and is still; nil: it is not from there
	again  bool         // it was read before
}

// storedEvent is an event in the repository.
type storedEvent struct {
	on
	read, done, dropped bool
}

// modelWork is an event with a worker.
type modelWork struct {
	event   event
	stored  *storedEvent
	attempt int
	resting bool
}

func (s *storedEvent) finish() {
	if s != nil {
		s.done = true
	}
}

func (s *modelSub) count() int { return len(s.backlog) }

func (s *modelSub) statsNow() broker.Stats {
	st := s.stats
	st.Depth, st.InFlight = len(s.waits), len(s.works)
	if !s.closed {
		st.Backlog = uint64(s.count())
	}
	return st
}

func (s *modelSub) selects(topic string) bool {
	return !s.closed && (len(s.topics) == 0 || slices.ContainsFunc(s.topics, func(p string) bool {
		return topic != "" && matches(strings.Split(p, "."), strings.Split(topic, "."))
	}))
}

func (s *modelSub) full() bool { return len(s.waits) >= s.buffer && !s.receives() }

func (s *modelSub) receives() bool { return s.receivers > 0 && !s.paused }

func (s *modelSub) spills() bool {
	switch {
	case s.count() == 0:
		return s.policy == broker.Spill && s.full()
	case s.policy == broker.DropNewest:
		return len(s.waits)+s.count() < s.buffer
	}
	return true
}

func (m *model) tell(what string, s *modelSub, e event, depth int) {
	m.log = append(m.log, told{what, s.index, e, depth})
	switch what {
	case "buffered", "refilled", "rejected", "blocked", "begun", "retried", "recovered":
	case "interrupted":
		s.stats.Interrupted++
	case "handled":
		s.stats.Handled++
	case "failed":
		s.stats.Failed++
	case "abandoned":
		s.stats.Abandoned++
	case "spilled":
		s.stats.Spilled++
	case "delivered":
		s.stats.Delivered++
	default:
		s.stats.Dropped++
	}
}

func (m *model) route(e on) (to []*modelSub) {
	for _, s := range m.subs {
		if s.selects(e.topic) {
			to = append(to, s)
		}
	}
	return to
}

// publish offers the event to everybody or to nobody.
func (m *model) publish(e on, broken string) error {
	to := m.route(e)
	wait := false
	for _, s := range to {
		if s.policy == broker.Reject && s.full() {
			m.tell("rejected", s, e.event, 0)
			return broker.ErrFull
		}
		wait = wait || s.policy == broker.Block && (s.full() || m.awaited(s))
	}
	if wait {
		return broker.ErrWouldBlock
	}
	for _, s := range to {
		if s.spills() && s.name == broken {
			return errFaulty
		}
	}
	for _, s := range to {
		s.stats.Offered++
		m.offer(s, e)
	}
	return nil
}

// awaited says whether somebody in line waits for the subscription.
func (m *model) awaited(s *modelSub) bool {
	return slices.ContainsFunc(m.line, func(e on) bool { return s.selects(e.topic) })
}

// wait lets a publisher stand in line.
func (m *model) wait(e on) {
	for _, s := range m.route(e) {
		if s.policy == broker.Block && (s.full() || m.awaited(s)) {
			m.tell("blocked", s, e.event, 0)
		}
	}
	m.line = append(m.line, e)
}

// leave lets a publisher go that has waited long enough.
func (m *model) leave(e on) {
	m.line = slices.DeleteFunc(m.line, func(o on) bool { return o == e })
	m.log = append(m.log, told{"gone", -1, e.event, 0})
	m.admit()
}

// admit lets those in line go on who have room and nobody before them.
func (m *model) admit() {
	line := m.line
	m.line = nil
	for _, e := range line {
		if err := m.publish(e, ""); err == broker.ErrWouldBlock {
			m.line = append(m.line, e)
		} else {
			if m.admitted == nil {
				m.admitted = map[on]error{}
			}
			m.admitted[e] = err
			m.log = append(m.log, told{unblocked(err), -1, e.event, 0})
		}
	}
}

func (m *model) offer(s *modelSub, e on) {
	lossy := s.policy < broker.Reject
	switch {
	case s.spills():
		x := &storedEvent{on: e}
		m.streams[s.name] = append(m.streams[s.name], x)
		s.backlog = append(s.backlog, x)
		m.tell("spilled", s, e.event, s.count())
		if lossy && s.policy != broker.DropNewest && len(s.waits) > 0 && len(s.waits)+s.count() > s.buffer {
			m.dropOldest(s, "displaced")
			m.refill(s)
		}
		return
	case s.count() > 0:
		m.tell("full", s, e.event, len(s.waits))
		return
	case s.receives():
		m.hand(s, inBuffer{on: e})
		return
	case s.policy == broker.KeepLatest && m.replace(s, e):
		return
	case len(s.waits) < s.buffer:
	case (s.policy == broker.DropOldest || s.policy == broker.KeepLatest) && s.buffer > 0:
		m.dropOldest(s, "displaced")
	default:
		m.tell("full", s, e.event, len(s.waits))
		return
	}
	m.push(s, inBuffer{on: e})
	m.tell("buffered", s, e.event, len(s.waits))
}

// hand gives the event to a receiver that waits.
func (m *model) hand(s *modelSub, w inBuffer) {
	s.receivers--
	m.deliver(s, w)
	if s.workers == 0 {
		s.handed = append(s.handed, w.event)
		s.pull(w)
		return
	}
	s.works = append(s.works, &modelWork{event: w.event, stored: w.stored, attempt: 1})
	m.tell("begun", s, w.event, 1)
}

func (m *model) deliver(s *modelSub, w inBuffer) {
	m.tell("delivered", s, w.event, len(s.waits))
	if w.again {
		s.stats.Redelivered++
	}
}

func (s *modelSub) pull(w inBuffer) {
	if w.stored != nil {
		s.pulled = append(s.pulled, w.stored)
	}
}

// donePulling is what a call of Next says of the calls before.
func (s *modelSub) donePulling() {
	for _, x := range s.pulled {
		x.done = true
	}
	s.pulled = nil
}

// feed hands what waits to receivers that came before it.
func (m *model) feed(s *modelSub) {
	for len(s.waits) > 0 && s.receives() {
		w := s.waits[0]
		s.waits = s.waits[1:]
		m.hand(s, w)
		m.refill(s)
	}
}

func (m *model) push(s *modelSub, w inBuffer) {
	s.waits = append(s.waits, w)
	s.stats.HighWater = max(s.stats.HighWater, len(s.waits))
}

func (m *model) replace(s *modelSub, e on) bool {
	for i := len(s.waits) - 1; i >= 0; i-- {
		if old := s.waits[i]; old.topic == e.topic && old.stored == nil {
			s.waits[i].on = e
			m.tell("replaced", s, old.event, len(s.waits))
			m.tell("buffered", s, e.event, len(s.waits))
			return true
		}
	}
	return false
}

func (m *model) dropOldest(s *modelSub, why string) {
	w := s.waits[0]
	s.waits = s.waits[1:]
	w.drop()
	m.tell(why, s, w.event, len(s.waits))
}

// drop takes the event out of the repository too.
func (w inBuffer) drop() {
	if w.stored != nil {
		w.stored.dropped = true
	}
}

// refill reads back what fits once half of the buffer is free.
func (m *model) refill(s *modelSub) {
	for half := len(s.waits) <= s.buffer/2; half && len(s.backlog) > 0 && len(s.waits) < max(s.buffer, 1); {
		e := s.backlog[0]
		s.backlog = s.backlog[1:]
		m.push(s, inBuffer{e.on, e, e.read})
		e.read = true
		m.tell("refilled", s, e.event, len(s.waits))
	}
}

func (m *model) next(s *modelSub) (e event, ok bool) {
	s.donePulling()
	if len(s.waits) == 0 || s.paused {
		return 0, false
	}
	w := s.waits[0]
	s.waits = s.waits[1:]
	s.pull(w)
	m.deliver(s, w)
	m.roomMade(s)
	return w.event, true
}

func (m *model) roomMade(s *modelSub) {
	m.refill(s)
	m.feed(s)
	s.bound = max(s.buffer, min(s.bound, len(s.waits)))
	m.admit()
}

// await lets a caller of Next wait.
func (m *model) await(s *modelSub) {
	s.receivers++
	m.admit()
}

func (m *model) resume(s *modelSub) {
	if s.paused = false; !s.closed {
		m.roomMade(s)
	}
}

func (m *model) choose(s *modelSub, topics []string) (ok bool) {
	if s.closed {
		return false
	}
	s.topics = topics
	m.admit()
	return true
}

func (m *model) adjust(s *modelSub, o broker.ConsumeOptions) (ok bool) {
	if s.closed || s.workers == 0 {
		return false
	}
	s.workers, s.attempts = o.Workers, o.Attempts
	s.receivers = max(0, o.Workers-len(s.works))
	m.roomMade(s)
	return true
}

// done ends an attempt, and says whether there is another.
func (m *model) done(s *modelSub, w *modelWork, err error) (again bool) {
	if err == nil {
		m.tell("handled", s, w.event, w.attempt)
	} else {
		m.tell("failed", s, w.event, w.attempt)
	}
	s.works = slices.DeleteFunc(s.works, func(o *modelWork) bool { return o == w })
	if err != nil && w.attempt < s.attempts && !s.closed {
		w.resting = true
		s.works = append(s.works, w)
		return true
	}
	if err != nil && w.attempt < s.attempts && w.stored != nil {
		m.tell("interrupted", s, w.event, 1)
		return false
	}
	if w.stored.finish(); err != nil {
		m.tell("abandoned", s, w.event, 0)
	}
	if !s.closed && len(s.works)+s.receivers < s.workers {
		s.receivers++
		m.feed(s)
		m.roomMade(s)
	}
	return false
}

func (m *model) again(s *modelSub, w *modelWork) {
	w.resting = false
	w.attempt++
	m.tell("retried", s, w.event, w.attempt)
	m.tell("begun", s, w.event, w.attempt)
}

// named says whether a subscription of that name is open.
func (m *model) named(name string) bool {
	return slices.ContainsFunc(m.subs, func(s *modelSub) bool { return s.name == name && !s.closed })
}

// subscribe adds a subscription, with workers of a driver if there are any.
func (m *model) subscribe(o broker.SubscribeOptions, workers broker.ConsumeOptions) (ok bool) {
	s := &modelSub{name: o.Name, index: len(m.subs), topics: o.Topics, paused: o.Paused}
	if !m.set(s, broker.Settings{Buffer: o.Buffer, Overflow: o.Overflow}) {
		return false
	}
	m.subs = append(m.subs, s)
	m.refill(s)
	s.workers, s.attempts, s.receivers = workers.Workers, workers.Attempts, workers.Workers
	m.feed(s)
	m.admit()
	return true
}

func (m *model) set(s *modelSub, set broker.Settings) (ok bool) {
	buffer, policy := m.inherit(set)
	if policy == broker.Spill && buffer == 0 {
		return false
	}
	s.buffer, s.policy = buffer, policy
	s.bound = max(buffer, len(s.waits), 1) // a backlog is read back even where there is no buffer
	s.unordered = s.unordered || policy == broker.KeepLatest
	if policy == broker.Spill && !s.spilling {
		s.spilling = true
		m.streams[s.name] = unfinished(m.streams[s.name])
		for _, x := range m.streams[s.name] {
			s.backlog = append(s.backlog, x)
			s.stats.Offered++
			s.unordered = true
			x.done = false // it comes again
		}
		if len(s.backlog) > 0 {
			m.tell("recovered", s, 0, len(s.backlog))
		}
	}
	return true
}

// unfinished is what is left of a stream: all from the first that is not done with, but
// for what was dropped.
func unfinished(stream []*storedEvent) (left []*storedEvent) {
	for _, x := range stream {
		if len(left) > 0 && !x.dropped || !x.done && !x.dropped {
			left = append(left, x)
		}
	}
	return left
}

func (m *model) configure(s *modelSub, set broker.Settings) (ok bool) {
	if s.closed || !m.set(s, set) {
		return false
	}
	for len(s.waits) > s.buffer && s.policy != broker.Block && s.policy != broker.Spill {
		if s.policy == broker.DropOldest || s.policy == broker.KeepLatest {
			m.dropOldest(s, "shrunk")
			continue
		}
		last := s.waits[len(s.waits)-1]
		s.waits = slices.Clone(s.waits[:len(s.waits)-1])
		last.drop()
		m.tell("shrunk", s, last.event, len(s.waits))
	}
	m.roomMade(s)
	return true
}

func (m *model) close(s *modelSub) {
	if s.closed {
		return
	}
	s.closed = true
	var drop []inBuffer
	for _, w := range s.waits {
		if w.stored == nil {
			drop = append(drop, w)
		}
	}
	for s.waits = drop; len(s.waits) > 0; {
		m.dropOldest(s, "closed")
	}
	m.admit()
	for _, w := range s.works {
		switch { // there is no other attempt
		case w.resting && w.stored != nil:
			m.tell("interrupted", s, w.event, 1)
		case w.resting:
			m.tell("abandoned", s, w.event, 0)
		}
	}
	s.works = slices.DeleteFunc(s.works, func(w *modelWork) bool { return w.resting })
}

func (m *model) inherit(set broker.Settings) (int, broker.Overflow) {
	buffer, policy := m.buffer, m.policy
	if set.Buffer > 0 {
		buffer = set.Buffer
	} else if set.Buffer == broker.Unbuffered {
		buffer = 0
	}
	if set.Overflow != broker.Inherit {
		policy = set.Overflow
	}
	return buffer, policy
}
