package playtest

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Yes and No say whether there is more time.
func Yes() bool { return true }
func No() bool  { return false }

// Pass lets time pass on the screen, in frames.
func Pass(m *play.Model, d time.Duration) {
	const frame = 16 * time.Millisecond
	for ; d > 0; d -= frame {
		play.Update(m, play.Frame{Elapsed: min(d, frame), More: Yes})
	}
}

// Paused is the page with a scenario that stands still at a moment, and goes on at 1×.
func Paused(s scenario.Scenario, at time.Duration) *play.Model {
	m := play.NewModel()
	play.Update(m, play.SetSpeed{Speed: 1})
	play.Update(m, play.LoadLink{Link: scenario.Link(s, 0)})
	play.Update(m, play.Pause{})
	play.Update(m, play.Seek{At: at})
	for m.CatchingUp() {
		play.Update(m, play.Frame{More: Yes})
	}
	return m
}

func SetService(m *play.Model, d time.Duration) play.Set {
	return play.Set{Actor: Consumer(m, 0), Field: play.Field(scenario.SetService), Value: int64(d)}
}

func SetBuffer(n int) play.Set {
	return play.Set{Actor: play.Actor{Role: scenario.OfBroker}, Field: play.Field(scenario.SetBuffer), Value: int64(n)}
}

func SetOverflow(o broker.Overflow) play.Set {
	return play.Set{Actor: play.Actor{Role: scenario.OfBroker}, Field: play.Field(scenario.SetOverflow), Value: int64(o)}
}

func Interrupt() play.Do { return play.Do{Action: scenario.Interrupt} }

// Recorded is what the journal of a model has.
func Recorded(m *play.Model) []journal.Record {
	var records []journal.Record
	for p := m.Journal().First(); p < m.Journal().Next(); p++ {
		records = append(records, m.Journal().At(p))
	}
	return records
}

// Producer and consumer are the actors at a place.
func Producer(m *play.Model, place int) play.Actor { return m.Roster.At(scenario.OfProducer, place) }

func Consumer(m *play.Model, place int) play.Actor { return m.Roster.At(scenario.OfConsumer, place) }

func Rename(a play.Actor, name string) play.Set {
	return play.Set{Actor: a, Field: play.NameField, Text: name}
}

func SetLogStart(text string) play.Set { return play.Set{Field: play.LogStartField, Text: text} }

// Message is what a user sends to change the run so.
func Message(m *play.Model, i scenario.Intervention, slide play.Slide) play.Msg {
	of := m.Roster.At(i.Do.Role(), i.Actor)
	switch i.Do {
	case scenario.Stop, scenario.Leave:
		return play.Remove{Actor: of}
	case scenario.Pause, scenario.Resume:
		return play.Hold{Actor: of}
	case scenario.Publish, scenario.Crash, scenario.Interrupt:
		return play.Do{Actor: of, Action: i.Do}
	default:
		return play.Set{Actor: of, Field: play.Field(i.Do), Value: i.Value, Text: i.Text, Slide: slide}
	}
}

// Waiting are the events that wait for the first consumer.
func Waiting(m *play.Model) []journal.Event { return m.Journal().Waiting(nil, m.View(), 0, 1<<20) }

// Preset is a model of a preset at a moment.
func Preset(t *testing.T, id string, at time.Duration) *play.Model {
	t.Helper()
	p, err := scenario.FindPreset(id)
	if err != nil {
		t.Fatal(err)
	}
	return Paused(p.Scenario, at)
}

func EventOf(producer int, n uint64) play.Selection {
	return play.EventSelection(journal.Event{Producer: uint8(producer), Number: n})
}

func SetCount(a play.Actor, n int) play.Set {
	return play.Set{Actor: a, Field: play.CountField, Value: int64(n)}
}

func SetDuration(d time.Duration) play.Set {
	return play.Set{Field: play.DurationField, Value: int64(d)}
}

func SetSeed(seed uint64) play.Set { return play.Set{Field: play.SeedField, Value: int64(seed)} }

func SetStart(a play.Actor, start time.Duration) play.Set {
	return play.Set{Actor: a, Field: play.BeginField, Value: int64(start)}
}
