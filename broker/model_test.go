package broker_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
	"pgregory.net/rapid"
)

// anySettings are settings of a small buffer and one of those policies.
func anySettings(policies ...broker.Overflow) *rapid.Generator[broker.Settings] {
	return rapid.Custom(func(t *rapid.T) broker.Settings {
		return broker.Settings{
			Buffer:   rapid.IntRange(broker.Unbuffered, 9).Draw(t, "buffer"),
			Overflow: rapid.SampledFrom(append([]broker.Overflow{broker.Inherit}, policies...)).Draw(t, "overflow"),
		}
	})
}

// topicSets are what subscriptions select.
var topicSets = rapid.SampledFrom([][]string{nil, nil, {"a"}, {"*"}, {"b", "a.>"}, {">"}})

// topics are what events are about.
var topics = rapid.SampledFrom([]string{"", "a", "b", "a.b"})

// play is a broker and the model that random calls meet.
type play struct {
	broker     *broker.Broker
	repository *faulty
	told       telling
	log        []told
	subs       []*broker.Subscription
	model      *model
	sequence   event
	waiting    []*waiter                               // in the order they came
	receivers  map[*broker.Subscription][]<-chan taken // in the order they came
	works      map[int][]broker.Work                   // of a driver, in the order they were begun
}

// waiter is a goroutine in Publish that waits for room.
type waiter struct {
	event  on
	cancel context.CancelFunc
	answer chan error
}

// tellAll is a trace that also tells of publishers that wait, and of workers.
func tellAll(log *[]told) broker.Trace {
	all := trace(log)
	tell := func(what string, sub int, e broker.Event, attempt int) {
		*log = append(*log, told{what, sub, numbers([]broker.Event{e})[0], attempt})
	}
	all.Blocked = func(s *broker.Subscription, e broker.Event) { tell("blocked", s.Index(), e, 0) }
	all.Unblocked = func(e broker.Event, err error) { tell(unblocked(err), -1, e, 0) }
	all.Recovered = func(s *broker.Subscription, backlog uint64) { tell("recovered", s.Index(), event(0), int(backlog)) }
	all.Handled = func(s *broker.Subscription, e broker.Event, attempt int) { tell("handled", s.Index(), e, attempt) }
	all.Failed = func(s *broker.Subscription, e broker.Event, attempt int, _ error, _ time.Duration) {
		tell("failed", s.Index(), e, attempt)
	}
	all.Retried = func(s *broker.Subscription, e broker.Event, attempt int) { tell("retried", s.Index(), e, attempt) }
	all.Interrupted = func(s *broker.Subscription, e broker.Event, _ error, depth int) {
		tell("interrupted", s.Index(), e, depth)
	}
	all.Abandoned = func(s *broker.Subscription, e broker.Event, _ error) { tell("abandoned", s.Index(), e, 0) }
	return all
}

// unblocked says how a wait has ended.
func unblocked(err error) string {
	switch {
	case err == nil:
		return "let in"
	case errors.Is(err, broker.ErrFull):
		return "refused"
	default:
		return "gone"
	}
}

func newPlay(t *rapid.T, policy broker.Overflow, told telling) *play {
	p := &play{repository: &faulty{}, told: told, receivers: map[*broker.Subscription][]<-chan taken{}, works: map[int][]broker.Work{}}
	buffer := rapid.IntRange(1, 9).Draw(t, "default buffer")
	var err error
	p.broker, err = broker.New(broker.Options{Buffer: buffer, Overflow: policy, Repository: p.repository, Trace: told.of(tellAll(&p.log))})
	if err != nil {
		t.Fatal(err)
	}
	p.model = &model{buffer: buffer, policy: policy, streams: map[string][]*storedEvent{}}
	return p
}

func (p *play) pick(t *rapid.T) (*broker.Subscription, *modelSub) {
	if len(p.subs) == 0 {
		t.Skip("nobody has subscribed")
	}
	i := rapid.IntRange(0, len(p.subs)-1).Draw(t, "subscription")
	return p.subs[i], p.model.subs[i]
}

func (p *play) next(t *rapid.T) on {
	p.sequence++
	return on{p.sequence, topics.Draw(t, "topic")}
}

func wantError(t *rapid.T, got, want error) {
	if !errors.Is(got, want) || want == nil && got != nil {
		t.Fatalf("the error is %v, want %v", got, want)
	}
}

func (p *play) publish(t *rapid.T) {
	e := p.next(t)
	wantError(t, p.broker.TryPublish(e), p.model.publish(e, ""))
}

// publishBroken publishes while the repository does not append to one stream.
func (p *play) publishBroken(t *rapid.T) {
	_, ms := p.pick(t)
	p.repository.failAppendTo(ms.name)
	e := p.next(t)
	wantError(t, p.broker.TryPublish(e), p.model.publish(e, ms.name))
	p.repository.repair()
}

// publishAndWait publishes as a goroutine that waits for room.
func (p *play) publishAndWait(t *rapid.T) {
	w := &waiter{event: p.next(t), answer: make(chan error, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	go func() { w.answer <- p.broker.Publish(ctx, w.event) }()
	synctest.Wait()
	want := p.model.publish(w.event, "")
	if errors.Is(want, broker.ErrWouldBlock) {
		p.model.wait(w.event)
		p.waiting = append(p.waiting, w)
		return
	}
	wantError(t, <-w.answer, want)
	cancel()
}

func (p *play) submit(t *rapid.T) {
	e := p.next(t)
	want := p.model.publish(e, "")
	if errors.Is(want, broker.ErrWouldBlock) {
		p.model.wait(e)
	}
	wantError(t, broker.NewDriver(p.broker).Publish(e), want)
}

func (p *play) giveUp(t *rapid.T) {
	if len(p.waiting) == 0 {
		t.Skip("nobody waits")
	}
	i := rapid.IntRange(0, len(p.waiting)-1).Draw(t, "waiter")
	w := p.waiting[i]
	w.cancel()
	synctest.Wait()
	wantError(t, <-w.answer, context.Canceled)
	p.waiting = slices.Delete(p.waiting, i, i+1)
	p.model.leave(w.event)
}

func (p *play) take(t *rapid.T) {
	s, ms := p.pick(t)
	want, wantOK := p.model.next(ms)
	if got, ok := s.TryNext(); ok != wantOK || ok && numbers([]broker.Event{got})[0] != want {
		t.Fatalf("TryNext answers %v, %v, want %v, %v", got, ok, want, wantOK)
	}
}

// receive takes an event as a goroutine that waits for one.
func (p *play) receive(t *rapid.T) {
	s, ms := p.pick(t)
	if ms.workers > 0 || ms.closed {
		t.Skip("its receivers are workers, or gone")
	}
	answer := next(context.Background(), s)
	synctest.Wait()
	want, ok := p.model.next(ms)
	if !ok {
		p.model.await(ms)
		p.receivers[s] = append(p.receivers[s], answer)
	} else if len(answer) == 0 {
		t.Fatalf("Next waits, want %v", want)
	} else if got := <-answer; numbers([]broker.Event{got.event})[0] != want {
		t.Fatalf("Next answers %v, want %v", got, want)
	}
}

// checkReceivers compares what those got who waited for an event.
func (p *play) checkReceivers(t *rapid.T, s *broker.Subscription, ms *modelSub) {
	for _, want := range ms.handed {
		got := <-p.receivers[s][0]
		p.receivers[s] = p.receivers[s][1:]
		if numbers([]broker.Event{got.event})[0] != want {
			t.Fatalf("a receiver got %v, want %v", got, want)
		}
	}
	ms.handed = nil
	for _, r := range p.receivers[s] {
		if ms.closed {
			wantError(t, (<-r).err, broker.ErrClosed)
		} else if len(r) > 0 {
			t.Fatalf("a receiver got %v", <-r)
		}
	}
	if ms.closed {
		p.receivers[s] = nil
	}
}

func (p *play) subscribe(t *rapid.T, policies []broker.Overflow) {
	if len(p.subs) == 6 {
		t.Skip("enough")
	}
	o := broker.SubscribeOptions{
		Name:   fmt.Sprint("s", len(p.subs)),
		Topics: topicSets.Draw(t, "topics"),
		Paused: rapid.IntRange(0, 5).Draw(t, "paused") == 0,
	}
	set := anySettings(policies...).Draw(t, "settings")
	o.Buffer, o.Overflow = set.Buffer, set.Overflow
	for _, ms := range p.model.subs { // one may come back
		if ms.closed && !p.model.named(ms.name) && rapid.Bool().Draw(t, "again") {
			o.Name = ms.name
			break
		}
	}
	var workers broker.ConsumeOptions
	var s *broker.Subscription
	var err error
	if rapid.Bool().Draw(t, "driven") {
		workers = anyWorkers(t)
		index := len(p.subs)
		s, err = broker.NewDriver(p.broker).Subscribe(o, workers, func(w broker.Work) { p.begin(index, w) })
	} else {
		s, err = p.broker.Subscribe(o)
	}
	if want := p.model.subscribe(o, workers); want != (err == nil) {
		t.Fatalf("Subscribe answers %v", err)
	} else if err == nil {
		p.subs = append(p.subs, s)
	}
}

// begin notes what a worker of a driver begins.
func (p *play) begin(sub int, w broker.Work) {
	p.works[sub] = append(p.works[sub], w)
	p.log = append(p.log, told{"begun", sub, numbers([]broker.Event{w.Event()})[0], w.Attempt()})
}

func (p *play) configure(t *rapid.T, policies []broker.Overflow) {
	s, ms := p.pick(t)
	set := anySettings(policies...).Draw(t, "settings")
	err := s.Configure(set)
	if want := p.model.configure(ms, set); want != (err == nil) {
		t.Fatalf("Configure answers %v", err)
	}
}

// anyWorkers are options of a driver.
func anyWorkers(t *rapid.T) broker.ConsumeOptions {
	return broker.ConsumeOptions{
		Workers:  rapid.IntRange(1, 3).Draw(t, "workers"),
		Attempts: rapid.IntRange(1, 3).Draw(t, "attempts"),
	}
}

// pickWork is something that a subscription's workers have begun, or that rests.
func (p *play) pickWork(t *rapid.T, resting bool) (*modelSub, broker.Work, *modelWork) {
	s, ms := p.pick(t)
	var at []int
	for i, w := range ms.works {
		if w.resting == resting {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		t.Skip("there is no such work")
	}
	mw := ms.works[rapid.SampledFrom(at).Draw(t, "work")]
	for _, w := range slices.Backward(p.works[s.Index()]) { // those before may be done
		if e := w.Event(); e != nil && numbers([]broker.Event{e})[0] == mw.event {
			return ms, w, mw
		}
	}
	t.Fatalf("event %v is not at work", mw.event)
	return nil, broker.Work{}, nil
}

func (p *play) done(t *rapid.T) {
	ms, w, mw := p.pickWork(t, false)
	var err error
	if rapid.IntRange(0, 2).Draw(t, "fails") == 0 {
		err = errHandler
	}
	_, again := w.Done(err)
	if want := p.model.done(ms, mw, err); again != want {
		t.Fatalf("Done answers %v, want %v", again, want)
	}
}

func (p *play) again(t *rapid.T) {
	ms, w, mw := p.pickWork(t, true)
	w.Again()
	p.model.again(ms, mw)
}

func (p *play) adjust(t *rapid.T) {
	s, ms := p.pick(t)
	o := anyWorkers(t)
	err := s.Configure(o)
	if want := p.model.adjust(ms, o); want != (err == nil) {
		t.Fatalf("Configure answers %v", err)
	}
}

func (p *play) choose(t *rapid.T) {
	s, ms := p.pick(t)
	topics := topicSets.Draw(t, "topics")
	err := s.Configure(broker.Topics(topics...))
	if want := p.model.choose(ms, topics); want != (err == nil) {
		t.Fatalf("Configure answers %v", err)
	}
}

// check compares the broker with the model, after each call.
func (p *play) check(t *rapid.T) {
	synctest.Wait()
	p.waiting = slices.DeleteFunc(p.waiting, func(w *waiter) bool {
		if slices.Contains(p.model.line, w.event) {
			if len(w.answer) > 0 {
				t.Fatalf("the publisher of %v does not wait: %v", w.event, <-w.answer)
			}
			return false
		}
		if len(w.answer) == 0 {
			t.Fatalf("the publisher of %v still waits", w.event)
		}
		w.cancel()
		wantError(t, <-w.answer, p.model.admitted[w.event])
		return true
	})
	want := slices.DeleteFunc(slices.Clone(p.model.log), func(x told) bool { return !p.told.tells(x.What) })
	if !slices.Equal(p.log, want) {
		t.Fatalf("the trace is\n%v, want\n%v", p.log, want)
	}
	// To look at the stats shuts the doors by which receivers come without the lock.
	look := p.told == everything || rapid.IntRange(0, 29).Draw(t, "look") == 0
	for i, s := range p.subs {
		p.checkReceivers(t, s, p.model.subs[i])
		if !look {
			continue
		}
		got, want := s.Stats(), p.model.subs[i].statsNow()
		want.DroppedBy, want.Oldest = got.DroppedBy, got.Oldest
		if got != want {
			t.Fatalf("subscription %d: the stats are %+v, want %+v", i, got, want)
		}
		if most := p.model.subs[i].bound; got.Depth > most {
			t.Fatalf("subscription %d: %d events wait, where at most %d may", i, got.Depth, most)
		}
	}
}

func (p *play) end() {
	for _, w := range p.waiting {
		w.cancel()
	}
	for _, s := range p.subs {
		s.Close()
	}
	synctest.Wait()
}

// run lets random calls meet the broker and the model.
func run(t *rapid.T, policy broker.Overflow, policies []broker.Overflow, told telling) {
	p := newPlay(t, policy, told)
	defer p.end()
	t.Repeat(map[string]func(*rapid.T){
		"publish":          p.publish,
		"publish again":    p.publish, // so that buffers fill
		"publish and wait": p.publishAndWait,
		"publish broken":   p.publishBroken,
		"submit":           p.submit,
		"give up":          p.giveUp,
		"take":             p.take,
		"receive":          p.receive,
		"subscribe":        func(t *rapid.T) { p.subscribe(t, policies) },
		"configure":        func(t *rapid.T) { p.configure(t, policies) },
		"select":           p.choose,
		"done":             p.done,
		"done again":       p.done,
		"again":            p.again,
		"adjust":           p.adjust,
		"pause": func(t *rapid.T) {
			s, ms := p.pick(t)
			s.Pause()
			ms.paused = true
		},
		"resume": func(t *rapid.T) {
			s, ms := p.pick(t)
			s.Resume()
			p.model.resume(ms)
		},
		"close": func(t *rapid.T) {
			s, ms := p.pick(t)
			s.Close()
			p.model.close(ms)
		},
		"": p.check,
	})
	checkOrder(t, p.log, p.model.subs)
}

// offers are what an offer of an event can lead to, all of which is told.
var offers = []string{"buffered", "spilled", "refilled", "delivered", "full", "displaced", "shrunk", "closed", "replaced"}

// checkOrder checks that every subscription got its events once each and in the
// order it was offered them, which for publishers that waited is not that of the
// numbers.
func checkOrder(t *rapid.T, log []told, subs []*modelSub) {
	type offered struct {
		sub   int
		event event
	}
	order := map[offered]int{}
	last := map[int]int{}
	gone := map[offered]string{}
	for n, x := range log {
		if !slices.Contains(offers, x.What) {
			continue
		}
		key := offered{x.Sub, x.Event}
		if _, before := order[key]; !before {
			order[key] = n
		}
		if slices.Contains([]string{"buffered", "spilled", "refilled"}, x.What) {
			continue
		}
		if before, twice := gone[key]; twice {
			t.Fatalf("event %d of subscription %d was %s and then %s", x.Event, x.Sub, before, x.What)
		}
		gone[key] = x.What
		if x.What != "delivered" || subs[x.Sub].unordered {
			continue
		}
		if before, ok := last[x.Sub]; ok && order[key] < before {
			t.Fatalf("subscription %d got event %d after one it was offered later", x.Sub, x.Event)
		}
		last[x.Sub] = order[key]
	}
}

// inBubbleTB keeps rapid from asking for a deadline, which there is none of under
// a clock of its own.
type inBubbleTB struct{ *testing.T }

func TestTheBrokerDoesWhatTheModelDoes(t *testing.T) {
	theBrokerDoesWhatTheModelDoes(t, everything)
}

func TestTheBrokerDoesWhatTheModelDoesAlsoIfNobodyIsToldOfDeliveries(t *testing.T) {
	theBrokerDoesWhatTheModelDoes(t, noDeliveries)
}

func TestTheBrokerDoesWhatTheModelDoesAlsoIfNobodyIsToldOfAnything(t *testing.T) {
	theBrokerDoesWhatTheModelDoes(t, silence)
}

func theBrokerDoesWhatTheModelDoes(t *testing.T, told telling) {
	for _, policy := range broker.Overflows() {
		t.Run(policy.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rapid.Check(inBubbleTB{t}, func(t *rapid.T) { run(t, policy, nil, told) })
			})
		})
	}
	t.Run("all of them", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			rapid.Check(inBubbleTB{t}, func(t *rapid.T) { run(t, broker.DropNewest, broker.Overflows(), told) })
		})
	})
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
					made, err := b.Subscribe(broker.SubscribeOptions{Buffer: call % 4})
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
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(inBubbleTB{t}, conserve)
	})
}

func conserve(t *rapid.T) {
	var log []told
	b, err := broker.New(broker.Options{Trace: trace(&log)})
	if err != nil {
		t.Fatal(err)
	}
	var subs []*broker.Subscription
	for range rapid.IntRange(1, 4).Draw(t, "subscriptions") {
		set := anySettings(lossy...).Draw(t, "settings")
		s, err := b.Subscribe(broker.SubscribeOptions{Name: "s", Buffer: set.Buffer, Overflow: set.Overflow})
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "receives") {
			next(context.Background(), s)
			synctest.Wait()
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
}
