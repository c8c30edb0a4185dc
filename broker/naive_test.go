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
	streams  map[string][]event // what is left in the repository
	line     []on               // of publishers that wait for room
	admitted map[on]error       // those that do no more, with what they got
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
	backlog   []on
	spilling  bool    // it has a stream
	receivers int     // that wait: callers of Next, or idle workers
	handed    []event // to callers of Next that waited, since the last check
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
	stored bool // it was read back, and is in the repository still
}

// modelWork is an event with a worker.
type modelWork struct {
	event   event
	attempt int
	resting bool
}

func (s *modelSub) count() int { return len(s.backlog) }

func events(of []on) (events []broker.Event) {
	for _, e := range of {
		events = append(events, e)
	}
	return events
}

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
		s.backlog = append(s.backlog, e)
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
		m.hand(s, e.event)
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
	m.push(s, inBuffer{e, false})
	m.tell("buffered", s, e.event, len(s.waits))
}

// hand gives the event to a receiver that waits.
func (m *model) hand(s *modelSub, e event) {
	s.receivers--
	m.tell("delivered", s, e, len(s.waits))
	if s.workers == 0 {
		s.handed = append(s.handed, e)
		return
	}
	s.works = append(s.works, &modelWork{event: e, attempt: 1})
	m.tell("begun", s, e, 1)
}

// feed hands what waits to receivers that came before it.
func (m *model) feed(s *modelSub) {
	for len(s.waits) > 0 && s.receives() {
		e := s.waits[0].event
		s.waits = s.waits[1:]
		m.hand(s, e)
		m.refill(s)
	}
}

func (m *model) push(s *modelSub, w inBuffer) {
	s.waits = append(s.waits, w)
	s.stats.HighWater = max(s.stats.HighWater, len(s.waits))
}

func (m *model) replace(s *modelSub, e on) bool {
	for i := len(s.waits) - 1; i >= 0; i-- {
		if old := s.waits[i]; old.topic == e.topic && !old.stored {
			s.waits[i].on = e
			m.tell("replaced", s, old.event, len(s.waits))
			m.tell("buffered", s, e.event, len(s.waits))
			return true
		}
	}
	return false
}

func (m *model) dropOldest(s *modelSub, why string) {
	e := s.waits[0].event
	s.waits = s.waits[1:]
	m.tell(why, s, e, len(s.waits))
}

// refill reads back what fits once half of the buffer is free.
func (m *model) refill(s *modelSub) {
	for half := len(s.waits) <= s.buffer/2; half && len(s.backlog) > 0 && len(s.waits) < max(s.buffer, 1); {
		e := s.backlog[0]
		s.backlog = s.backlog[1:]
		m.push(s, inBuffer{e, true})
		m.tell("refilled", s, e.event, len(s.waits))
	}
}

func (m *model) next(s *modelSub) (e event, ok bool) {
	if len(s.waits) == 0 || s.paused {
		return 0, false
	}
	e = s.waits[0].event
	s.waits = s.waits[1:]
	m.tell("delivered", s, e, len(s.waits))
	m.roomMade(s)
	return e, true
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
	if err != nil {
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
		for _, e := range m.streams[s.name] {
			s.backlog = append(s.backlog, on{event: e})
			s.stats.Offered++
			s.unordered = true
		}
		if len(s.backlog) > 0 {
			m.tell("recovered", s, 0, len(s.backlog))
		}
		delete(m.streams, s.name)
	}
	return true
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
		if w.stored {
			m.streams[s.name] = append(m.streams[s.name], w.event)
		} else {
			drop = append(drop, w)
		}
	}
	m.streams[s.name] = append(m.streams[s.name], numbers(events(s.backlog))...)
	for s.waits = drop; len(s.waits) > 0; {
		m.dropOldest(s, "closed")
	}
	m.admit()
	for _, w := range s.works {
		if w.resting { // there is no other attempt
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
