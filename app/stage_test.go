package app

import (
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestTheStageIsToldInWords(t *testing.T) {
	m := paused(scenario.Classic(), 7200*time.Millisecond)
	want := "At 7.2 s: 7 events published, 4 delivered, 1 dropped. consumer: 2 of 3 waiting, busy with event 3."
	if got := describe(m.Moment()); got != want {
		t.Errorf("it reads %q, want %q", got, want)
	}
	Update(m, Seek{At: 10 * time.Second})
	if got := describe(m.Moment()); !strings.HasPrefix(got, "At 10 s: ") || !strings.HasSuffix(got, ". The run has ended.") {
		t.Errorf("at the end it reads %q", got)
	}
	Update(m, Seek{At: 0})
	if got := describe(m.Moment()); got != "At 0 s: 0 events published, 0 delivered, 0 dropped. consumer: 0 of 3 waiting." {
		t.Errorf("at the start it reads %q", got)
	}
}

func TestTheWordsAreRenewedNowAndThenWhileItPlaysAndAtOnceWhenItStandsStill(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := NewModel()
	var s summary
	if !s.update(m.Moment(), now) || s.text == "" {
		t.Error("there are no words at first")
	}
	pass(m, 2*time.Second)
	if s.update(m.Moment(), now.Add(summaryPause-1)) {
		t.Error("they are renewed too soon")
	}
	if !s.update(m.Moment(), now.Add(summaryPause)) {
		t.Error("they are not renewed in time")
	}
	if s.update(m.Moment(), now.Add(3*summaryPause)) {
		t.Error("the same words count as new")
	}
	pass(m, time.Second)
	Update(m, Pause{})
	if !s.update(m.Moment(), now.Add(summaryPause+1)) || s.text != describe(m.Moment()) {
		t.Error("when it stands still they are old")
	}
}

func TestTheSpeedIsNotedWhereItIsNotWhatWasAskedFor(t *testing.T) {
	for _, c := range []struct {
		playing bool
		speed   Speed
		actual  float64
		want    string
	}{
		{true, 1, 1, ""}, {true, 1, 0.95, ""}, {false, 1, 0.1, ""}, {false, Max, 5000, ""},
		{true, 1000, 512.3, "this device reaches 512×"},
		{true, 1, 0.5, "this device reaches 0.5×"},
		{true, Max, 412_345, "runs at 412\u202f345×"},
		{true, Max, 2_500_000, "runs at 2.5 M×"},
	} {
		m := NewModel()
		m.Playing, m.Speed, m.Actual = c.playing, c.speed, c.actual
		if got := speedNote(m.Moment()); got != c.want {
			t.Errorf("%v at %v reads %q, want %q", c.speed, c.actual, got, c.want)
		}
	}
}

func TestTheWordsTellWhoWaitsPausesAndWhereTheRestIs(t *testing.T) {
	blocked := preset(t, "backpressure", 0)
	for blocked.View().Producers[0].Waiting == 0 {
		Update(blocked, Step{By: 1})
	}
	spilling := preset(t, "spill", 0)
	for spilling.View().Spilled < 3 {
		Update(spilling, Step{By: 1})
	}
	flaky := preset(t, "flaky", 0)
	for flaky.View().Failed == 0 {
		Update(flaky, Step{By: 1})
	}
	held := paused(scenario.Classic(), 5*time.Second)
	Update(held, Hold{consumer(held, 0)})
	crashed := preset(t, "crash", 9*time.Second)
	straight := paused(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Buffer = 0 }), 4*time.Second)
	dead := preset(t, "flaky", 0)
	for dead.View().DeadLettered == 0 {
		Update(dead, Step{By: 1})
	}
	for m, want := range map[*Model]string{
		blocked:  ": waiting for room.",
		spilling: ", 3 in the repository.",
		flaky:    ", pausing before it tries event ",
		held:     ", busy with event 2, paused.",
		crashed:  " lost in a crash.",
		straight: "consumer: no buffer, busy with event ",
		dead:     ", 1 dead letter.",
	} {
		if got := describe(m.Moment()); !strings.Contains(got, want) {
			t.Errorf("it reads %q, without %q", got, want)
		}
	}
}
