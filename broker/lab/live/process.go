package live

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/example/consumer"
	"github.com/spillway-go/spillway/broker/lab/example/producer"
	"github.com/spillway-go/spillway/broker/lab/record"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// process is what a crash ends: the broker and everyone around it.
type process struct {
	run      *run
	ctx      context.Context
	end      context.CancelFunc
	actors   sync.WaitGroup // but for the consumers
	line     line
	handling handling
	broker   *broker.Broker
	gate     gate
	recorder *record.Recorder
	drive    *drive

	mu   sync.Mutex             // guards subs, and serialises who joins and who changes
	subs []*broker.Subscription // by consumer; nil before it has joined, and when it has left
}

// What survives a crash of an actor.
type (
	producerState struct {
		beats     *producer.Producer
		published uint64 // events, those by hand included
		made      int    // events but those by hand
		stopped   bool
	}
	consumerState struct{ paused, left bool }
)

// boot starts a process.
func (r *run) boot() error {
	p := &process{run: r, drive: r.disk.mount(), subs: make([]*broker.Subscription, len(r.consumers))}
	p.ctx, p.end = context.WithCancel(r.ctx)
	p.line.ctx, p.line.leave = context.WithCancel(context.WithoutCancel(r.ctx))
	p.handling.ctx, p.handling.end = context.WithCancel(context.WithoutCancel(r.ctx))
	p.gate = gate{clock: &r.clock, ctx: p.handling.ctx}
	p.recorder = r.clock.recorder(p.gate.enter)
	r.process = p
	var err error
	if p.broker, err = broker.New(broker.Options{Repository: p.drive, Seed: r.scenario.Seed, Trace: p.recorder.Trace()}); err != nil {
		return err
	}
	now := r.now()
	for i := range r.consumers {
		r.consumers[i].paused = r.consumers[i].paused && now == 0
		switch start := time.Duration(r.scenario.Consumers[i].Start); {
		case r.consumers[i].left:
		case start > now:
			p.actors.Go(func() { p.joinAt(i, start) })
		default:
			if err := p.join(i); err != nil {
				return err
			}
		}
	}
	for i := range r.producers {
		from := r.clock.start.Add(max(now, time.Duration(r.scenario.Producers[i].Start)))
		p.actors.Go(func() { r.fail(r.producers[i].beats.Run(context.WithValue(p.ctx, processKey{}, p), from)) })
	}
	return nil
}

type processKey struct{}

// handling is what consumers do. It ends after everybody else has: an event whose handler
// is interrupted waits again, and what is published then would find another buffer than the
// journal tells of.
type handling struct {
	ctx       context.Context
	end       context.CancelFunc
	consumers sync.WaitGroup
}

// line is where publishers wait for room. They leave it together, after everything else
// has ended: one that left alone would let those behind it publish.
type line struct {
	ctx        context.Context
	leave      context.CancelFunc
	publishers sync.WaitGroup
}

// wait publishes the event when there is room for it.
func (l *line) wait(b *broker.Broker, e broker.Event) <-chan error {
	published := make(chan error, 1)
	l.publishers.Go(func() { published <- b.Publish(l.ctx, e) })
	return published
}

// kill ends the process. What was under way is recorded before; what happens only
// because everything ends is not.
func (p *process) kill() {
	p.end()
	p.actors.Wait()
	p.handling.end()
	p.handling.consumers.Wait()
	p.gate.close()
	p.drive.unmount()
	p.line.leave()
	p.line.publishers.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.subs {
		if s != nil {
			s.Close()
		}
	}
}

func (p *process) joinAt(i int, start time.Duration) {
	due := time.NewTimer(start - p.run.now())
	defer due.Stop()
	select {
	case <-due.C:
		p.run.fail(p.join(i))
	case <-p.ctx.Done():
	}
}

// join lets a consumer subscribe.
func (p *process) join(i int) error {
	r := p.run
	p.mu.Lock()
	defer p.mu.Unlock()
	r.mu.Lock()
	of, settings, state := r.scenario.Consumers[i], r.scenario.Settings(i), r.consumers[i]
	r.mu.Unlock()
	if state.left || p.ctx.Err() != nil {
		return nil
	}
	p.recorder.Joins(i)
	o := of.Handling()
	o.Waits = true
	o.DeadLetters = &p.run.disk.dead
	sub, wait, err := broker.NewDriver(p.broker).Consume(p.handling.ctx, broker.SubscribeOptions{
		Name: of.Name, Topics: strings.Fields(of.Topics), Paused: state.paused,
		Buffer: settings.Buffer, Overflow: settings.Overflow,
	}, consumer.Handler(func(e broker.Event, attempt int) (time.Duration, error) { return r.work(i, e, attempt) }), o)
	if err != nil {
		if p.ctx.Err() != nil {
			return nil // the process ended meanwhile
		}
		return err
	}
	p.subs[i] = sub
	p.handling.consumers.Go(func() {
		// It ends with the process or, when the consumer leaves, with the subscription.
		_ = wait()
	})
	return nil
}

var errFailed = errors.New("the attempt failed")

// work is how long a consumer's attempt takes, and how it ends.
func (r *run) work(consumer int, e broker.Event, attempt int) (time.Duration, error) {
	p := e.(*record.Event)
	n := scenario.Attempt(p.Producer, p.Number, attempt)
	r.mu.Lock()
	defer r.mu.Unlock()
	of := &r.scenario.Consumers[consumer]
	var err error
	if r.chance.Fails(of, consumer, n) {
		err = errFailed
	}
	return r.chance.Service(of, consumer, n), err
}

// adapt lets a consumer's setting take effect that has already been changed.
func (p *process) adapt(i int, what scenario.Action) error {
	r := p.run
	p.mu.Lock()
	defer p.mu.Unlock()
	r.mu.Lock()
	of, settings := r.scenario.Consumers[i], r.scenario.Settings(i)
	switch what {
	case scenario.Pause, scenario.Resume:
		r.consumers[i].paused = what == scenario.Pause
	case scenario.Leave:
		r.consumers[i].left = true
	}
	r.mu.Unlock()
	sub := p.subs[i]
	if sub == nil {
		return nil
	}
	switch what {
	case scenario.SetBuffer, scenario.SetOverflow, scenario.SetOwnBuffer, scenario.SetOwnOverflow:
		return sub.Configure(settings)
	case scenario.SetWorkers, scenario.SetAttempts, scenario.SetBackoff:
		return sub.Configure(of.Handling())
	case scenario.SetTopics:
		return sub.Configure(broker.Topics(strings.Fields(of.Topics)...))
	case scenario.Pause:
		sub.Pause()
	case scenario.Resume:
		sub.Resume()
	case scenario.Leave:
		p.subs[i] = nil
		sub.Close()
	}
	return nil
}

// producer is the i-th one.
func (r *run) producer(i int) *producer.Producer {
	return producer.New(
		func(n uint64) (producer.Beat, bool) {
			r.mu.Lock()
			defer r.mu.Unlock()
			of, state := &r.scenario.Producers[i], &r.producers[i]
			burst := max(1, of.Burst)
			if of.Count > 0 {
				burst = min(burst, of.Count-state.made)
			}
			return producer.Beat{Gap: r.chance.Gap(of, i, n), Burst: burst}, burst > 0 && !state.stopped
		},
		func(ctx context.Context) (bool, error) {
			p := ctx.Value(processKey{}).(*process)
			e := p.produce(i, false)
			if e == nil {
				return false, nil
			}
			return p.publish(e)
		},
	)
}

// produce makes a producer's next event, or nil when the process is over.
func (p *process) produce(i int, byHand bool) *record.Event {
	r := p.run
	r.mu.Lock()
	defer r.mu.Unlock()
	state := &r.producers[i]
	if !byHand && state.stopped {
		return nil // in the middle of a burst
	}
	e := &record.Event{ByHand: byHand, ProducedSomethingEvent: producer.ProducedSomethingEvent{
		Producer: i,
		Number:   state.published,
		Identity: r.chance.Identity(i, state.published),
		About:    r.scenario.Producers[i].Topic,
		Start:    r.clock.start,
	}}
	if !p.recorder.Produced(e) {
		return nil
	}
	state.published++
	if !byHand {
		state.made++
	}
	return e
}

// publish offers what has been recorded even if the run ends meanwhile.
func (p *process) publish(e *record.Event) (waited bool, err error) {
	if err = p.broker.TryPublish(e); errors.Is(err, broker.ErrWouldBlock) {
		waited = true
		select {
		case err = <-p.line.wait(p.broker, e):
		case <-p.ctx.Done():
			return waited, nil
		}
	}
	switch {
	case err == nil, errors.Is(err, broker.ErrFull):
	case errors.Is(err, broker.ErrRepositoryFull):
		p.recorder.Refused(e, err)
	default:
		return waited, err
	}
	return waited, nil
}

// publishByHand does not wait for the event.
func (p *process) publishByHand(i int) {
	e := p.produce(i, true)
	if e == nil {
		return
	}
	if err := p.broker.TryPublish(e); errors.Is(err, broker.ErrWouldBlock) {
		p.actors.Go(func() {
			_, err := p.publish(e)
			p.run.fail(err)
		})
	} else if errors.Is(err, broker.ErrRepositoryFull) {
		p.recorder.Refused(e, err)
	}
}
