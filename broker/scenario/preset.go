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

// Presets are all of them, the classic first.
func Presets() []Preset {
	oldest := Classic()
	oldest.Broker.Overflow = broker.DropOldest
	return []Preset{
		{"classic", "Slow consumer (the classic)", "The producer publishes every second, the consumer needs two: watch the buffer fill and the broker protect itself.", Classic()},
		{"drop-oldest", "Freshest first (drop oldest)", "The same two, but a full buffer drops the event that has waited longest: watch the consumer skip ahead to newer ones.", oldest},
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
