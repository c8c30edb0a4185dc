package app

import (
	"fmt"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

// words say what a chart of a moment shows, for those who don't see it.
func (k *chartKind) words(m *Moment, p plot) string {
	text := k.title + ", at " + Instant(m.At.Truncate(time.Millisecond)) + p.words()
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
		plural(p.total, "event"), Time(times.Min), Time(times.Max), Time(times.P50), Time(times.P95), Time(times.P99))
}
