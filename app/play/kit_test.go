package play

import (
	"runtime"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// yes and no say whether there is more time.
func yes() bool { return true }
func no() bool  { return false }

// letOthersRun is called now and then where much is simulated without a pause. In a browser there is one thread
// and nothing that interrupts a goroutine, so without it the garbage collector may never come to its end.
func letOthersRun() { runtime.Gosched() }

// pass lets time pass on the screen, in frames.
func pass(m *Model, d time.Duration) {
	const frame = 16 * time.Millisecond
	for ; d > 0; d -= frame {
		Update(m, Frame{Elapsed: min(d, frame), More: yes})
		letOthersRun()
	}
}

// paused is the page with a scenario that stands still at a moment, and goes on at 1×.
func paused(s scenario.Scenario, at time.Duration) *Model {
	m := NewModel()
	Update(m, SetSpeed{Speed: 1})
	Update(m, LoadLink{Link: scenario.Link(s, 0)})
	Update(m, Pause{})
	Update(m, Seek{At: at})
	for m.CatchingUp() {
		Update(m, Frame{More: yes})
		letOthersRun()
	}
	return m
}

func setService(m *Model, d time.Duration) Set {
	return Set{Actor: consumer(m, 0), Field: Field(scenario.SetService), Value: int64(d)}
}

func setBuffer(n int) Set {
	return Set{Actor: Actor{Role: scenario.OfBroker}, Field: Field(scenario.SetBuffer), Value: int64(n)}
}

func setOverflow(o broker.Overflow) Set {
	return Set{Actor: Actor{Role: scenario.OfBroker}, Field: Field(scenario.SetOverflow), Value: int64(o)}
}

func interrupt() Do { return Do{Action: scenario.Interrupt} }

// recorded is what the journal of a model has.
func recorded(m *Model) []journal.Record {
	var records []journal.Record
	for p := m.Journal().First(); p < m.Journal().Next(); p++ {
		records = append(records, m.Journal().At(p))
	}
	return records
}

// producer and consumer are the actors at a place.
func producer(m *Model, place int) Actor { return m.Roster.At(scenario.OfProducer, place) }

func consumer(m *Model, place int) Actor { return m.Roster.At(scenario.OfConsumer, place) }

func rename(a Actor, name string) Set { return Set{Actor: a, Field: NameField, Text: name} }

func setLogStart(text string) Set { return Set{Field: LogStartField, Text: text} }

// message is what a user sends to change the run so.
func message(m *Model, i scenario.Intervention, slide Slide) Msg {
	of := m.Roster.At(i.Do.Role(), i.Actor)
	switch i.Do {
	case scenario.Stop, scenario.Leave:
		return Remove{of}
	case scenario.Pause, scenario.Resume:
		return Hold{of}
	case scenario.Publish, scenario.Crash, scenario.Interrupt:
		return Do{of, i.Do}
	default:
		return Set{of, Field(i.Do), i.Value, i.Text, slide}
	}
}

// waiting are the events that wait for the first consumer.
func waiting(m *Model) []journal.Event { return m.Journal().Waiting(nil, m.View(), 0, 1<<20) }

func setCount(a Actor, n int) Set { return Set{Actor: a, Field: CountField, Value: int64(n)} }

func setDuration(d time.Duration) Set { return Set{Field: DurationField, Value: int64(d)} }

func setSeed(seed uint64) Set { return Set{Field: SeedField, Value: int64(seed)} }

func setStart(a Actor, start time.Duration) Set {
	return Set{Actor: a, Field: BeginField, Value: int64(start)}
}
