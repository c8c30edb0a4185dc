package inspect

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/app/stage"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// shownCard is the card of a selection, once all has been found out.
func shownCard(t *testing.T, m *play.Model, s play.Selection) Card {
	t.Helper()
	play.Update(m, play.Select{Subject: m.Roster.Subject(s)})
	var look Closeup
	for range 1000 {
		play.Update(m, play.Frame{Elapsed: 16 * time.Millisecond, More: playtest.Yes})
		look.Look(m.Moment(), 16*time.Millisecond)
		look.Search(playtest.No)
		if search := look.whatIf; look.since > lookTime && (search == nil || search.Answer().Done) {
			break
		}
	}
	c, ok := CardOf(m.Moment(), &look)
	if !ok {
		t.Fatalf("%+v has no card", s)
	}
	return c
}

// cardAtOnce is the card of what has just come to be looked at.
func cardAtOnce(m *play.Model) (Card, bool) {
	var look Closeup
	look.Look(m.Moment(), 0)
	return CardOf(m.Moment(), &look)
}

// storyLines is a card's story as text.
func (c *Card) storyLines() (lines []string) {
	for _, p := range c.Story {
		lines = append(lines, p.when()+" "+p.Text)
	}
	return lines
}

func TestTheCardOfADroppedEventSaysWhyAndWhatWouldHaveKeptIt(t *testing.T) {
	c := shownCard(t, playtest.Paused(scenario.Classic(), 8500*time.Millisecond), playtest.EventOf(0, 6))
	if c.Title != "event 6 of producer" || c.Why != "Buffer of consumer full: 3, 4, 5 waiting; consumer busy with 2 until 00:07.0" || c.WhatIf != "a buffer of 4 would have kept it" {
		t.Errorf("it says %q, %q, %q", c.Title, c.Why, c.WhatIf)
	}
	if got := c.storyLines(); !slices.Equal(got, []string{"00:07.0 published by producer", "00:07.0 consumer: dropped"}) {
		t.Errorf("its story is %q", got)
	}
}

func TestTheStoryOfAnEventIsThatOfTheMomentThatIsShown(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 0)
	for _, c := range []struct {
		at   time.Duration
		want []string
	}{
		{2500, []string{"00:02.0 published by producer", "00:02.0 … consumer: waits in the buffer, 1st in line"}},
		{3500, []string{"00:02.0 published by producer", "00:02.0–00:03.0 consumer: waited 1 s", "00:03.0 … consumer: is being handled"}},
		{6000, []string{"00:02.0 published by producer", "00:02.0–00:03.0 consumer: waited 1 s", "00:03.0–00:05.0 consumer: handled in 2 s"}},
		{500, nil},
	} {
		play.Update(m, play.Seek{At: c.at * time.Millisecond})
		card := shownCard(t, m, playtest.EventOf(0, 1))
		if got := card.storyLines(); !slices.Equal(got, c.want) {
			t.Errorf("at %v it is %q, want %q", m.At(), got, c.want)
		}
		if c.want == nil && card.Note != "It is not yet published." {
			t.Errorf("before it is published its card says %q", card.Note)
		}
	}
}

// Event 5 of the classic comes in as the third, and moves up.
func TestThePlaceInLineIsThatOfTheMoment(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 0)
	for at, place := range map[time.Duration]string{6500: "3rd", 7500: "2nd", 9500: "1st"} {
		play.Update(m, play.Seek{At: at * time.Millisecond})
		card := shownCard(t, m, playtest.EventOf(0, 5))
		lines := card.storyLines()
		if want := "00:06.0 … consumer: waits in the buffer, " + place + " in line"; !slices.Contains(lines, want) {
			t.Errorf("at %v it is %q, without %q", m.At(), lines, want)
		}
	}
}

func TestStoriesTellOfRetriesSpillsWaitsAndCrashes(t *testing.T) {
	for _, c := range []struct {
		preset string
		at     time.Duration
		find   journal.Kind
		want   []string
	}{
		{"flaky", 30 * time.Second, journal.DeadLettered, []string{"bank: attempt 1 failed after 400 ms", "bank: paused 300 ms", "bank: attempt 3 failed", "bank: no attempt is left"}},
		{"spill", 20 * time.Second, journal.Refilled, []string{"warehouse: waited in the repository", "warehouse: waited", "warehouse: handled in"}},
		{"backpressure", 15 * time.Second, journal.Unblocked, []string{"waited for room", "consumer: waited"}},
		{"crash", 15 * time.Second, journal.Crashed, []string{"lost from memory in the crash"}},
	} {
		m := playtest.Preset(t, c.preset, c.at)
		var found journal.Event
		for _, r := range playtest.Recorded(m) {
			if r.Kind == c.find {
				if found = r.Event(); r.Kind == journal.Crashed {
					before := m.Journal()
					var st journal.State
					before.Seek(&st, before.Search(r.At-1))
					found = before.Waiting(nil, &st, 0, 1)[0]
				}
				break
			}
		}
		card := shownCard(t, m, playtest.EventOf(int(found.Producer), found.Number))
		story := strings.Join(card.storyLines(), "\n")
		for _, want := range c.want {
			if !strings.Contains(story, want) {
				t.Errorf("%s: the story of event %d has no %q:\n%s", c.preset, found.Number, want, story)
			}
		}
	}
}

func TestEveryThingOnTheStageHasACard(t *testing.T) {
	for _, p := range scenario.Presets() {
		m := playtest.Paused(p.Scenario, 8500*time.Millisecond)
		var s stage.Scene
		s.Draw(m.Moment(), 1000, 600, 0)
		for _, target := range s.Layout.Targets(nil) {
			c := shownCard(t, m, target.Selection)
			if c.Title == "" || c.Ink == "" || !c.Pinned || len(c.Facts) == 0 && c.Note == "" {
				t.Errorf("%s: the card of %+v is %+v", p.ID, target.Selection, c)
			}
			for _, f := range c.Facts {
				if f.Name == "" || f.Value == "" {
					t.Errorf("%s: on the card of %s is the fact %+v", p.ID, c.Title, f)
				}
			}
			if len(c.Names) != len(c.Events) || len(c.Events) > 0 && c.List == "" {
				t.Errorf("%s: the card of %s lists %v, %v as %q", p.ID, c.Title, c.Events, c.Names, c.List)
			}
		}
	}
}

func TestACardHasWhatCanBeDone(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 5*time.Second)
	act := func(s play.Selection, want string) {
		t.Helper()
		c := shownCard(t, m, s)
		if len(c.Actions) != 1 || c.Actions[0].Text != want {
			t.Fatalf("on the card of %s are %+v, want %q", c.Title, c.Actions, want)
		}
		play.Update(m, c.Actions[0].Msg)
	}
	consumer := play.Selection{Role: scenario.OfConsumer}
	published := m.View().Published
	if act(play.Selection{Role: scenario.OfProducer}, "Publish one"); m.View().Published != published+1 {
		t.Error("nothing is published")
	}
	if act(consumer, "Pause it"); !m.View().Consumers[0].Paused {
		t.Error("it is not paused")
	}
	if act(consumer, "Let it go on"); m.View().Consumers[0].Paused {
		t.Error("it does not go on")
	}
	if act(play.Selection{Role: scenario.OfBroker}, "Crash the process"); m.View().Crashes != 1 {
		t.Error("it does not crash")
	}
	play.Update(m, play.Seek{At: m.Duration()})
	if c := shownCard(t, m, consumer); len(c.Actions) > 0 {
		t.Errorf("when it is over, there is %+v to do", c.Actions)
	}
}

func TestWhatIsHoveredOverHasACardWhileNothingIsSelected(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 5*time.Second)
	producer, consumer := play.Selection{Role: scenario.OfProducer}, play.Selection{Role: scenario.OfConsumer}
	if _, ok := cardAtOnce(m); ok {
		t.Error("there is a card of nothing")
	}
	play.Update(m, play.Hover{Subject: m.Roster.Subject(producer)})
	if c, ok := cardAtOnce(m); !ok || c.Of != producer || c.Pinned {
		t.Errorf("it is %+v", c)
	}
	play.Update(m, play.Select{Subject: m.Roster.Subject(consumer)})
	if c, _ := cardAtOnce(m); c.Of != consumer || !c.Pinned {
		t.Errorf("it is %+v", c)
	}
	play.Update(m, play.Select{})
	play.Update(m, play.Hover{})
	if _, ok := cardAtOnce(m); ok {
		t.Error("the card stays")
	}
}

func TestAStoryTellsOnlyWhatLasts(t *testing.T) {
	for _, p := range scenario.Presets() {
		m := playtest.Preset(t, p.ID, time.Duration(p.Duration))
		for _, r := range playtest.Recorded(m) {
			if r.Kind != journal.Produced || r.Number > 50 {
				continue
			}
			for _, passage := range shownCard(t, m, playtest.EventOf(int(r.Producer), r.Number)).Story {
				if passage.Text == "" || strings.Contains(passage.Text, " 0 ns") {
					t.Errorf("%s: the story of event %d has %q", p.ID, r.Number, passage.Text)
				}
			}
		}
	}
}

func TestTheCardOfAPausedConsumerSaysWhatItIsStillAt(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 5*time.Second)
	play.Update(m, play.Hold{Actor: playtest.Consumer(m, 0)})
	if got := shownCard(t, m, play.Selection{Role: scenario.OfConsumer}).Note; got != "A consumer, paused, busy with 2 until 00:07.0." {
		t.Errorf("it says %q", got)
	}
}

func TestAnEventThatHasEndedIsLookedForWhereItEnded(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 0)
	play.Update(m, play.Select{Subject: m.Roster.Subject(playtest.EventOf(0, 6))})
	for at, want := range map[time.Duration]play.Selection{
		6 * time.Second: {Role: scenario.OfProducer},
		9 * time.Second: {Role: scenario.OfBroker, Part: play.Dropped},
	} {
		play.Update(m, play.Seek{At: at})
		var look Closeup
		look.Look(m.Moment(), 0)
		if got := look.Ended(m.Moment()); got != want {
			t.Errorf("at %v it is looked for at %+v, want %+v", at, got, want)
		}
	}
}
