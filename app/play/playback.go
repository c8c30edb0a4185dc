package play

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
	// Halt stops a run that can't be simulated any further.
	Halt struct{}
	// Step moves by so many records of the journal, 1 or -1.
	Step struct{ By int }
	// Seek moves to a moment of the run.
	Seek struct{ At time.Duration }
	// SetSpeed changes the speed, to the one that fits the scenario if Auto.
	SetSpeed struct {
		Speed Speed
		Auto  bool
	}
	// Faster moves so many places in the list of speeds; a negative number is slower.
	Faster struct{ By int }
)

// ClickBudget is what an answer to a click may do at once, in questions that come
// every thousand records: about 50,000 of them, some 10 ms. What is left is done frame
// by frame.
func ClickBudget() func() bool {
	n := 0
	return func() bool { n++; return n < 50 }
}

// longestFrame is how much time a frame may stand for.
const longestFrame = 250 * time.Millisecond

func (f Frame) update(m *Model) {
	// A frame that took long, in a background tab for instance, is no reason to
	// jump: the clock stood still meanwhile.
	elapsed := min(f.Elapsed, longestFrame)
	m.clock += elapsed
	full, playing := m.run.full, m.Playing
	m.Advance(elapsed, f.More)
	if m.run.full && (!full || playing) {
		m.Notice = Notice{Text: fullText(m.Moment()), Error: true}
	}
	m.askBeforeExpensive()
}

func (Toggle) update(m *Model) {
	if !m.Playing && m.Over() {
		m.send(0)
	}
	m.Playing = !m.Playing
	m.assumeSpeed()
}

func (Pause) update(m *Model) { m.Playing = false }

func (Halt) update(m *Model) { m.Playing, m.goal = false, m.at }

func (s Step) update(m *Model) {
	m.Playing = false
	m.step(s.By)
}

func (s Seek) update(m *Model) {
	if m.Speed == Max && s.At < m.run.reached() {
		m.Playing = false // or the next frame would be where the run has come to already
	}
	m.send(s.At)
}

func (s SetSpeed) update(m *Model) {
	if m.Auto = s.Auto; !m.Auto {
		m.Speed = s.Speed
	}
	m.fit()
	m.assumeSpeed()
}

func (f Faster) update(m *Model) { SetSpeed{Speed: m.Speed.next(f.By)}.update(m) }
