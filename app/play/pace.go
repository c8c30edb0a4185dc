package play

import "time"

const (
	// flightFraction is how much of the period of what happens a flight takes, where
	// that is less than FlightTime.
	flightFraction = 0.42
	// periodGaps is how many mean gaps between events count as a period.
	periodGaps = 4
	// tooFast is a flight, on the screen, that the eye can't follow any more.
	tooFast = 60 * time.Millisecond
)

// lasting is how long a flight takes where something happens every period.
func lasting(period time.Duration) time.Duration {
	return max(min(FlightTime, time.Duration(flightFraction*float64(period))), 1)
}

// Gap is the mean time between two events of any producer.
func (m *Moment) Gap() time.Duration { return m.settings.gap() }

func (s *settings) gap() time.Duration {
	rate := 0.0
	for i := range s.now.Producers {
		rate += 1 / float64(s.now.Producers[i].Interval)
	}
	return time.Duration(1 / rate)
}

// InTime is how long an event of a producer flies to the broker: where many
// producers share the buffers, not so long that these seem empty.
func (m *Moment) InTime(producer int) time.Duration { return m.settings.inTimes[producer] }

// OutTime is how long an event flies to a worker of a consumer.
func (m *Moment) OutTime(consumer int) time.Duration { return m.settings.outTimes[consumer] }

// pace finds out how long flights take.
func (s *settings) pace() {
	gap := s.gap()
	for i := range s.now.Producers {
		d := lasting(min(time.Duration(s.now.Producers[i].Interval), periodGaps*gap))
		s.inTimes = append(s.inTimes, d)
		s.slowest = max(s.slowest, d)
	}
	for i := range s.now.Consumers {
		of := &s.now.Consumers[i]
		s.outTimes = append(s.outTimes, lasting(time.Duration(of.Service)/time.Duration(min(max(1, of.Workers), 4))))
	}
}

// flows says whether the speed leaves nothing to see of the slowest flight.
func (p *Player) flows() bool {
	if p.ReducedMotion || !p.Playing && !p.CatchingUp() {
		return false
	}
	return p.Playing && p.Speed == Max || float64(p.now().slowest) < float64(tooFast)*p.Actual
}

// Passing is how much of the run passes while an event is seen to pass through a pipe that is too fast for numbers.
func (m *Moment) Passing() time.Duration { return passing(m.Speed) }

func passing(s Speed) time.Duration {
	return time.Duration(float64(FlightTime) * float64(min(s, 1000)))
}

// Ahead says whether the run is so far ahead of the moment, or at its end.
func (m *Moment) Ahead(by time.Duration) bool { return m.run.ends() || m.run.reached()-m.At >= by }
