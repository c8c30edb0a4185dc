package scenario_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

const second = scenario.Duration(time.Second)

// The longest times that need all their digits.
const (
	crooked = scenario.Duration(scenario.MaxTime) - 1
	late    = scenario.Duration(scenario.MaxDuration) - 1
)

// printable are the classes a name can be made of, beside the space.
var printable = []*unicode.RangeTable{unicode.L, unicode.M, unicode.N, unicode.P, unicode.S}

// anyTime draws round times as often as crooked ones, and the limits themselves.
func anyTime(t *rapid.T, label string, low, high scenario.Duration) scenario.Duration {
	d := rapid.OneOf(rapid.Int64Range(int64(low), int64(high)), rapid.SampledFrom([]int64{int64(low), int64(high)})).Draw(t, label)
	unit := rapid.SampledFrom([]time.Duration{1, time.Microsecond, time.Millisecond, time.Second}).Draw(t, "unit")
	return max(low, scenario.Duration(d-d%int64(unit)))
}

// anyNumber draws small numbers and the limits as often as others.
func anyNumber(t *rapid.T, label string, low, high int64) int64 {
	return rapid.OneOf(
		rapid.Int64Range(low, high),
		rapid.Int64Range(low, min(high, low+6)),
		rapid.SampledFrom([]int64{low, high}),
	).Draw(t, label)
}

func anyName(t *rapid.T, taken *[]string) string {
	whole := rapid.StringOfN(rapid.RuneFrom([]rune{' '}, printable...), 1, scenario.MaxName, scenario.MaxNameBytes)
	name := whole.Filter(func(n string) bool { return n != "" && !slices.Contains(*taken, n) }).Draw(t, "name")
	*taken = append(*taken, name)
	return name
}

// aToken is a part of a topic.
var aToken = rapid.StringOfN(rapid.RuneFrom(nil, &unicode.RangeTable{R16: []unicode.Range16{
	{'!', ')', 1}, {'+', '-', 1}, {'/', '=', 1}, {'?', '~', 1}, // without * . >
}}), 1, 8, -1)

func anyTopic(t *rapid.T) string {
	topic := strings.Join(rapid.SliceOfN(aToken, 0, 5).Draw(t, "tokens"), ".")
	return strings.TrimSuffix(topic[:min(len(topic), scenario.MaxTopic)], ".")
}

func anyTopics(t *rapid.T) string {
	topics := ""
	for range rapid.IntRange(0, 5).Draw(t, "patterns") {
		tokens := rapid.SliceOfN(rapid.OneOf(aToken, rapid.Just("*")), 0, 3).Draw(t, "tokens")
		if len(tokens) == 0 || rapid.Bool().Draw(t, "open") {
			tokens = append(tokens, ">")
		}
		if more := strings.TrimPrefix(topics+" "+strings.Join(tokens, "."), " "); len(more) <= scenario.MaxTopic {
			topics = more
		}
	}
	return topics
}

// anyChange draws what a setting could be.
func anyChange(t *rapid.T, set scenario.Setting, actor int) scenario.Intervention {
	v := scenario.Intervention{Do: set.Change, Actor: actor}
	switch {
	case set.Change == scenario.SetTopic:
		v.Text = anyTopic(t)
	case set.Change == scenario.SetTopics:
		v.Text = anyTopics(t)
	case set.Form == scenario.Time:
		v.Value = int64(anyTime(t, set.Field, scenario.Duration(set.Low), scenario.Duration(set.High)))
	default:
		v.Value = anyNumber(t, set.Field, set.Low, set.High)
	}
	return v
}

// fits says whether every consumer that spills has a buffer.
func fits(s *scenario.Scenario) bool {
	for i := range s.Consumers {
		if s.Settings(i).Overflow == broker.Spill && s.Room(i) == 0 {
			return false
		}
	}
	return true
}

// actorsOf are how many a role has.
func actorsOf(s *scenario.Scenario, r scenario.Role) int {
	return [...]int{scenario.OfRun: 1, scenario.OfBroker: 1, scenario.OfProducer: len(s.Producers), scenario.OfConsumer: len(s.Consumers)}[r]
}

// anyScenario draws from all valid ones, of up to so many actors of a kind and up
// to 20 interventions.
func anyScenario(actors int) *rapid.Generator[scenario.Scenario] {
	return rapid.Custom(func(t *rapid.T) scenario.Scenario {
		s := anyPeaceful(actors).Draw(t, "without interventions")
		now, at := s.Clone(), scenario.Duration(0)
		for range rapid.IntRange(0, 20).Draw(t, "interventions") {
			do := scenario.Action(rapid.IntRange(int(scenario.SetInterval), int(scenario.Interrupt)).Draw(t, "do"))
			v := scenario.Intervention{Do: do, Actor: rapid.IntRange(0, actorsOf(&s, do.Role())-1).Draw(t, "actor")}
			if set, ok := scenario.SettingOf(do); ok {
				v = anyChange(t, set, v.Actor)
			}
			at = anyTime(t, "at", at, s.Duration)
			v.At = at
			next := now.Clone()
			if next.Apply(v); fits(&next) {
				s.Interventions, now = append(s.Interventions, v), next
			}
		}
		return s
	})
}

// anyPeaceful draws from all valid ones without interventions.
func anyPeaceful(actors int) *rapid.Generator[scenario.Scenario] {
	return rapid.Custom(func(t *rapid.T) scenario.Scenario {
		s := scenario.Scenario{
			Duration: anyTime(t, "duration", scenario.Duration(scenario.MinTime), scenario.Duration(scenario.MaxDuration)),
			Start:    anyStart(t),
			Seed:     rapid.Uint64().Draw(t, "seed"),
		}
		var taken []string
		for range rapid.IntRange(1, actors).Draw(t, "producers") {
			s.Producers = append(s.Producers, scenario.Producer{
				Name:  anyName(t, &taken),
				Start: anyTime(t, "start", 0, scenario.Duration(scenario.MaxDuration)),
				Count: int(anyNumber(t, "count", 0, scenario.MaxCount)),
			})
		}
		for range rapid.IntRange(1, actors).Draw(t, "consumers") {
			s.Consumers = append(s.Consumers, scenario.Consumer{
				Name:  anyName(t, &taken),
				Start: anyTime(t, "start", 0, scenario.Duration(scenario.MaxDuration)),
			})
		}
		for _, set := range scenario.Settings() {
			for i := range actorsOf(&s, set.Role) {
				if set.Check(set.Get(&s, i), "") != nil || rapid.Bool().Draw(t, "set") {
					s.Apply(anyChange(t, set, i))
				}
			}
		}
		if rapid.Bool().Draw(t, "say what goes without saying") {
			for i := range s.Producers {
				s.Producers[i].Burst = max(1, s.Producers[i].Burst)
			}
			for i := range s.Consumers {
				c := &s.Consumers[i]
				c.Workers, c.Attempts = max(1, c.Workers), max(1, c.Attempts)
				if c.Backoff == 0 {
					c.Backoff = scenario.DefaultBackoff
				}
			}
		}
		for i := range s.Consumers {
			if s.Settings(i).Overflow == broker.Spill && s.Room(i) == 0 {
				s.Consumers[i].Buffer = scenario.OwnBuffer(int(anyNumber(t, "own buffer", 1, broker.MaxBuffer)))
			}
		}
		return s
	})
}

func anyStart(t *rapid.T) scenario.Start {
	start := scenario.Start{
		Unix:   anyNumber(t, "unix", earliest, latest),
		Offset: int32(anyNumber(t, "offset", -(24*60-1), 24*60-1)) * 60,
		Zone:   rapid.SampledFrom([]string{"CET", "CEST", "AESST", "ChST", "MeST", "WITA", "GMT", "GMT+2", "GMT-12", "+03", "XYZ"}).Draw(t, "zone"),
	}
	if start.Offset == 0 && rapid.Bool().Draw(t, "utc") {
		start.Zone = "UTC"
	}
	return start
}

// The first and the last start, in seconds since 1970: 2 January 1 and 30 December 9999.
const (
	earliest = -62135510400
	latest   = 253402128000
)

// worst is the scenario with the longest link of those with so many actors of a
// kind and no interventions: every value needs all its digits, and names and
// topics all their bytes.
func worst(actors int) scenario.Scenario {
	n := 0
	name := func() string {
		n++
		return strings.Repeat("é", scenario.MaxNameBytes-scenario.MaxName) +
			strings.Repeat("n", 2*scenario.MaxName-scenario.MaxNameBytes-2) + fmt.Sprintf("%02d", n)
	}
	topic := strings.Repeat("t", scenario.MaxTopic)
	s := scenario.Scenario{
		Broker:   scenario.Broker{Buffer: broker.MaxBuffer, Overflow: broker.Spill},
		Duration: late,
		Start:    scenario.Start{Unix: earliest, Offset: -(24*60 - 1) * 60, Zone: "GMT-12"},
		Seed:     1<<64 - 1,
	}
	for range actors {
		s.Producers = append(s.Producers, scenario.Producer{
			Name: name(), Topic: topic, Interval: crooked, Arrivals: scenario.Poisson,
			Burst: scenario.MaxBurst, Start: late, Count: scenario.MaxCount,
		})
		s.Consumers = append(s.Consumers, scenario.Consumer{
			Name: name(), Topics: topic, Service: crooked, Times: scenario.Uniform, Workers: scenario.MaxWorkers,
			Buffer: scenario.OwnBuffer(broker.MaxBuffer), Overflow: broker.Spill, Failures: 100,
			Attempts: scenario.MaxAttempts, Backoff: crooked, Start: late,
		})
	}
	return s
}

// worstOfAll is the scenario with the longest link there is. The moments of its
// interventions are as far apart as 24 hours allow.
func worstOfAll() scenario.Scenario {
	s := worst(scenario.MaxProducers)
	step := s.Duration/scenario.MaxInterventions - 1
	for i := range scenario.MaxInterventions {
		s.Interventions = append(s.Interventions, scenario.Intervention{
			At: step * scenario.Duration(i+1), Do: scenario.SetTopics, Actor: scenario.MaxConsumers - 1, Text: strings.Repeat("u", scenario.MaxTopic),
		})
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
