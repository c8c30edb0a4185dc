package journal_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"pgregory.net/rapid"
)

// cast is a cast of two producers and two consumers.
type cast struct{ names [4]string }

var plain = cast{[4]string{"producer", "producer-2", "consumer", "consumer-2"}}

func (c cast) ProducerName(i int) string                 { return c.names[i] }
func (c cast) ConsumerName(i int) string                 { return c.names[2+i] }
func (cast) Crew(int) (workers int, joins time.Duration) { return 1, 0 }
func (cast) Identity(producer int, n uint64) uint64      { return 605394647632969758 + n }
func (c cast) ChangeText(i int) string                   { return fmt.Sprintf("%s: change %d", c.names[0], i) }
func (cast) StartTime() time.Time {
	return time.Date(2021, 11, 1, 11, 11, 19, 0, time.FixedZone("CET", 3600))
}

func TestTheLogHasTheWordsOfTheExample(t *testing.T) {
	const at = 7 * time.Second
	for _, test := range []struct {
		record journal.Record
		want   string
	}{
		{journal.Record{Kind: journal.Produced, At: at, Born: at, Number: 6},
			"2021/11/01 11:11:26 producer: I have produced something [produced=6]"},
		{journal.Record{Kind: journal.Handled, At: at, Number: 2, Cause: 1},
			"2021/11/01 11:11:26 consumer: the producer created something [produced=2]"},
		{journal.Record{Kind: journal.Dropped, At: at, Born: at, Cause: uint8(broker.Full)},
			"2021/11/01 11:11:26 broker: warning, event dropped [type=*producer.ProducedSomethingEvent, ID=605394647632969758, happenedOn=2021-11-01 11:11:26 +0100 CET m=+7.000000000]"},
		{journal.Record{Kind: journal.Interrupted, At: at, Number: journal.SignalInterrupt}, "2021/11/01 11:11:26 cancelling from signal [signal=interrupt]"},
		{journal.Record{Kind: journal.Quit, At: at}, "2021/11/01 11:11:26 quitting"},
	} {
		if got := journal.NewLog(plain, 1, time.Time{}).Line(test.record).String(); got != test.want {
			t.Errorf("%v:\ngot  %s\nwant %s", test.record.Kind, got, test.want)
		}
	}
}

func TestEveryRecordHasItsLine(t *testing.T) {
	const event = "[type=*producer.ProducedSomethingEvent, ID=605394647632969760, happenedOn=2021-11-01 11:11:20.500000001 +0100 CET m=+1.500000001"
	for _, test := range []struct {
		kind   journal.Kind
		number uint64
		depth  uint32
		cause  uint8
		want   string // with one consumer
		many   string // with several, if it is another
	}{
		{kind: journal.Produced, number: 2, want: "producer-2: I have produced something [produced=2]"},
		{kind: journal.Produced, number: 2, cause: journal.ByHand, want: "producer-2: I have produced something [produced=2, by=hand]"},
		{kind: journal.Buffered},
		{kind: journal.Dropped, number: 2, depth: 3, cause: uint8(broker.Full),
			want: "broker: warning, event dropped " + event + "]",
			many: "broker: warning, event dropped " + event + ", subscription=consumer-2]"},
		{kind: journal.Dropped, number: 2, cause: uint8(broker.Displaced),
			want: "broker: warning, event dropped " + event + ", cause=displaced]",
			many: "broker: warning, event dropped " + event + ", subscription=consumer-2, cause=displaced]"},
		{kind: journal.Dropped, number: 2, cause: uint8(broker.Shrunk),
			want: "broker: warning, event dropped " + event + ", cause=shrunk]",
			many: "broker: warning, event dropped " + event + ", subscription=consumer-2, cause=shrunk]"},
		{kind: journal.Dropped, number: 2, cause: uint8(broker.Closed),
			want: "broker: warning, event dropped " + event + ", cause=closed]",
			many: "broker: warning, event dropped " + event + ", subscription=consumer-2, cause=closed]"},
		{kind: journal.Dropped, number: 2, cause: uint8(broker.Replaced),
			want: "broker: warning, event dropped " + event + ", cause=replaced]",
			many: "broker: warning, event dropped " + event + ", subscription=consumer-2, cause=replaced]"},
		{kind: journal.Rejected, number: 2, cause: uint8(journal.FullBuffer),
			want: "broker: warning, event rejected " + event + ", cause=full]",
			many: "broker: warning, event rejected " + event + ", subscription=consumer-2, cause=full]"},
		{kind: journal.Rejected, number: 2, cause: uint8(journal.FullRepository),
			want: "broker: warning, event rejected " + event + ", cause=repository-full]",
			many: "broker: warning, event rejected " + event + ", subscription=consumer-2, cause=repository-full]"},
		{kind: journal.Blocked, number: 2,
			want: "producer-2: I am waiting for room [produced=2]",
			many: "producer-2: I am waiting for room [produced=2, subscription=consumer-2]"},
		{kind: journal.Unblocked, number: 2, want: "producer-2: I am going on [produced=2]"},
		{kind: journal.Spilled, number: 2, depth: 12,
			want: "broker: event saved to the repository " + event + ", backlog=12]",
			many: "broker: event saved to the repository " + event + ", subscription=consumer-2, backlog=12]"},
		{kind: journal.Refilled, number: 2, depth: 3,
			want: "broker: event read back from the repository " + event + "]",
			many: "broker: event read back from the repository " + event + ", subscription=consumer-2]"},
		{kind: journal.Returned, number: 2, depth: 4,
			want: "broker: event back in the repository " + event + ", backlog=4]",
			many: "broker: event back in the repository " + event + ", subscription=consumer-2, backlog=4]"},
		{kind: journal.Delivered},
		{kind: journal.Handled, number: 2, cause: 1, want: "consumer-2: the producer-2 created something [produced=2]"},
		{kind: journal.Failed, number: 2, cause: 1, want: "consumer-2: warning, I could not handle what the producer-2 created [produced=2, attempt=1]"},
		{kind: journal.Retried, number: 2, cause: 2, want: "consumer-2: I try again what the producer-2 created [produced=2, attempt=2]"},
		{kind: journal.DeadLettered, number: 2,
			want: "broker: warning, event saved with the dead letters " + event + "]",
			many: "broker: warning, event saved with the dead letters " + event + ", subscription=consumer-2]"},
		{kind: journal.PutBack, number: 2, depth: 4,
			want: "broker: event interrupted, it waits again " + event + "]",
			many: "broker: event interrupted, it waits again " + event + ", subscription=consumer-2]"},
		{kind: journal.Changed, number: 3, want: "playground: producer: change 3"},
		{kind: journal.Paused, number: 4, want: "playground: producer: change 4"},
		{kind: journal.Resumed, number: 5, want: "playground: producer: change 5"},
		{kind: journal.Crashed, number: 6, want: "playground: producer: change 6"},
		{kind: journal.Recovered, depth: 9,
			want: "broker: events found in the repository [backlog=9]",
			many: "broker: events found in the repository [backlog=9, subscription=consumer-2]"},
		{kind: journal.Interrupted, number: journal.SignalInterrupt, want: "cancelling from signal [signal=interrupt]"},
		{kind: journal.Interrupted, number: journal.SignalTerminated, want: "cancelling from signal [signal=terminated]"},
		{kind: journal.Interrupted, number: 9, want: "cancelling from signal [signal=signal 9]"},
		{kind: journal.Quit, want: "quitting"},
		{kind: 99},
	} {
		if test.many == "" {
			test.many = test.want
		}
		r := journal.Record{
			Kind: test.kind, At: 8 * time.Second, Born: 1500*time.Millisecond + 1, Number: test.number, Depth: test.depth,
			Producer: 1, Consumer: 1, Cause: test.cause,
		}
		for i, want := range []string{test.want, test.many} {
			if want != "" {
				want = "2021/11/01 11:11:27 " + want
			}
			if got := journal.NewLog(plain, i+1, time.Time{}).Line(r).String(); got != want {
				t.Errorf("%v, %d:\ngot  %s\nwant %s", test.kind, i+1, got, want)
			}
		}
	}
}

func TestEveryKindThatHasALineHasText(t *testing.T) {
	log := journal.NewLog(plain, 1, time.Time{})
	for kind := journal.Produced; kind <= journal.Quit; kind++ {
		if got := log.Line(journal.Record{Kind: kind}).Text != ""; got != kind.HasLine() {
			t.Errorf("%v: has text: %v", kind, got)
		}
	}
}

func TestALiveLogHasTheTimesOfItsRun(t *testing.T) {
	start := time.Date(2030, 1, 2, 3, 4, 5, 6, time.UTC)
	const want = "2030/01/02 03:04:06 quitting"
	if got := journal.NewLog(plain, 1, start).Line(journal.Record{Kind: journal.Quit, At: time.Second}).String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryRecordIsALineOfJSON(t *testing.T) {
	const event = `"producer":"producer-2","number":5,"id":"605394647632969763","born_ns":6`
	about := journal.Record{At: 7, Born: 6, Number: 5, Producer: 1, Consumer: 1, Depth: 3}
	with := func(kind journal.Kind, cause uint8) journal.Record {
		r := about
		r.Kind, r.Cause = kind, cause
		return r
	}
	for _, test := range []struct {
		record journal.Record
		want   string
	}{
		{with(journal.Produced, 0), `{"at_ns":7,"kind":"produced",` + event + `}`},
		{with(journal.Produced, journal.ByHand), `{"at_ns":7,"kind":"produced",` + event + `,"cause":"by-hand"}`},
		{with(journal.Buffered, 0), `{"at_ns":7,"kind":"buffered",` + event + `,"consumer":"consumer-2","depth":3}`},
		{with(journal.Dropped, uint8(broker.Full)), `{"at_ns":7,"kind":"dropped",` + event + `,"consumer":"consumer-2","depth":3,"cause":"full"}`},
		{with(journal.Dropped, uint8(broker.Displaced)), `{"at_ns":7,"kind":"dropped",` + event + `,"consumer":"consumer-2","depth":3,"cause":"displaced"}`},
		{with(journal.Rejected, uint8(journal.FullBuffer)), `{"at_ns":7,"kind":"rejected",` + event + `,"consumer":"consumer-2","cause":"full"}`},
		{with(journal.Rejected, uint8(journal.FullRepository)), `{"at_ns":7,"kind":"rejected",` + event + `,"consumer":"consumer-2","cause":"repository-full"}`},
		{with(journal.Blocked, 0), `{"at_ns":7,"kind":"blocked",` + event + `,"consumer":"consumer-2"}`},
		{with(journal.Unblocked, 0), `{"at_ns":7,"kind":"unblocked",` + event + `}`},
		{with(journal.Spilled, 0), `{"at_ns":7,"kind":"spilled",` + event + `,"consumer":"consumer-2","backlog":3}`},
		{with(journal.Returned, 0), `{"at_ns":7,"kind":"returned",` + event + `,"consumer":"consumer-2","backlog":3}`},
		{with(journal.Refilled, 0), `{"at_ns":7,"kind":"refilled",` + event + `,"consumer":"consumer-2","depth":3}`},
		{with(journal.Delivered, 0), `{"at_ns":7,"kind":"delivered",` + event + `,"consumer":"consumer-2","depth":3}`},
		{with(journal.Handled, 2), `{"at_ns":7,"kind":"handled",` + event + `,"consumer":"consumer-2"}`},
		{with(journal.Failed, 1), `{"at_ns":7,"kind":"failed",` + event + `,"consumer":"consumer-2","attempt":1}`},
		{with(journal.Retried, 2), `{"at_ns":7,"kind":"retried",` + event + `,"consumer":"consumer-2","attempt":2}`},
		{with(journal.DeadLettered, 0), `{"at_ns":7,"kind":"dead-lettered",` + event + `,"consumer":"consumer-2"}`},
		{with(journal.PutBack, 1), `{"at_ns":7,"kind":"put-back",` + event + `,"consumer":"consumer-2","depth":3}`},
		{with(journal.Changed, 0), `{"at_ns":7,"kind":"changed","change":"producer: change 5"}`},
		{with(journal.Paused, 0), `{"at_ns":7,"kind":"paused","consumer":"consumer-2","change":"producer: change 5"}`},
		{with(journal.Resumed, 0), `{"at_ns":7,"kind":"resumed","consumer":"consumer-2","change":"producer: change 5"}`},
		{with(journal.Crashed, 0), `{"at_ns":7,"kind":"crashed","change":"producer: change 5"}`},
		{with(journal.Recovered, 0), `{"at_ns":7,"kind":"recovered","consumer":"consumer-2","backlog":3}`},
		{with(journal.Interrupted, 0), `{"at_ns":7,"kind":"interrupted","signal":5}`},
		{with(journal.Quit, 0), `{"at_ns":7,"kind":"quit"}`},
	} {
		if got := string(journal.AppendJSON(nil, test.record, plain)); got != test.want+"\n" {
			t.Errorf("got  %swant %s", got, test.want)
		}
	}
}

func TestJSONIsValidWhateverTheNames(t *testing.T) {
	hostile := rapid.OneOf(rapid.String(), rapid.StringMatching(`["\\<>&/ \n\t{}]*`), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		var c cast
		for i := range c.names {
			c.names[i] = hostile.Draw(t, "name")
		}
		r := journal.Record{Kind: journal.Kind(rapid.IntRange(0, int(journal.Quit)+1).Draw(t, "kind")), Cause: uint8(rapid.IntRange(0, 9).Draw(t, "cause"))}
		line := journal.AppendJSON([]byte("before"), r, c)[len("before"):]
		var back map[string]any
		if err := json.Unmarshal(line, &back); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if n := len(line) - 1; line[n] != '\n' || string(line[:n]) != string(compact(line)) {
			t.Fatalf("%q is not one line", line)
		}
	})
}

// compact is the line without any line break.
func compact(line []byte) (one []byte) {
	for _, b := range line {
		if b != '\n' {
			one = append(one, b)
		}
	}
	return one
}

func TestKindsHaveNames(t *testing.T) {
	const want = "[produced buffered dropped rejected blocked unblocked spilled refilled returned delivered handled failed retried dead-lettered put-back " +
		"changed paused resumed crashed recovered interrupted quit] Kind(0) Kind(23)"
	if got := fmt.Sprint(journal.Kinds(), journal.Kind(0), journal.Quit+1); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReasonsHaveNames(t *testing.T) {
	const want = "full repository-full Refusal(0) Refusal(3)"
	if got := fmt.Sprint(journal.FullBuffer, journal.FullRepository, journal.Refusal(0), journal.Refusal(3)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
