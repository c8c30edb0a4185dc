package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// The edits of a scenario, beside Change. Those that change who takes part, or
// the seed, make the run another one: it begins anew with the settings of now,
// unless all that has happened so far is the same in the new run.
type (
	// Add adds a producer or a consumer, who takes part from now on.
	Add struct{ Role scenario.Role }
	// Remove lets one publish, or get, nothing more.
	Remove struct {
		Role  scenario.Role
		Actor int
	}
	// Rename gives one another name, also in what has been.
	Rename struct {
		Role  scenario.Role
		Actor int
		Name  string
	}
	// Move changes places with the one so far up or down the list.
	Move struct {
		Role      scenario.Role
		Actor, By int
	}
	// SetDuration changes how long the run lasts.
	SetDuration struct{ Duration time.Duration }
	// SetSeed changes what is left to chance.
	SetSeed struct{ Seed uint64 }
	// SetLogStart changes what the log shows for the start of the run.
	SetLogStart struct{ Text string }
	// SetStart changes when an actor begins to take part.
	SetStart struct {
		Role  scenario.Role
		Actor int
		Start time.Duration
	}
	// SetCount changes how many events a producer publishes; 0 means no end.
	SetCount struct{ Actor, Count int }
)

func (a Add) update(m *Model) {
	s := m.present()
	at := scenario.Duration(m.at + 1) // after everything that has been shown
	if m.Ended() {
		s, at = m.Settings(), 0
	}
	name := ""
	switch a.Role {
	case scenario.OfProducer:
		p := s.Producers[len(s.Producers)-1]
		p.Name, p.Start, p.Count = freshName(s, "producer"), at, 0
		s.Producers = append(s.Producers, p)
		name = p.Name
	case scenario.OfConsumer:
		c := s.Consumers[len(s.Consumers)-1]
		c.Name, c.Start = freshName(s, "consumer"), at
		s.Consumers = append(s.Consumers, c)
		name = c.Name
	}
	if m.replace(s, at > 0) && at > 0 {
		m.added[name] = true
	}
}

// freshName is the first of the names producer, producer-2, … that is not taken.
func freshName(s scenario.Scenario, role string) string {
	for n := 1; ; n++ {
		name := role
		if n > 1 {
			name = fmt.Sprintf("%s-%d", role, n)
		}
		if !taken(s, name) {
			return name
		}
	}
}

func taken(s scenario.Scenario, name string) bool {
	return slices.ContainsFunc(s.Producers, func(p scenario.Producer) bool { return p.Name == name }) ||
		slices.ContainsFunc(s.Consumers, func(c scenario.Consumer) bool { return c.Name == name })
}

func (r Remove) update(m *Model) {
	do, role, all := scenario.Stop, "producer", len(m.Scenario.Producers)
	if r.Role == scenario.OfConsumer {
		do, role, all = scenario.Leave, "consumer", len(m.Scenario.Consumers)
	}
	here := 0
	for i := range all {
		if !m.Gone(r.Role, i) {
			here++
		}
	}
	switch {
	case m.Gone(r.Role, r.Actor):
	case here <= 1:
		m.Notice = Notice{Text: "A run has at least one " + role + ".", Error: true}
	case m.Ended() || m.at == 0:
		s := m.Scenario.Until(m.at)
		s.Interventions = append(s.Interventions, scenario.Intervention{At: scenario.Duration(m.at), Do: do, Actor: r.Actor})
		m.replace(m.unadd(s.Settled(m.at)), false)
	default:
		Update(m, Change{scenario.Intervention{Do: do, Actor: r.Actor}})
	}
}

// CheckName says what is wrong with a name for one of the actors.
func (m *Model) CheckName(role scenario.Role, actor int, name string) error {
	s := m.Scenario.Clone()
	rename(&s, role, actor, name)
	return s.Validate()
}

func rename(s *scenario.Scenario, role scenario.Role, actor int, name string) {
	if role == scenario.OfProducer {
		s.Producers[actor].Name = name
	} else {
		s.Consumers[actor].Name = name
	}
}

func (r Rename) update(m *Model) {
	r.Name = strings.TrimSpace(r.Name)
	if err := m.CheckName(r.Role, r.Actor, r.Name); err != nil {
		m.fail(err)
		return
	}
	old := m.nameOf(r.Role, r.Actor)
	if r.Name == old {
		return
	}
	m.remember(false)
	s := m.Scenario.Clone()
	if m.added[old] {
		delete(m.added, old)
		m.added[r.Name] = true
	}
	rename(&s, r.Role, r.Actor, r.Name)
	m.Log.rename(Speaker{r.Role, old}, r.Name)
	m.Scenario = s // a run knows no names
}

func (m *Model) nameOf(role scenario.Role, actor int) string {
	if role == scenario.OfProducer {
		return m.Scenario.Producers[actor].Name
	}
	return m.Scenario.Consumers[actor].Name
}

func (v Move) update(m *Model) {
	s := m.Settings()
	swap := func(n int, do func(i, j int)) {
		i, ok := m.here(v.Role, v.Actor)
		if j := i + v.By; ok && j >= 0 && j < n {
			do(i, j)
			m.replace(s, false)
		}
	}
	if v.Role == scenario.OfProducer {
		swap(len(s.Producers), func(i, j int) { s.Producers[i], s.Producers[j] = s.Producers[j], s.Producers[i] })
	} else {
		swap(len(s.Consumers), func(i, j int) { s.Consumers[i], s.Consumers[j] = s.Consumers[j], s.Consumers[i] })
	}
}

func (d SetDuration) update(m *Model) {
	s, keeps := m.Scenario.Until(d.Duration), true
	if d.Duration <= m.at+1 || m.Ended() {
		s, keeps = m.Settings(), false
	}
	s.Duration = scenario.Duration(d.Duration)
	m.replace(s, keeps)
}

func (e SetSeed) update(m *Model) {
	s := m.Settings()
	s.Seed = e.Seed
	m.replace(s, false)
}

func (e SetLogStart) update(m *Model) {
	s := m.Scenario.Clone()
	err := s.Start.UnmarshalText([]byte(e.Text))
	if err == nil {
		err = s.Validate()
	}
	if err != nil {
		m.fail(err)
		return
	}
	m.remember(false)
	m.Scenario = s // nothing in a run hangs on it
}

func (e SetStart) update(m *Model) {
	s := m.Settings()
	i, ok := m.here(e.Role, e.Actor)
	if !ok {
		return
	}
	if e.Role == scenario.OfProducer {
		s.Producers[i].Start = scenario.Duration(e.Start)
	} else {
		s.Consumers[i].Start = scenario.Duration(e.Start)
	}
	m.replace(s, false)
}

func (e SetCount) update(m *Model) {
	s := m.Settings()
	if i, ok := m.here(scenario.OfProducer, e.Actor); ok {
		s.Producers[i].Count = e.Count
		m.replace(s, false)
	}
}

// here is the place of an actor in Settings, which are those of who is not gone;
// false if it is.
func (m *Model) here(role scenario.Role, actor int) (int, bool) {
	all := len(m.Scenario.Producers)
	if role == scenario.OfConsumer {
		all = len(m.Scenario.Consumers)
	}
	place, here := 0, 0
	for i := range all {
		if i == actor {
			place = here
		}
		if !m.Gone(role, i) {
			here++
		}
	}
	if here == 0 {
		return actor, true // when all are gone, all begin again
	}
	return place, !m.Gone(role, actor)
}

// present is the scenario up to now: the old future is left behind.
func (m *Model) present() scenario.Scenario {
	s := m.Scenario.Clone()
	s.Interventions = s.Interventions[:m.view.Changes]
	return s
}

// unadd lets those take part from the start who were added in the run.
func (m *Model) unadd(s scenario.Scenario) scenario.Scenario {
	for i := range s.Producers {
		if m.added[s.Producers[i].Name] {
			s.Producers[i].Start = 0
		}
	}
	for i := range s.Consumers {
		if m.added[s.Consumers[i].Name] {
			s.Consumers[i].Start = 0
		}
	}
	return s
}

// replace makes s the scenario of the page: at the moment that is shown, where all
// that has happened by then is the same in its run, or else from its start on.
func (m *Model) replace(s scenario.Scenario, sameSoFar bool) bool {
	if err := s.Validate(); err != nil {
		m.fail(err)
		return false
	}
	at := m.at
	m.remember(!sameSoFar)
	if !sameSoFar {
		clear(m.added)
		m.begin(s)
		return true
	}
	if m.load(s) {
		m.send(at)
	}
	return true
}
