package panel

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Editor takes the messages of the panel, and answers what is wrong with them. The
// page is one.
type Editor interface {
	dom.Sender[play.Msg]
	Try(ctx app.Context, msg play.Msg) error
}

// Panel shows the scenario with the settings of the moment, and changes them.
type Panel struct {
	app.Compo

	To           Editor
	Settings     scenario.Scenario // of all who were there, by their places in the run
	Stopped      play.Members      // producers
	Left, Paused play.Members      // consumers
	Roster       play.Roster
	Selection    play.Selection
	Load         int  // of the scenario
	Long         bool // the run is too long to be run again on every move of a slider
	Ended        bool // a change begins a new run

	open map[play.Actor]bool // whose further settings are shown
}

func (p *Panel) Render() app.UI { return dom.Contained(dom.TheScenario, "side", p.render) }

func (p *Panel) render() app.UI {
	return app.Elem("aside").Class("side").Aria("label", "Scenario").Body(
		p.actors(scenario.OfProducer),
		&brokerCard{Panel: p, Broker: p.Settings.Broker, Load: p.Load, Ended: p.Ended, Selected: p.Selection == play.Selection{Role: scenario.OfBroker}},
		p.actors(scenario.OfConsumer),
		&runCard{Panel: p, Duration: p.Settings.Duration, Seed: p.Settings.Seed, Start: p.Settings.Start, Load: p.Load},
		dom.Text("p", "hint", "A change takes effect from this moment on and is part of the link."),
	)
}

// actors are the producers or the consumers.
func (p *Panel) actors(role scenario.Role) app.UI {
	s := &p.Settings
	title, kind, all, gone := "Producers", "producer", len(s.Producers), p.Stopped
	if role == scenario.OfConsumer {
		title, kind, all, gone = "Consumers", "consumer", len(s.Consumers), p.Left
	}
	var present []int // by their places in the run
	for i := range all {
		if !gone.Has(i) {
			present = append(present, i)
		}
	}
	most := scenario.MaxProducers
	full := len(present) >= most || all >= most && !p.Ended // else who has left still takes part in the run
	return app.Elem("section").Class("cast").Aria("label", title).Body(
		dom.El("h2", "",
			app.Text(title),
			dom.Button().ID("add-"+kind).Class("btn").Attr("disabled", full).Aria("label", "Add a "+kind).
				Title(addTitle(kind, full, len(present))).Text("+ Add").OnClick(p.add(role), role),
		),
		dom.When(present == nil, dom.Text("p", "hint", "All "+kind+"s have left this run. A new one begins with them.")),
		dom.RangeOf(len(present), func(place int) app.UI {
			i := present[place]
			card := &actorCard{
				Panel: p, Actor: p.Roster.At(role, i), Load: p.Load, Ended: p.Ended,
				First: place == 0, Last: place == len(present)-1,
				Selected: p.Selection == play.Selection{Role: role, Actor: i},
			}
			if role == scenario.OfProducer {
				card.Producer = s.Producers[i]
			} else {
				card.Consumer, card.Paused = s.Consumers[i], p.Paused.Has(i)
			}
			card.Open = p.open[card.Actor]
			return card
		}),
	)
}

func addTitle(kind string, full bool, present int) string {
	const most = scenario.MaxProducers // and as many consumers
	switch {
	case full && present < most:
		return "A run has at most " + strconv.Itoa(most) + " " + kind + "s, and those who have left count"
	case full:
		return "A run has at most " + strconv.Itoa(most) + " " + kind + "s"
	}
	return "Add a " + kind + " with the settings of the last, from this moment on"
}

func (p *Panel) add(role scenario.Role) app.EventHandler {
	return func(ctx app.Context, e app.Event) { p.To.Send(ctx, play.Add{Role: role}) }
}

// cardClass is that of a card.
func cardClass(selected bool) string {
	if selected {
		return "card selected"
	}
	return "card"
}

// Toggle shows or hides an actor's further settings.
func (p *Panel) Toggle(a play.Actor) {
	if p.open == nil {
		p.open = map[play.Actor]bool{}
	}
	p.open[a] = !p.open[a]
}

// Fields are the fields for the only one of that role in s: an actor of the run, or
// the broker or the run itself, whose name is empty.
func (p *Panel) Fields(s *scenario.Scenario, of play.Actor, who string, more bool) []app.UI {
	var all []app.UI
	for _, c := range controls[of.Role] {
		if c.more != more {
			continue
		}
		v, text := c.field.Get(s, of.Role, 0)
		all = append(all, &field{Panel: p, Of: c, Actor: of, Who: who, Load: p.Load, Value: v, Text: text})
	}
	return all
}

// brokerCard has the settings of the broker.
type brokerCard struct {
	app.Compo

	Panel    *Panel
	Broker   scenario.Broker
	Load     int
	Ended    bool
	Selected bool
}

func (b *brokerCard) Render() app.UI { return dom.Contained(dom.TheScenario, "", b.render) }

func (b *brokerCard) render() app.UI {
	return app.Elem("section").Class("cast").Aria("label", "Broker").Body(
		dom.El("h2", "",
			dom.Button().Class("plain").Aria("pressed", b.Selected).Title("Look at the broker closely").Text("Broker").OnClick(b.look),
		),
		dom.El("div", cardClass(b.Selected),
			append(b.Panel.Fields(&scenario.Scenario{Broker: b.Broker}, play.Actor{Role: scenario.OfBroker}, "", false),
				dom.El("div", "acts",
					dom.Button().Class("btn small").Attr("disabled", b.Ended).
						Title("The process ends and starts again: what is in memory is lost, the repository is not (X)").
						Text("Crash the process").OnClick(b.crash),
				))...,
		),
	)
}

func (b *brokerCard) look(ctx app.Context, e app.Event) {
	b.Panel.To.Send(ctx, play.Pick{Subject: play.Subject{Actor: play.Actor{Role: scenario.OfBroker}}})
}

func (b *brokerCard) crash(ctx app.Context, e app.Event) {
	b.Panel.To.Send(ctx, play.Do{Action: scenario.Crash})
}

// runCard has what concerns the whole run.
type runCard struct {
	app.Compo

	Panel    *Panel
	Duration scenario.Duration
	Seed     uint64
	Start    scenario.Start
	Load     int
}

func (r *runCard) Render() app.UI { return dom.Contained(dom.TheScenario, "", r.render) }

func (r *runCard) render() app.UI {
	return app.Elem("section").Class("cast").Aria("label", "Run").Body(
		dom.Text("h2", "", "Run"),
		dom.El("div", "card",
			r.Panel.Fields(&scenario.Scenario{Duration: r.Duration, Seed: r.Seed, Start: r.Start}, play.Actor{Role: scenario.OfRun}, "", false)...,
		),
	)
}
