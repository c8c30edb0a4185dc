// Package estimate says how much happens in a run before it is run.
package estimate

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Cost is about how much happens in a run.
type Cost struct {
	Events  float64 // that are published
	Records float64 // of the journal: what a run costs goes with these
}

// Of is about what happens in a run of a valid scenario up to and including t. It is a
// fluid approximation: events flow at mean rates, and buffers fill and drain evenly.
// Where there are more than a few hundred records it is seldom more than a factor of
// two from the truth; what it does not see is that a burst can be larger than a buffer,
// and that who waits for one consumer holds up others in the line of another.
func Of(s scenario.Scenario, t time.Duration) Cost {
	f := newFlow(s.Clone())
	end := min(t, time.Duration(s.Duration)).Seconds()
	for _, i := range s.Interventions {
		at := time.Duration(i.At).Seconds()
		if at > end || i.Do == scenario.Interrupt {
			end = min(end, at)
			break
		}
		f.until(at)
		f.intervene(i)
	}
	f.until(end)
	return f.cost
}

// little is less than an event: what rounding leaves of one is none.
const little = 1e-3

// flow is a run as a fluid.
type flow struct {
	scenario  scenario.Scenario // with the settings of now
	now       float64           // s
	cost      Cost
	producers []source
	consumers []sink
}

type source struct {
	made    float64
	stopped bool
	rate    float64 // events a second now, that are not held up
	passes  float64 // the part of them that is not refused
}

type sink struct {
	paused, left bool
	waits        float64 // events in the buffer
	backlog      float64 // events in the repository
	offered      float64 // events a second now
	serves       float64 // events a second at most
	each         float64 // records of an event that is handled
	waiting      float64 // the part of the events that wait before that
}

func newFlow(s scenario.Scenario) *flow {
	return &flow{scenario: s, producers: make([]source, len(s.Producers)), consumers: make([]sink, len(s.Consumers))}
}

// here says whether a consumer gets events now.
func (f *flow) here(c int) bool {
	return !f.consumers[c].left && f.now >= time.Duration(f.scenario.Consumers[c].Start).Seconds()
}

// gets says whether a consumer is offered the events of a producer.
func (f *flow) gets(c, p int) bool {
	topics := strings.Fields(f.scenario.Consumers[c].Topics)
	return f.here(c) && (len(topics) == 0 || slices.ContainsFunc(topics, func(text string) bool {
		pattern, err := broker.ParsePattern(text)
		return err == nil && pattern.Match(f.scenario.Producers[p].Topic)
	}))
}

// rates finds out what flows where now.
func (f *flow) rates() {
	for c := range f.consumers {
		k, of := &f.consumers[c], &f.scenario.Consumers[c]
		o := of.Handling()
		fails := float64(of.Failures) / 100
		attempts, busy, reach := 0.0, 0.0, 1.0
		for n := 1; n <= o.Attempts; n++ { // an event comes to its n-th attempt with probability reach
			attempts += reach
			busy += reach * time.Duration(of.Service).Seconds()
			if reach *= fails; n < o.Attempts {
				busy += reach * o.Pause(n).Seconds()
			}
		}
		k.offered, k.serves = 0, float64(o.Workers)/busy
		k.each = 2 + attempts*fails + attempts - 1
		if k.paused || !f.here(c) {
			k.serves = 0
		}
	}
	for p := range f.producers {
		x, of := &f.producers[p], &f.scenario.Producers[p]
		x.rate, x.passes = 0, 1
		if x.stopped || f.now < time.Duration(of.Start).Seconds() || of.Count > 0 && x.made >= float64(of.Count)-little {
			continue
		}
		x.rate = f.offers(p)
	}
	// Who is refused, and who waits for room, is so for all. Who is refused does not wait.
	f.hold(func(c int, o broker.Overflow) bool {
		return o == broker.Reject || o == broker.Spill && f.consumers[c].backlog >= scenario.MaxBacklog-little
	}, func(x *source, share float64) { x.passes *= share })
	f.hold(func(c int, o broker.Overflow) bool { return o == broker.Block }, func(x *source, share float64) {
		x.rate *= share
	})
	for c := range f.consumers {
		k := &f.consumers[c]
		k.offered = 0
		bursts := false
		for p := range f.producers {
			if x := &f.producers[p]; x.rate > 0 && f.gets(c, p) {
				k.offered += x.rate * x.passes
				bursts = bursts || f.scenario.Producers[p].Burst > max(1, f.scenario.Consumers[c].Workers)
			}
		}
		k.waiting = 1
		if !bursts && k.waits == 0 && k.offered < k.serves {
			k.waiting = k.offered / k.serves
		}
	}
}

// hold lets those consumers whose full buffers hold events up do that: a producer gets
// its share of what they serve.
func (f *flow) hold(up func(c int, o broker.Overflow) bool, do func(x *source, share float64)) {
	for c := range f.consumers {
		if !f.full(c) || !up(c, f.scenario.Settings(c).Overflow) {
			continue
		}
		offered := 0.0
		for p := range f.producers {
			if x := &f.producers[p]; x.rate > 0 && f.gets(c, p) {
				offered += x.rate * x.passes
			}
		}
		if offered <= f.consumers[c].serves {
			continue
		}
		for p := range f.producers {
			if x := &f.producers[p]; x.rate > 0 && f.gets(c, p) {
				do(x, f.consumers[c].serves/offered)
			}
		}
	}
}

// offers is what a producer would publish a second if nothing held it up.
func (f *flow) offers(p int) float64 {
	of := &f.scenario.Producers[p]
	return float64(max(1, of.Burst)) / time.Duration(of.Interval).Seconds()
}

func (f *flow) full(c int) bool { return f.consumers[c].waits >= float64(f.scenario.Room(c))-little }

// until lets everything flow until that second.
func (f *flow) until(end float64) {
	for n := 0; f.now < end && n < 10_000; n++ {
		f.rates()
		f.pass(f.steady(end))
	}
	f.now = end
}

// steady is until when the rates stay what they are.
func (f *flow) steady(end float64) float64 {
	next := end
	at := func(t float64) {
		if t > f.now {
			next = min(next, t)
		}
	}
	for p := range f.producers {
		of, x := &f.scenario.Producers[p], &f.producers[p]
		at(time.Duration(of.Start).Seconds())
		if of.Count > 0 && x.rate > 0 {
			at(f.now + (float64(of.Count)-x.made)/x.rate)
		}
	}
	for c := range f.consumers {
		k := &f.consumers[c]
		at(time.Duration(f.scenario.Consumers[c].Start).Seconds())
		more := k.offered - k.serves
		switch room := float64(f.scenario.Room(c)); {
		case more > 0 && !f.full(c):
			at(f.now + (room-k.waits)/more)
		case more > 0 && f.scenario.Settings(c).Overflow == broker.Spill && k.backlog < scenario.MaxBacklog-little:
			at(f.now + (scenario.MaxBacklog-k.backlog)/more)
		case more < 0 && k.waits+k.backlog > little:
			at(f.now + (k.waits+k.backlog)/-more)
		}
	}
	return max(next, math.Nextafter(f.now, math.Inf(1)))
}

// pass lets time go on to a moment, at the rates of now.
func (f *flow) pass(to float64) {
	seconds := to - f.now
	f.now = to
	for p := range f.producers {
		x := &f.producers[p]
		n := x.rate * seconds
		x.made += n
		f.cost.Events += n
		f.cost.Records += n + n*(1-x.passes) // produced, rejected
		if x.rate < f.offers(p) {
			f.cost.Records += 2 * n // blocked, unblocked
		}
	}
	for c := range f.consumers {
		k := &f.consumers[c]
		in := k.offered * seconds
		handled := min(k.serves*seconds, in+k.waits+k.backlog)
		f.cost.Records += handled * k.each
		over := in - handled
		room := float64(f.scenario.Room(c))
		switch o := f.scenario.Settings(c).Overflow; {
		case over <= 0: // what waits becomes less
			fromBacklog := min(k.backlog, -over)
			k.backlog -= fromBacklog
			k.waits = max(0, k.waits+over+fromBacklog)
			f.cost.Records += fromBacklog + in*k.waiting
		case k.waits < room && k.waits+over <= room*(1+1e-9):
			k.waits = min(room, k.waits+over)
			f.cost.Records += in * k.waiting
		case o == broker.Spill:
			f.cost.Records += in + handled // spilled, refilled
			k.backlog = min(scenario.MaxBacklog, k.backlog+over)
		case o == broker.DropNewest:
			f.cost.Records += handled + over // buffered, dropped
		case o == broker.Block, o == broker.Reject:
			f.cost.Records += in
		default:
			f.cost.Records += in + over // buffered, another dropped
		}
	}
}

func (f *flow) intervene(i scenario.Intervention) {
	f.cost.Records++
	switch f.scenario.Apply(i); i.Do {
	case scenario.Publish:
		f.cost.Events++
		f.cost.Records += 3 * float64(len(f.consumers))
	case scenario.Stop:
		f.producers[i.Actor].stopped = true
	case scenario.Pause, scenario.Resume:
		f.consumers[i.Actor].paused = i.Do == scenario.Pause
	case scenario.Leave:
		f.cost.Records += f.consumers[i.Actor].waits
		f.consumers[i.Actor] = sink{left: true}
	case scenario.Crash:
		for c := range f.consumers {
			k := &f.consumers[c]
			k.waits, k.paused = min(k.backlog, float64(f.scenario.Room(c))), false // read back, and not yet done with
			f.cost.Records += 1 + k.waits
			k.backlog -= k.waits
		}
	case scenario.SetBuffer, scenario.SetOwnBuffer, scenario.SetOverflow, scenario.SetOwnOverflow:
		for c := range f.consumers {
			k := &f.consumers[c]
			if o := f.scenario.Settings(c).Overflow; o != broker.Block && o != broker.Spill {
				dropped := max(0, k.waits-float64(f.scenario.Room(c)))
				f.cost.Records += dropped
				k.waits -= dropped
			}
		}
	}
}
