//go:build !js

package panel

import (
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/domtest"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Events can come faster than the page is rendered: what was rendered is then older
// than the model.

// cardOfActor is the card of one as it is rendered, with what it sends.
func cardOfActor(m *play.Model, role scenario.Role, actor int) (*actorCard, *domtest.Recorder) {
	to, s := &domtest.Recorder{Model: m}, m.Now()
	card := &actorCard{Panel: &Panel{To: to, Settings: s}, Actor: m.Roster.At(role, actor)}
	if role == scenario.OfProducer {
		card.Producer = s.Producers[actor]
	} else {
		card.Consumer = s.Consumers[actor]
	}
	return card, to
}

func TestWhoIsMovedTwiceMovesTwoPlaces(t *testing.T) {
	m := playtest.Paused(labtest.Many(1, 3, 3), time.Second)
	card, to := cardOfActor(m, scenario.OfConsumer, 0)
	card.onDown(nil, app.Event{})
	card.onDown(nil, app.Event{})
	if got := to.Model.Scenario.Consumers[2].Name; got != "q" {
		t.Errorf("the last is %q", got)
	}
}

func TestARemoveThatComesTwiceRemovesOne(t *testing.T) {
	m := playtest.Paused(labtest.Many(1, 3, 3), 0)
	card, to := cardOfActor(m, scenario.OfConsumer, 0)
	card.onRemove(nil, app.Event{})
	card.onRemove(nil, app.Event{})
	if c := to.Model.Scenario.Consumers; len(c) != 2 || c[0].Name != "r" {
		t.Errorf("there are %+v", c)
	}
}

func TestOneIsHeldAndReleasedByTwoClicks(t *testing.T) {
	m := playtest.Paused(labtest.Trio(), time.Second)
	card, to := cardOfActor(m, scenario.OfConsumer, 1)
	card.onAct(nil, app.Event{})
	if !to.Model.View().Consumers[1].Paused {
		t.Error("it goes on")
	}
	card.onAct(nil, app.Event{})
	if to.Model.View().Consumers[1].Paused {
		t.Error("it is held")
	}
}

func TestOneIsSelectedAndLetGoByTwoClicks(t *testing.T) {
	m := playtest.Paused(labtest.Trio(), time.Second)
	card, _ := cardOfActor(m, scenario.OfConsumer, 1)
	for _, want := range []play.Selection{{Role: scenario.OfConsumer, Actor: 1}, {}} {
		if card.onLook(nil, app.Event{}); m.Selection() != want {
			t.Errorf("selected is %+v", m.Selection())
		}
	}
}

func TestAValueThatIsChangedBackAtOnceIsBack(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), time.Second)
	f, to := fieldOf(t, m, scenario.OfBroker, "buffer")
	f.set(nil, 5, "", play.NoSlide)
	f.set(nil, 3, "", play.NoSlide)
	if got := to.Model.Now().Broker.Buffer; got != 3 {
		t.Errorf("the buffer holds %d", got)
	}
}

func TestAFieldIsForWhomItWasRendered(t *testing.T) {
	m := playtest.Paused(labtest.Trio(), time.Second)
	f, to := fieldOf(t, m, scenario.OfConsumer, "workers")
	f.Panel.Settings = m.Now()
	play.Update(m, play.Move{Actor: playtest.Consumer(m, 0), By: 1})
	f.set(nil, 7, "", play.NoSlide)
	for _, c := range to.Model.Now().Consumers {
		if workers := max(1, c.Workers); (c.Name == "ledger") != (workers == 7) {
			t.Errorf("%s has %d workers", c.Name, workers)
		}
	}
}
