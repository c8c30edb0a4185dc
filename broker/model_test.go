package broker_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/spillway-go/spillway/broker"
	"pgregory.net/rapid"
)

// model is the contract of a broker said the naive way: slices, and no care for
// speed.
type model struct {
	buffer   int
	policy   broker.Overflow
	subs     []*modelSub
	log      []told
	sequence event
}

type modelSub struct {
	index    int
	buffer   int
	policy   broker.Overflow
	waits    []event
	expected int
	aside    []event
	closed   bool
	stats    broker.Stats
}

func (m *model) tell(what string, s *modelSub, e event) {
	m.log = append(m.log, told{what, s.index, e, len(s.waits)})
	switch what {
	case "buffered":
	case "delivered":
		s.stats.Delivered++
	default:
		s.stats.Dropped++
	}
}

func (m *model) publish(e event) {
	for _, s := range m.subs {
		if s.closed {
			continue
		}
		s.stats.Offered++
		switch {
		case s.expected > 0:
			s.expected--
			s.aside = append(s.aside, e)
			m.tell("delivered", s, e)
			continue
		case len(s.waits) < s.buffer:
		case s.policy == broker.DropOldest && s.buffer > 0:
			oldest := s.waits[0]
			s.waits = s.waits[1:]
			m.tell("displaced", s, oldest)
		default:
			m.tell("full", s, e)
			continue
		}
		s.waits = append(s.waits, e)
		s.stats.HighWater = max(s.stats.HighWater, len(s.waits))
		m.tell("buffered", s, e)
	}
}

func (m *model) next(s *modelSub) (e event, ok bool) {
	switch {
	case len(s.aside) > 0:
		e, s.aside = s.aside[0], s.aside[1:]
	case len(s.waits) > 0:
		e, s.waits = s.waits[0], s.waits[1:]
		m.tell("delivered", s, e)
	default:
		return 0, false
	}
	return e, true
}

func (m *model) expect(s *modelSub) {
	if !s.closed && len(s.waits) == 0 {
		s.expected++
	}
}

func (m *model) configure(s *modelSub, set broker.Settings) {
	s.buffer, s.policy = m.inherit(set)
	for len(s.waits) > s.buffer {
		i := len(s.waits) - 1
		if s.policy == broker.DropOldest {
			i = 0
		}
		e := s.waits[i]
		s.waits = slices.Delete(slices.Clone(s.waits), i, i+1)
		m.tell("shrunk", s, e)
	}
}

func (m *model) close(s *modelSub) {
	s.closed = true
	for len(s.waits) > 0 {
		e := s.waits[0]
		s.waits = s.waits[1:]
		m.tell("closed", s, e)
	}
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

var anySettings = rapid.Custom(func(t *rapid.T) broker.Settings {
	return broker.Settings{
		Buffer:   rapid.IntRange(broker.Unbuffered, 9).Draw(t, "buffer"),
		Overflow: rapid.SampledFrom(append([]broker.Overflow{broker.Inherit}, lossy...)).Draw(t, "overflow"),
	}
})

// play lets a random sequence of calls meet the broker and the model.
func play(t *rapid.T, policy broker.Overflow) {
	var log []told
	buffer := rapid.IntRange(1, 9).Draw(t, "default buffer")
	b, err := broker.New(broker.Options{Buffer: buffer, Overflow: policy, Trace: trace(&log)})
	if err != nil {
		t.Fatal(err)
	}
	m := &model{buffer: buffer, policy: policy}
	var subs []*broker.Subscription
	pick := func(t *rapid.T) (*broker.Subscription, *modelSub) {
		if len(subs) == 0 {
			t.Skip("nobody has subscribed")
		}
		i := rapid.IntRange(0, len(subs)-1).Draw(t, "subscription")
		return subs[i], m.subs[i]
	}
	publish := func(t *rapid.T) {
		if err := b.TryPublish(m.sequence); err != nil {
			t.Fatal(err)
		}
		m.publish(m.sequence)
		m.sequence++
	}
	take := func(t *rapid.T) {
		s, ms := pick(t)
		want, wantOK := m.next(ms)
		if got, ok := s.TryNext(); ok != wantOK || ok && got != want {
			t.Fatalf("TryNext answers %v, %v, want %v, %v", got, ok, want, wantOK)
		}
	}
	t.Repeat(map[string]func(*rapid.T){
		"publish":       publish,
		"publish again": publish, // so that buffers fill
		"take":          take,
		"subscribe": func(t *rapid.T) {
			if len(subs) == 4 {
				t.Skip("enough")
			}
			set := anySettings.Draw(t, "settings")
			s, err := b.Subscribe(broker.SubscribeOptions{Settings: set})
			if err != nil {
				t.Fatal(err)
			}
			ms := &modelSub{index: len(subs)}
			ms.buffer, ms.policy = m.inherit(set)
			subs, m.subs = append(subs, s), append(m.subs, ms)
		},
		"expect": func(t *rapid.T) {
			s, ms := pick(t)
			s.Expect()
			m.expect(ms)
		},
		"configure": func(t *rapid.T) {
			s, ms := pick(t)
			set := anySettings.Draw(t, "settings")
			if err := s.Configure(set); ms.closed {
				if !errors.Is(err, broker.ErrClosed) {
					t.Fatalf("configuring a closed subscription answers %v", err)
				}
				return
			} else if err != nil {
				t.Fatal(err)
			}
			m.configure(ms, set)
		},
		"close": func(t *rapid.T) {
			s, ms := pick(t)
			s.Close()
			m.close(ms)
		},
		"": func(t *rapid.T) { // after each of them
			if !reflect.DeepEqual(log, m.log) {
				t.Fatalf("the trace is\n%v, want\n%v", log, m.log)
			}
			for i, s := range subs {
				got, want := s.Stats(), m.subs[i].stats
				want.Depth = len(m.subs[i].waits)
				want.DroppedBy, want.Oldest = got.DroppedBy, got.Oldest
				if got != want {
					t.Fatalf("subscription %d: the stats are %+v, want %+v", i, got, want)
				}
				if got.Offered != got.Delivered+got.Dropped+uint64(got.Depth) {
					t.Fatalf("subscription %d: conservation fails: %+v", i, got)
				}
				if got.Depth > m.subs[i].buffer {
					t.Fatalf("subscription %d: %d events wait in a buffer of %d", i, got.Depth, m.subs[i].buffer)
				}
			}
		},
	})
	checkOrder(t, log)
}

// checkOrder checks that every subscription got its events in order and each of
// them once.
func checkOrder(t *rapid.T, log []told) {
	last := map[int]event{}
	gone := map[[2]int]string{}
	for _, x := range log {
		if x.What == "buffered" {
			continue
		}
		key := [2]int{x.Sub, int(x.Event)}
		if before, twice := gone[key]; twice {
			t.Fatalf("event %d of subscription %d was %s and then %s", x.Event, x.Sub, before, x.What)
		}
		gone[key] = x.What
		if x.What != "delivered" {
			continue
		}
		if before, ok := last[x.Sub]; ok && x.Event <= before {
			t.Fatalf("subscription %d got event %d after %d", x.Sub, x.Event, before)
		}
		last[x.Sub] = x.Event
	}
}

func TestTheBrokerDoesWhatTheModelDoes(t *testing.T) {
	for _, policy := range lossy {
		t.Run(policy.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { play(t, policy) })
		})
	}
}

// script is a sequence of calls as plain numbers.
var script = rapid.SliceOfN(rapid.IntRange(0, 99), 1, 200)

func TestDeterminismTheSameCallsHaveTheSameOutcome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calls := script.Draw(t, "calls")
		run := func() []told {
			var log []told
			b, err := broker.New(broker.Options{Trace: trace(&log)})
			if err != nil {
				t.Fatal(err)
			}
			var subs []*broker.Subscription
			for n, call := range calls {
				switch s := len(subs); {
				case s == 0 || call < 10:
					made, err := b.Subscribe(broker.SubscribeOptions{Settings: broker.Settings{Buffer: call % 4}})
					if err != nil {
						t.Fatal(err)
					}
					subs = append(subs, made)
				case call < 60:
					if err := b.TryPublish(event(n)); err != nil {
						t.Fatal(err)
					}
				case call < 90:
					subs[call%s].TryNext()
				default:
					subs[call%s].Close()
				}
			}
			return log
		}
		if first, second := run(), run(); !reflect.DeepEqual(first, second) {
			t.Fatalf("the same calls had two outcomes:\n%v\n%v", first, second)
		}
	})
}

func TestConservationHoldsThroughShutdown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var log []told
		b, err := broker.New(broker.Options{Trace: trace(&log)})
		if err != nil {
			t.Fatal(err)
		}
		var subs []*broker.Subscription
		for range rapid.IntRange(1, 4).Draw(t, "subscriptions") {
			s, err := b.Subscribe(broker.SubscribeOptions{Name: "s", Settings: anySettings.Draw(t, "settings")})
			if err != nil {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "expects") {
				s.Expect()
			}
			subs = append(subs, s)
		}
		for e := range rapid.IntRange(0, 12).Draw(t, "events") {
			if err := b.TryPublish(event(e)); err != nil {
				t.Fatal(err)
			}
		}
		var waits uint64
		for _, s := range subs {
			waits += uint64(s.Stats().Depth)
		}
		var left *broker.LeftError
		if err := b.Shutdown(ended()); waits == 0 && err != nil || waits > 0 && !errors.As(err, &left) {
			t.Fatalf("with %d events waiting Shutdown answers %v", waits, err)
		} else if left != nil {
			for _, l := range left.Left {
				waits -= uint64(l.Events)
			}
			if waits != 0 {
				t.Fatalf("%v is %d events short", err, waits)
			}
		}
		for _, s := range subs {
			if st := s.Stats(); st.Depth != 0 || st.Offered != st.Delivered+st.Dropped {
				t.Fatalf("after Shutdown the stats are %+v", st)
			}
		}
	})
}
