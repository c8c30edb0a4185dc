package journal_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

// naiveReport adds up a run from its list of records, in the plainest way.
func naiveReport(t labtest.T, s scenario.Scenario, records []journal.Record) journal.Report {
	t.Helper()
	moments := naiveMoments(t, records, len(s.Producers), len(s.Consumers))
	end := moments[len(moments)-1]
	whole := max(end.At, 1).Seconds()
	r := journal.Report{
		Published: end.Published, Rejected: end.Rejected, Handled: end.Handled, Dropped: end.Dropped, Spilled: end.Spilled,
		Failed: end.Failed, DeadLettered: end.DeadLettered, Lost: end.Lost, Duration: end.At.Seconds(),
		TimeInSystem: naiveSeconds(times(records, journal.Handled, journal.Everyone)),
	}
	for i, p := range end.Producers {
		r.Producers = append(r.Producers, journal.ProducerPart{
			Name: s.ProducerName(i), Published: p.Published, Rejected: p.Rejected, Lost: p.Lost, Blocked: p.Blocked.Seconds(),
		})
	}
	offered := uint64(0)
	for i, c := range end.Consumers {
		part := journal.ConsumerPart{
			Name: s.ConsumerName(i), Offered: c.Offered, Handled: c.Handled, Dropped: c.Dropped, Spilled: c.Spilled, Failed: c.Failed,
			DeadLettered: c.DeadLettered, Lost: c.Lost, Loss: share(c.Dropped, c.Offered), Waiting: c.Depth, Backlog: c.Backlog,
			TimeInSystem: naiveSeconds(times(records, journal.Handled, i)),
			Utilisation:  min(1, share(uint64(c.WorkedBy), uint64(naiveWorkerTime(s, i, end.At)))),
		}
		if waited := times(records, journal.Delivered, i); len(waited) > 0 {
			part.MeanWaitingTime = naiveSeconds(waited).Mean
		}
		for n, m := range moments[:len(moments)-1] {
			lasts, of := (moments[n+1].At-m.At).Seconds()/whole, m.Consumers[i]
			part.MeanWaiting += lasts * float64(of.Depth+of.Backlog)
			part.MeanInSystem += lasts * float64(of.Depth+of.Backlog+len(of.Working))
		}
		for n, rec := range records {
			if rec.Kind == journal.Recovered && int(rec.Consumer) == i {
				part.Recovered += uint64(int(rec.Depth) - moments[n].Consumers[i].Backlog)
			}
		}
		offered += c.Offered
		r.Utilisation += part.Utilisation / float64(len(s.Consumers))
		r.Consumers = append(r.Consumers, part)
	}
	r.Loss = share(r.Dropped, offered)
	return r
}

// naiveWorkerTime looks between each two moments at which something may change how
// many workers are there.
func naiveWorkerTime(s scenario.Scenario, consumer int, end time.Duration) (total time.Duration) {
	moments := []time.Duration{0, time.Duration(s.Consumers[consumer].Start), end}
	for _, v := range s.Interventions {
		moments = append(moments, time.Duration(v.At))
	}
	slices.Sort(moments)
	for n, at := range moments[:slices.Index(moments, end)] {
		now, left := s.Clone(), false
		for _, v := range s.Until(at).Interventions {
			now.Apply(v)
			left = left || v.Do == scenario.Leave && v.Actor == consumer
		}
		if at >= time.Duration(s.Consumers[consumer].Start) && !left {
			total += time.Duration(now.Workers(consumer)) * (moments[n+1] - at)
		}
	}
	return total
}

func share(part, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// times are those from an event's birth to a record of that kind, of a consumer or
// of Everyone, the shortest first.
func times(records []journal.Record, kind journal.Kind, consumer int) (all []time.Duration) {
	for _, r := range records {
		if r.Kind == kind && (consumer == journal.Everyone || int(r.Consumer) == consumer) {
			all = append(all, r.At-r.Born)
		}
	}
	slices.Sort(all)
	return all
}

func naiveSeconds(sorted []time.Duration) journal.Seconds {
	if len(sorted) == 0 {
		return journal.Seconds{}
	}
	sum := 0.0
	for _, t := range sorted {
		sum += t.Seconds()
	}
	rank := func(percent int) *float64 {
		v := nearestRank(sorted, percent).Seconds()
		return &v
	}
	mean := sum / float64(len(sorted))
	return journal.Seconds{Mean: &mean, P50: rank(50), P95: rank(95), P99: rank(99), Max: rank(100)}
}

func nearestRank(sorted []time.Duration, percent int) time.Duration {
	return sorted[(percent*len(sorted)+99)/100-1]
}

func TestAReportIsWhatTheRecordsAddUpTo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Busy().Scenario().Draw(t, "scenario")
		records := play(t, s, math.MaxInt)
		stats := journal.NewStats(s, len(s.Producers), len(s.Consumers))
		for _, r := range records {
			stats.Observe(r)
		}
		got, want := numbers(t, stats.Report()), numbers(t, naiveReport(t, s, records))
		if len(got) != len(want) {
			t.Fatalf("there are %d values, want %d", len(got), len(want))
		}
		for path, w := range want {
			within := 1e-8
			switch path[len(path)-3:] {
			case "p50", "p95", "p99":
				within = 5e-3
			}
			if g, ok := got[path]; !ok || math.Abs(g-w) > within*math.Abs(w)+2e-9 {
				t.Fatalf("%s is %v, want %v", path, g, w)
			}
		}
	})
}

// numbers are all numbers of a report by their path; null is -1.
func numbers(t labtest.T, r journal.Report) map[string]float64 {
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case float64:
			all[path] = v
		case nil:
			all[path] = -1
		case map[string]any:
			for name, v := range v {
				walk(path+"."+name, v)
			}
		case []any:
			for i, v := range v {
				walk(path+string(rune('0'+i)), v)
			}
		}
	}
	walk("report", tree)
	return all
}

func TestARunOfNothingHasAReport(t *testing.T) {
	const none = `{"mean":null,"p50":null,"p95":null,"p99":null,"max":null}`
	const want = `{"published":0,"rejected":0,"handled":0,"dropped":0,"spilled":0,"failed":0,"dead_lettered":0,"lost":0,"loss":0,"utilisation":0,` +
		`"time_in_system":` + none + `,"duration":0,"producers":[{"name":"producer","published":0,"rejected":0,"lost":0,"blocked":0}],` +
		`"consumers":[{"name":"consumer","offered":0,"handled":0,"dropped":0,"spilled":0,"failed":0,"dead_lettered":0,"lost":0,"recovered":0,"loss":0,"utilisation":0,` +
		`"time_in_system":` + none + `,"mean_waiting_time":null,"mean_waiting":0,"mean_in_system":0,"waiting":0,"backlog":0}]}`
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
	if *got.P50 != 0.0617 || *got.P95 != 0.117 || *got.P99 != 0.122 || *got.Max != 0.1234567 || math.Abs(*got.Mean-0.0623456335) > 1e-9 {
		t.Errorf("mean %v, p50 %v, p95 %v, p99 %v, max %v", *got.Mean, *got.P50, *got.P95, *got.P99, *got.Max)
	}
}

func TestAMillionWaitingForADayAreAMillionOnAverage(t *testing.T) {
	s := journal.NewStats(plain, 1, 1)
	s.Observe(journal.Record{Kind: journal.Spilled, Depth: 1_000_000})
	s.Observe(journal.Record{Kind: journal.Quit, At: 24 * time.Hour})
	if c := s.Report().Consumers[0]; c.MeanWaiting != 1e6 || c.MeanInSystem != 1e6 {
		t.Errorf("they are %v and %v", c.MeanWaiting, c.MeanInSystem)
	}
}

// Little's law: the mean number is the rate times the mean time, for events that
// have come and gone.
func TestTheMeansKeepLittlesLaw(t *testing.T) {
	s := scenario.Classic()
	s.Duration = scenario.Duration(time.Hour)
	s.Producers[0].Arrivals = scenario.Poisson
	s.Producers[0].Count = 1500
	s.Consumers[0].Times = scenario.Exponential
	s.Consumers[0].Service = 800 * ms
	stats := journal.NewStats(s, 1, 1)
	for _, r := range play(t, s, math.MaxInt) {
		stats.Observe(r)
	}
	c := stats.Report().Consumers[0]
	if c.Handled != c.Offered-c.Dropped || c.Handled < 1000 {
		t.Fatalf("it handled %d of %d", c.Handled, c.Offered)
	}
	rate := float64(c.Handled) / time.Hour.Seconds()
	if got, want := c.MeanWaiting, rate**c.MeanWaitingTime; math.Abs(got-want) > 1e-6 {
		t.Errorf("%v wait on average, want %v", got, want)
	}
	if got, want := c.MeanInSystem, rate**c.TimeInSystem.Mean; math.Abs(got-want) > 1e-6 {
		t.Errorf("%v are in the system on average, want %v", got, want)
	}
}

func TestUtilisationIsOfTheWorkersThatAreThere(t *testing.T) {
	overloaded := scenario.Classic() // so that whoever is there is at work
	overloaded.Producers[0].Interval = scenario.Duration(10 * ms)
	overloaded.Broker.Buffer = 100
	for _, test := range []struct {
		name    string
		change  func(*scenario.Scenario)
		atLeast float64
	}{
		{"one more is added", func(s *scenario.Scenario) {
			s.Interventions = []scenario.Intervention{{At: scenario.Duration(5 * time.Second), Do: scenario.SetWorkers, Value: 64}}
		}, 0.99},
		{"some are taken away, which have to finish", func(s *scenario.Scenario) {
			s.Consumers[0].Workers = 64
			s.Interventions = []scenario.Intervention{{At: scenario.Duration(5 * time.Second), Do: scenario.SetWorkers, Value: 1}}
		}, 0.99},
		{"it joins late and leaves early", func(s *scenario.Scenario) {
			s.Consumers[0].Start = scenario.Duration(3 * time.Second)
			s.Interventions = []scenario.Intervention{{At: scenario.Duration(7 * time.Second), Do: scenario.Leave}}
		}, 0.99},
		{"it leaves before it joins", func(s *scenario.Scenario) {
			s.Consumers[0].Start = scenario.Duration(3 * time.Second)
			s.Interventions = []scenario.Intervention{{At: scenario.Duration(2 * time.Second), Do: scenario.Leave}}
		}, 0},
	} {
		s := overloaded.Clone()
		test.change(&s)
		stats := journal.NewStats(s, 1, 1)
		for _, r := range play(t, s, math.MaxInt) {
			stats.Observe(r)
		}
		if u := stats.Report().Consumers[0].Utilisation; u < test.atLeast || u > 1 || test.atLeast == 0 && u != 0 {
			t.Errorf("%s: utilisation is %v", test.name, u)
		}
	}
}
