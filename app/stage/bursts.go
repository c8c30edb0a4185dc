package stage

import (
	"cmp"
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

// late is an event of a burst that has to wait for its turn to be seen.
type late struct {
	number uint64
	lag    time.Duration
}

// lag lets those of the same moment fly one after another.
func (f *flight) lag() {
	f.lags = f.lags[:0]
	for p := range f.late {
		f.late[p] = f.late[p][:0]
	}
	for range f.recent {
		f.lags = append(f.lags, 0)
	}
	var last, lag time.Duration
	first := true
	for i := len(f.recent) - 1; i >= 0; i-- {
		r := &f.recent[i]
		switch {
		case r.At != last:
			last, lag, first = r.At, 0, true
			fallthrough
		case r.Kind == journal.Produced && first:
			first = r.Kind != journal.Produced
		case r.Kind == journal.Produced:
			lag += f.staggered(int(r.Producer))
			f.late[r.Producer] = append(f.late[r.Producer], late{r.Number, lag})
		}
		f.lags[i] = lag
	}
}

// staggered is how long after the one before it an event of a burst is seen.
func (f *flight) staggered(p int) time.Duration {
	burst := max(1, f.scene.settings.Producers[p].Burst)
	return min(time.Duration(stagger*float64(f.inTime(p))), f.burstTime(p)/time.Duration(burst))
}

// burstTime is how long a burst of a producer is seen to come.
func (f *flight) burstTime(p int) time.Duration {
	of := &f.scene.settings.Producers[p]
	if of.Burst <= 1 {
		return 0
	}
	return min(time.Duration(burstTime*float64(of.Interval)), longestBurst, time.Duration(stagger*float64(of.Burst)*float64(f.inTime(p))))
}

// born is when an event is seen to leave its producer.
func (f *flight) born(e journal.Event) time.Duration {
	all := f.late[e.Producer]
	i, found := slices.BinarySearchFunc(all, e.Number, func(l late, n uint64) int { return cmp.Compare(l.number, n) })
	if found {
		return e.Born + all[i].lag
	}
	return e.Born
}
