package scenario_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/scenario"
	"pgregory.net/rapid"
)

// printable are the classes a name can be made of.
var printable = []*unicode.RangeTable{unicode.L, unicode.M, unicode.N, unicode.P, unicode.S}

// anyTime draws round times as often as crooked ones.
func anyTime(t *rapid.T, label string, low, high scenario.Duration) scenario.Duration {
	d := rapid.Int64Range(int64(low), int64(high)).Draw(t, label)
	unit := rapid.SampledFrom([]time.Duration{1, time.Microsecond, time.Millisecond, time.Second}).Draw(t, "unit")
	return max(low, scenario.Duration(d-d%int64(unit)))
}

func anyName(t *rapid.T, taken *[]string) string {
	one := rapid.StringOfN(rapid.RuneFrom(nil, printable...), 1, scenario.MaxName, -1)
	name := one.Filter(func(n string) bool { return !slices.Contains(*taken, n) }).Draw(t, "name")
	*taken = append(*taken, name)
	return name
}

// anyScenario draws from all valid ones, of up to so many actors of a kind.
func anyScenario(actors int) *rapid.Generator[scenario.Scenario] {
	return rapid.Custom(func(t *rapid.T) scenario.Scenario {
		s := scenario.Scenario{
			Broker: scenario.Broker{
				Buffer:   rapid.IntRange(0, broker.MaxBuffer).Draw(t, "buffer"),
				Overflow: rapid.SampledFrom(scenario.Overflows()).Draw(t, "overflow"),
			},
			Duration: anyTime(t, "duration", scenario.Duration(scenario.MinTime), scenario.Duration(scenario.MaxDuration)),
			Start:    anyStart(t),
			Seed:     rapid.Uint64().Draw(t, "seed"),
		}
		var taken []string
		for range rapid.IntRange(1, actors).Draw(t, "producers") {
			s.Producers = append(s.Producers, scenario.Producer{Name: anyName(t, &taken), Interval: anyWait(t)})
		}
		for range rapid.IntRange(1, actors).Draw(t, "consumers") {
			s.Consumers = append(s.Consumers, scenario.Consumer{Name: anyName(t, &taken), Service: anyWait(t)})
		}
		at := scenario.Duration(0)
		for range rapid.IntRange(0, 20).Draw(t, "interventions") {
			at = anyTime(t, "at", at, s.Duration)
			s.Interventions = append(s.Interventions, anyIntervention(t, s, at))
		}
		return s
	})
}

func anyWait(t *rapid.T) scenario.Duration {
	return anyTime(t, "time", scenario.Duration(scenario.MinTime), scenario.Duration(scenario.MaxTime))
}

func anyStart(t *rapid.T) scenario.Start {
	offset := rapid.Int32Range(-14*60, 14*60).Draw(t, "offset") * 60
	zone := rapid.SampledFrom([]string{"CET", "CEST", "ChST", "XYZ"}).Draw(t, "zone")
	if offset == 0 {
		zone = "UTC"
	}
	return scenario.Start{Unix: rapid.Int64Range(-62135500000, 253402100000).Draw(t, "unix"), Offset: offset, Zone: zone}
}

func anyIntervention(t *rapid.T, s scenario.Scenario, at scenario.Duration) scenario.Intervention {
	i := scenario.Intervention{At: at, Do: scenario.Action(rapid.IntRange(1, int(scenario.Interrupt)).Draw(t, "do"))}
	switch i.Do {
	case scenario.SetInterval:
		i.Actor, i.Interval = rapid.IntRange(0, len(s.Producers)-1).Draw(t, "actor"), anyWait(t)
	case scenario.SetService:
		i.Actor, i.Service = rapid.IntRange(0, len(s.Consumers)-1).Draw(t, "actor"), anyWait(t)
	case scenario.SetBuffer:
		i.Buffer = rapid.IntRange(0, broker.MaxBuffer).Draw(t, "buffer")
	case scenario.SetOverflow:
		i.Overflow = rapid.SampledFrom(scenario.Overflows()).Draw(t, "overflow")
	}
	return i
}

// worst is the scenario with the longest link of those with so many actors of a
// kind and no interventions: every value needs all its digits.
func worst(actors int, letter rune) scenario.Scenario {
	crooked := scenario.Duration(scenario.MaxTime) - 1
	s := scenario.Scenario{
		Broker:   scenario.Broker{Buffer: broker.MaxBuffer, Overflow: broker.DropOldest},
		Duration: scenario.Duration(scenario.MaxDuration) - 1,
		Start:    scenario.Start{Unix: -62135500000, Offset: -86340, Zone: "ABCDT"},
		Seed:     1<<64 - 1,
	}
	for i := range actors {
		name := func(n int) string { return strings.Repeat(string(letter), scenario.MaxName-1) + string(letter+rune(n)) }
		s.Producers = append(s.Producers, scenario.Producer{Name: name(i), Interval: crooked})
		s.Consumers = append(s.Consumers, scenario.Consumer{Name: name(actors + i), Service: crooked})
	}
	return s
}

// edited is the classic after an edit.
func edited(edit func(*scenario.Scenario)) scenario.Scenario {
	s := scenario.Classic()
	edit(&s)
	return s
}

func must(err error) {
	if err != nil {
		panic(fmt.Sprint("the test is wrong: ", err))
	}
}
