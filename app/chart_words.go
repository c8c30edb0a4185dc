package app

import (
	"fmt"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

// chartWords say what a chart shows, for those who don't see it.
func chartWords(m *Moment, c Chart, p plot) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, at %s", c.title(), Instant(m.At.Truncate(time.Millisecond)))
	switch p := p.(type) {
	case *timePlot:
		if p.none != "" {
			return b.String() + ": " + p.none + "."
		}
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
	case *binPlot:
		if p.none != "" {
			return b.String() + ": " + p.none + "."
		}
		times := p.times
		fmt.Fprintf(&b, ": %s handled, from %s to %s, half of them within %s, 95 %% within %s, 99 %% within %s",
			plural(p.total, "event"), Time(times.Min), Time(times.Max), Time(times.P50), Time(times.P95), Time(times.P99))
	}
	if s := m.Scope(); s != journal.Everyone {
		fmt.Fprintf(&b, "; the consumer %s is selected", m.Scenario.Consumers[s].Name)
	}
	return b.String() + "."
}
