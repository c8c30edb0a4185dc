package app

import (
	"slices"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker/scenario"
)

// Msg is something that happened to the page.
type Msg interface{ update(m *Model) }

// Update lets a message change the model.
func Update(m *Model, msg Msg) { msg.update(m) }

// The messages.
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
	// Restart begins a new run with the settings of now.
	Restart struct{}
	// SetSpeed changes the speed.
	SetSpeed struct{ Speed Speed }
	// Faster moves so many places in the list of speeds; a negative number is slower.
	Faster struct{ By int }
	// Change is what the user does to the run: an intervention, its time aside.
	Change struct{ scenario.Intervention }
	// LoadPreset loads and plays a preset.
	LoadPreset struct{ ID string }
	// LoadLink opens the fragment of an address: paused where the link says, or
	// playing from the start if it doesn't. First says that the page begins with
	// it, so that there is nothing to go back to.
	LoadLink struct {
		Link  string
		First bool
	}
	// Notify shows something to read.
	Notify struct{ Notice }
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

func (s Seek) update(m *Model) { m.send(s.At) }

func (Restart) update(m *Model) {
	s := m.Settings()
	if !s.Equal(m.Scenario) { // then it leaves something behind
		m.remember(true)
	}
	clear(m.added)
	m.begin(s)
}

// begin starts a new run and plays it, though not to who asked for no motion.
func (m *Model) begin(s scenario.Scenario) {
	if m.load(s) {
		m.Playing = !m.Still
		m.assume()
	}
}

// load makes the run of a scenario, at its start. An invalid one changes nothing.
func (m *Model) load(s scenario.Scenario) bool {
	r, err := newRun(s)
	if err != nil {
		m.fail(err)
		return false
	}
	m.Scenario, m.run = s, r
	m.Selection = m.Selection.within(s)
	m.Bookmarks = slices.DeleteFunc(slices.Clone(m.Bookmarks), func(t time.Duration) bool { return t > m.Duration() })
	m.view.Consumers = nil // it was a state of another journal
	m.send(0)
	return true
}

func (s SetSpeed) update(m *Model) {
	m.Speed = s.Speed
	m.assume()
}

func (f Faster) update(m *Model) { Update(m, SetSpeed{m.Speed.next(f.By)}) }

func (c Change) update(m *Model) {
	at := m.at + 1 // after everything that has been shown
	i := c.Intervention

	if m.restarts() {
		if _, setting := scenario.SettingOf(i.Do); !setting {
			return // it has ended already
		}
		if role := i.Do.Role(); role == scenario.OfProducer || role == scenario.OfConsumer {
			place, ok := m.here(role, i.Actor)
			if !ok {
				return
			}
			i.Actor = place
		}
		s := m.Settings()
		s.Apply(i)
		if err := s.Validate(); err != nil {
			m.fail(err)
			return
		}
		m.rememberChange(i, true)
		clear(m.added)
		m.begin(s)
		return
	}
	s := m.present()
	forks := !m.atHead() || len(s.Interventions) < len(m.Scenario.Interventions)
	if m.repeats(s, i) {
		forks, at = true, m.at
		s.Interventions = s.Interventions[:len(s.Interventions)-1]
	}
	i.At = scenario.Duration(at)
	s.Interventions = append(s.Interventions, i)
	if len(s.Interventions) > scenario.MaxInterventions {
		m.Notice = Notice{Text: "A run can hold " + Count(scenario.MaxInterventions) + " changes, and this one does. Restart it to make more.", Error: true}
		return
	}
	if err := s.Validate(); err != nil {
		m.fail(err)
		return
	}
	m.rememberChange(i, false)
	if forks {
		if m.load(s) {
			m.send(at)
		}
		return
	}
	if err := m.run.sim.Intervene(i); err != nil {
		m.fail(err)
		return
	}
	m.Scenario = s
	m.send(at)
}

// atHead says whether nothing has been simulated beyond what is shown.
func (m *Model) atHead() bool {
	return m.at == m.run.reached() && m.view.Position == m.run.journal.Next()
}

// cheap is how many records a run may have for it to be run again on every move
// of a slider.
const cheap = 100_000

// repeats says whether i only corrects the last change of s, made in this very
// moment, as a slider that is dragged while the time stands still does.
func (m *Model) repeats(s scenario.Scenario, i scenario.Intervention) bool {
	n := len(s.Interventions)
	if n == 0 || m.run.journal.Next() > cheap {
		return false
	}
	last := s.Interventions[n-1]
	return last.Same(i) && time.Duration(last.At) == m.at
}

func (l LoadPreset) update(m *Model) {
	p, err := scenario.FindPreset(l.ID)
	if err != nil {
		m.fail(err)
		return
	}
	m.remember(true)
	clear(m.added)
	m.Preset, m.Caption, m.Notice = p.ID, p.Caption, Notice{}
	m.Bookmarks = nil
	m.begin(p.Scenario)
}

func (l LoadLink) update(m *Model) {
	if l.First {
		defer func() { m.undo = nil }()
	}
	link, more, _ := strings.Cut(l.Link, "&")
	s, playhead, err := scenario.ParseLink(link)
	var looks view
	if err == nil {
		looks, err = parseViewLink(more, s)
	}
	if err != nil {
		Update(m, LoadPreset{ID: scenario.Presets()[0].ID})
		m.Notice = Notice{Text: "This link can't be opened, so here is the classic. The " + err.Error() + ".", Error: true}
		return
	}
	m.remember(true)
	clear(m.added)
	m.Preset, m.Caption, m.Notice = "", "A scenario from a link.", Notice{}
	for _, p := range scenario.Presets() {
		if sameBut(p.Scenario, s) {
			m.Preset, m.Caption = p.ID, p.Caption
		}
	}
	m.Selection, m.Chart, m.Bookmarks = looks.selection, looks.chart, looks.bookmarks
	m.begin(s)
	if playhead > 0 {
		m.Playing = false
		m.send(playhead)
	}
}

// sameBut says whether two scenarios differ at the most in what the user did.
func sameBut(a, b scenario.Scenario) bool {
	a.Interventions, b.Interventions = nil, nil
	return a.Equal(b)
}

func (n Notify) update(m *Model) { m.Notice = n.Notice }

// fail tells the user why nothing has changed.
func (m *Model) fail(err error) { m.Notice = Notice{Text: err.Error(), Error: true} }
