package broker

import "context"

// carried is an event on its way to handlers that see the values of its publisher's
// context. Nobody outside of the package meets one: see bare.
type carried struct {
	Event
	values context.Context // which does not end
	hops   int             // handlers whose contexts are behind it
}

// maxHops is how many handlers may publish for each other, each with values of its own,
// before the values are left behind: otherwise an endless chain would keep all of them.
const maxHops = 64

// bare is the event itself.
func bare(e Event) Event {
	if c, is := e.(*carried); is {
		return c.Event
	}
	return e
}

// carry lets the event have the values of its publisher's context with it, where
// somebody wants them and there can be some.
func (b *Broker) carry(ctx context.Context, e Event) Event {
	if b.wantValues.Load() == 0 || ctx == context.Background() || ctx == context.TODO() || e == nil {
		return e
	}
	h, _ := ctx.Value(handlingKey{}).(*handling)
	switch {
	case h == nil:
		return &carried{e, context.WithoutCancel(ctx), 0}
	case ctx == context.Context(h): // it has added no value
		return &carried{e, h.values, h.hops}
	case h.hops == maxHops:
		return e
	}
	return &carried{e, context.WithoutCancel(ctx), h.hops + 1}
}

// handling is the context of a handler: it ends with that of Consume, and has the values
// of the event's publisher before those of that.
type handling struct {
	context.Context
	values context.Context
	hops   int
}

type handlingKey struct{}

func (h *handling) Value(key any) any {
	switch key.(type) {
	case handlingKey:
		return h
	case consumptionKey, attemptKey: // of this handler, also where another one has published
		return h.Context.Value(key)
	}
	if v := h.values.Value(key); v != nil {
		return v
	}
	return h.Context.Value(key)
}

// publishTraced publishes for a trace that wants to know of it.
func (b *Broker) publishTraced(ctx context.Context, e Event, publish func(context.Context, Event) error) error {
	ctx, ended := b.trace.Publishing(ctx, e)
	err := publish(ctx, e)
	if ended != nil {
		ended(err)
	}
	return err
}
