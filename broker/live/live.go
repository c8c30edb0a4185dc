// Package live runs a scenario in real time: a goroutine for every producer and
// consumer, the wall clock, and the real broker.
package live

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/consumer"
	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/producer"
	"github.com/spillway-go/spillway/broker/scenario"
)

// Signal is the cause to cancel a run's context with when a signal ended it. Any
// other cause counts as an interrupt.
type Signal uint64

func (s Signal) Error() string { return fmt.Sprintf("ended by signal %d", uint64(s)) }

// errOver is the cause when the run has lasted as long as the scenario says.
var errOver = errors.New("the run is over")

// failure is the cause when one of the run's own parts could not go on.
type failure struct{ error }

// Run runs the scenario until its duration is over, one of its interventions
// interrupts it, or ctx is done. Then everything has ended when Run returns. It
// calls record with everything that happens, in order and never concurrently.
func Run(ctx context.Context, s scenario.Scenario, record func(journal.Record)) error {
	if err := s.Validate(); err != nil {
		return fmt.Errorf("live: %w", err)
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	r := &run{
		scenario: s.Clone(),
		end:      end,
		recorder: recorder{
			record: record,
			start:  time.Now(),
			end:    time.Duration(s.Duration),
			depth:  make([]int, len(s.Consumers)),
		},
	}
	if err := r.open(); err != nil {
		return fmt.Errorf("live: %w", err)
	}

	var actors sync.WaitGroup
	over := time.AfterFunc(time.Duration(s.Duration), func() { end(errOver) })
	defer over.Stop()
	for _, c := range r.consumers {
		actors.Go(func() { c.Run(ctx) })
	}
	for _, p := range r.producers {
		actors.Go(func() {
			if err := p.Run(ctx); err != nil {
				end(failure{err})
			}
		})
	}
	actors.Go(func() { r.intervene(ctx) })

	<-ctx.Done()
	actors.Wait() // what is under way is told before the end
	cause := context.Cause(ctx)
	failed, broken := cause.(failure)
	if cause != errOver && !broken {
		r.recorder.interrupted(cause)
	}
	r.recorder.quit()

	// Nobody consumes any more: what is left in the buffers stays undelivered,
	// as the journal's last state shows.
	var left *broker.LeftError
	if err := r.broker.Shutdown(ctx); err != nil && !errors.As(err, &left) {
		return fmt.Errorf("live: %w", err)
	}
	if broken {
		return fmt.Errorf("live: %w", failed.error)
	}
	return nil
}

// run is what one call of Run works with.
type run struct {
	scenario  scenario.Scenario // with the settings of now; only intervene changes it
	end       context.CancelCauseFunc
	recorder  recorder
	broker    *broker.Broker
	subs      []*broker.Subscription
	producers []*producer.Producer
	consumers []*consumer.Consumer
}

// open makes the broker and everyone around it.
func (r *run) open() error {
	settings := r.scenario.Broker.Settings()
	b, err := broker.New(broker.Options{Buffer: settings.Buffer, Overflow: settings.Overflow, Trace: r.recorder.trace()})
	if err != nil {
		return err
	}
	r.broker = b
	for i, c := range r.scenario.Consumers {
		sub, err := b.Subscribe(broker.SubscribeOptions{Name: c.Name})
		if err != nil {
			return err
		}
		handler, err := consumer.New(sub, time.Duration(c.Service), func(e broker.Event) { r.recorder.handled(i, e) })
		if err != nil {
			return err
		}
		r.subs = append(r.subs, sub)
		r.consumers = append(r.consumers, handler)
	}
	for i, p := range r.scenario.Producers {
		ids := scenario.NewSource(r.scenario.Seed, scenario.Identities, i)
		made, err := producer.New(time.Duration(p.Interval), func(_ context.Context, n uint64) error {
			return r.publish(&producer.ProducedSomethingEvent{Producer: i, Number: n, Identity: ids.Identity(n)})
		})
		if err != nil {
			return err
		}
		r.producers = append(r.producers, made)
	}
	return nil
}

// publish offers what it has recorded even if the run ends meanwhile.
func (r *run) publish(e *producer.ProducedSomethingEvent) error {
	if !r.recorder.produced(e) {
		return nil
	}
	return r.broker.TryPublish(e)
}

// intervene does what the user of the scenario did, when the user did it.
func (r *run) intervene(ctx context.Context) {
	for i, v := range r.scenario.Interventions {
		due := time.NewTimer(time.Until(r.recorder.start.Add(time.Duration(v.At))))
		select {
		case <-due.C:
		case <-ctx.Done():
			due.Stop()
			return
		}
		if v.Do == scenario.Interrupt {
			r.end(Signal(journal.SignalInterrupt))
			return
		}
		r.recorder.changed(i)
		if err := r.change(v); err != nil {
			r.end(failure{err})
			return
		}
	}
}

func (r *run) change(v scenario.Intervention) error {
	r.scenario.Apply(v)
	switch v.Do {
	case scenario.SetInterval:
		return r.producers[v.Actor].SetInterval(time.Duration(v.Interval))
	case scenario.SetService:
		return r.consumers[v.Actor].SetService(time.Duration(v.Service))
	case scenario.SetBuffer, scenario.SetOverflow:
		for _, s := range r.subs {
			if err := s.Configure(r.scenario.Broker.Settings()); err != nil {
				return err
			}
		}
	}
	return nil
}
