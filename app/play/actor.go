package play

import (
	"slices"
	"strconv"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Actor is a producer or a consumer, whatever its name and its place in the list are
// by now; or else the broker or, as OfRun, the run itself, which have no ID.
type Actor struct {
	Role scenario.Role
	ID   int
}

// nobody is an ID that no actor has.
const nobody = -1

var RoleNames = [...]string{scenario.OfRun: "run", scenario.OfBroker: "broker", scenario.OfProducer: "producer", scenario.OfConsumer: "consumer"}

// ElementID is the beginning of the IDs of the actor's elements.
func (a Actor) ElementID() string { return RoleNames[a.Role] + "-" + strconv.Itoa(a.ID) }

// Roster says who the producers and the consumers of a scenario are, by their places
// in it. It does not change: another list of actors has another roster.
type Roster struct{ producers, consumers []member }

// member is the entry of an actor.
type member struct {
	id int
	// joined says that it was added while the run went on, so that it takes part in the
	// next run from the start.
	joined bool
}

// of are the members of a role.
func (r *Roster) of(role scenario.Role) *[]member {
	switch role {
	case scenario.OfProducer:
		return &r.producers
	case scenario.OfConsumer:
		return &r.consumers
	default:
		return new([]member)
	}
}

// At is the actor at a place.
func (r Roster) At(role scenario.Role, place int) Actor {
	if members := *r.of(role); place < len(members) {
		return Actor{role, members[place].id}
	}
	if role == scenario.OfProducer || role == scenario.OfConsumer {
		return Actor{role, nobody}
	}
	return Actor{Role: role}
}

// Place is where an actor is in the lists of the scenario; false if it is not there.
// The broker and the run have the place 0.
func (r Roster) Place(a Actor) (place int, ok bool) {
	if a.Role != scenario.OfProducer && a.Role != scenario.OfConsumer {
		return 0, true
	}
	place = slices.IndexFunc(*r.of(a.Role), func(m member) bool { return m.id == a.ID })
	return place, place >= 0
}

// clone is a copy that shares nothing with r, to be changed.
func (r Roster) clone() Roster {
	return Roster{slices.Clone(r.producers), slices.Clone(r.consumers)}
}

// Subject is what a selection is about, wherever it is by now. The zero value is
// nothing.
type Subject struct {
	Actor
	// HasEvent says that it is an event of that producer, with this number.
	HasEvent bool
	Event    uint64
	// Part, unless it is Whole, is the buffer of a consumer, or one of the broker's tanks.
	Part Part
}

// Subject is what is selected.
func (r Roster) Subject(s Selection) Subject {
	return Subject{r.At(s.Role, s.Actor), s.HasEvent, s.Event, s.Part}
}

// Selection is where the subject is in the scenario; nothing, if it is not there.
func (r Roster) Selection(s Subject) Selection {
	place, ok := r.Place(s.Actor)
	if !ok {
		return Selection{}
	}
	return Selection{s.Role, place, s.HasEvent, s.Event, s.Part}
}

// present is the subject, or nothing if it is not there: it may have been drawn in the
// run before.
func (r Roster) present(s Subject) Subject {
	if _, ok := r.Place(s.Actor); !ok {
		return Subject{}
	}
	return s
}

// Speakers are all whose lines a log can have.
func (r Roster) Speakers() (all []Actor) {
	for _, role := range []scenario.Role{scenario.OfProducer, scenario.OfConsumer} {
		for place := range *r.of(role) {
			all = append(all, r.At(role, place))
		}
	}
	return append(all, Actor{Role: scenario.OfBroker}, Actor{Role: scenario.OfRun})
}

// Concerned is the actor of that role that a key is about: the one that is selected, or
// else the first that has not gone.
func (m *Model) Concerned(role scenario.Role) Actor {
	if s := m.Selection(); s.Role == role {
		return m.Roster.At(role, s.Actor)
	}
	for i := range actors(&m.Scenario, role) {
		if !m.Gone(role, i) {
			return m.Roster.At(role, i)
		}
	}
	return m.Roster.At(role, 0)
}
