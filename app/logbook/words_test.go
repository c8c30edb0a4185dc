package logbook

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// someRecords has records of every kind with values of any size.
func someRecords(s scenario.Scenario) []journal.Record {
	random := rand.New(rand.NewPCG(1, 2))
	var records []journal.Record
	for _, k := range journal.Kinds() {
		for n := range 60 {
			size := uint(n)
			at := time.Duration(random.Uint64() >> (18 + size/2) & (1<<46 - 1))
			r := journal.Record{
				Kind: k, At: at, Born: at / 2, Number: random.Uint64() >> size, Depth: random.Uint32() >> (size / 2),
				Producer: uint8(random.IntN(len(s.Producers))), Consumer: uint8(random.IntN(len(s.Consumers))), Cause: uint8(1 + random.IntN(5)),
			}
			if n%3 == 0 {
				r.At, r.Born = r.At.Truncate(time.Second), r.Born.Truncate(time.Second)
			}
			switch k {
			case journal.Produced:
				r.Cause %= 2
			case journal.Rejected:
				r.Cause = 1 + r.Cause%2
			case journal.Changed, journal.Paused, journal.Resumed, journal.Crashed:
				r.Number %= uint64(len(s.Interventions))
			}
			records = append(records, r)
		}
	}
	return records
}

// wordy has names and a time that are hard to tell from words of the log.
func wordy() scenario.Scenario {
	s := labtest.Many(3, 3, 2)
	s.Producers[0].Name, s.Producers[1].Name, s.Producers[2].Name = "7000000000000000007", "İstanbul ẞ", "[produced=251]"
	s.Consumers[0].Name, s.Consumers[1].Name, s.Consumers[2].Name = "broker", "12345.123456789", "<b>&amp;"
	s.Start = scenario.Start{Unix: -62135500000, Offset: 5*3600 + 1800, Zone: "IST"}
	s.Interventions = []scenario.Intervention{
		{At: 1, Do: scenario.SetBuffer, Value: 7}, {At: 2, Do: scenario.SetTopics, Text: "A.*"}, {At: 3, Do: scenario.Crash},
	}
	return s
}

func TestTheQuickWordsAreThoseOfTheJournal(t *testing.T) {
	one := labtest.Edited(func(s *scenario.Scenario) { s.Interventions = wordy().Interventions })
	for _, s := range []scenario.Scenario{one, wordy()} {
		words := journal.NewLog(s, len(s.Consumers), time.Time{})
		roster := playtest.Paused(s, 0).Roster
		quick, folded := NewWords(s, nil), NewWords(s, strings.ToLower)
		for _, r := range someRecords(s) {
			if !r.Kind.HasLine() {
				continue
			}
			want := words.Line(r)
			if got := string(quick.Append(nil, &r)); got != want.String() {
				t.Fatalf("%v reads %q, want %q", r.Kind, got, want)
			}
			if got := string(folded.Append(nil, &r)); got != strings.ToLower(want.String()) {
				t.Fatalf("in lower case %v reads %q, want %q", r.Kind, got, strings.ToLower(want.String()))
			}
			speaker := ""
			if want.Who != "" {
				speaker = strings.TrimSuffix(want.Who, ": ")
			}
			if got := speakerName(&s, &roster, play.SpeakerOf(&r, roster)); got != speaker && (speaker != "" || got != "playground") {
				t.Errorf("%v is said by %q, not %q", r.Kind, got, speaker)
			}
		}
	}
}

func TestWritingALineDoesNotAllocate(t *testing.T) {
	s := wordy()
	quick, records := NewWords(s, strings.ToLower), someRecords(s)
	line := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(10, func() {
		for i := range records {
			if !single(records[i].Kind) {
				line = quick.Append(line[:0], &records[i])
			}
		}
	}); n > 0 {
		t.Errorf("it allocates %v times", n)
	}
}
