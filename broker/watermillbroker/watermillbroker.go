// Package watermillbroker is a Publisher and Subscriber of Watermill on a broker of this
// module, in place of its GoChannel: with bounded buffers, overflow policies and traces.
//
// Each subscriber of a topic gets all of its messages, those of one publisher in order. A
// message is in memory only, and gone when the process ends. It is delivered until it is
// acked: after a nack at once again, and before any other. Watermill's topics are the
// broker's, so they are tokens with dots between them, and a subscriber may name a pattern
// such as orders.*.
package watermillbroker

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/spillway-go/spillway/broker"
)

// Options set up a PubSub. The zero value has the broker's buffer, and publishers wait
// where it is full.
type Options struct {
	// Buffer is how many messages may wait for a subscriber, as for the broker.
	Buffer int
	// Overflow is what a full buffer does; the zero value means broker.Block, as nothing
	// is lost then.
	Overflow broker.Overflow
	// Retain is how many of the newest messages are kept for subscribers that come
	// later, which get those of their topic first; 0: none.
	Retain int
}

// PubSub implements message.Publisher and message.Subscriber.
type PubSub struct {
	broker  *broker.Broker
	options Options

	ctx         context.Context // of the subscribers, until Close
	cancel      context.CancelFunc
	subscribers sync.WaitGroup

	mu        sync.Mutex // guards what follows, and is between Subscribe and Close
	published uint64
	retained  []published // the newest
}

// published is a message on its way. Its context has the values of its publisher's.
type published struct {
	number  uint64
	topic   string
	message *message.Message
}

// New is a PubSub on that broker, which may have other publishers and handlers too.
func New(b *broker.Broker, o Options) *PubSub {
	if o.Overflow == broker.Inherit {
		o.Overflow = broker.Block
	}
	p := &PubSub{broker: b, options: o}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// Publish publishes the messages one after another, and waits where the buffer of a
// subscriber is full, as long as the context of the message allows it. After an error
// those before that message are published, and that one may be retained.
func (p *PubSub) Publish(topic string, messages ...*message.Message) error {
	if _, err := broker.ParsePattern(topic); err != nil {
		return fmt.Errorf("watermillbroker: publish: %w", err)
	}
	if strings.ContainsAny(topic, "*>") {
		return fmt.Errorf("watermillbroker: publish: topic %q is a pattern", topic)
	}
	for _, m := range messages {
		if err := p.publish(topic, m); err != nil {
			return fmt.Errorf("watermillbroker: message %s: %w", m.UUID, err)
		}
	}
	return nil
}

func (p *PubSub) publish(topic string, m *message.Message) error {
	if p.ctx.Err() != nil {
		return broker.ErrClosed
	}
	ctx, cancel := context.WithCancelCause(m.Context())
	defer cancel(nil)
	defer context.AfterFunc(p.ctx, func() { cancel(broker.ErrClosed) })()
	kept := m.Copy() // the publisher may go on to use its own
	kept.SetContext(context.WithoutCancel(m.Context()))
	e := broker.NewEvent(p.retain(topic, kept))
	return p.broker.Publish(ctx, e.With(broker.Attributes{ID: m.UUID, Topic: topic}))
}

// retain numbers a message, and keeps it for subscribers that come later.
func (p *PubSub) retain(topic string, m *message.Message) published {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.published++
	made := published{p.published, topic, m}
	if p.options.Retain > 0 {
		if len(p.retained) == p.options.Retain {
			p.retained[0] = published{} // let it be collected
			p.retained = p.retained[1:]
		}
		p.retained = append(p.retained, made)
	}
	return made
}

// Subscribe delivers the messages of the topic, or of all topics that the pattern
// selects, until ctx is done or the PubSub or the broker is closed; then it closes the
// channel. The context of a message ends then too, and has the values of the publisher's.
func (p *PubSub) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fail := func(err error) (<-chan *message.Message, error) {
		return nil, fmt.Errorf("watermillbroker: subscribe %q: %w", topic, err)
	}
	if p.ctx.Err() != nil {
		return fail(broker.ErrClosed)
	}
	if ctx.Err() != nil {
		return fail(context.Cause(ctx))
	}
	pattern, err := broker.ParsePattern(topic)
	if err != nil {
		return fail(err)
	}
	s, err := p.broker.Subscribe(broker.SubscribeOptions{
		Name: topic, Topics: []string{topic}, Buffer: p.options.Buffer, Overflow: p.options.Overflow,
	})
	if err != nil {
		return fail(err)
	}
	r := receiver{out: make(chan *message.Message)}
	for _, m := range p.retained {
		if pattern.Match(m.topic) {
			r.before = append(r.before, m)
		}
	}
	if len(p.retained) > 0 {
		r.from, r.to = p.retained[0].number, p.published
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(p.ctx, cancel)
	p.subscribers.Go(func() {
		defer close(r.out)
		defer cancel()
		defer stop()
		defer s.Close()
		r.receive(ctx, s)
	})
	return r.out, nil
}

// Close ends all subscribers, and waits until their channels are closed. It leaves the
// broker as it is.
func (p *PubSub) Close() error {
	p.mu.Lock()
	p.cancel()
	p.mu.Unlock()
	p.subscribers.Wait()
	return nil
}

// receiver is what a subscriber gets: first the messages from before, then the others.
type receiver struct {
	out      chan *message.Message
	before   []published
	from, to uint64 // the numbers of those from before: they are not delivered again
}

func (r *receiver) receive(ctx context.Context, s *broker.Subscription) {
	for _, m := range r.before {
		if r.deliver(ctx, m) != nil {
			return
		}
	}
	r.before = nil
	// It ends with the context or the subscription: there is nothing else to tell.
	_ = s.Consume(ctx, func(ctx context.Context, e broker.Event) error {
		m, is := broker.As[published](e)
		if !is || r.from <= m.number && m.number <= r.to { // an event of others is no message
			return nil
		}
		return r.deliver(ctx, m)
	}, broker.ConsumeOptions{Waits: true})
}

// deliver delivers a message until it is acked.
func (r *receiver) deliver(ctx context.Context, m published) error {
	for {
		if acked, err := r.deliverOnce(ctx, m.message); acked || err != nil {
			return err
		}
	}
}

// deliverOnce delivers a message, and says whether it was acked.
func (r *receiver) deliverOnce(until context.Context, m *message.Message) (acked bool, err error) {
	ctx, cancel := context.WithCancel(m.Context())
	defer cancel()
	defer context.AfterFunc(until, cancel)()
	again := m.Copy()
	again.SetContext(ctx)
	select {
	case r.out <- again:
	case <-until.Done():
		return false, context.Cause(until)
	}
	select {
	case <-again.Acked():
		return true, nil
	case <-again.Nacked():
		return false, nil
	case <-until.Done():
		return false, context.Cause(until)
	}
}

var (
	_ message.Publisher  = (*PubSub)(nil)
	_ message.Subscriber = (*PubSub)(nil)
)
