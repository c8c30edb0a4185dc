package scenario_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

const draws = 40_000

// seeds are arbitrary; the tests are of these draws only and can't fail by chance.
var seeds = []uint64{0, 35, 1<<64 - 1, 0x123456789abcdef}

// distributed checks draws of a mean against the mean, the variance and the
// distribution function of what they should be, for a mean of 1.
func distributed(t *testing.T, what string, xs []float64, variance float64, cdf func(float64) float64) {
	t.Helper()
	n := float64(len(xs))
	var sum, squares, distance float64
	for _, x := range xs {
		sum += x
		squares += (x - 1) * (x - 1)
	}
	slices.Sort(xs)
	for i, x := range xs {
		distance = max(distance, math.Abs(cdf(x)-float64(i)/n), math.Abs(cdf(x)-float64(i+1)/n))
	}
	if mean, most := sum/n, 4*math.Sqrt(variance/n); math.Abs(mean-1) > most {
		t.Errorf("%s: the mean is %v, more than %v off", what, mean, most)
	}
	if v := squares / n; math.Abs(v-variance) > 0.05*variance {
		t.Errorf("%s: the variance is %v, want %v", what, v, variance)
	}
	if most := 1.95 / math.Sqrt(n); distance > most { // Kolmogorov and Smirnov, at 0.1 %
		t.Errorf("%s: the distribution is %v off, more than %v", what, distance, most)
	}
}

func exponentialCDF(x float64) float64 { return 1 - math.Exp(-x) }
func uniformCDF(x float64) float64     { return min(1, max(0, x-0.5)) }

func TestPoissonIntervalsAreExponentiallyDistributed(t *testing.T) {
	for _, seed := range seeds {
		s := scenario.Scenario{Seed: seed, Producers: make([]scenario.Producer, 3)}
		c := s.Chance()
		for _, mean := range []scenario.Duration{scenario.Duration(time.Millisecond), second, scenario.Duration(scenario.MaxTime)} {
			p := scenario.Producer{Interval: mean, Arrivals: scenario.Poisson}
			xs := make([]float64, draws)
			for n := range xs {
				xs[n] = float64(c.Gap(&p, 2, uint64(n))) / float64(mean)
			}
			distributed(t, "intervals", xs, 1, exponentialCDF)
		}
	}
}

func TestServiceTimesAreDistributedAsTheySay(t *testing.T) {
	for _, seed := range seeds {
		s := scenario.Scenario{Seed: seed, Consumers: make([]scenario.Consumer, 3)}
		c := s.Chance()
		for _, test := range []struct {
			times    scenario.Times
			variance float64
			cdf      func(float64) float64
		}{{scenario.Exponential, 1, exponentialCDF}, {scenario.Uniform, 1.0 / 12, uniformCDF}} {
			of := scenario.Consumer{Service: second, Times: test.times}
			var xs []float64
			for n := range draws / 4 { // of two producers and two attempts each
				for _, producer := range []int{0, 15} {
					for attempt := 1; attempt <= 2; attempt++ {
						xs = append(xs, float64(c.Service(&of, 2, scenario.Attempt(producer, uint64(n), attempt)))/float64(second))
					}
				}
			}
			if low, high := slices.Min(xs), slices.Max(xs); test.times == scenario.Uniform && (low < 0.5 || high >= 1.5) {
				t.Errorf("uniform service times are %v to %v", low, high)
			}
			distributed(t, test.times.String(), xs, test.variance, test.cdf)
		}
	}
}

func TestWithoutChanceTimesAreAllTheSame(t *testing.T) {
	c := scenario.Classic().Chance()
	p, of := scenario.Producer{Interval: crooked}, scenario.Consumer{Service: crooked}
	for n := range uint64(100) {
		if gap, service := c.Gap(&p, 0, n), c.Service(&of, 0, n); gap != time.Duration(crooked) || service != time.Duration(crooked) || c.Fails(&of, 0, n) {
			t.Errorf("the %d. are %v and %v", n, gap, service)
		}
	}
}

func TestATimeLeftToChanceIsPositiveAndFinite(t *testing.T) {
	shortest, longest := scenario.Duration(scenario.MinTime), scenario.Duration(scenario.MaxTime)
	rapid.Check(t, func(t *rapid.T) {
		c := scenario.Scenario{Seed: rapid.Uint64().Draw(t, "seed"), Producers: make([]scenario.Producer, 1), Consumers: make([]scenario.Consumer, 1)}.Chance()
		n := rapid.Uint64().Draw(t, "n")
		for _, mean := range []scenario.Duration{shortest, longest} {
			gap := c.Gap(&scenario.Producer{Interval: mean, Arrivals: scenario.Poisson}, 0, n)
			service := c.Service(&scenario.Consumer{Service: mean, Times: scenario.Exponential}, 0, n)
			// -ln of 2^-53, the least that is drawn, is 36.7.
			if most := 37 * time.Duration(mean); gap < 1 || service < 1 || gap > most || service > most {
				t.Fatalf("of %v they are %v and %v", mean, gap, service)
			}
		}
	})
}

func TestAsManyAttemptsFailAsAreToFail(t *testing.T) {
	for _, seed := range seeds {
		c := scenario.Scenario{Seed: seed, Consumers: make([]scenario.Consumer, 1)}.Chance()
		for _, p := range []scenario.Percent{0, 1, 25, 40, 99, 100} {
			of, failed := scenario.Consumer{Failures: p}, 0
			for n := range uint64(draws) {
				if c.Fails(&of, 0, n) {
					failed++
				}
			}
			q := float64(p) / 100
			if off := math.Abs(float64(failed)/draws - q); off > 4*math.Sqrt(q*(1-q)/draws) {
				t.Errorf("%v: %d of %d fail", p, failed, draws)
			}
		}
	}
}

func TestWhoFailsOftenFailsWhereverOneWhoFailsSeldomDoes(t *testing.T) {
	c := scenario.Classic().Chance()
	seldom, often := scenario.Consumer{Failures: 20}, scenario.Consumer{Failures: 60}
	for n := range uint64(1000) {
		if c.Fails(&seldom, 0, n) && !c.Fails(&often, 0, n) {
			t.Errorf("attempt %d fails at 20%% only", n)
		}
	}
}

func TestALongerMeanStretchesTheSameDraws(t *testing.T) {
	c := scenario.Classic().Chance()
	for n := range uint64(1000) {
		one := c.Gap(&scenario.Producer{Interval: second, Arrivals: scenario.Poisson}, 0, n)
		ten := c.Gap(&scenario.Producer{Interval: 10 * second, Arrivals: scenario.Poisson}, 0, n)
		if off := ten - 10*one; off < -1 || off > 10 {
			t.Errorf("interval %d is %v and %v", n, one, ten)
		}
	}
}

// draw is one of everything that chance decides for the actor i of its kind.
func draw(c *scenario.Chance, i int, n uint64) [7]any {
	p := scenario.Producer{Interval: second, Arrivals: scenario.Poisson}
	of := scenario.Consumer{Service: second, Times: scenario.Exponential, Failures: 50}
	return [...]any{
		c.Identity(i, n), c.ArrivalTie(i, n), c.CompletionTie(i, n), c.Gap(&p, i, n), c.Service(&of, i, n), c.Fails(&of, i, n),
		c.Service(&scenario.Consumer{Service: second, Times: scenario.Uniform}, i, n),
	}
}

func TestADrawDependsOnItsSeedStreamActorAndNumberOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := labtest.Everything(4).Scenario().Draw(t, "a scenario"), labtest.Everything(4).Scenario().Draw(t, "another")
		b.Seed = a.Seed
		i := rapid.IntRange(0, min(len(a.Producers), len(a.Consumers), len(b.Producers), len(b.Consumers))-1).Draw(t, "actor")
		n := rapid.Uint64().Draw(t, "n")
		of, other := a.Chance(), b.Chance()
		want := draw(of, i, n)
		for range rapid.IntRange(0, 3).Draw(t, "others in between") {
			draw(other, 0, rapid.Uint64().Draw(t, "m"))
		}
		if got := draw(other, i, n); got != want {
			t.Fatalf("draw %d of actor %d is %v and %v", n, i, want, got)
		}
		if got := draw(of, i, n); got != want {
			t.Fatalf("draw %d of actor %d is first %v and then %v", n, i, want, got)
		}
		if id := a.Identity(i, n); id != want[0] {
			t.Fatalf("the identity is %v and %v", id, want[0])
		}
	})
}

func TestNoTwoStreamsShareADraw(t *testing.T) {
	const each = 2_000
	var all []uint64
	for _, seed := range []uint64{35, 36} { // seeds that follow one another share none either
		for stream := scenario.Identities; stream <= scenario.Failures; stream++ {
			for actor := range scenario.MaxConsumers {
				source := scenario.NewSource(seed, stream, actor)
				for n := range uint64(each) {
					all = append(all, source.Draw(n))
				}
			}
		}
	}
	slices.Sort(all)
	if distinct := len(slices.Compact(slices.Clone(all))); distinct != len(all) {
		t.Errorf("%d draws are there more than once", len(all)-distinct)
	}
}

func TestStreamsAreNotCorrelated(t *testing.T) {
	unit := func(stream scenario.Stream, actor int, n uint64) float64 {
		return float64(scenario.NewSource(35, stream, actor).Draw(n))/(1<<64) - 0.5
	}
	for a := scenario.Identities; a <= scenario.Failures; a++ {
		for _, other := range []struct {
			stream scenario.Stream
			actor  int
			lag    uint64
		}{{a, 0, 1}, {a, 1, 0}, {a%scenario.Failures + 1, 0, 0}} {
			sum := 0.0
			for n := range uint64(draws) {
				sum += unit(a, 0, n) * unit(other.stream, other.actor, n+other.lag)
			}
			if r := 12 * sum / draws; math.Abs(r) > 4/math.Sqrt(draws) {
				t.Errorf("stream %d and %+v: r = %v", a, other, r)
			}
		}
	}
}

func TestEveryAttemptHasANumberOfItsOwn(t *testing.T) {
	var all []uint64
	for producer := range scenario.MaxProducers {
		for attempt := 1; attempt <= scenario.MaxAttempts; attempt++ {
			for _, n := range []uint64{0, 1, 2, 1 << 20, 1<<48 - 1} { // a run of 24 h has far fewer events
				all = append(all, scenario.Attempt(producer, n, attempt))
			}
		}
	}
	slices.Sort(all)
	if distinct := len(slices.Compact(slices.Clone(all))); distinct != len(all) {
		t.Errorf("%d of %d are shared", len(all)-distinct, len(all))
	}
	if first := scenario.Attempt(0, 7, 1); first != 7 {
		t.Errorf("the first attempt at event 7 is %d", first)
	}
}
