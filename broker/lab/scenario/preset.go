package scenario

import (
	"fmt"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// Preset is a scenario to begin with.
type Preset struct {
	ID      string // for the command line
	Title   string // for a menu
	Caption string // one sentence: what to watch
	Scenario
}

// Classic is the example everything grew from. With its seed each second of the
// run has the log lines of the example's own transcript.
func Classic() Scenario {
	return Scenario{
		Producers: []Producer{{Name: "producer", Interval: Duration(time.Second)}},
		Broker:    Broker{Buffer: broker.DefaultBuffer, Overflow: broker.DropNewest},
		Consumers: []Consumer{{Name: "consumer", Service: Duration(2 * time.Second)}},
		Duration:  Duration(10 * time.Second),
		Start:     Start{Unix: 1635761479, Offset: 3600, Zone: "CET"}, // 2021-11-01 11:11:19
		Seed:      35,
	}
}

func ms(n int64) Duration { return Duration(time.Duration(n) * time.Millisecond) }

// with is the classic after an edit.
func with(edit func(*Scenario)) Scenario {
	s := Classic()
	edit(&s)
	return s
}

// Presets are all of them, the classic first.
func Presets() []Preset {
	return []Preset{
		{"classic", "Slow consumer (the classic)",
			"The producer publishes every second, the consumer needs two: watch the buffer fill and the broker protect itself.",
			Classic()},
		{"drop-oldest", "Freshest first (drop oldest)",
			"A full buffer drops the event that has waited longest: watch the consumer skip ahead to newer ones.",
			with(func(s *Scenario) {
				s.Broker.Overflow = broker.DropOldest
				s.Duration = ms(20_000)
			})},
		{"backpressure", "Backpressure (block)",
			"A full buffer lets the producer wait for room: nothing is lost, and it slows down to the consumer's pace.",
			with(func(s *Scenario) {
				s.Producers[0].Interval = ms(500)
				s.Broker.Overflow = broker.Block
				s.Duration = ms(20_000)
			})},
		{"ticker", "Price ticker (keep latest)",
			"A newer price replaces the one of its topic that still waits: the slow display is never behind.",
			with(func(s *Scenario) {
				s.Producers = []Producer{
					{Name: "ACME", Topic: "price.acme", Interval: ms(300), Arrivals: Poisson},
					{Name: "Bolt", Topic: "price.bolt", Interval: ms(500), Arrivals: Poisson},
					{Name: "Corvo", Topic: "price.corvo", Interval: ms(900), Arrivals: Poisson},
				}
				s.Broker = Broker{Buffer: 3, Overflow: broker.KeepLatest}
				s.Consumers = []Consumer{{Name: "display", Topics: "price.*", Service: ms(700)}}
				s.Duration = ms(20_000)
			})},
		{"spill", "Burst, spill and catch up",
			"A burst is too much for the buffer: the rest goes to the event repository and comes back, in order.",
			with(func(s *Scenario) {
				s.Producers = []Producer{{Name: "shop", Interval: ms(4_000), Burst: 12}}
				s.Broker = Broker{Buffer: 4, Overflow: broker.Spill}
				s.Consumers = []Consumer{{Name: "warehouse", Service: ms(300)}}
				s.Duration = ms(20_000)
			})},
		{"fan-out", "Fan-out, one slow subscriber",
			"Every subscriber has a buffer of its own: the slow one loses only its own events, others never notice.",
			with(func(s *Scenario) {
				s.Producers = []Producer{{Name: "orders", Interval: ms(500)}}
				s.Consumers = []Consumer{
					{Name: "billing", Service: ms(200)},
					{Name: "search", Service: ms(400)},
					{Name: "mailer", Service: ms(1_700)},
				}
				s.Duration = ms(20_000)
			})},
		{"group", "A consumer group scales out",
			"One worker can't keep up; at 8 s the group gets two more, the buffer drains, and nothing is dropped any more.",
			with(func(s *Scenario) {
				s.Producers = []Producer{{Name: "uploads", Interval: ms(400), Arrivals: Poisson}}
				s.Broker.Buffer = 8
				s.Consumers = []Consumer{{Name: "resizers", Service: ms(1_000), Times: Uniform}}
				s.Duration = ms(24_000)
				s.Seed = 10
				s.Interventions = []Intervention{{At: ms(8_000), Do: SetWorkers, Value: 3}}
			})},
		{"flaky", "Flaky consumer, retries, dead letters",
			"Two of five attempts fail: an event is tried three times, with growing pauses, then it is a dead letter.",
			with(func(s *Scenario) {
				s.Producers = []Producer{{Name: "payments", Interval: ms(900)}}
				s.Broker.Buffer = 5
				s.Consumers = []Consumer{{Name: "bank", Service: ms(400), Failures: 40, Attempts: 3, Backoff: ms(300)}}
				s.Duration = ms(30_000)
				s.Seed = 30
			})},
		{"topics", "Topics",
			"Who subscribes to orders.* gets the new and the paid ones, who subscribes to > gets everything.",
			with(func(s *Scenario) {
				s.Producers = []Producer{
					{Name: "checkout", Topic: "orders.new", Interval: ms(700)},
					{Name: "bank", Topic: "orders.paid", Interval: ms(1_100)},
					{Name: "carrier", Topic: "parcels.sent", Interval: ms(1_500)},
				}
				s.Consumers = []Consumer{
					{Name: "ledger", Topics: "orders.*", Service: ms(300)},
					{Name: "tracking", Topics: "parcels.>", Service: ms(600)},
					{Name: "audit", Topics: ">", Service: ms(250)},
				}
				s.Duration = ms(20_000)
			})},
		{"poisson", "Random traffic at 90 % load",
			"On average the consumer keeps up, yet by chance a buffer of 10 overflows: compare with what theory says.",
			with(func(s *Scenario) {
				s.Producers = []Producer{{Name: "visitors", Interval: ms(200), Arrivals: Poisson}}
				s.Broker.Buffer = 10
				s.Consumers = []Consumer{{Name: "server", Service: ms(180), Times: Exponential}}
				s.Duration = ms(120_000)
			})},
		{"crash", "Overload and a crash",
			"At 8 s the process crashes: what waited in buffers is lost, what was spilled is delivered afterwards.",
			with(func(s *Scenario) {
				s.Producers = []Producer{{Name: "meters", Interval: ms(400), Count: 30}}
				s.Broker.Buffer = 4
				s.Consumers = []Consumer{
					{Name: "dashboard", Service: ms(900)},
					{Name: "invoices", Service: ms(700), Overflow: broker.Spill},
				}
				s.Duration = ms(24_000)
				s.Interventions = []Intervention{{At: ms(8_000), Do: Crash}}
			})},
	}
}

// FindPreset is the preset of that ID.
func FindPreset(id string) (Preset, error) {
	var ids []string
	for _, p := range Presets() {
		if p.ID == id {
			return p, nil
		}
		ids = append(ids, p.ID)
	}
	return Preset{}, fmt.Errorf("preset %q is unknown: there are %s", id, strings.Join(ids, ", "))
}
