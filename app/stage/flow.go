package stage

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

// Where it is too fast for single events, what moves is drawn from rates, or from when each passes.

// measure finds out how much happened lately, in about half a second on the screen.
func (f *flight) measure() {
	lately := max(time.Duration(float64(500*time.Millisecond)*f.shown.Actual), 2*f.shown.Gap(), f.journal.Resolution())
	from := max(0, f.now-lately)
	var one [1]journal.Rate
	rates := func(c int) journal.Rate {
		for _, r := range f.journal.Rates(one[:0], c, from, f.now, 1) {
			return r
		}
		return journal.Rate{}
	}
	for c := range f.state.Consumers {
		f.rates[c] = rates(c)
	}
	f.everyone = rates(journal.Everyone)
	var produced [1]float64
	for p := range f.state.Producers {
		for _, r := range f.journal.Productions(produced[:0], p, from, f.now, 1) {
			f.productions[p] = r
		}
	}
}

// fewInPipe is how many events in a pipe can be told apart.
const fewInPipe = 30

// pass collects the events that are on their way at the moment, while they can be told apart.
func (f *flight) pass() {
	span := f.shown.Passing()
	if !f.shown.Ahead(span) {
		return
	}
	f.apart = true
	add := func(to *[]float64, d time.Duration) {
		*to = append(*to, float64(d)/float64(span))
		f.apart = f.apart && len(*to) <= fewInPipe
	}
	for p := f.state.Position; p < f.journal.Next() && f.apart; p++ {
		r := f.journal.At(p)
		if r.At > f.now+span {
			break
		}
		if r.Kind == journal.Produced {
			add(&f.arriving[r.Producer], r.At-f.now)
		}
	}
	for p := f.state.Position; p > f.journal.First() && f.apart; p-- {
		r := f.journal.At(p - 1)
		if r.At < f.now-span {
			break
		}
		if r.Kind == journal.Delivered {
			add(&f.departing[r.Consumer], f.now-r.At)
		}
	}
}
