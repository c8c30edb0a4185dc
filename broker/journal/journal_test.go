package journal_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
	"pgregory.net/rapid"
)

// smallest is how many records a journal keeps when it is asked for none.
const smallest = 2048

func TestAnyMomentReadsAsIfTheRunWereAddedUpFromItsStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		producers, consumers := rapid.IntRange(1, 3).Draw(t, "producers"), rapid.IntRange(1, 3).Draw(t, "consumers")
		w := newWorld(rapid.Uint64().Draw(t, "seed"), producers, consumers)
		j := journal.New(rapid.SampledFrom([]int{0, smallest, 2 * smallest}).Draw(t, "size"), producers, consumers)
		states := make([]journal.State, 2) // two readers, each where it likes
		for range rapid.IntRange(1, 12).Draw(t, "visits") {
			for range rapid.SampledFrom([]int{0, 1, 30, 300, 900}).Draw(t, "steps") {
				for _, r := range w.step() {
					j.Append(r)
				}
			}
			if j.Next() != uint64(len(w.records)) {
				t.Fatalf("it counts %d records of %d", j.Next(), len(w.records))
			}
			if keeps := j.Next() - j.First(); keeps < min(j.Next(), smallest-1024) {
				t.Fatalf("it keeps only %d records", keeps)
			}
			s := &states[rapid.IntRange(0, 1).Draw(t, "reader")]
			position := rapid.Uint64Range(j.First(), j.Next()).Draw(t, "position")
			j.Seek(s, position)
			if got, want := told(j, s), w.at(int(position)); !reflect.DeepEqual(got, want) {
				t.Fatalf("at %d of %d to %d the state is\n%+v, want\n%+v", position, j.First(), j.Next(), got, want)
			}
			if s.Position != position {
				t.Fatalf("the state is at %d, want %d", s.Position, position)
			}
			at := time.Duration(rapid.Int64Range(-1, int64(w.now)+1).Draw(t, "time"))
			if got, want := j.Search(at), max(uint64(w.search(at)), j.First()); got != want {
				t.Fatalf("the position of %v is %d, want %d", at, got, want)
			}
			if position < j.Next() && j.At(position) != w.records[position] {
				t.Fatalf("record %d is %+v, want %+v", position, j.At(position), w.records[position])
			}
			if head, want := told(j, j.Head()), w.at(len(w.records)); !reflect.DeepEqual(head, want) {
				t.Fatalf("the head is\n%+v, want\n%+v", head, want)
			}
		}
	})
}

func TestSeekStaysInTheWindow(t *testing.T) {
	w, j := newWorld(1, 2, 2), journal.New(0, 2, 2)
	for j.Next() < 3*smallest {
		for _, r := range w.step() {
			j.Append(r)
		}
	}
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
	j := journal.New(0, 1, 1)
	for n := range uint64(5) {
		j.Append(journal.Record{Kind: journal.Buffered, Number: n, Depth: uint32(n + 1)})
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
	j := journal.New(0, 1, 1)
	for n := range waiting {
		j.Append(journal.Record{Kind: journal.Buffered, Number: uint64(n), Depth: uint32(n + 1)})
	}
	return j
}

func TestADropAtALongLineDoesNotLookThroughIt(t *testing.T) {
	const waiting = 200_000
	j := full(waiting)
	for n := range uint64(waiting) {
		j.Append(journal.Record{Kind: journal.Dropped, Number: waiting + n, Depth: waiting, Cause: uint8(broker.Full)})
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
			j.Append(journal.Record{Kind: journal.Dropped, Number: number, Depth: uint32(waiting - 1 - n), Cause: uint8(broker.Shrunk)})
		}
		if got := len(j.Waiting(nil, j.Head(), 0, 1<<30)); got != 0 {
			t.Errorf("%d wait", got)
		}
	}
}

func TestAppendingAllocatesNothingInTheSteadyState(t *testing.T) {
	w := newWorld(1, 2, 3)
	for len(w.records) < 20*smallest {
		w.step()
	}
	w.rest()
	j := journal.New(0, 2, 3)
	for _, r := range w.records {
		j.Append(r)
	}
	if n := testing.AllocsPerRun(1, func() {
		for _, r := range w.records { // once more, as if they were others
			j.Append(r)
		}
	}); n != 0 {
		t.Errorf("%v allocations for %d records", n, len(w.records))
	}
}

func TestFollowingARunAllocatesNothing(t *testing.T) {
	w := newWorld(1, 2, 3)
	for len(w.records) < smallest {
		w.step()
	}
	j := journal.New(0, 2, 3)
	for _, r := range w.records {
		j.Append(r)
	}
	var s journal.State
	j.Seek(&s, 0)
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
	w := newWorld(1, 2, 3)
	for len(w.records) < 1<<16 {
		w.step()
	}
	w.rest()
	j := journal.New(1<<16, 2, 3)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		j.Append(w.records[i%len(w.records)])
	}
}

func BenchmarkSeek(b *testing.B) {
	const records = 1 << 20
	w := newWorld(1, 2, 3)
	w.full = 0.9
	j := journal.New(records, 2, 3)
	for j.Next() < records {
		w.records = w.records[:0]
		for _, r := range w.step() {
			j.Append(r)
		}
	}
	var s journal.State
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		j.Seek(&s, j.First()+uint64(i)*7919%(j.Next()-j.First()))
	}
}
