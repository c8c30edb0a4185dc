package chart

import (
	"fmt"
	"strings"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// Words say what a chart of a moment shows, for those who don't see it.
func (k *Kind) Words(m *play.Moment, p Plot) string {
	text := k.Title + ", at " + format.Instant(m.At.Truncate(time.Millisecond)) + p.words()
	if s := m.Scope(); s != journal.Everyone {
		text += "; the consumer " + m.Scenario.Consumers[s].Name + " is selected"
	}
	return text + "."
}

func (p *timePlot) words() string {
	if p.none != "" {
		return ": " + p.none
	}
	var b strings.Builder
	fmt.Fprintf(&b, ", in %s: ", p.unit)
	for i, l := range p.lines {
		if i > 0 {
			b.WriteString(", ")
		}
		high := 0.0
		for _, s := range p.reachedSpans(&p.lines[i]) {
			high = max(high, s.high)
		}
		value := strings.Replace(l.value, " / ", " of ", 1)
		fmt.Fprintf(&b, "%s %s, at most %s", l.name, value, amount(high))
	}
	return b.String()
}

func (p *binPlot) words() string {
	if p.none != "" {
		return ": " + p.none
	}
	times := p.times
	return fmt.Sprintf(": %s handled, from %s to %s, half of them within %s, 95 %% within %s, 99 %% within %s",
		format.Plural(p.total, "event"), format.Time(times.Min), format.Time(times.Max), format.Time(times.P50), format.Time(times.P95), format.Time(times.P99))
}
