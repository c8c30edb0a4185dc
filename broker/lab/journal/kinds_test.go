package journal

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEveryKindHasACompleteRow(t *testing.T) {
	names := map[string]Kind{}
	for _, k := range Kinds() {
		row := k.of()
		if before, taken := names[row.name]; taken || row.name == "" || strings.ToLower(row.name) != row.name {
			t.Errorf("%d is called %q, as is %d", k, row.name, before)
		}
		names[row.name] = k
		if row.apply == nil {
			t.Errorf("%v does nothing to a State", k)
		}
		if (row.line == nil) != (k == Buffered || k == Delivered) { // which the example has no words for
			t.Errorf("%v has a line: %v", k, row.line != nil)
		}
		if row.loss && row.subject&ofEvent == 0 {
			t.Errorf("%v is a loss, but not of an event", k)
		}
		if row.change && row.topic != AboutChanges || row.change != (row.detail == hasChange || row.detail == hasSignal) {
			t.Errorf("%v is a change about %v and tells %v", k, row.topic, row.detail)
		}
		moves := row.queue == enters || row.queue == leaves
		if moves && row.subject != ofEvent|ofConsumer || row.time != untimed && row.subject != ofEvent|ofConsumer {
			t.Errorf("%v moves or times no event of a consumer", k)
		}
		switch row.speaker {
		case FromProducer:
			if row.subject&ofEvent == 0 {
				t.Errorf("%v is said by a producer, of no event", k)
			}
		case FromConsumer:
			if row.subject&ofConsumer == 0 {
				t.Errorf("%v is said by a consumer, about none", k)
			}
		}
	}
	if len(names) != len(kinds)-1 || kinds[0].name != "" {
		t.Errorf("there are %d rows for %d kinds", len(kinds)-1, len(names))
	}
}

// alone is a consumer with one worker.
type alone struct{ Cast }

func (alone) Crew(int) (workers int, joins time.Duration) { return 1, 0 }

// Append does for the frequent kinds by itself what the rows of the table say.
func TestAppendDoesWhatTheRowOfARecordSays(t *testing.T) {
	at := time.Duration(0)
	record := func(k Kind, number uint64, depth uint32, cause uint8) Record {
		at += time.Millisecond
		return Record{Kind: k, At: at, Born: time.Duration(number), Number: number, Depth: depth, Cause: cause}
	}
	records := []Record{
		record(Produced, 0, 0, ByHand), record(Delivered, 0, 0, 0), record(Produced, 1, 0, 0), record(Buffered, 1, 1, 0),
		record(Produced, 2, 0, 0), record(Dropped, 2, 1, 1), record(Spilled, 3, 1, 0), record(Refilled, 3, 2, 0),
		record(Handled, 0, 0, 1), record(Delivered, 1, 1, 0), record(Dropped, 3, 0, 5), record(Buffered, 4, 1, 0),
		record(Failed, 1, 0, 1), record(Retried, 1, 0, 2), record(Failed, 1, 0, 2), record(DeadLettered, 1, 0, 0),
		record(Buffered, 5, 2, 0), record(Dropped, 4, 1, 2), record(Crashed, 0, 0, 0), record(Delivered, 6, 0, 0), record(PutBack, 6, 1, 0),
		record(Changed, 0, 3, Staffed), record(Quit, 0, 0, 0),
	}
	appended, table := New(0, alone{}, 1, 1), New(0, alone{}, 1, 1)
	for i, r := range records {
		appended.Append(&r)
		table.series.rollOver(r.At, &table.head)
		table.head.see(&r)
		table.follow(&r, uint64(i))
		if !reflect.DeepEqual(appended.head, table.head) {
			t.Fatalf("after %+v the state is\n%+v, the table says\n%+v", r, appended.head, table.head)
		}
		if a, b := appended.series, table.series; !reflect.DeepEqual(a, b) {
			t.Fatalf("after %+v the series are\n%+v, the table says\n%+v", r, a.levels, b.levels)
		}
		a, b := appended.Waiting(nil, &appended.head, 0, 10), table.Waiting(nil, &table.head, 0, 10)
		if !slices.Equal(a, b) {
			t.Fatalf("after %+v %+v wait, the table says %+v", r, a, b)
		}
	}
}
