package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/cmd/internal/interrupt"
)

// torrent would take years: sixteen thousand events each microsecond for a day.
func torrent(overflow broker.Overflow, buffer int) scenario.Scenario {
	s := scenario.Classic()
	s.Producers, s.Consumers = nil, nil
	for i := range 16 {
		s.Producers = append(s.Producers, scenario.Producer{Name: fmt.Sprint("p", i), Interval: scenario.Duration(time.Microsecond), Burst: scenario.MaxBurst})
		s.Consumers = append(s.Consumers, scenario.Consumer{Name: fmt.Sprint("c", i), Service: ms(1)})
	}
	s.Broker = scenario.Broker{Buffer: buffer, Overflow: overflow}
	s.Duration = scenario.Duration(scenario.MaxDuration)
	return s
}

// fails is a writer whose writes fail from the n-th on; it calls a function then.
type fails struct {
	n    int
	then func()
}

var errBroken = errors.New("broken")

func (f *fails) Write(text []byte) (int, error) {
	if f.n--; f.n < 0 {
		f.then()
		return 0, errBroken
	}
	return len(text), nil
}

func TestARunEndsAtTheFirstFailedWrite(t *testing.T) {
	live := scenario.Classic()
	live.Duration = scenario.Duration(time.Hour)
	for _, args := range [][]string{
		{"run", "-virtual", "-o", "log", scenario.Link(torrent(broker.DropNewest, 3), 0)},
		{"run", "-virtual", "-o", "jsonl", scenario.Link(torrent(broker.DropNewest, 3), 0)},
		{"run", "-o", "log", scenario.Link(live, 0)},
		{"run", "-o", "jsonl", scenario.Link(live, 0)},
	} {
		synctest.Test(t, func(t *testing.T) {
			failed, began := 0, time.Now()
			err := spillway(t.Context(), args, &fails{3, func() { failed++ }})
			if took := time.Since(began); !errors.Is(err, errBroken) || status(err) != 1 || failed != 1 || took > time.Minute {
				t.Errorf("%q: it ends after %v with %v after %d failed writes", args[:len(args)-1], took, err, failed)
			}
		})
	}
}

// endless is a writer that calls a function after so many bytes.
type endless struct {
	bytes.Buffer
	after int
	then  func()
}

func (e *endless) Write(text []byte) (int, error) {
	if e.after -= len(text); e.after < 0 {
		e.then()
	}
	return e.Buffer.Write(text)
}

func TestASignalEndsARunInTheMiddleOfAMomentAndTheResultIsMarkedAsAPart(t *testing.T) {
	for _, format := range []string{"log", "jsonl"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		out := &endless{after: 1 << 16, then: func() { cancel(interrupt.Error{Signal: syscall.SIGINT}) }}
		if err := spillway(ctx, []string{"run", "-virtual", "-o", format, scenario.Link(torrent(broker.DropNewest, 3), 0)}, out); err != nil {
			t.Fatal(err)
		}
		// Little is left to write, for a pipe may be read slowly.
		if n := out.Len() - 1<<16; n > 4<<12 {
			t.Errorf("%s: after the signal it prints %d bytes", format, n)
		}
		last := out.String()[strings.LastIndexByte(strings.TrimSuffix(out.String(), "\n"), '\n')+1:]
		want := map[string]string{
			"log":   "partial: the run ends at 999ns of 24h0m0s: cancelling from signal [signal=interrupt]\n",
			"jsonl": `{"partial":9.99e-7,"of":"24h0m0s","why":"cancelling from signal [signal=interrupt]"}` + "\n",
		}[format]
		same(t, format, last, want)
	}
}

func TestARunThatTakesTooMuchMemoryEndsThereAndSaysSo(t *testing.T) {
	spills := torrent(broker.Spill, 1000)
	for i := range scenario.MaxInterventions {
		spills.Interventions = append(spills.Interventions, scenario.Intervention{At: scenario.Duration(i) * 4000, Do: scenario.Crash})
	}
	for name, s := range map[string]scenario.Scenario{"buffers": torrent(broker.DropNewest, broker.MaxBuffer), "crashes": spills} {
		var out bytes.Buffer
		err := spillway(t.Context(), []string{"run", "-virtual", "-o", "stats", "-memory", "32MB", scenario.Link(s, 0)}, &out)
		if err == nil || status(err) != 1 || !strings.Contains(err.Error(), "of 24h0m0s, where it takes more than 32MB of memory; -memory gives it more") {
			t.Errorf("%s: it ends with %v", name, err)
		}
		var stats struct {
			Partial   *float64
			Of, Why   string
			Published uint64
		}
		if err := json.Unmarshal(out.Bytes(), &stats); err != nil || stats.Partial == nil || stats.Of != "24h0m0s" || !strings.HasPrefix(stats.Why, "it takes more than 32MB") || stats.Published == 0 {
			t.Errorf("%s: it prints %+v, %v", name, stats, err)
		}
	}
}

func TestAWholeResultIsNotMarkedAsAPart(t *testing.T) {
	for _, format := range []string{"log", "jsonl", "stats"} {
		if out := does(t, "run", "-virtual", "-o", format, "crash"); strings.Contains(out, "partial") {
			t.Errorf("%s prints %s", format, out)
		}
	}
}

func TestProgressIsTold(t *testing.T) {
	var out bytes.Buffer
	s := torrent(broker.DropNewest, 3)
	p := newProgress(s, &out)
	for _, test := range []struct {
		records int
		at      time.Duration
		spent   time.Duration
		want    string
	}{
		{4_000_000, 100 * time.Microsecond, 2 * time.Second, "100µs of 24h0m0s: 4 million of about 23.5 quadrillion records, about 372 years left"},
		{4_000_000_000, time.Second, 2000 * time.Second, "1s of 24h0m0s: 4 billion of about 23.5 quadrillion records, about 372 years left"},
	} {
		same(t, "progress", p.line(test.records, test.at, test.spent), test.want)
	}
	p.expected = 5_000_000
	same(t, "near the end", p.line(4_999_000, time.Hour, time.Second), "1h0m0s of 24h0m0s: 5 million of about 5 million records")
	same(t, "beyond what was expected", p.line(7_000_000, time.Hour, time.Second), "1h0m0s of 24h0m0s: 7 million of about 7 million records")
	p.tell(1, 0)
	p.clear()
	same(t, "a run that takes no time", out.String(), "")
	p.told = p.told.Add(-time.Minute)
	p.tell(1, 0)
	p.clear()
	if got := out.String(); !strings.HasPrefix(got, "\r0s of 24h0m0s: 1 of about ") || !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("it tells %q", got)
	}
}

func TestAWriteThatNobodyTakesIsGivenUpAfterASignal(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stuck, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	out := &endless{after: 0, then: func() { close(stuck); <-release }}
	go func() { <-stuck; cancel(interrupt.Error{Signal: syscall.SIGINT}) }()
	err := untilBlocked(ctx, out, func(w io.Writer) error { return spillway(ctx, []string{"run", "-virtual", "classic"}, w) })
	if !errors.Is(err, errBlocked) || status(err) != 1 {
		t.Errorf("it ends with %v", err)
	}
}
