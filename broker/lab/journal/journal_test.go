package journal_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

// smallest is how many records a journal keeps when it is asked for none.
const smallest = 2048

func TestAnyMomentReadsAsIfTheRunWereAddedUpFromItsStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Busy().Scenario().Draw(t, "scenario")
		records := play(t, s, 10*smallest)
		moments := naiveMoments(t, records, len(s.Producers), len(s.Consumers))
		j := journal.New(rapid.SampledFrom([]int{0, smallest, 2 * smallest}).Draw(t, "size"), s, len(s.Producers), len(s.Consumers))
		states := make([]journal.State, 2) // two readers, each where it likes
		for range rapid.IntRange(1, 12).Draw(t, "visits") {
			for range rapid.SampledFrom([]int{0, 1, 30, 900, 3000}).Draw(t, "steps") {
				if next := j.Next(); next < uint64(len(records)) {
					j.Append(&records[next])
				}
			}
			if keeps := j.Next() - j.First(); keeps < min(j.Next(), smallest-1024) {
				t.Fatalf("it keeps only %d records of %d", keeps, j.Next())
			}
			position := rapid.Uint64Range(j.First(), j.Next()).Draw(t, "position")
			reader := &states[rapid.IntRange(0, 1).Draw(t, "reader")]
			j.Seek(reader, position)
			if reader.Position != position {
				t.Fatalf("the state is at %d, want %d", reader.Position, position)
			}
			same(t, j, reader, moments)
			same(t, j, j.Head(), moments)
			at := time.Duration(rapid.Int64Range(-1, int64(s.Duration)+1).Draw(t, "time"))
			if got, want := j.Search(at), max(after(records[:j.Next()], at), j.First()); got != want {
				t.Fatalf("the position of %v is %d, want %d", at, got, want)
			}
			if position < j.Next() && j.At(position) != records[position] {
				t.Fatalf("record %d is %+v, want %+v", position, j.At(position), records[position])
			}
		}
	})
}

// same compares a state with what the naive replay had there.
func same(t labtest.T, j *journal.Journal, s *journal.State, moments []moment) {
	t.Helper()
	if got, want := told(j, s), moments[s.Position]; !reflect.DeepEqual(got, want) {
		t.Fatalf("at %d of %d to %d the state is\n%+v, want\n%+v", s.Position, j.First(), j.Next(), got, want)
	}
}

// after is the position after the last record at or before a moment.
func after(records []journal.Record, at time.Duration) uint64 {
	i := slices.IndexFunc(records, func(r journal.Record) bool { return r.At > at })
	if i < 0 {
		i = len(records)
	}
	return uint64(i)
}

func TestEveryPositionReadsTheSameForthAndBack(t *testing.T) {
	for name, s := range readings() {
		records := play(t, s, 3*smallest)
		moments := naiveMoments(t, records, len(s.Producers), len(s.Consumers))
		for _, size := range []int{0, len(records)} {
			j := journal.New(size, s, len(s.Producers), len(s.Consumers))
			for _, r := range records {
				j.Append(&r)
				same(t, j, j.Head(), moments)
			}
			var reader journal.State
			for position := j.First(); position <= j.Next(); position++ {
				j.Seek(&reader, position)
				same(t, j, &reader, moments)
			}
			for position := j.Next(); position > j.First(); position -= min(position-j.First(), 37) {
				j.Seek(&reader, position)
				same(t, j, &reader, moments)
			}
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// readings are the presets, and the run of everything.
func readings() map[string]scenario.Scenario {
	all := map[string]scenario.Scenario{"everything": everything(), "leaver": labtest.Leaver()}
	for _, p := range scenario.Presets() {
		all[p.ID] = p.Scenario
	}
	return all
}

func TestInTheRunOfEverythingEveryKindHappens(t *testing.T) {
	missing := journal.Kinds()
	for _, s := range readings() {
		for _, r := range play(t, s, 5*smallest) {
			missing = slices.DeleteFunc(missing, func(k journal.Kind) bool { return k == r.Kind })
		}
	}
	if len(missing) > 0 && !slices.Equal(missing, []journal.Kind{journal.Interrupted}) {
		t.Errorf("%v never happen", missing)
	}
}

func TestSeekStaysInTheWindow(t *testing.T) {
	j := recorded(play(t, everything(), 3*smallest), 0)
	if j.First() == 0 {
		t.Fatal("nothing fell out")
	}
	var s journal.State
	for asked, want := range map[uint64]uint64{0: j.First(), j.First() - 1: j.First(), j.Next() + 1: j.Next(), 1 << 60: j.Next()} {
		if j.Seek(&s, asked); s.Position != want {
			t.Errorf("asked for %d it went to %d, want %d", asked, s.Position, want)
		}
	}
}

func TestWaitingIsLimitedToTheOldest(t *testing.T) {
	j := journal.New(0, cast{}, 1, 1)
	for n := range uint64(5) {
		j.Append(&journal.Record{Kind: journal.Buffered, Number: n, Depth: uint32(n + 1)})
	}
	before := []journal.Event{{Number: 99}}
	want := []journal.Event{{Number: 99}, {Number: 0}, {Number: 1}}
	if got := j.Waiting(before, j.Head(), 0, 2); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// full appends a run whose line is long, so that a step of it that looks at the
// whole line is one too many: the tests below would not end.
func full(waiting int) *journal.Journal {
	j := journal.New(0, cast{}, 1, 1)
	for n := range waiting {
		j.Append(&journal.Record{Kind: journal.Buffered, Number: uint64(n), Depth: uint32(n + 1)})
	}
	return j
}

func TestADropAtALongLineDoesNotLookThroughIt(t *testing.T) {
	const waiting = 200_000
	j := full(waiting)
	for n := range uint64(waiting) {
		j.Append(&journal.Record{Kind: journal.Dropped, Number: waiting + n, Depth: waiting, Cause: uint8(broker.Full)})
	}
	if got := len(j.Waiting(nil, j.Head(), 0, 1<<30)); got != waiting {
		t.Errorf("%d wait, want %d", got, waiting)
	}
}

func TestALongLineIsEmptiedFromEitherEnd(t *testing.T) {
	const waiting = 200_000
	for _, newest := range []bool{true, false} {
		j := full(waiting)
		for n := range uint64(waiting) {
			number := n
			if newest {
				number = waiting - 1 - n
			}
			j.Append(&journal.Record{Kind: journal.Dropped, Number: number, Depth: uint32(waiting - 1 - n), Cause: uint8(broker.Shrunk)})
		}
		if got := len(j.Waiting(nil, j.Head(), 0, 1<<30)); got != 0 {
			t.Errorf("%d wait", got)
		}
	}
}

// recorded is the journal of a run of everything.
func recorded(records []journal.Record, size int) *journal.Journal {
	j := journal.New(size, cast{}, 2, 3)
	for _, r := range records {
		j.Append(&r)
	}
	return j
}

func TestAppendingAllocatesNothingInTheSteadyState(t *testing.T) {
	records := play(t, everything(), 60*smallest)
	j := recorded(records[:30*smallest], 0)
	next := 30 * smallest
	if n := testing.AllocsPerRun(1, func() {
		for range 15*smallest - 1 {
			j.Append(&records[next])
			next++
		}
	}); n != 0 {
		t.Errorf("%v allocations for %d records", n, 15*smallest)
	}
}

func TestFollowingARunAllocatesNothing(t *testing.T) {
	j := recorded(play(t, everything(), smallest), 0)
	var s journal.State
	j.Seek(&s, j.Next()) // where its memory is taken
	position := uint64(0)
	if n := testing.AllocsPerRun(500, func() {
		position++
		j.Seek(&s, position)
		j.Seek(&s, position-1)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAppend(b *testing.B) {
	classic := scenario.Classic()
	classic.Duration = scenario.Duration(scenario.MaxDuration)
	for name, s := range map[string]scenario.Scenario{"classic": classic, "everything": everything()} {
		b.Run(name, func(b *testing.B) {
			records := play(b, s, 1<<16)
			// The next lap comes later, and begins with nothing in memory.
			lap := records[len(records)-1].At + 1
			records = append(records, journal.Record{Kind: journal.Crashed, At: lap})
			j := journal.New(1<<16, s, len(s.Producers), len(s.Consumers))
			begin := time.Duration(0)
			run := func() {
				for i := range records {
					r := records[i]
					r.At += begin
					r.Born += begin
					j.Append(&r)
				}
				begin += lap
			}
			run()
			run()
			b.ReportAllocs()
			b.ResetTimer()
			for range (b.N + len(records) - 1) / len(records) {
				run()
			}
		})
	}
}

func BenchmarkSeek(b *testing.B) {
	const records = 1 << 17
	j := recorded(play(b, everything(), records), records)
	var s journal.State
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		j.Seek(&s, j.First()+uint64(i)*7919%(j.Next()-j.First()))
	}
}
