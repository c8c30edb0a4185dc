package broker

import "runtime/debug"

// contain keeps the panic of a hook or a Key from ending what the broker is about: it is
// deferred by who calls one, and the panic is reported when that is done. A value that has
// the method GiveUpBroker is let through: then nobody uses the broker any more.
func (t *tracer) contain() { t.caught(recover()) }

// caught is contain where it is known what was panicked with. The hooks that nearly every
// event meets ask for that only if they have not returned: to ask costs as much as they do.
func (t *tracer) caught(v any) {
	if _, gone := v.(interface{ GiveUpBroker() }); gone {
		panic(v)
	}
	if v != nil && t.panicked == nil {
		t.panicked = &PanicError{Value: v, Stack: debug.Stack(), ofHook: true}
	}
}

// takePanic is what a hook or Key has panicked with in this critical section, if nobody
// has been told yet.
func (b *Broker) takePanic() *PanicError {
	p := b.trace.panicked
	b.trace.panicked = nil
	if p != nil && b.trace.Panicked != nil {
		b.tellPanicked(p)
		return nil
	}
	return p
}

func (b *Broker) tellPanicked(p *PanicError) {
	defer func() { _ = recover() }() // of the hook that is told of panics
	b.trace.Panicked(p)
}

// unlockPanicked is unlock where a hook or Key has panicked: its caller gets the panic,
// after everything else is done.
func (b *Broker) unlockPanicked() {
	p := b.takePanic()
	b.unlock()
	if p != nil {
		panic(p)
	}
}

// unlockAlone is unlock on a goroutine of the broker, which has no caller: Consume returns
// the panic of a hook or Key, if it is about one.
func (b *Broker) unlockAlone(c *consumption) {
	if b.trace.panicked != nil {
		if p := b.takePanic(); c != nil && c.panicked == nil {
			c.panicked = p
		}
	}
	b.unlock()
}
