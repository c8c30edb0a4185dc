package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// figures are all charts of a model at a size.
func figures(m *play.Model, width, height float64) map[play.Chart][]*Figure {
	all := map[play.Chart][]*Figure{}
	for _, k := range Kinds {
		p := k.Plot(new(Plotter), m.Moment(), width)
		base := p.Draw(width, height)
		all[k.ID] = []*Figure{base, p.Overlay(base, -1), p.Overlay(base, 0), p.Overlay(base, 0.4), p.Overlay(base, 1)}
	}
	return all
}

// sights are moments of runs that differ in what there is to draw.
func sights(t *testing.T) map[string]*play.Model {
	sights := map[string]*play.Model{"at the start": playtest.Paused(scenario.Classic(), 0), "sixteen": playtest.Paused(labtest.Many(16, 16, 3), 9*time.Second)}
	for _, p := range scenario.Presets() {
		sights[p.ID] = playtest.Paused(p.Scenario, time.Duration(p.Duration))
	}
	back := playtest.Paused(scenario.Classic(), 10*time.Second)
	play.Update(back, play.Seek{At: 4 * time.Second})
	sights["scrubbed back"] = back
	huge := labtest.Edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval = scenario.Duration(200 * time.Microsecond)
		s.Consumers[0].Name = "a name of thirty-two characters!"
		s.Broker = scenario.Broker{Buffer: 1_000_000, Overflow: broker.DropOldest}
	})
	sights["many events"] = playtest.Paused(huge, 10*time.Second)
	return sights
}

func TestEverythingIsInsideTheChart(t *testing.T) {
	for name, m := range sights(t) {
		for _, size := range [][2]float64{{217, 150}, {190, 110}, {700, 330}, {366, 150}, {290, 100}} {
			for k, layers := range figures(m, size[0], size[1]) {
				for i, f := range layers {
					for _, p := range f.Pieces {
						if err := outside(t, p, size); err != "" {
							t.Errorf("%s, %s %v, layer %d: %s", name, k, size, i, err)
						}
					}
				}
			}
		}
	}
}

// outside says what of a piece is outside of a chart of that size.
func outside(t *testing.T, p Piece, size [2]float64) string {
	if p.Text != "" {
		left := p.at.X - textWidth(p.Text)*float64(p.align)/2
		if left < -1 || left+textWidth(p.Text) > size[0]+1 || p.at.Y < 8 || p.at.Y > size[1] {
			return fmt.Sprintf("%q is at %v, from %v to %v", p.Text, p.at, left, left+textWidth(p.Text))
		}
		return ""
	}
	if strings.ContainsAny(p.Path, "NnIi") {
		return "the path is " + p.Path
	}
	if strings.ContainsAny(p.Path, "ahvz") { // a box: its start will do
		return ""
	}
	for _, c := range corners(t, p.Path) {
		if c.X < -1 || c.X > size[0]+1 || c.Y < -1 || c.Y > size[1]+1 {
			return fmt.Sprintf("a path goes to %v", c)
		}
	}
	return ""
}

func TestTheLabelsBelowDoNotTouch(t *testing.T) {
	for name, m := range sights(t) {
		for _, width := range []float64{190, 217, 366, 700} {
			for k, layers := range figures(m, width, 150) {
				end := -10.0
				for _, p := range layers[0].Pieces {
					if p.Text == "" || p.at.Y < 140 {
						continue
					}
					if left := p.at.X - textWidth(p.Text)/2; left < end+1 {
						t.Errorf("%s, %s %v wide: %q begins at %v, after %v", name, k, width, p.Text, left, end)
					}
					end = p.at.X + textWidth(p.Text)/2
				}
				if end < 0 && !(k == "time" && m.View().Handled == 0) {
					t.Errorf("%s, %s %v wide: there are no labels", name, k, width)
				}
			}
		}
	}
}

func TestAChartIsAFileOfItsOwn(t *testing.T) {
	for name, m := range sights(t) {
		for _, k := range Kinds {
			for _, theme := range []draw.Theme{draw.Dark, draw.Light} {
				text := k.SVG(m.Moment(), theme)
				texts := 0
				for d := xml.NewDecoder(strings.NewReader(text)); ; {
					token, err := d.Token()
					if errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						t.Fatalf("%s, %s: %v in\n%s", name, k.ID, err, text)
					}
					if e, ok := token.(xml.StartElement); ok && e.Name.Local == "text" {
						texts++
					}
				}
				if texts < 4 || strings.Contains(text, "var(") || strings.Contains(text, `=""`) ||
					!strings.Contains(text, draw.ThemeColors[theme][draw.InkSurface]) || !strings.Contains(text, "<title>"+k.Title) {
					t.Errorf("%s, %s, %s: the file is\n%.600s", name, k.ID, theme, text)
				}
			}
		}
	}
}

func wordsOf(m *play.Model, k *Kind) string {
	return k.Words(m.Moment(), k.Plot(new(Plotter), m.Moment(), 300))
}

func TestAChartInWordsHasItsNumbers(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 8400*time.Millisecond)
	for k, want := range map[play.Chart][]string{
		"depth": {"Buffer depth, at 8.4 s", "consumer 3 of 3, at most 3"},
		"rate":  {"in events / s", "in 1,", "out 0.5", "drop"},
		"time":  {"3 events handled", "from 2 s to 4 s", "half of them within 3 s"},
	} {
		got := wordsOf(m, KindOf(k))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s says %q, want %q in it", k, got, w)
			}
		}
	}
	m = playtest.Paused(scenario.Classic(), 0)
	for _, k := range Kinds {
		if got := wordsOf(m, k); !strings.Contains(got, "yet.") {
			t.Errorf("at the start %s says %q", k.ID, got)
		}
	}
}

func BenchmarkCharts(b *testing.B) {
	for name, m := range map[string]*play.Model{
		"classic":  playtest.Paused(scenario.Classic(), 9*time.Second),
		"16 by 16": playtest.Paused(labtest.Many(16, 16, 3), 9*time.Second),
		"16 by 16 h": playtest.Paused(func() scenario.Scenario {
			s := labtest.Many(16, 16, 3)
			s.Duration = scenario.Duration(time.Hour)
			return s
		}(), time.Hour),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var p Plotter
			for b.Loop() {
				for _, k := range Kinds {
					plot := k.Plot(&p, m.Moment(), 217)
					plot.Overlay(plot.Draw(217, 165), -1)
				}
			}
		})
	}
}
