package screen

import (
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/app/stage"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestTheStageIsToldInWords(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 7200*time.Millisecond)
	want := "At 7.2 s: 7 events published, 4 delivered, 1 dropped. consumer: 2 of 3 waiting, busy with event 3."
	if got := stage.Describe(m.Moment()); got != want {
		t.Errorf("it reads %q, want %q", got, want)
	}
	play.Update(m, play.Seek{At: 10 * time.Second})
	if got := stage.Describe(m.Moment()); !strings.HasPrefix(got, "At 10 s: ") || !strings.HasSuffix(got, ". The run has ended.") {
		t.Errorf("at the end it reads %q", got)
	}
	play.Update(m, play.Seek{At: 0})
	if got := stage.Describe(m.Moment()); got != "At 0 s: 0 events published, 0 delivered, 0 dropped. consumer: 0 of 3 waiting." {
		t.Errorf("at the start it reads %q", got)
	}
}

func TestTheWordsAreRenewedNowAndThenWhileItPlaysAndAtOnceWhenItStandsStill(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := play.NewModel()
	var s summary
	if !s.update(m.Moment(), now) || s.text == "" {
		t.Error("there are no words at first")
	}
	playtest.Pass(m, 2*time.Second)
	if s.update(m.Moment(), now.Add(summaryPause-1)) {
		t.Error("they are renewed too soon")
	}
	if !s.update(m.Moment(), now.Add(summaryPause)) {
		t.Error("they are not renewed in time")
	}
	if s.update(m.Moment(), now.Add(3*summaryPause)) {
		t.Error("the same words count as new")
	}
	playtest.Pass(m, time.Second)
	play.Update(m, play.Pause{})
	if !s.update(m.Moment(), now.Add(summaryPause+1)) || s.text != stage.Describe(m.Moment()) {
		t.Error("when it stands still they are old")
	}
}

func TestTheSpeedIsNotedWhereItIsNotWhatWasAskedFor(t *testing.T) {
	for _, c := range []struct {
		playing bool
		speed   play.Speed
		actual  float64
		want    string
	}{
		{true, 1, 1, ""}, {true, 1, 0.95, ""}, {false, 1, 0.1, ""}, {false, play.Max, 5000, ""},
		{true, 1000, 512.3, "this device reaches 512×"},
		{true, 1, 0.5, "this device reaches 0.5×"},
		{true, play.Max, 412_345, "runs at 412\u202f345×"},
		{true, play.Max, 2_500_000, "runs at 2.5 M×"},
	} {
		m := play.NewModel()
		m.Playing, m.Speed, m.Actual = c.playing, c.speed, c.actual
		if got := stage.SpeedNote(m.Moment()); got != c.want {
			t.Errorf("%v at %v reads %q, want %q", c.speed, c.actual, got, c.want)
		}
	}
}

func TestTheWordsTellWhoWaitsPausesAndWhereTheRestIs(t *testing.T) {
	blocked := playtest.Preset(t, "backpressure", 0)
	for blocked.View().Producers[0].Waiting == 0 {
		play.Update(blocked, play.Step{By: 1})
	}
	spilling := playtest.Preset(t, "spill", 0)
	for spilling.View().Spilled < 3 {
		play.Update(spilling, play.Step{By: 1})
	}
	flaky := playtest.Preset(t, "flaky", 0)
	for flaky.View().Failed == 0 {
		play.Update(flaky, play.Step{By: 1})
	}
	held := playtest.Paused(scenario.Classic(), 5*time.Second)
	play.Update(held, play.Hold{Actor: playtest.Consumer(held, 0)})
	crashed := playtest.Preset(t, "crash", 9*time.Second)
	straight := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Buffer = 0 }), 4*time.Second)
	dead := playtest.Preset(t, "flaky", 0)
	for dead.View().DeadLettered == 0 {
		play.Update(dead, play.Step{By: 1})
	}
	for m, want := range map[*play.Model]string{
		blocked:  ": waiting for room.",
		spilling: ", 3 in the repository.",
		flaky:    ", pausing before it tries event ",
		held:     ", busy with event 2, paused.",
		crashed:  " lost in a crash.",
		straight: "consumer: no buffer, busy with event ",
		dead:     ", 1 dead letter.",
	} {
		playtest.Pass(m, play.FlightTime) // until what a step leads to is seen
		if got := stage.Describe(m.Moment()); !strings.Contains(got, want) {
			t.Errorf("it reads %q, without %q", got, want)
		}
	}
}
