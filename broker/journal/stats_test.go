package journal_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/journal"
)

// naiveReport adds up a run from its list of records, in the plainest way.
func (n *naive) report(c cast) journal.Report {
	sum := n.at(len(n.records))
	all, each := []time.Duration{}, make([][]time.Duration, n.consumers)
	for _, r := range n.records {
		if r.Kind == journal.Handled {
			all = append(all, r.At-r.Born)
			each[r.Consumer] = append(each[r.Consumer], r.At-r.Born)
		}
	}
	report := journal.Report{
		Published: sum.Published, Handled: sum.Handled, Dropped: sum.Dropped,
		Loss:         float64(sum.Dropped) / float64(sum.Published) / float64(n.consumers),
		Duration:     sum.At.Seconds(),
		TimeInSystem: naiveSeconds(all),
	}
	for i, s := range sum.Consumers {
		worked := s.Worked
		if s.Busy {
			worked += sum.At - s.Since
		}
		utilisation := worked.Seconds() / sum.At.Seconds()
		report.Utilisation += utilisation / float64(n.consumers)
		report.Consumers = append(report.Consumers, journal.ConsumerPart{
			Name: c.ConsumerName(i), Handled: s.Handled, Dropped: s.Dropped,
			Loss: float64(s.Dropped) / float64(sum.Published), Utilisation: utilisation,
			TimeInSystem: naiveSeconds(each[i]), Waiting: s.Depth,
		})
	}
	return report
}

func naiveSeconds(times []time.Duration) journal.Seconds {
	if len(times) == 0 {
		return journal.Seconds{}
	}
	slices.Sort(times)
	sum := 0.0
	for _, t := range times {
		sum += t.Seconds()
	}
	mean := sum / float64(len(times))
	rank := func(percent int) *float64 { // nearest rank
		v := times[(percent*len(times)+99)/100-1].Seconds()
		return &v
	}
	return journal.Seconds{Mean: &mean, P50: rank(50), P99: rank(99)}
}

func TestAReportIsWhatTheRecordsAddUpTo(t *testing.T) {
	for seed := range uint64(20) {
		w := newWorld(seed, 2, 2)
		for len(w.records) < int(1+seed*200) {
			w.step()
		}
		w.now += time.Second
		w.records = append(w.records, journal.Record{Kind: journal.Quit, At: w.now})
		s := journal.NewStats(plain, 2, 2)
		for _, r := range w.records {
			s.Observe(r)
		}
		near(t, s.Report(), w.report(plain))
	}
}

// near compares two reports: percentiles to three digits, the rest to eight.
func near(t *testing.T, got, want journal.Report) {
	t.Helper()
	if got.Published != want.Published || got.Handled != want.Handled || got.Dropped != want.Dropped {
		t.Errorf("the counts are %+v, want %+v", got, want)
	}
	same(t, "loss", got.Loss, want.Loss, 1e-8)
	same(t, "utilisation", got.Utilisation, want.Utilisation, 1e-8)
	same(t, "duration", got.Duration, want.Duration, 1e-8)
	sameSeconds(t, got.TimeInSystem, want.TimeInSystem)
	for i, g := range got.Consumers {
		w := want.Consumers[i]
		same(t, "loss", g.Loss, w.Loss, 1e-8)
		same(t, "utilisation", g.Utilisation, w.Utilisation, 1e-8)
		sameSeconds(t, g.TimeInSystem, w.TimeInSystem)
		g.Loss, g.Utilisation, g.TimeInSystem = w.Loss, w.Utilisation, w.TimeInSystem
		if g != w {
			t.Errorf("consumer %d is %+v, want %+v", i, g, w)
		}
	}
}

func sameSeconds(t *testing.T, got, want journal.Seconds) {
	t.Helper()
	for _, x := range []struct {
		what      string
		got, want *float64
		within    float64
	}{{"mean", got.Mean, want.Mean, 1e-8}, {"p50", got.P50, want.P50, 5e-3}, {"p99", got.P99, want.P99, 5e-3}} {
		if x.got == nil || x.want == nil {
			if x.got != x.want {
				t.Errorf("%s: one is null", x.what)
			}
			continue
		}
		same(t, x.what, *x.got, *x.want, x.within)
	}
}

// same compares relative to the value wanted, or to 1 ns where that is nothing.
func same(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within*math.Abs(want)+1e-9 {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestARunOfNothingHasAReport(t *testing.T) {
	const want = `{"published":0,"handled":0,"dropped":0,"loss":0,"utilisation":0,"time_in_system":{"mean":null,"p50":null,"p99":null},"duration":0,` +
		`"consumers":[{"name":"consumer","handled":0,"dropped":0,"loss":0,"utilisation":0,"time_in_system":{"mean":null,"p50":null,"p99":null},"waiting":0}]}`
	text, err := json.Marshal(journal.NewStats(plain, 1, 1).Report())
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func TestPercentilesHaveThreeDigits(t *testing.T) {
	s := journal.NewStats(plain, 1, 1)
	for n := range 100 {
		s.Observe(journal.Record{Kind: journal.Handled, At: time.Duration(n+1) * 1234567 * time.Nanosecond})
	}
	got := s.Report().TimeInSystem
	if *got.P50 != 0.0617 || *got.P99 != 0.122 || math.Abs(*got.Mean-0.0623456335) > 1e-9 {
		t.Errorf("mean %v, p50 %v, p99 %v", *got.Mean, *got.P50, *got.P99)
	}
}
