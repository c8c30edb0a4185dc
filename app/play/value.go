package play

import (
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Field is a value of an actor, of the broker or of the run that the user can change.
// That of a setting is the action that changes it.
type Field uint8

// The fields that are no settings: no intervention changes them.
const (
	NameField     Field = iota + 128
	BeginField          // when an actor begins to take part
	CountField          // how many events a producer publishes; 0 means no end
	DurationField       // of the run
	SeedField
	LogStartField // what the log shows for the start of the run
)

// setting is the field as a setting, if it is one.
func (f Field) setting() (scenario.Setting, bool) { return scenario.SettingOf(scenario.Action(f)) }

// Get is the value that the actor at a place of s has, as a number or as a text.
func (f Field) Get(s *scenario.Scenario, role scenario.Role, place int) (v int64, text string) {
	switch f {
	case NameField:
		return 0, *NameOf(s, role, place)
	case BeginField:
		return int64(*startOf(s, role, place)), ""
	case CountField:
		return int64(s.Producers[place].Count), ""
	case DurationField:
		return int64(s.Duration), ""
	case SeedField:
		return int64(s.Seed), ""
	case LogStartField:
		return 0, s.Start.String()
	}
	set, _ := f.setting()
	if set.Form == scenario.Text {
		return 0, set.GetText(s, place)
	}
	return set.Get(s, place), ""
}

// set gives the actor at a place of s another value. Only a text may be none at all;
// what else is wrong with a value, the scenario knows.
func (f Field) set(s *scenario.Scenario, role scenario.Role, place int, v int64, text string) error {
	switch f {
	case NameField:
		*NameOf(s, role, place) = text
	case BeginField:
		*startOf(s, role, place) = scenario.Duration(v)
	case CountField:
		s.Producers[place].Count = int(v)
	case DurationField:
		s.Duration = scenario.Duration(v)
	case SeedField:
		s.Seed = uint64(v)
	case LogStartField:
		return s.Start.UnmarshalText([]byte(text))
	default:
		s.Apply(f.intervention(place, v, text))
	}
	return nil
}

// intervention is the one that changes a setting.
func (f Field) intervention(place int, v int64, text string) scenario.Intervention {
	return scenario.Intervention{Do: scenario.Action(f), Actor: place, Value: v, Text: text}
}

// NameOf is where s keeps the name of a producer or of a consumer.
func NameOf(s *scenario.Scenario, role scenario.Role, place int) *string {
	if role == scenario.OfProducer {
		return &s.Producers[place].Name
	}
	return &s.Consumers[place].Name
}

// startOf is where s keeps when it begins.
func startOf(s *scenario.Scenario, role scenario.Role, place int) *scenario.Duration {
	if role == scenario.OfProducer {
		return &s.Producers[place].Start
	}
	return &s.Consumers[place].Start
}

// actors is how many producers or consumers s has.
func actors(s *scenario.Scenario, role scenario.Role) int {
	switch role {
	case scenario.OfProducer:
		return len(s.Producers)
	case scenario.OfConsumer:
		return len(s.Consumers)
	default:
		return 0
	}
}
