package play

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// The edits of a scenario. Each is about an actor, which may have gone since the edit
// was thought of: then it is none. What is wrong with an edit is what Update answers.
type (
	// Set gives a field of an actor another value.
	Set struct {
		Actor
		Field Field
		Value int64
		Text  string // of a field that is a text
		Slide Slide
	}
	// Add adds a producer or a consumer, who takes part from now on.
	Add struct{ Role scenario.Role }
	// Remove lets one publish, or get, nothing more.
	Remove struct{ Actor }
	// Move changes places with the one so far up or down the list.
	Move struct {
		Actor
		By int
	}
)

func (e Set) update(m *Model) {
	place, ok := m.present(e.Actor)
	if !ok {
		return
	}
	e.Text = strings.TrimSpace(e.Text)
	now := m.Now()
	if v, text := e.Field.Get(&now, e.Role, place); v == e.Value && text == e.Text {
		return
	}
	_, setting := e.Field.setting()
	switch {
	case m.slides(e):
		m.refused = m.correct(e, place)
		return
	case e.Field == NameField || e.Field == LogStartField:
		m.refused = m.relabel(e, place)
	case e.Field == DurationField && time.Duration(e.Value) > m.at+1 && !m.Ended():
		s := m.Scenario.Until(time.Duration(e.Value))
		s.Duration = scenario.Duration(e.Value)
		m.refused = m.fork(s, m.Roster, m.at)
	case setting && !m.Ended():
		m.refused = m.intervene(e.Field.intervention(place, e.Value, e.Text))
	default:
		s, r := m.next()
		place, _ = r.Place(e.Actor)
		if err := e.Field.set(&s, e.Role, place, e.Value, e.Text); err != nil {
			m.refused = err
			return
		}
		m.refused = m.restart(s, r)
	}
	if m.refused == nil && e.Slide != NoSlide {
		m.slid(e)
	}
}

// present is the place of an actor who has not gone.
func (m *Model) present(a Actor) (place int, ok bool) {
	place, ok = m.Roster.Place(a)
	return place, ok && !m.Gone(a.Role, place)
}

// relabel changes what a run is told with, and nothing in it.
func (m *Model) relabel(e Set, place int) error {
	s := m.Scenario.Clone()
	err := e.Field.set(&s, e.Role, place, 0, e.Text)
	if err == nil {
		err = s.Validate()
	}
	if err != nil {
		return explain(err, &s)
	}
	m.remember(m.edition(false))
	m.Scenario = s
	return nil
}

func (a Add) update(m *Model) {
	s, r := m.soFar(), m.Roster.clone()
	at := scenario.Duration(m.at + 1) // after everything that has been shown
	if m.Ended() {
		s, r = m.next()
		at = 0
	}
	name := freshName(&s, RoleNames[a.Role])
	if a.Role == scenario.OfProducer {
		p := s.Producers[len(s.Producers)-1]
		p.Name, p.Start, p.Count = name, at, 0
		s.Producers = append(s.Producers, p)
	} else {
		c := s.Consumers[len(s.Consumers)-1]
		c.Name, c.Start = name, at
		s.Consumers = append(s.Consumers, c)
	}
	added := Actor{a.Role, m.known.add(a.Role, name)}
	members := r.of(a.Role)
	*members = append(*members, member{added.ID, at > 0})
	if at > 0 {
		m.refused = m.fork(s, r, m.at)
	} else {
		m.refused = m.restart(s, r)
	}
	if m.refused == nil {
		m.effect(FocusOn{added.ElementID() + "-name"})
	}
}

// freshName is the first of the names producer, producer-2, … that is not taken.
func freshName(s *scenario.Scenario, role string) string {
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

func taken(s *scenario.Scenario, name string) bool {
	return slices.ContainsFunc(s.Producers, func(p scenario.Producer) bool { return p.Name == name }) ||
		slices.ContainsFunc(s.Consumers, func(c scenario.Consumer) bool { return c.Name == name })
}

func (v Remove) update(m *Model) {
	place, ok := m.present(v.Actor)
	if !ok {
		return
	}
	left := 0
	for i := range actors(&m.Scenario, v.Role) {
		if !m.Gone(v.Role, i) {
			left++
		}
	}
	switch {
	case left == 1:
		m.refused = errors.New("a run has at least one " + RoleNames[v.Role])
		return
	case m.Ended() || m.at == 0:
		s, r := m.next()
		place, _ = r.Place(v.Actor)
		if v.Role == scenario.OfProducer {
			s.Producers = slices.Delete(s.Producers, place, place+1)
		} else {
			s.Consumers = slices.Delete(s.Consumers, place, place+1)
		}
		members := r.of(v.Role)
		*members = slices.Delete(*members, place, place+1)
		m.refused = m.restart(s, r)
	default:
		do := scenario.Stop
		if v.Role == scenario.OfConsumer {
			do = scenario.Leave
		}
		m.refused = m.intervene(scenario.Intervention{Do: do, Actor: place})
	}
	if m.refused == nil {
		m.effect(FocusOn{"add-" + RoleNames[v.Role]})
	}
}

func (v Move) update(m *Model) {
	s, r := m.next()
	from, ok := r.Place(v.Actor)
	to := from + v.By
	if !ok || to < 0 || to >= actors(&s, v.Role) {
		return
	}
	if v.Role == scenario.OfProducer {
		s.Producers[from], s.Producers[to] = s.Producers[to], s.Producers[from]
	} else {
		s.Consumers[from], s.Consumers[to] = s.Consumers[to], s.Consumers[from]
	}
	members := *r.of(v.Role)
	members[from], members[to] = members[to], members[from]
	if m.refused = m.restart(s, r); m.refused == nil {
		same, other := "-up", "-down"
		if v.By > 0 {
			same, other = other, same
		}
		m.effect(FocusOn{v.ElementID() + same, v.ElementID() + other})
	}
}

// explain tells what is wrong with an edit of s: the field it was made in is known, and
// who else is meant has a name.
func explain(err error, s *scenario.Scenario) error {
	text := strings.TrimPrefix(err.Error(), "sim: ")
	if field, rest, found := strings.Cut(text, ": "); found && strings.Contains(field, "].") {
		text = rest
	}
	for i := range s.Consumers {
		text = strings.Replace(text, fmt.Sprintf("consumers[%d]", i), "“"+s.Consumers[i].Name+"”", 1)
	}
	return errors.New(text)
}
