package journal_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
	"pgregory.net/rapid"
)

// cast is a cast of two producers and two consumers.
type cast struct{ names [4]string }

var plain = cast{[4]string{"producer", "producer-2", "consumer", "consumer-2"}}

func (c cast) ProducerName(i int) string            { return c.names[i] }
func (c cast) ConsumerName(i int) string            { return c.names[2+i] }
func (cast) Identity(producer int, n uint64) uint64 { return 605394647632969758 + n }
func (c cast) ChangeText(i int) string              { return fmt.Sprintf("%s: change %d", c.names[0], i) }
func (cast) StartTime() time.Time {
	return time.Date(2021, 11, 1, 11, 11, 19, 0, time.FixedZone("CET", 3600))
}

func TestTheLogHasTheWordsOfTheExample(t *testing.T) {
	const at, born = 8 * time.Second, 7 * time.Second
	for _, test := range []struct {
		record journal.Record
		want   string
	}{
		{journal.Record{Kind: journal.Produced, At: 7 * time.Second, Born: born, Number: 6},
			"2021/11/01 11:11:26 producer: I have produced something [produced=6]"},
		{journal.Record{Kind: journal.Produced, At: 7 * time.Second, Producer: 1},
			"2021/11/01 11:11:26 producer-2: I have produced something [produced=0]"},
		{journal.Record{Kind: journal.Handled, At: 7 * time.Second, Number: 2},
			"2021/11/01 11:11:26 consumer: the producer created something [produced=2]"},
		{journal.Record{Kind: journal.Handled, At: 7 * time.Second, Number: 2, Producer: 1, Consumer: 1},
			"2021/11/01 11:11:26 consumer-2: the producer-2 created something [produced=2]"},
		{journal.Record{Kind: journal.Dropped, At: born, Born: born, Cause: uint8(broker.Full)},
			"2021/11/01 11:11:26 broker: warning, event dropped [type=*producer.ProducedSomethingEvent, ID=605394647632969758, happenedOn=2021-11-01 11:11:26 +0100 CET m=+7.000000000]"},
		{journal.Record{Kind: journal.Dropped, At: at, Born: 1500*time.Millisecond + 1, Number: 2, Cause: uint8(broker.Displaced)},
			"2021/11/01 11:11:27 broker: warning, event dropped [type=*producer.ProducedSomethingEvent, ID=605394647632969760, happenedOn=2021-11-01 11:11:20.500000001 +0100 CET m=+1.500000001]"},
		{journal.Record{Kind: journal.Changed, At: at, Number: 3}, "2021/11/01 11:11:27 playground: producer: change 3"},
		{journal.Record{Kind: journal.Interrupted, At: at, Number: 2}, "2021/11/01 11:11:27 cancelling from signal [signal=interrupt]"},
		{journal.Record{Kind: journal.Interrupted, At: at, Number: 15}, "2021/11/01 11:11:27 cancelling from signal [signal=terminated]"},
		{journal.Record{Kind: journal.Interrupted, At: at, Number: 9}, "2021/11/01 11:11:27 cancelling from signal [signal=signal 9]"},
		{journal.Record{Kind: journal.Quit, At: at}, "2021/11/01 11:11:27 quitting"},
		{journal.Record{Kind: journal.Buffered, At: at}, ""},
		{journal.Record{Kind: journal.Delivered, At: at}, ""},
		{journal.Record{Kind: 99, At: at}, ""},
	} {
		if got := journal.NewLog(plain, 1, time.Time{}).Line(test.record).String(); got != test.want {
			t.Errorf("%v:\ngot  %s\nwant %s", test.record.Kind, got, test.want)
		}
	}
}

func TestEveryKindThatHasALineHasText(t *testing.T) {
	log := journal.NewLog(plain, 1, time.Time{})
	for kind := journal.Produced; kind <= journal.Quit; kind++ {
		if got := log.Line(journal.Record{Kind: kind}).Text != ""; got != journal.HasLine(kind) {
			t.Errorf("%v: has text: %v", kind, got)
		}
	}
}

func TestWithSeveralConsumersADropSaysWhose(t *testing.T) {
	const want = "2021/11/01 11:11:19 broker: warning, event dropped [type=*producer.ProducedSomethingEvent, ID=605394647632969758, happenedOn=2021-11-01 11:11:19 +0100 CET m=+0.000000000, subscription=consumer-2]"
	got := journal.NewLog(plain, 2, time.Time{}).Line(journal.Record{Kind: journal.Dropped, Consumer: 1}).String()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
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
	for _, test := range []struct {
		record journal.Record
		want   string
	}{
		{journal.Record{Kind: journal.Produced, At: 7, Born: 6, Number: 5},
			`{"at_ns":7,"kind":"produced","producer":"producer","number":5,"id":"605394647632969763","born_ns":6}`},
		{journal.Record{Kind: journal.Buffered, At: 7, Consumer: 1, Depth: 3},
			`{"at_ns":7,"kind":"buffered","producer":"producer","number":0,"id":"605394647632969758","born_ns":0,"consumer":"consumer-2","depth":3}`},
		{journal.Record{Kind: journal.Dropped, Cause: uint8(broker.Displaced)},
			`{"at_ns":0,"kind":"dropped","producer":"producer","number":0,"id":"605394647632969758","born_ns":0,"consumer":"consumer","depth":0,"cause":"displaced"}`},
		{journal.Record{Kind: journal.Changed, Number: 4}, `{"at_ns":0,"kind":"changed","change":"producer: change 4"}`},
		{journal.Record{Kind: journal.Interrupted, Number: 15}, `{"at_ns":0,"kind":"interrupted","signal":15}`},
		{journal.Record{Kind: journal.Quit, At: 1e9}, `{"at_ns":1000000000,"kind":"quit"}`},
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
		r := journal.Record{Kind: journal.Kind(rapid.IntRange(0, 12).Draw(t, "kind")), Cause: uint8(rapid.IntRange(0, 9).Draw(t, "cause"))}
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
	const want = "[produced buffered dropped delivered handled changed interrupted quit] Kind(0) Kind(9)"
	var kinds []journal.Kind
	for k := journal.Produced; k <= journal.Quit; k++ {
		kinds = append(kinds, k)
	}
	if got := fmt.Sprint(kinds, journal.Kind(0), journal.Quit+1); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
