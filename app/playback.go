package app

import "time"

// The messages that move the time.
type (
	// Frame says that time has passed on the screen. While More answers true
	// there is time left to simulate.
	Frame struct {
		Elapsed time.Duration
		More    func() bool
	}
	// Toggle plays or pauses; at the end it plays once more from the start.
	Toggle struct{}
	// Pause stops the time.
	Pause struct{}
	// Step moves by so many records of the journal, 1 or -1.
	Step struct{ By int }
	// Seek moves to a moment of the run.
	Seek struct{ At time.Duration }
	// SetSpeed changes the speed.
	SetSpeed struct{ Speed Speed }
	// Faster moves so many places in the list of speeds; a negative number is slower.
	Faster struct{ By int }
)

// soon is a budget for what an answer to a click may simulate at once, in calls:
// about 50,000 events, some 10 ms. What is left is done frame by frame.
func soon() func() bool {
	calls := 0
	return func() bool { calls++; return calls < 200 }
}

// longestFrame is how much time a frame may stand for.
const longestFrame = 250 * time.Millisecond

func (f Frame) update(m *Model) {
	// A frame that took long, in a background tab for instance, is no reason to
	// jump: the clock stood still meanwhile.
	elapsed := min(f.Elapsed, longestFrame)
	m.clock += elapsed
	if m.stepped {
		m.glide += elapsed
	}
	switch {
	case m.CatchingUp():
		m.catchUp(f.More)
	case m.Playing && m.Over():
		m.Playing = false
	case m.Playing:
		from := m.at
		m.goal = m.Duration()
		if m.Speed != Max {
			m.goal = min(m.goal, m.at+time.Duration(float64(elapsed)*float64(m.Speed)))
		}
		m.catchUp(f.More)
		m.goal = m.at // what the device can't do in time is not owed
		m.measure(m.at-from, elapsed)
		m.Playing = !m.Over()
	}
	m.look(elapsed)
}

// assume takes it that the device reaches the speed, until that is measured.
func (m *Model) assume() { m.Actual = float64(min(m.Speed, 1000)) }

// measure keeps the speed that is reached, smoothed over about half a second.
func (m *Model) measure(simulated, elapsed time.Duration) {
	if elapsed <= 0 {
		return
	}
	now := float64(simulated) / float64(elapsed)
	weight := min(1, elapsed.Seconds()/0.5)
	m.Actual += weight * (now - m.Actual)
}

// catchUp brings the playhead to its goal, or as near as there is time for.
func (m *Model) catchUp(more func() bool) {
	m.run.advance(m.goal, more)
	m.show(min(m.goal, m.run.reached()))
	if m.run.sim.Done() {
		m.goal = min(m.goal, m.run.reached()) // nothing comes after the end
	}
}

// show moves the playhead to a moment that has been simulated.
func (m *Model) show(t time.Duration) {
	j := m.run.journal
	if first := j.First(); first > 0 {
		t = max(t, j.At(first-1).At) // older records are forgotten
	}
	m.at, m.stepped, m.glide = t, false, 0
	j.Seek(&m.view, j.Search(t))
}

// send sends the playhead to a moment and goes there as far as can be done at once.
func (m *Model) send(t time.Duration) {
	m.goal = min(max(t, 0), m.Duration())
	m.catchUp(soon())
}

func (Toggle) update(m *Model) {
	if !m.Playing && m.Over() {
		m.send(0)
	}
	m.Playing = !m.Playing
	m.assume()
}

func (Pause) update(m *Model) { m.Playing = false }

func (s Step) update(m *Model) {
	m.Playing = false
	j, to := m.run.journal, m.view.Position
	switch {
	case m.CatchingUp():
		return
	case s.By < 0 && to > j.First():
		to--
	case s.By > 0 && to == j.Next() && !m.run.step():
		return
	case s.By > 0:
		to++
	default:
		return
	}
	before := m.at
	j.Seek(&m.view, to)
	m.at = m.view.At
	m.goal = m.at
	m.stepped = s.By > 0
	switch {
	case s.By < 0 || m.at != before:
		m.glide = 0 // another moment: what flies starts anew
	default:
		m.glide = min(m.glide, headStart(j.At(to-1)))
	}
}

func (s Seek) update(m *Model) {
	if m.Speed == Max && s.At < m.run.reached() {
		m.Playing = false // or the next frame would be where the run has come to already
	}
	m.send(s.At)
}

func (s SetSpeed) update(m *Model) {
	m.Speed = s.Speed
	m.assume()
}

func (f Faster) update(m *Model) { Update(m, SetSpeed{m.Speed.next(f.By)}) }
