package play

import (
	"slices"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// known are the names under which actors were last known, by their roles and IDs.
type known [len(RoleNames)][]string

// note keeps the names that the actors of a scenario have by now.
func (k *known) note(s *scenario.Scenario, r Roster) {
	for role := range k {
		for place, m := range *r.of(scenario.Role(role)) {
			k[role][m.id] = *NameOf(s, scenario.Role(role), place)
		}
	}
}

// add is a new actor.
func (k *known) add(role scenario.Role, name string) int {
	k[role] = append(k[role], name)
	return len(k[role]) - 1
}

// roster says who takes part in a scenario that takes the place of another: whoever
// has the name of one who is known is that one.
func (k *known) roster(s *scenario.Scenario) (r Roster) {
	for _, role := range []scenario.Role{scenario.OfProducer, scenario.OfConsumer} {
		members := r.of(role)
		for place := range actors(s, role) {
			name := *NameOf(s, role, place)
			id := slices.Index(k[role], name)
			if id < 0 {
				id = k.add(role, name)
			}
			*members = append(*members, member{id: id})
		}
	}
	return r
}
