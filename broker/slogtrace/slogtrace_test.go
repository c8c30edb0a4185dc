package slogtrace_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/slogtrace"
)

type orderPlaced struct{ Number int }

// told is what a broker writes that drops one event and fails at another.
func told(t *testing.T, level slog.Level) []string {
	var out strings.Builder
	handler := slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	b, err := broker.New(broker.Options{Buffer: 1, Trace: slogtrace.New(slog.New(handler))})
	if err != nil {
		t.Fatal(err)
	}
	slow, err := b.Subscribe(broker.SubscribeOptions{Name: "slow"})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"7", "8"} {
		if err := b.TryPublish(broker.NewEvent(orderPlaced{1}).With(broker.Attributes{ID: id})); err != nil {
			t.Fatal(err)
		}
	}
	slow.TryNext()
	slow.Close()
	_, err = broker.Handle(b, "mail", func(context.Context, orderPlaced) error { return errors.New("no network") })
	if err == nil {
		err = b.TryPublish(broker.NewEvent(orderPlaced{1}).With(broker.Attributes{ID: "9"}))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := b.TryPublish(broker.NewEvent("nobody's").With(broker.Attributes{ID: "10"})); err != nil {
		t.Fatal(err)
	}
	if err := b.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(out.String()), "\n")
}

func TestLinesTellWhatIsLostAndWhy(t *testing.T) {
	want := []string{
		"level=WARN msg=\"event selected by nobody\" event=10",
		"level=WARN msg=\"event dropped\" subscription=slow event=8 reason=full depth=1",
		"level=WARN msg=\"last attempt failed\" subscription=mail event=9 attempt=1 error=\"no network\"",
		"level=ERROR msg=\"event abandoned\" subscription=mail event=9 error=\"no network\"",
	}
	got := told(t, slog.LevelInfo)
	slices.Sort(got) // a handler fails on a goroutine of its own
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the lines are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestLinesTellEverythingAtLevelDebug(t *testing.T) {
	got := strings.Join(told(t, slog.LevelDebug), "\n")
	for _, want := range []string{
		"level=DEBUG msg=\"event waits\" subscription=slow event=7 depth=1",
		"level=DEBUG msg=\"event delivered\" subscription=slow event=7 depth=0",
		"level=DEBUG msg=\"event delivered\" subscription=mail event=9 depth=0",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the lines are\n%s\nwithout\n%s", got, want)
		}
	}
}

func TestALevelThatIsOffCostsNoAllocation(t *testing.T) {
	trace := slogtrace.New(slog.New(slog.DiscardHandler))
	b, err := broker.New(broker.Options{Trace: trace})
	if err != nil {
		t.Fatal(err)
	}
	s, err := b.Subscribe(broker.SubscribeOptions{Name: "s"})
	if err != nil {
		t.Fatal(err)
	}
	e := broker.NewEvent(orderPlaced{1})
	if n := testing.AllocsPerRun(100, func() { _ = b.TryPublish(e); s.TryNext() }); n > 0 {
		t.Errorf("%v allocations an event", n)
	}
}
