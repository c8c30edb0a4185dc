package main

import (
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func ms(n int64) scenario.Duration { return scenario.Duration(n) * scenario.Duration(time.Millisecond) }

// everything is a scenario with every feature there is.
func everything() scenario.Scenario {
	s := scenario.Classic()
	s.Producers = []scenario.Producer{
		{Name: "checkout", Topic: "orders.new", Interval: ms(130), Arrivals: scenario.Poisson},
		{Name: "bank", Topic: "orders.paid", Interval: ms(400), Burst: 5, Start: ms(200), Count: 40},
	}
	s.Broker = scenario.Broker{Buffer: 2, Overflow: broker.Spill}
	s.Consumers = []scenario.Consumer{
		{Name: "ledger", Topics: "orders.*", Service: ms(170), Times: scenario.Exponential, Workers: 2, Failures: 50, Attempts: 2, Backoff: ms(40)},
		{Name: "audit", Service: ms(90), Times: scenario.Uniform, Buffer: scenario.OwnBuffer(4), Overflow: broker.KeepLatest},
		{Name: "mailer", Topics: "orders.paid", Service: ms(200), Overflow: broker.Block, Start: ms(300)},
		{Name: "search", Topics: "orders.new", Service: ms(110), Overflow: broker.Spill, Buffer: scenario.OwnBuffer(3), Failures: 80, Attempts: 2, Backoff: ms(500)},
		{Name: "tax", Topics: "orders.new", Service: ms(10), Overflow: broker.Reject},
	}
	settings := map[scenario.Action]scenario.Intervention{}
	for _, t := range scenario.Settings() {
		settings[t.Change] = scenario.Intervention{Value: min(t.High, 3)}
	}
	settings[scenario.SetTopic] = scenario.Intervention{Text: "orders.new"}
	settings[scenario.SetTopics] = scenario.Intervention{Text: "orders.>"}
	for _, do := range []scenario.Action{scenario.SetOverflow, scenario.SetOwnOverflow} {
		settings[do] = scenario.Intervention{Value: int64(broker.Spill)}
	}
	for _, do := range []scenario.Action{scenario.SetInterval, scenario.SetService, scenario.SetBackoff} {
		settings[do] = scenario.Intervention{Value: int64(100 * time.Millisecond)}
	}
	settings[scenario.Stop] = scenario.Intervention{Actor: 1}
	settings[scenario.Leave] = scenario.Intervention{Actor: 3}
	for do := scenario.SetInterval; do <= scenario.Interrupt; do++ {
		v := settings[do]
		v.At, v.Do = ms(400*int64(do)), do
		s.Interventions = append(s.Interventions, v)
	}
	return s
}

func TestAFileAndALinkHaveEveryFeature(t *testing.T) {
	s := everything()
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	path := file(t, s.JSON())
	link := strings.TrimSpace(does(t, "link", path))
	for _, format := range []string{"log", "jsonl", "stats"} {
		fromFile := does(t, "run", "-virtual", "-o", format, path)
		same(t, "the link in "+format, does(t, "run", "-virtual", "-o", format, link), fromFile)
		if format == "jsonl" {
			for _, k := range journal.Kinds() {
				if !strings.Contains(fromFile, `"kind":"`+k.String()+`"`) {
					t.Errorf("nothing is told as %v", k)
				}
			}
		}
	}
}
