package app

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// figures are all charts of a model at a size.
func figures(m *Model, width, height float64) map[Chart][]*figure {
	all := map[Chart][]*figure{}
	for _, k := range chartKinds {
		p := k.plot(new(plotter), m.Moment(), width)
		base := p.draw(width, height)
		all[k.id] = []*figure{base, p.overlay(base, -1), p.overlay(base, 0), p.overlay(base, 0.4), p.overlay(base, 1)}
	}
	return all
}

// sights are moments of runs that differ in what there is to draw.
func sights(t *testing.T) map[string]*Model {
	sights := map[string]*Model{"at the start": paused(scenario.Classic(), 0), "sixteen": paused(labtest.Many(16, 16, 3), 9*time.Second)}
	for _, p := range scenario.Presets() {
		sights[p.ID] = paused(p.Scenario, time.Duration(p.Duration))
	}
	back := paused(scenario.Classic(), 10*time.Second)
	Update(back, Seek{At: 4 * time.Second})
	sights["scrubbed back"] = back
	huge := labtest.Edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval = scenario.Duration(200 * time.Microsecond)
		s.Consumers[0].Name = "a name of thirty-two characters!"
		s.Broker = scenario.Broker{Buffer: 1_000_000, Overflow: broker.DropOldest}
	})
	sights["many events"] = paused(huge, 10*time.Second)
	return sights
}

func TestEverythingIsInsideTheChart(t *testing.T) {
	for name, m := range sights(t) {
		for _, size := range [][2]float64{{217, 150}, {190, 110}, {700, 330}, {366, 150}, {290, 100}} {
			for k, layers := range figures(m, size[0], size[1]) {
				for i, f := range layers {
					for _, p := range f.pieces {
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
func outside(t *testing.T, p chartPiece, size [2]float64) string {
	if p.text != "" {
		left := p.at.X - textWidth(p.text)*float64(p.align)/2
		if left < -1 || left+textWidth(p.text) > size[0]+1 || p.at.Y < 8 || p.at.Y > size[1] {
			return fmt.Sprintf("%q is at %v, from %v to %v", p.text, p.at, left, left+textWidth(p.text))
		}
		return ""
	}
	if strings.ContainsAny(p.path, "NnIi") {
		return "the path is " + p.path
	}
	if strings.ContainsAny(p.path, "ahvz") { // a box: its start will do
		return ""
	}
	for _, c := range corners(t, p.path) {
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
				for _, p := range layers[0].pieces {
					if p.text == "" || p.at.Y < 140 {
						continue
					}
					if left := p.at.X - textWidth(p.text)/2; left < end+1 {
						t.Errorf("%s, %s %v wide: %q begins at %v, after %v", name, k, width, p.text, left, end)
					}
					end = p.at.X + textWidth(p.text)/2
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
		for _, k := range chartKinds {
			for _, theme := range []Theme{Dark, Light} {
				text := k.svg(m.Moment(), theme)
				texts := 0
				for d := xml.NewDecoder(strings.NewReader(text)); ; {
					token, err := d.Token()
					if errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						t.Fatalf("%s, %s: %v in\n%s", name, k.id, err, text)
					}
					if e, ok := token.(xml.StartElement); ok && e.Name.Local == "text" {
						texts++
					}
				}
				if texts < 4 || strings.Contains(text, "var(") || strings.Contains(text, `=""`) ||
					!strings.Contains(text, themeColors[theme][InkSurface]) || !strings.Contains(text, "<title>"+k.title) {
					t.Errorf("%s, %s, %s: the file is\n%.600s", name, k.id, theme, text)
				}
			}
		}
	}
}

func wordsOf(m *Model, k *chartKind) string {
	return k.words(m.Moment(), k.plot(new(plotter), m.Moment(), 300))
}

func TestAChartInWordsHasItsNumbers(t *testing.T) {
	m := paused(scenario.Classic(), 8400*time.Millisecond)
	for k, want := range map[Chart][]string{
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
	m = paused(scenario.Classic(), 0)
	for _, k := range chartKinds {
		if got := wordsOf(m, k); !strings.Contains(got, "yet.") {
			t.Errorf("at the start %s says %q", k.id, got)
		}
	}
}

func BenchmarkCharts(b *testing.B) {
	for name, m := range map[string]*Model{
		"classic":  paused(scenario.Classic(), 9*time.Second),
		"16 by 16": paused(labtest.Many(16, 16, 3), 9*time.Second),
		"16 by 16 h": paused(func() scenario.Scenario {
			s := labtest.Many(16, 16, 3)
			s.Duration = scenario.Duration(time.Hour)
			return s
		}(), time.Hour),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var p plotter
			for b.Loop() {
				for _, k := range chartKinds {
					plot := k.plot(&p, m.Moment(), 217)
					plot.overlay(plot.draw(217, 165), -1)
				}
			}
		})
	}
}
