package play

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// testCharts are those that a page may have.
var testCharts = []Chart{"depth", "rate", "time"}

func TestASelectionIsWithinItsScenario(t *testing.T) {
	s := labtest.Many(2, 1, 3)
	for _, c := range []struct {
		selection Selection
		within    bool
	}{
		{Selection{}, true},
		{Selection{Role: scenario.OfBroker}, true},
		{Selection{Role: scenario.OfProducer, Actor: 1}, true},
		{Selection{Role: scenario.OfProducer, Actor: 2}, false},
		{Selection{Role: scenario.OfProducer, Actor: 1, HasEvent: true, Event: 1 << 40}, true},
		{Selection{Role: scenario.OfProducer, Actor: 2, HasEvent: true}, false},
		{Selection{Role: scenario.OfConsumer, Actor: 0}, true},
		{Selection{Role: scenario.OfConsumer, Actor: 1}, false},
	} {
		m := paused(s, 0)
		Update(m, Select{m.Roster.Subject(c.selection)})
		if got := m.Selection(); got != c.selection && c.within || got.Selected() && !c.within {
			t.Errorf("%+v becomes %+v", c.selection, got)
		}
	}
}

// aView draws what a user can look at in a scenario.
func aView(t *rapid.T, s scenario.Scenario) view {
	var sel Selection
	switch rapid.IntRange(0, 4).Draw(t, "selection") {
	case 1:
		sel = Selection{Role: scenario.OfBroker}
	case 2:
		sel = Selection{Role: scenario.OfProducer, Actor: labtest.AnyActor(t, s, scenario.OfProducer)}
	case 3:
		sel = Selection{Role: scenario.OfConsumer, Actor: labtest.AnyActor(t, s, scenario.OfConsumer)}
	case 4:
		sel = Selection{Role: scenario.OfProducer, Actor: labtest.AnyActor(t, s, scenario.OfProducer), HasEvent: true, Event: rapid.Uint64().Draw(t, "event")}
	}
	marks := rapid.SliceOfNDistinct(rapid.Int64Range(0, int64(s.Duration)), 0, maxBookmarks, rapid.ID).Draw(t, "marks")
	slices.Sort(marks)
	v := view{selection: sel, chart: rapid.SampledFrom(append([]Chart{AllCharts}, testCharts...)).Draw(t, "chart")}
	for _, at := range marks {
		v.bookmarks = append(v.bookmarks, time.Duration(at))
	}
	return v
}

func TestALinkBringsBackWhatTheUserLooksAt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Many(rapid.IntRange(1, 16).Draw(t, "producers"), rapid.IntRange(1, 16).Draw(t, "consumers"), 3)
		at := time.Duration(rapid.IntRange(0, 10).Draw(t, "s")) * time.Second
		m := NewModel(testCharts...)
		Update(m, LoadLink{Link: scenario.Link(s, at)})
		Update(m, Pause{})
		v := aView(t, s)
		Update(m, Select{m.Roster.Subject(v.selection)})
		Update(m, ShowChart{v.chart})
		m.Bookmarks = v.bookmarks
		o := NewModel(testCharts...)
		Update(o, LoadLink{Link: m.Link()})
		if o.Notice.Error || o.Selection() != v.selection || o.Chart != v.chart || !slices.Equal(o.Bookmarks, v.bookmarks) || o.At() != at || !o.Scenario.Equal(s) {
			t.Fatalf("%s brings back %+v, %q, %v: %s", m.Link(), o.Selection(), o.Chart, o.Bookmarks, o.Notice.Text)
		}
		if Update(o, Pause{}); o.Link() != m.Link() {
			t.Fatalf("its own link is %s, not %s", o.Link(), m.Link())
		}
	})
}

func TestALinkThatSelectsWhatIsNotThereSaysSo(t *testing.T) {
	for view, why := range map[string]string{
		"&sel=p1":      `"p1"`,
		"&sel=c1":      `"c1"`,
		"&sel=e1.0":    `"e1.0"`,
		"&sel=e0":      `"e0"`,
		"&sel=p0.1":    `"p0.1"`,
		"&sel=e0.-1":   `"e0.-1"`,
		"&sel=e0.99e9": `"e0.99e9"`,
		"&sel=p256":    `"p256"`,
		"&sel=p":       `"p"`,
		"&sel=":        `""`,
		"&sel=x0":      `"x0"`,
		"&sel=bb":      `"bb"`,
		"&chart=pie":   `"pie"`,
		"&chart=":      `""`,
		"&marks=":      `""`,
		"&marks=1":     `"1"`,
		"&marks=-1s":   `"-1s"`,
		"&marks=2s,1s": `"1s"`,
		"&marks=1s,1s": `"1s"`,
		"&marks=11s":   `"11s"`,
		"&zoom=3":      `"zoom"`,
	} {
		m := NewModel(testCharts...)
		Update(m, LoadLink{Link: ClassicLink + view})
		if !m.Notice.Error || !strings.Contains(m.Notice.Text, why) || m.Selection().Selected() || m.Chart != AllCharts {
			t.Errorf("%q says %q and selects %+v", view, m.Notice.Text, m.Selection())
		}
	}
}

func TestAPartOfALinkThatDoesNotFitIsLeftOutAndNamed(t *testing.T) {
	s := labtest.Many(2, 2, 2)
	for more, c := range map[string]struct {
		why      string
		at       time.Duration
		selected bool
	}{
		"@soon":              {`the playhead "soon"`, 0, false},
		"@10h&sel=c1":        {"the playhead 10h0m0s is outside of the run", 0, true},
		"@2s&sel=c9":         {`"c9"`, 2 * time.Second, false},
		"@2s&sel=c1&x=<>":    {`"x"`, 2 * time.Second, true},
		"@2s&sel=c1&marks=y": {`"y"`, 2 * time.Second, true},
		"@soon&chart=pie":    {`"soon" is not a time such as 8.4s; there is no chart "pie"`, 0, false},
	} {
		m := NewModel(testCharts...)
		Update(m, LoadLink{Link: scenario.Link(s, 0) + more})
		if !m.Scenario.Equal(s) || m.At() != c.at || m.Selection().Selected() != c.selected {
			t.Errorf("with %q it is at %v and selects %+v", more, m.At(), m.Selection())
		}
		if !m.Notice.Error || !strings.HasPrefix(m.Notice.Text, "The link opens without a part that does not fit: ") || !strings.Contains(m.Notice.Text, c.why) {
			t.Errorf("with %q it says %q, not %q", more, m.Notice.Text, c.why)
		}
	}
}

func FuzzWhatALinkSelectsIsPartOfTheRun(f *testing.F) {
	for _, view := range []string{"", "sel=p0", "sel=c1", "sel=e0.6&chart=depth", "chart=time", "sel=b", "sel=e0.18446744073709551615", "sel=p0&sel=c0", "marks=1s,2.5s", "marks=0s", "marks=" + strings.Repeat("1s,", 30), "&&", "=", "sel=é", "chart=\x00"} {
		f.Add(view)
	}
	s := labtest.Many(2, 3, 1)
	f.Fuzz(func(t *testing.T, view string) {
		v, wrong := parseViewLink(view, s, testCharts)
		for _, err := range wrong {
			if !strings.HasPrefix(err.Error(), "link: ") {
				t.Fatalf("it says %q", err)
			}
		}
		if v.selection.Actor >= max(1, actors(&s, v.selection.Role)) || len(v.bookmarks) > maxBookmarks {
			t.Fatalf("it is %+v", v)
		}
		m := NewModel(testCharts...)
		Update(m, LoadScenario{Scenario: s})
		m.Selected, m.Chart, m.Bookmarks = m.Roster.Subject(v.selection), v.chart, v.bookmarks
		again, wrong := parseViewLink(strings.TrimPrefix(m.viewLink(), "&"), s, testCharts)
		if wrong != nil || again.selection != v.selection || again.chart != v.chart || !slices.Equal(again.bookmarks, v.bookmarks) {
			t.Fatalf("%q is written as %q", view, m.viewLink())
		}
	})
}
