package broker

import (
	"context"
	"fmt"
	"reflect"
)

// Handle subscribes the handler to all events of type T, with the options in the same
// call, and has Consume's workers call it until the subscription is closed or the broker
// shut down. The handler's context has the values of the
// publisher's, and ends when a Shutdown has no more time:
//
//	_, err := broker.Handle(b, "mail", sendMail, broker.Buffer(64), broker.Workers(4))
//
// where sendMail is a func(context.Context, OrderPlaced) error. T is the type of the
// payload of an Envelope or of the event itself, exactly; an interface stands for all
// types that implement it. A pointer and what it points to are two types.
func Handle[T any](b *Broker, name string, handler func(context.Context, T) error, options ...Option) (*Subscription, error) {
	var untyped Handler
	if handler != nil {
		untyped = func(ctx context.Context, e Event) error {
			v, is := As[T](e)
			if !is { // of an earlier subscription to that stream
				return Permanent(fmt.Errorf("the event is a %T, and the handler takes a %v", e, reflect.TypeFor[T]()))
			}
			return handler(ctx, v)
		}
	}
	return b.handle(name, func(e Event) bool { _, is := As[T](e); return is }, untyped, options)
}

// As is the event as a T, itself or the payload of its Envelope, or says that it is none.
func As[T any](e Event) (T, bool) {
	v, is := e.(T)
	if !is {
		if o, enveloped := e.(*Envelope); enveloped {
			v, is = o.payload.(T)
		}
	}
	return v, is
}

// handle is Handle below its types.
func (b *Broker) handle(name string, is func(Event) bool, handler Handler, options []Option) (*Subscription, error) {
	fail := func(err error) (*Subscription, error) { return nil, fmt.Errorf("broker: handle %q: %w", name, err) }
	o := setup{subscribe: SubscribeOptions{Name: name, is: is}, consume: ConsumeOptions{Values: true}}
	if err := o.with(options); err != nil {
		return fail(err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	c, err := newConsumption(ctx, handler, o.consume)
	if err != nil {
		cancel(nil)
		return fail(err)
	}
	c.cancel = cancel
	s, err := b.subscribe(o.subscribe, c)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	go func() {
		_ = c.wait() // it ends with the subscription
		cancel(nil)
	}()
	return s, nil
}

// typeOf is what As asks about: as long as both are the same, so is the answer.
func typeOf(e Event) (is reflect.Type, enveloped bool) {
	if o, enveloped := e.(*Envelope); enveloped {
		return reflect.TypeOf(o.payload), true
	}
	return reflect.TypeOf(e), false
}
