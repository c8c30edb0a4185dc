//go:build unix

package sim_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

var (
	huntFor  = flag.Duration("hunt", 0, "search so long for scenarios that cost much, and keep the worst in "+costly)
	huntSeed = flag.Uint64("hunt-seed", 1, "where the search begins")
)

// costly are the links of the most expensive scenarios that a search has found, the
// worst first.
const costly = "testdata/costly.txt"

const (
	ceiling = 256_000_000 // bytes of a run, as in the page
	sample  = 300_000     // records that are looked at of a run
)

// cpu is the processor's time that all of the process has taken: other processes do not count.
func cpu(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// price is what a run costs, as far as it is looked at.
type price struct {
	between int           // records between two questions, at most
	held    int           // bytes, at most
	pause   time.Duration // of the processor's time between two questions, at most
}

// priceOf runs a scenario beside its journal until it has taken so many records or the
// ceiling is reached.
func priceOf(t testing.TB, s scenario.Scenario) (p price) {
	t.Helper()
	j := journal.New(1<<20, s, len(s.Producers), len(s.Consumers))
	records, since, asked := 0, 0, cpu(t)
	run, err := sim.New(s, func(r *journal.Record) { j.Append(r); records++; since++ })
	if err != nil {
		t.Fatal(err)
	}
	defer run.Close()
	ask := func() bool {
		p.between = max(p.between, since)
		p.held = max(p.held, run.Held()+j.Held())
		p.pause = max(p.pause, cpu(t)-asked)
		since, asked = 0, cpu(t)
		return records < sample && p.held <= ceiling
	}
	run.AdvanceWhile(sim.Never, ask)
	ask()
	return p
}

func costlyLinks(t testing.TB) []string {
	text, err := os.ReadFile(costly)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

func TestTheMostExpensiveLinksAskInTimeAndStayBelowTheCeiling(t *testing.T) {
	links := costlyLinks(t)
	if len(links) < 100 {
		t.Errorf("there are %d", len(links))
	}
	for _, link := range links {
		s, at, err := scenario.ParseLink(link)
		if err != nil || at != time.Duration(s.Duration) {
			t.Errorf("%s opens at %v, %v", link, at, err)
			continue
		}
		// A question comes after at most so many records; what they take until then may go beyond the ceiling.
		p := priceOf(t, s)
		if p.between > 9*sim.Pace {
			t.Errorf("%s: %d records between two questions", link, p.between)
		}
		if p.held > ceiling+32_000_000 {
			t.Errorf("%s: it holds %d bytes", link, p.held)
		}
	}
}

// TestHunt is a search by hill-climbing: make hunt-cost.
func TestHunt(t *testing.T) {
	if *huntFor == 0 {
		return // the search is no test
	}
	random := rand.New(rand.NewPCG(*huntSeed, 0))
	best := map[string]found{} // by what is special about them, so that the worst is not a hundred times the same
	for _, link := range costlyLinks(t) {
		if s, _, err := scenario.ParseLink(link); err == nil {
			best[special(s)] = found{s, priceOf(t, s)}
		}
	}
	for _, o := range broker.Overflows() {
		s := crush(16, 1000, 16, 3)
		s.Broker.Overflow = o
		best[special(s)] = found{s, priceOf(t, s)}
	}
	tried := 0
	for end := time.Now().Add(*huntFor); time.Now().Before(end); tried++ {
		keys := slices.Sorted(maps.Keys(best))
		s := best[keys[random.IntN(len(keys))]].scenario.Clone()
		for range 1 + random.IntN(4) {
			if next := mutate(random, s.Clone()); next.Validate() == nil {
				s = next
			}
		}
		p := priceOf(t, s)
		if key := special(s); p.score() > best[key].score() {
			if again := priceOf(t, s); again.score() < p.score() { // or the machine had something else to do
				p = again
			}
			if p.score() > best[key].score() {
				best[key] = found{s, p}
			}
		}
	}
	all := slices.SortedFunc(maps.Values(best), func(a, b found) int { return cmp.Compare(b.score(), a.score()) })
	var text strings.Builder
	for _, f := range all[:min(100, len(all))] {
		fmt.Fprintln(&text, scenario.Link(f.scenario, time.Duration(f.scenario.Duration)))
	}
	if err := os.WriteFile(costly, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("of %d scenarios the worst take %v", tried, all[0].price)
	for _, f := range all[:min(10, len(all))] {
		t.Logf("%v %s", f.price, special(f.scenario))
	}
}

type found struct {
	scenario scenario.Scenario
	price
}

// score is the longest pause in which nobody is asked.
func (p price) score() time.Duration { return p.pause }

// special is what makes a scenario different from others.
func special(s scenario.Scenario) string {
	does := map[scenario.Action]bool{}
	for _, i := range s.Interventions {
		does[i.Do] = true
	}
	policies := map[broker.Overflow]bool{}
	for i := range s.Consumers {
		policies[s.Settings(i).Overflow] = true
	}
	return fmt.Sprint(slices.Sorted(maps.Keys(policies)), slices.Sorted(maps.Keys(does)))
}

// mutate changes something, which may not be valid.
func mutate(r *rand.Rand, s scenario.Scenario) scenario.Scenario {
	times := []time.Duration{time.Microsecond, 10 * time.Microsecond, time.Millisecond, time.Second, time.Hour}
	aTime := func() scenario.Duration { return scenario.Duration(times[r.IntN(len(times))]) }
	value := func(t scenario.Setting) scenario.Intervention {
		i := scenario.Intervention{Do: t.Change}
		switch {
		case t.Form == scenario.Text:
			i.Text = []string{"", "a", "b", "a.b", "c"}[r.IntN(5)]
		case t.Form == scenario.Time:
			i.Value = int64(aTime())
		case r.IntN(2) == 0:
			i.Value = []int64{t.Low, t.High}[r.IntN(2)]
		default:
			i.Value = t.Low + int64(float64(t.High-t.Low)*r.Float64()*r.Float64()*r.Float64())
		}
		switch t.Role {
		case scenario.OfProducer:
			i.Actor = r.IntN(len(s.Producers))
		case scenario.OfConsumer:
			i.Actor = r.IntN(len(s.Consumers))
		}
		return i
	}
	settings := scenario.Settings()
	switch r.IntN(8) {
	case 0:
		s.Producers = s.Producers[:1+r.IntN(len(s.Producers))]
	case 1:
		s.Consumers = s.Consumers[:1+r.IntN(len(s.Consumers))]
	case 2:
		for i := len(s.Producers); i < scenario.MaxProducers; i++ {
			s.Producers = append(s.Producers, s.Producers[0])
			s.Producers[i].Name = fmt.Sprint("p", i)
		}
	case 3:
		for i := len(s.Consumers); i < scenario.MaxConsumers; i++ {
			s.Consumers = append(s.Consumers, s.Consumers[0])
			s.Consumers[i].Name = fmt.Sprint("c", i)
		}
	case 4, 5:
		t := settings[r.IntN(len(settings))]
		s.Apply(value(t))
		if r.IntN(2) == 0 { // for all
			v := value(t)
			for v.Actor = range 16 {
				if t.Role == scenario.OfProducer && v.Actor < len(s.Producers) || t.Role == scenario.OfConsumer && v.Actor < len(s.Consumers) {
					s.Apply(v)
				}
			}
		}
	default:
		var v scenario.Intervention
		if others := int(scenario.Crash-scenario.Publish) + 1; r.IntN(2) == 0 {
			v = scenario.Intervention{Do: scenario.Publish + scenario.Action(r.IntN(others))}
			if role := v.Do.Role(); role == scenario.OfProducer || role == scenario.OfConsumer {
				v.Actor = r.IntN(min(len(s.Producers), len(s.Consumers)))
			}
		} else {
			v = value(settings[r.IntN(len(settings))])
		}
		v.At = scenario.Duration(r.IntN(40_000))
		for range []int{1, 1, 1, 20}[r.IntN(4)] {
			s.Interventions = append(s.Interventions, v)
			v.At += 1000
		}
		slices.SortStableFunc(s.Interventions, func(a, b scenario.Intervention) int { return cmp.Compare(a.At, b.At) })
	}
	for i := range s.Interventions { // those of who is not there any more
		v := &s.Interventions[i]
		switch v.Do.Role() {
		case scenario.OfProducer:
			v.Actor %= len(s.Producers)
		case scenario.OfConsumer:
			v.Actor %= len(s.Consumers)
		}
	}
	return s
}
