//go:build !js

package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/domtest"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/app/screen"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// visible are the charts that the page shows.
func visible(t *testing.T, page *domtest.Element) (ids []string) {
	for _, c := range domtest.One(t, page.Class("charts")).Class("chart") {
		svg := domtest.One(t, c.Tags("svg"))
		if c.Attrs["hidden"] != "true" {
			ids = append(ids, svg.Attrs["id"])
		}
		if svg.Attrs["role"] != "img" || svg.Attrs["aria-label"] == "" {
			t.Errorf("the chart %s has the role %q and the name %q", svg.Attrs["id"], svg.Attrs["role"], svg.Attrs["aria-label"])
		}
		if slider := domtest.One(t, c.Tags("input")); slider.Attrs["type"] != "range" || !strings.Contains(slider.Attrs["aria-label"], domtest.One(t, c.Tags("h2")).Text) {
			t.Errorf("the slider of %s is %v", svg.Attrs["id"], slider.Attrs)
		}
	}
	return ids
}

func TestOneChartTakesTheRow(t *testing.T) {
	b := open(t, "")
	all := []string{screen.ChartID(dom.IDs(""), "depth"), screen.ChartID(dom.IDs(""), "rate"), screen.ChartID(dom.IDs(""), "time")}
	if got := visible(t, b.html()); !slices.Equal(got, all) {
		t.Errorf("at first there are %q", got)
	}
	for i, k := range chart.Kinds {
		b.send(play.ShowChart{Chart: k.ID})
		if got := visible(t, b.html()); !slices.Equal(got, all[i:i+1]) {
			t.Errorf("enlarged there are %q, want %q", got, all[i])
		}
		named := func(name string) int {
			return len(b.html().All(func(e *domtest.Element) bool { return e.Tag == "button" && e.Attrs["aria-label"] == name }))
		}
		if named("Show all charts") != 1 || named("Enlarge "+strings.ToLower(k.Title)) != 0 {
			t.Errorf("with %s enlarged the buttons have other names", k.ID)
		}
	}
	b.send(play.ShowChart{Chart: play.AllCharts})
	if got := visible(t, b.html()); !slices.Equal(got, all) {
		t.Errorf("in the end there are %q", got)
	}
}

func TestTheorySaysWhatItExpectsOrWhyNot(t *testing.T) {
	b := open(t, "")
	b.send(play.Seek{At: 10 * time.Second})
	said := domtest.One(t, b.html().Class("theory"))
	for _, want := range []string{"D/D/1/4 loses 50.0 %, so far 11.1 %", "In the long run it loses 50.0 %", "busy for 100 %", "So far it lost 11.1 %"} {
		if !strings.Contains(said.Text, want) {
			t.Errorf("it says %q, want %q in it", said.Text, want)
		}
	}
	b.send(playtest.SetService(b.page.model, time.Second))
	b.send(play.LoadPreset{ID: "flaky"})
	if said := domtest.One(t, b.html().Class("theory")); !strings.Contains(said.Text, "no formula: it tries again what fails") || !strings.Contains(said.Text, "because it tries again what fails") {
		t.Errorf("of retries it says %q", said.Text)
	}
	b.send(play.LoadPreset{ID: "fan-out"}, play.Seek{At: 9 * time.Second})
	if said := domtest.One(t, b.html().Class("theory")); !strings.HasPrefix(said.Text, "Theorymailer: D/D/1/4 loses 70.6 %") {
		t.Errorf("of three consumers it says %q", said.Text)
	}
	b.send(play.Select{Subject: b.page.model.Roster.Subject(play.Selection{Role: scenario.OfConsumer, Actor: 0})})
	if said := domtest.One(t, b.html().Class("theory")); !strings.HasPrefix(said.Text, "Theorybilling: D/D/1/4 takes 200 ms and loses nothing") {
		t.Errorf("of the one that is selected it says %q", said.Text)
	}
}

func TestAChangeOfTheRunIsSaidBesideTheTheory(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 4*time.Second)
	play.Update(m, playtest.SetBuffer(1))
	play.Update(m, play.Seek{At: 8 * time.Second})
	said := predictionsOf(m.Moment(), new(judgements).of(m.Moment()))
	if want := "The run may differ: the settings were others until 4s."; !strings.Contains(said[0].Text, want) || said[0].Model != "D/D/1/2" {
		t.Errorf("it says %+v, want %q", said[0], want)
	}
	play.Update(m, play.Seek{At: 2 * time.Second})
	if said := predictionsOf(m.Moment(), new(judgements).of(m.Moment())); said[0].Model != "D/D/1/4" || strings.Contains(said[0].Text, "may differ") {
		t.Errorf("before the change it says %+v", said[0])
	}
}
