package chart

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/app/draw"
)

// corners are the points of a path of M, L, H and V commands.
func corners(t interface{ Fatalf(string, ...any) }, path string) []draw.Point {
	var points []draw.Point
	var at draw.Point
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
			at = draw.Point{X: v[0], Y: v[1]}
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
		lines: []line{{entry: entry{name: "c", ink: draw.InkFlow}, spans: spans, stepped: true}},
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
		in := draw.Rect{X: 10, Y: 20, W: 600, H: 100}
		s := newScale(p.top(), 4, true)
		points := corners(t, string(p.path(in, s, &p.lines[0])))
		f := &Figure{plot: in}
		at := in.X - 1
		for i, want := range spans {
			x := p.x(in, time.Duration(i)*time.Second)
			low, high := math.Inf(1), math.Inf(-1)
			for j, c := range points {
				if c.X < at-0.06 || j > 0 && c.X < points[j-1].X {
					t.Fatalf("the line goes back to %v", c)
				}
				if math.Abs(c.X-x) < 0.06 || j > 0 && points[j-1].X < x && c.X > x {
					low, high = min(low, in.Bottom()-c.Y), max(high, in.Bottom()-c.Y)
				}
			}
			if h := in.Bottom() - f.y(s, want.high); high < h-0.1 || high > h+0.1 {
				t.Fatalf("column %d of %v reaches up to %v, want %v", i, spans, high, h)
			}
			if l := in.Bottom() - f.y(s, want.low); low < l-0.1 || low > l+0.1 {
				t.Fatalf("column %d of %v reaches down to %v, want %v", i, spans, low, l)
			}
		}
	})
}

func TestALineEndsWhereTheRunDoes(t *testing.T) {
	spans := []span{{0, 0, 0}, {0, 2, 1}, {1, 1, 1}, {1, 1, 1}}
	in := draw.Rect{X: 0, Y: 0, W: 400, H: 90}
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
		f := p.Draw(300, 160)
		drawn := 0
		for _, d := range f.Pieces {
			if d.stroke == draw.InkWarn {
				drawn++
			}
		}
		if (drawn == 1) != (c.room <= c.top) {
			t.Errorf("with %v of %v there are %d limits", c.high, c.room, drawn)
		}
	}
}
