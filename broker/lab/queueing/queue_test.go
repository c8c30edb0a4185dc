package queueing_test

import (
	"errors"
	"math"
	"testing"

	"github.com/spillway-go/spillway/broker/lab/queueing"
)

type figuresOf func(queueing.Queue) (queueing.Figures, error)

// models are the ones with a bound, by name.
var models = []struct {
	name    string
	figures figuresOf
	servers []int // that it takes
}{
	{"M/M/c/K", queueing.MMcK, []int{1, 2, 3, 8, 64}},
	{"M/D/1/K", queueing.MD1K, []int{1}},
	{"D/D/1/K", queueing.DD1K, []int{1}},
	{"D/D/1/K, arrivals first", arrivalsFirst, []int{1}},
	{"D/D/1/K, completions first", completionsFirst, []int{1}},
}

func arrivalsFirst(q queueing.Queue) (queueing.Figures, error) {
	f, _, err := queueing.DD1KTies(q)
	return f, err
}

func completionsFirst(q queueing.Queue) (queueing.Figures, error) {
	_, f, err := queueing.DD1KTies(q)
	return f, err
}

// must is the figures of a queue within the limits.
func must(t testing.TB, figures figuresOf, q queueing.Queue) queueing.Figures {
	t.Helper()
	f, err := figures(q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return f
}

// near fails unless got is want but for a relative error.
func near(t testing.TB, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s is %.17g, want %.17g (relative error %.2g, allowed %.2g)",
			what, got, want, math.Abs(got-want)/math.Abs(want), relative)
	}
}

// loads go from next to nothing to far too much, and close to 1 from both sides.
var loads = []float64{
	1e-18, 1e-9, 1e-6, 0.001, 0.02, 0.1, 0.25, 1. / 3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999,
	1 - 1e-6, 1 - 1e-9, 1 - 1e-13, 1 - 0x1p-53, 1, 1 + 0x1p-52, 1 + 1e-13, 1 + 1e-9, 1 + 1e-6,
	1.001, 1.01, 1.05, 1.1, 1.25, 1.5, 2, 2.5, 3, 5, 10, 20, 40, 49.99, 50, 50.01, 100, 700, 800, 1e4, 1e9, 1e18,
}

var buffers = []int{0, 1, 2, 3, 4, 9, 50, 1000, 1_000_000}

// forAll calls f with each model at each load and buffer.
func forAll(t *testing.T, f func(*testing.T, figuresOf, queueing.Queue)) {
	for _, m := range models {
		t.Run(m.name, func(t *testing.T) {
			for _, servers := range m.servers {
				for _, buffer := range buffers {
					for _, load := range loads {
						f(t, m.figures, queueOf(load, servers, buffer))
					}
				}
			}
		})
	}
}

// queueOf is a queue with rates around one per second.
func queueOf(load float64, servers, buffer int) queueing.Queue {
	q := queueing.Queue{Arrival: load, Service: 1 / float64(servers), Servers: servers, Capacity: servers + buffer}
	if load < 1e-6 || load > 1e6 {
		root := math.Sqrt(load) // or one of the rates would be out of range
		q.Arrival, q.Service = 100*root, 100*q.Service/root
	}
	return q
}

func TestEveryFigureIsWithinItsBounds(t *testing.T) {
	forAll(t, func(t *testing.T, figures figuresOf, q queueing.Queue) {
		if problem := outOfBounds(q, must(t, figures, q)); problem != "" {
			t.Errorf("%+v: %s", q, problem)
		}
	})
}

// outOfBounds tells what figures can't be right, with room for a last digit.
func outOfBounds(q queueing.Queue, f queueing.Figures) string {
	const more = 1 + 1e-9
	k, c := float64(q.Capacity), float64(q.Servers)
	for name, v := range map[string]float64{
		"Loss": f.Loss, "Utilisation": f.Utilisation, "Throughput": f.Throughput,
		"Number": f.Number, "Waiting": f.Waiting, "Time": f.Time, "Wait": f.Wait,
	} {
		if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			return name + " is not a number from 0"
		}
	}
	switch {
	case f.Loss > 1:
		return "Loss is above 1"
	case f.Utilisation > 1 || f.Utilisation == 0:
		return "Utilisation is not above 0, to 1"
	case f.Throughput > more*min(q.Arrival, c*q.Service) || f.Throughput == 0:
		return "Throughput is more than what comes or can be done"
	case f.Number > more*k:
		return "Number is above K"
	case f.Waiting > more*(k-c):
		return "Waiting is above the buffer"
	case f.Time < 1/q.Service:
		return "Time is below a service time"
	case f.Wait > more*(k-c)/(c*q.Service):
		return "Wait is longer than a full buffer takes"
	}
	return ""
}

func TestTheFiguresObeyLittlesLaw(t *testing.T) {
	forAll(t, func(t *testing.T, figures figuresOf, q queueing.Queue) {
		f := must(t, figures, q)
		near(t, "Number", f.Number, f.Throughput*f.Time, 1e-12)
		near(t, "Waiting", f.Waiting, f.Throughput*f.Wait, 1e-12)
		near(t, "Number", f.Number, f.Waiting+float64(q.Servers)*f.Utilisation, 1e-12)
		near(t, "Throughput", f.Throughput, float64(q.Servers)*q.Service*f.Utilisation, 1e-12)
		// λ(1 − loss) has the digits that 1 − loss has.
		if lost := q.Arrival * (1 - f.Loss); math.Abs(f.Throughput-lost) > 1e-12*q.Arrival {
			t.Errorf("%+v: Throughput is %v, but %v is accepted", q, f.Throughput, lost)
		}
	})
}

func TestMorePlacesLoseLessAndHoldMore(t *testing.T) {
	for _, m := range models {
		for _, servers := range m.servers {
			for _, load := range loads {
				last := must(t, m.figures, queueOf(load, servers, 0))
				for _, buffer := range buffers[1:] {
					f := must(t, m.figures, queueOf(load, servers, buffer))
					if f.Loss > last.Loss*(1+1e-9) || f.Number < last.Number*(1-1e-9) || f.Time < last.Time*(1-1e-9) {
						t.Errorf("%s, load %v, %d servers: a buffer of %d has %+v, a smaller one %+v", m.name, load, servers, buffer, f, last)
					}
					last = f
				}
			}
		}
	}
}

func TestMoreArrivalsLoseMoreAndFillMore(t *testing.T) {
	for _, m := range models[:2] { // ties and rests make D/D/1/K go up and down
		for _, servers := range m.servers {
			for _, buffer := range buffers {
				var last queueing.Figures
				for _, load := range loads[3 : len(loads)-3] {
					f := must(t, m.figures, queueOf(load, servers, buffer))
					if f.Loss < last.Loss*(1-1e-9) || f.Number < last.Number*(1-1e-9) ||
						f.Utilisation < last.Utilisation*(1-1e-9) || f.Wait < last.Wait*(1-1e-9) {
						t.Errorf("%s, %d servers, buffer %d: a load of %v has %+v, a smaller one %+v", m.name, servers, buffer, load, f, last)
					}
					last = f
				}
			}
		}
	}
}

func TestLessChanceIsLessLossAndLessWaiting(t *testing.T) {
	for _, buffer := range buffers {
		for _, load := range loads {
			q := queueOf(load, 1, buffer)
			random, fixed := must(t, queueing.MMcK, q), must(t, queueing.MD1K, q)
			if fixed.Loss > random.Loss*(1+1e-9) {
				t.Errorf("%+v: fixed service times lose %v, exponential ones %v", q, fixed.Loss, random.Loss)
			}
			if buffer == 0 {
				continue // where steady arrivals may do worse: they always come a little too early
			}
			if steady := must(t, queueing.DD1K, q); steady.Loss > fixed.Loss*(1+1e-9)+1e-15 {
				t.Errorf("%+v: steady arrivals lose %v, Poisson ones %v", q, steady.Loss, fixed.Loss)
			}
		}
	}
}

func TestTheUnitOfTimeMakesNoDifference(t *testing.T) {
	forAll(t, func(t *testing.T, figures figuresOf, q queueing.Queue) {
		if q.Capacity > 1000 {
			return // a large K magnifies the rounding of the rates
		}
		const faster = 1024
		a := must(t, figures, q)
		q.Arrival, q.Service = q.Arrival*faster, q.Service*faster
		if q.Validate() != nil {
			return
		}
		b := must(t, figures, q)
		near(t, "Loss", b.Loss, a.Loss, 1e-12)
		near(t, "Number", b.Number, a.Number, 1e-12)
		near(t, "Throughput", b.Throughput, a.Throughput*faster, 1e-12)
		near(t, "Time", b.Time, a.Time/faster, 1e-12)
	})
}

func TestALimitIsNamedWithItsFieldAndItsValue(t *testing.T) {
	good := queueing.Queue{Arrival: 1, Service: 0.5, Servers: 1, Capacity: 4}
	for _, test := range []struct {
		name string
		edit func(*queueing.Queue)
		want string
	}{
		{"no arrivals", func(q *queueing.Queue) { q.Arrival = 0 }, "arrival: 0 per second is out of range: 1e-09 to 1e+12"},
		{"negative arrivals", func(q *queueing.Queue) { q.Arrival = -1 }, "arrival: -1 per second is out of range: 1e-09 to 1e+12"},
		{"arrivals that are no number", func(q *queueing.Queue) { q.Arrival = math.NaN() }, "arrival: NaN per second is out of range: 1e-09 to 1e+12"},
		{"too many arrivals", func(q *queueing.Queue) { q.Arrival = 1e13 }, "arrival: 1e+13 per second is out of range: 1e-09 to 1e+12"},
		{"no service", func(q *queueing.Queue) { q.Service = 0 }, "service: 0 per second is out of range: 1e-09 to 1e+12"},
		{"service in no time", func(q *queueing.Queue) { q.Service = math.Inf(1) }, "service: +Inf per second is out of range: 1e-09 to 1e+12"},
		{"no server", func(q *queueing.Queue) { q.Servers = 0 }, "servers: 0 is out of range: 1 to 64"},
		{"too many servers", func(q *queueing.Queue) { q.Servers, q.Capacity = 65, 65 }, "servers: 65 is out of range: 1 to 64"},
		{"no place", func(q *queueing.Queue) { q.Capacity = 0 }, "capacity: 0 is out of range: 1 to 1000064"},
		{"a server without a place", func(q *queueing.Queue) { q.Servers = 5 }, "capacity: 4 is out of range: 5 to 1000064"},
		{"too many places", func(q *queueing.Queue) { q.Capacity = 1_000_065 }, "capacity: 1000065 is out of range: 1 to 1000064"},
		{"two at once", func(q *queueing.Queue) { q.Arrival, q.Capacity = 0, 0 }, "arrival: 0 per second is out of range: 1e-09 to 1e+12\ncapacity: 0 is out of range: 1 to 1000064"},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := good
			test.edit(&q)
			if err := q.Validate(); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
			for _, m := range models {
				f, err := m.figures(q)
				if want := m.name[:len("M/M/c/K")] + ": " + test.want; err == nil || err.Error() != want {
					t.Errorf("got %v, want %s", err, want)
				}
				if f != (queueing.Figures{}) {
					t.Errorf("an error comes with %+v", f)
				}
			}
		})
	}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
}

func TestOneServerIsWhatAModelOfOneTakes(t *testing.T) {
	q := queueing.Queue{Arrival: 1, Service: 1, Servers: 2, Capacity: 2}
	for _, m := range models[1:] {
		_, err := m.figures(q)
		if want := m.name[:len("M/D/1/K")] + ": servers: 2 is out of range: 1 to 1"; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestTheLimitsThemselvesAreAllowed(t *testing.T) {
	for _, arrival := range []float64{queueing.MinRate, queueing.MaxRate} {
		for _, service := range []float64{queueing.MinRate, queueing.MaxRate} {
			for _, m := range models {
				for _, servers := range m.servers {
					for _, k := range []int{servers, servers + 1, queueing.MaxCapacity} {
						q := queueing.Queue{Arrival: arrival, Service: service, Servers: servers, Capacity: k}
						if problem := outOfBounds(q, must(t, m.figures, q)); problem != "" {
							t.Errorf("%s, %+v: %s", m.name, q, problem)
						}
					}
				}
			}
		}
	}
}

func FuzzNoInputGivesWhatIsNoNumber(f *testing.F) {
	for _, load := range loads {
		f.Add(load, 1.0, 1, 4)
		f.Add(1.0, 1/load, 3, 1003)
	}
	f.Add(math.NaN(), math.Inf(1), -1, math.MinInt)
	f.Add(math.MaxFloat64, math.SmallestNonzeroFloat64, math.MaxInt, math.MaxInt)
	f.Add(1e-9, 1e12, 64, 1_000_064)
	f.Fuzz(func(t *testing.T, arrival, service float64, servers, capacity int) {
		q := queueing.Queue{Arrival: arrival, Service: service, Servers: servers, Capacity: capacity}
		valid := q.Validate() == nil
		for _, m := range models {
			figures, err := m.figures(q)
			if wants := valid && (servers == 1 || m.name == "M/M/c/K"); (err == nil) != wants {
				t.Fatalf("%s, %+v: error %v", m.name, q, err)
			}
			if err != nil {
				continue
			}
			if problem := outOfBounds(q, figures); problem != "" {
				t.Errorf("%s, %+v: %s: %+v", m.name, q, problem, figures)
			}
		}
		q.Capacity = queueing.MaxCapacity
		valid = q.Validate() == nil
		figures, err := queueing.MMc(q)
		switch {
		case errors.Is(err, queueing.ErrUnstable):
			if !valid || arrival < float64(servers)*service {
				t.Errorf("%+v: %v", q, err)
			}
		case (err == nil) != valid:
			t.Errorf("%+v: error %v", q, err)
		case err == nil:
			q.Capacity = math.MaxInt
			if problem := outOfBounds(q, figures); problem != "" {
				t.Errorf("M/M/c, %+v: %s: %+v", q, problem, figures)
			}
		}
	})
}

func BenchmarkAMillionPlaces(b *testing.B) {
	for _, m := range models[:3] {
		b.Run(m.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				if _, err := m.figures(queueOf(loads[i%len(loads)], 1, 1_000_000)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
