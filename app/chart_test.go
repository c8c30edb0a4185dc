package app

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
)

// corners are the points of a path of M, L, H and V commands.
func corners(t interface{ Fatalf(string, ...any) }, path string) []Point {
	var points []Point
	var at Point
	for _, c := range regexp.MustCompile(`[MLHVZ][^MLHVZ]*`).FindAllString(path, -1) {
		var v []float64
		for _, text := range strings.Fields(c[1:]) {
			n, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatalf("the path has %q", c)
			}
			v = append(v, n)
		}
		switch {
		case (c[0] == 'M' || c[0] == 'L') && len(v) == 2:
			at = Point{v[0], v[1]}
		case c[0] == 'H' && len(v) == 1:
			at.X = v[0]
		case c[0] == 'V' && len(v) == 1:
			at.Y = v[0]
		case c[0] == 'Z' && len(v) == 0:
		default:
			t.Fatalf("the path has %q", c)
		}
		points = append(points, at)
	}
	return points
}

// stepping is a plot with one stepped line.
func stepping(spans []span, reached time.Duration) *timePlot {
	return &timePlot{
		axis: columns{time.Second, len(spans)}, horizon: time.Duration(len(spans)) * time.Second,
		reached: reached, now: reached, whole: true, unit: "events",
		lines: []line{{entry: entry{name: "c", ink: InkFlow}, spans: spans, stepped: true}},
	}
}

func TestALineGoesThroughTheLeastAndTheMostOfEveryColumn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "columns")
		spans := make([]span, n)
		last := 0.0
		for i := range spans {
			next := float64(rapid.IntRange(0, 50).Draw(t, "last"))
			low := min(last, next) - float64(rapid.IntRange(0, int(min(last, next))).Draw(t, "dip"))
			high := max(last, next) + float64(rapid.IntRange(0, 50).Draw(t, "peak"))
			spans[i] = span{low, high, next}
			last = next
		}
		p := stepping(spans, time.Duration(n)*time.Second)
		in := Rect{10, 20, 600, 100}
		s := newScale(p.top(), 4, true)
		points := corners(t, string(p.path(in, s, &p.lines[0])))
		f := &figure{plot: in}
		at := in.X - 1
		for i, want := range spans {
			x := p.x(in, time.Duration(i)*time.Second)
			low, high := math.Inf(1), math.Inf(-1)
			for j, c := range points {
				if c.X < at-0.06 || j > 0 && c.X < points[j-1].X {
					t.Fatalf("the line goes back to %v", c)
				}
				if math.Abs(c.X-x) < 0.06 || j > 0 && points[j-1].X < x && c.X > x {
					low, high = min(low, in.bottom()-c.Y), max(high, in.bottom()-c.Y)
				}
			}
			if h := in.bottom() - f.y(s, want.high); high < h-0.1 || high > h+0.1 {
				t.Fatalf("column %d of %v reaches up to %v, want %v", i, spans, high, h)
			}
			if l := in.bottom() - f.y(s, want.low); low < l-0.1 || low > l+0.1 {
				t.Fatalf("column %d of %v reaches down to %v, want %v", i, spans, low, l)
			}
		}
	})
}

func TestALineEndsWhereTheRunDoes(t *testing.T) {
	spans := []span{{0, 0, 0}, {0, 2, 1}, {1, 1, 1}, {1, 1, 1}}
	in := Rect{0, 0, 400, 90}
	for reached, want := range map[time.Duration]float64{0: -1, time.Second: 100, 2500 * time.Millisecond: 250, 4 * time.Second: 400} {
		p := stepping(spans, reached)
		points := corners(t, string(p.path(in, scale{3, 1}, &p.lines[0])))
		if want < 0 {
			if points != nil {
				t.Errorf("before the start there is %v", points)
			}
			continue
		}
		if got := points[len(points)-1].X; got != want {
			t.Errorf("at %v the line ends at %v, want %v", reached, got, want)
		}
	}
}

func TestALimitThatWouldFlattenTheLineIsNotDrawn(t *testing.T) {
	for _, c := range []struct {
		high, room, top float64
	}{{3, 3, 3}, {2, 10, 10}, {0, 20, 20}, {4, 100, 4}, {30, 100, 100}, {1, 1e6, 1}} {
		p := stepping([]span{{0, c.high, c.high}}, time.Second)
		p.limits = []limit{{"c", []limitStep{{0, c.room}}}}
		if got := p.top(); got != c.top {
			t.Errorf("with %v of %v the axis goes to %v, want %v", c.high, c.room, got, c.top)
		}
		f := p.draw(300, 160)
		drawn := 0
		for _, d := range f.pieces {
			if d.stroke == InkWarn {
				drawn++
			}
		}
		if (drawn == 1) != (c.room <= c.top) {
			t.Errorf("with %v of %v there are %d limits", c.high, c.room, drawn)
		}
	}
}

func TestAMovingMeanOfASteadyFlowIsItsRate(t *testing.T) {
	for _, width := range []float64{4, 8, 6.5, 1} {
		sums := []float64{0}
		for range 40 {
			sums = append(sums, sums[len(sums)-1]+3)
		}
		means := movingMean(nil, sums, width)
		if len(means) != 40 || means[0] > 3 {
			t.Fatalf("the means of %v columns are %v", width, means)
		}
		for i, m := range means {
			if float64(i) >= 1.5*width+1 && math.Abs(m-3) > 1e-9 {
				t.Errorf("the mean of %v columns is %v in column %d", width, m, i)
			}
			if i > 0 && m < means[i-1]-1e-9 {
				t.Errorf("the mean of %v columns falls to %v in column %d", width, m, i)
			}
		}
	}
}

func TestAMovingMeanLosesNoEvent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.Float64Range(1, 12).Draw(t, "width")
		sums := []float64{0}
		for range 30 {
			sums = append(sums, sums[len(sums)-1]+float64(rapid.IntRange(0, 9).Draw(t, "events")))
		}
		for range 40 { // until all of them have left the mean
			sums = append(sums, sums[30])
		}
		total := 0.0
		for _, m := range movingMean(nil, sums, width) {
			total += m
		}
		if math.Abs(total-sums[30]) > 1e-6 {
			t.Fatalf("of %v events the means have %v", sums[30], total)
		}
	})
}

func TestTheRatesOfTheClassicAreTheTrueOnes(t *testing.T) {
	m := paused(scenario.Classic(), 9900*time.Millisecond)
	p := new(plotter).ratePlot(m, 300)
	want := map[string]string{"in": "1", "out": "0.5", "drop": "0.25"}
	for _, l := range p.lines {
		if l.name != "drop" && l.value != want[l.name] {
			t.Errorf("%s is %s, want %s", l.name, l.value, want[l.name])
		}
	}
	if p.unit != "events / s, mean of 3 s" || len(p.lines) != 3 {
		t.Errorf("the unit is %q, and there are %d lines", p.unit, len(p.lines))
	}
}

func TestARateHasAUnitInWhichItIsNoSmallFraction(t *testing.T) {
	for rate, want := range map[float64]string{0: "s", 1: "s", 1e6: "s", 0.2: "s", 0.1: "min", 0.01: "min", 0.001: "h"} {
		if got := rateUnit(rate).name; got != want {
			t.Errorf("%v a second are told a %s, want %s", rate, got, want)
		}
	}
}

func TestTheDepthsAreThoseOfTheJournal(t *testing.T) {
	m := paused(scenario.Classic(), 8400*time.Millisecond)
	p := new(plotter).depthPlot(m, 300)
	if p.high() != 3 || len(p.lines) != 1 || p.lines[0].value != "3 / 3" || !p.lines[0].loud {
		t.Errorf("it reaches %v: %+v", p.high(), p.lines[0].entry)
	}
	for at, want := range map[float64]string{0.1: "0", 0.3: "1", 0.5: "2", 0.65: "3", 0.99: "3"} {
		r := p.read(at)
		if len(r.lines) != 1 || r.lines[0].value != want {
			t.Errorf("at %v of the width it reads %+v, want %s", at, r, want)
		}
	}
	if got := p.read(0.65).words(); got != "00:06.5: consumer 3" {
		t.Errorf("in words it reads %q", got)
	}
}

func TestWhatWaitsInTheRepositoryIsALineOfItsOwn(t *testing.T) {
	preset, err := scenario.FindPreset("spill")
	if err != nil {
		t.Fatal(err)
	}
	m := paused(preset.Scenario, time.Duration(preset.Duration))
	p := new(plotter).depthPlot(m, 300)
	l := p.lines[len(p.lines)-1]
	high := 0.0
	for _, s := range l.spans {
		high = max(high, s.high)
	}
	if l.name != "repository" || high < 5 {
		t.Errorf("the last line is %s, up to %v", l.name, high)
	}
}

func TestAChangedBufferMovesItsLimit(t *testing.T) {
	m := paused(scenario.Classic(), 4*time.Second)
	Update(m, setBuffer(7))
	Update(m, Seek{At: 6 * time.Second})
	steps := roomOver(m, 0)
	if len(steps) != 2 || steps[0].value != 3 || steps[1].value != 7 || steps[1].from != 4*time.Second+1 {
		t.Errorf("the steps are %v", steps)
	}
}

func TestLinesOfSixteenConsumersCanBeToldApart(t *testing.T) {
	p := new(plotter).depthPlot(paused(crowded(1, 16, 3), 5*time.Second), 300)
	seen := map[string]bool{}
	for _, l := range p.lines {
		look := fmt.Sprint(l.ink, l.dash)
		if seen[look] {
			t.Errorf("%s looks like another", l.name)
		}
		seen[look] = true
	}
	for i := range 4 {
		for j := range i {
			if p.lines[i].dash == p.lines[j].dash {
				t.Errorf("lines %d and %d differ in colour only", i, j)
			}
		}
	}
}

func TestTheSelectedConsumerStandsOut(t *testing.T) {
	m := paused(crowded(2, 3, 3), 8*time.Second)
	Update(m, Select{Selection{Role: scenario.OfConsumer, Actor: 1}})
	p := new(plotter)
	for i, l := range p.depthPlot(m, 300).lines {
		if l.faint != (i != 1) {
			t.Errorf("line %d is faint: %v", i, l.faint)
		}
	}
	name := m.Scenario.Consumers[1].Name
	if unit := p.ratePlot(m, 300).unit; !strings.HasPrefix(unit, name+": ") {
		t.Errorf("the rates are of %q", unit)
	}
	if b := p.latencyPlot(m, 300); b.total != m.View().Consumers[1].Handled {
		t.Errorf("the histogram has %d events", b.total)
	}
}

func TestTheHistogramIsThatUpToThePlayhead(t *testing.T) {
	m := paused(scenario.Classic(), 10*time.Second)
	p := new(plotter)
	for _, at := range []time.Duration{10, 7, 8, 3, 0, 10} {
		Update(m, Seek{At: at * time.Second})
		b := p.latencyPlot(m, 300)
		counted := uint64(0)
		for _, bin := range b.bins {
			counted += bin.Count
		}
		if handled := m.View().Handled; b.total != handled || counted != handled || (b.none != "") != (handled == 0) {
			t.Errorf("at %d s it has %d events in its bins, and says %d and %q; %d were handled", at, counted, b.total, b.none, handled)
		}
	}
}

func TestAMarkLiesInTheBinOfItsTime(t *testing.T) {
	b := binPlot{bins: []journal.Bin{{From: 0, To: 10}, {From: 10, To: 20}, {From: 20, To: 40}}}
	for at, want := range map[time.Duration]float64{0: 0, 5: 1.0 / 6, 10: 1.0 / 3, 30: 5.0 / 6, 40: 1, 99: 1} {
		if got := b.place(at); math.Abs(got-want) > 1e-12 {
			t.Errorf("%d lies at %v, want %v", at, got, want)
		}
	}
}

// figures are all charts of a model at a size.
func figures(m *Model, width, height float64) map[Chart][]*figure {
	all := map[Chart][]*figure{}
	for _, k := range chartKinds {
		p := new(plotter).plotOf(m, k, width)
		base := p.draw(width, height)
		all[k] = []*figure{base, p.overlay(base, -1), p.overlay(base, 0), p.overlay(base, 0.4), p.overlay(base, 1)}
	}
	return all
}

// sights are moments of runs that differ in what there is to draw.
func sights(t *testing.T) map[string]*Model {
	sights := map[string]*Model{"at the start": paused(scenario.Classic(), 0), "sixteen": paused(crowded(16, 16, 3), 9*time.Second)}
	for _, p := range scenario.Presets() {
		sights[p.ID] = paused(p.Scenario, time.Duration(p.Duration))
	}
	back := paused(scenario.Classic(), 10*time.Second)
	Update(back, Seek{At: 4 * time.Second})
	sights["scrubbed back"] = back
	huge := edited(func(s *scenario.Scenario) {
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
				if end < 0 && !(k == LatencyChart && m.View().Handled == 0) {
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
				text := chartSVG(m, k, theme)
				texts := 0
				for d := xml.NewDecoder(strings.NewReader(text)); ; {
					token, err := d.Token()
					if errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						t.Fatalf("%s, %s: %v in\n%s", name, k, err, text)
					}
					if e, ok := token.(xml.StartElement); ok && e.Name.Local == "text" {
						texts++
					}
				}
				if texts < 4 || strings.Contains(text, "var(") || strings.Contains(text, `=""`) ||
					!strings.Contains(text, themeColors[theme][InkSurface]) || !strings.Contains(text, "<title>"+k.title()) {
					t.Errorf("%s, %s, %s: the file is\n%.600s", name, k, theme, text)
				}
			}
		}
	}
}

func TestAChartInWordsHasItsNumbers(t *testing.T) {
	m := paused(scenario.Classic(), 8400*time.Millisecond)
	for k, want := range map[Chart][]string{
		DepthChart:   {"Buffer depth, at 8.4 s", "consumer 3 of 3, at most 3"},
		RateChart:    {"in events / s", "in 1,", "out 0.5", "drop"},
		LatencyChart: {"3 events handled", "from 2 s to 4 s", "half of them within 3 s"},
	} {
		got := chartWords(m, k, new(plotter).plotOf(m, k, 300))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s says %q, want %q in it", k, got, w)
			}
		}
	}
	m = paused(scenario.Classic(), 0)
	for _, k := range chartKinds {
		if got := chartWords(m, k, new(plotter).plotOf(m, k, 300)); !strings.Contains(got, "yet.") {
			t.Errorf("at the start %s says %q", k, got)
		}
	}
}

func BenchmarkCharts(b *testing.B) {
	for name, m := range map[string]*Model{
		"classic":    paused(scenario.Classic(), 9*time.Second),
		"16 by 16":   paused(crowded(16, 16, 3), 9*time.Second),
		"16 by 16 h": paused(func() scenario.Scenario { s := crowded(16, 16, 3); s.Duration = scenario.Duration(time.Hour); return s }(), time.Hour),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var p plotter
			for b.Loop() {
				for _, k := range chartKinds {
					plot := p.plotOf(m, k, 217)
					plot.overlay(plot.draw(217, 165), -1)
				}
			}
		})
	}
}

func TestTimesOfAnyLengthHaveLabelsWithRoomBetweenThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		latency := journal.NewLatency(1)
		least := rapid.Int64Range(1, int64(24*time.Hour)).Draw(t, "least")
		for _, took := range append(rapid.SliceOfN(rapid.Int64Range(least, max(least, int64(24*time.Hour))), 0, 9).Draw(t, "times"), least) {
			latency.Observe(journal.Record{Kind: journal.Handled, At: time.Duration(took), Cause: 1})
		}
		width := rapid.Float64Range(190, 900).Draw(t, "width")
		p := &binPlot{bins: latency.Bins(nil, 0, int((width-chartLeft-chartRight)/16)), total: 1}
		end, labels := math.Inf(-1), 0
		for _, piece := range p.draw(width, 150).pieces {
			if piece.text == "" || piece.align != AlignCenter {
				continue
			}
			labels++
			if left := piece.at.X - textWidth(piece.text)/2; left < end {
				t.Errorf("%q begins at %v, after %v", piece.text, left, end)
			}
			end = piece.at.X + textWidth(piece.text)/2
		}
		if labels == 0 {
			t.Error("there are no labels")
		}
	})
}
