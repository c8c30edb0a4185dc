package logbook

import (
	"fmt"
	"slices"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// listOf is a list in the page, of that height, for a model.
func listOf(t testing.TB, m *play.Model, height int) *List {
	document := js.Global().Get("document")
	box := document.Call("createElement", "div")
	box.Set("id", LogID)
	box.Call("setAttribute", "style", fmt.Sprintf("position: relative; width: 350px; height: %dpx; overflow: auto; overflow-anchor: none", height))
	rows := document.Call("createElement", "ol")
	rows.Set("id", logRowsID)
	rows.Call("setAttribute", "style", "margin: 0; padding: 8px 14px; list-style: none; font: 12px/1.62 monospace; overflow-wrap: anywhere")
	box.Call("appendChild", rows)
	document.Get("body").Call("appendChild", box)
	l := NewList(bookOf(m), func(msg play.Msg) { play.Update(m, msg) })
	t.Cleanup(func() {
		l.Release()
		box.Call("remove")
	})
	return l
}

// refresh lets the list catch up, as the loop does.
func (l *List) refresh() {
	l.book.Follow(playtest.Yes)
	l.Dirty = true
	l.Tick()
}

// check says what is wrong with what the list shows.
func (l *List) check(m *play.Model) error {
	r0 := l.book.Read()
	x, count := r0.index, r0.index.Count()
	children := l.list.Get("children")
	if n := children.Length(); n != len(l.rows) || n > count || count > 0 && n == 0 {
		return fmt.Errorf("it has %d elements for %d rows of %d lines", n, len(l.rows), count)
	}
	words := journal.NewLog(m.Scenario, len(m.Scenario.Consumers), time.Time{})
	now := r0.line()
	for i, row := range l.rows {
		at := l.first + i
		if x.at(at) != row.position {
			return fmt.Errorf("row %d is of record %d, not %d", i, row.position, x.at(at))
		}
		r := m.Journal().At(row.position)
		e := children.Index(i)
		if got, want := e.Get("textContent").String(), words.Line(r).String(); got != want {
			return fmt.Errorf("row %d reads %q, want %q", i, got, want)
		}
		classes := strings.Fields(e.Get("className").String())
		if got := slices.Contains(classes, "later"); got != (row.position >= m.View().Position) {
			return fmt.Errorf("row %d is later: %v", i, got)
		}
		if got := slices.Contains(classes, "now"); got != (at == now) || got != (e.Call("getAttribute", "aria-selected").String() == "true") {
			return fmt.Errorf("row %d is now: %v", i, got)
		}
	}
	// There is no hole in what can be seen.
	top, height := l.box.Get("scrollTop").Float(), l.box.Get("clientHeight").Float()
	if count == 0 {
		return nil
	}
	first, _ := l.edges(l.first)
	_, last := l.edges(l.first + len(l.rows) - 1)
	if first > top+listPadding+1 || last < top+height-listPadding-1 && l.first+len(l.rows) < count {
		return fmt.Errorf("in view are %v to %v, the lines are at %v to %v", top, top+height, first, last)
	}
	if !m.Log.Hold && now >= 0 && now >= l.first && now < l.first+len(l.rows) {
		if begin, end := l.edges(now); end < top || begin > top+height {
			return fmt.Errorf("the line of the moment, at %v to %v, is not in view: %v to %v", begin, end, top, top+height)
		}
	}
	return nil
}

func TestTheListShowsItsLinesWhateverTheUserDoes(t *testing.T) {
	busy := labtest.Edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval = scenario.Duration(8 * time.Millisecond)
		s.Consumers[0].Service = scenario.Duration(20 * time.Millisecond)
	})
	rapid.Check(t, func(t *rapid.T) {
		m := playtest.Paused(rapid.SampledFrom([]scenario.Scenario{busy, labtest.Trio(), scenario.Classic()}).Draw(t, "scenario"), 0)
		cleaned := make(chan func(), 1)
		l := listOf(cleaner{cleaned: cleaned}, m, rapid.IntRange(60, 900).Draw(t, "height"))
		defer func() { (<-cleaned)() }()
		l.refresh()
		t.Repeat(map[string]func(*rapid.T){
			"seek": func(t *rapid.T) {
				play.Update(m, play.Seek{At: time.Duration(rapid.IntRange(0, 100).Draw(t, "tenths")) * 100 * time.Millisecond})
			},
			"play": func(t *rapid.T) {
				m.Playing = true
				playtest.Pass(m, time.Duration(rapid.IntRange(1, 900).Draw(t, "ms"))*time.Millisecond)
				m.Playing = false
			},
			"scroll": func(t *rapid.T) {
				play.Update(m, play.HoldLog{Hold: true})
				l.box.Set("scrollTop", rapid.Float64Range(0, 1).Draw(t, "part")*l.box.Get("scrollHeight").Float())
			},
			"scroll a little": func(t *rapid.T) {
				play.Update(m, play.HoldLog{Hold: true})
				l.box.Set("scrollTop", l.box.Get("scrollTop").Float()+rapid.Float64Range(-500, 500).Draw(t, "by"))
			},
			"follow": func(t *rapid.T) { play.Update(m, play.HoldLog{Hold: false}) },
			"search": func(t *rapid.T) {
				play.Update(m, play.SearchLog{Query: rapid.SampledFrom([]string{"", "dropped", "=1", "zzz"}).Draw(t, "query")})
			},
			"move": func(t *rapid.T) {
				if msg := l.book.Read().move(rapid.SampledFrom([]int{1, -1, 9, -9, 1 << 30, -1 << 30}).Draw(t, "by")); msg != nil {
					play.Update(m, msg)
				}
			},
			"pick": func(t *rapid.T) {
				if n := l.book.Read().index.Count(); n > 0 {
					play.Update(m, play.PickRecord{Position: l.book.Read().index.at(rapid.IntRange(0, n-1).Draw(t, "line"))})
				}
			},
			"change":  func(t *rapid.T) { play.Update(m, playtest.Message(m, labtest.AnyChange(t, m.Now()), play.NoSlide)) },
			"restart": func(t *rapid.T) { play.Update(m, play.Restart{}); play.Update(m, play.Pause{}) },
			"": func(t *rapid.T) {
				l.refresh()
				if err := l.check(m); err != nil {
					t.Fatal(err)
				}
			},
		})
	})
}

// cleaner is a testing.TB that keeps what there is to clean up.
type cleaner struct {
	testing.TB
	cleaned chan func()
}

func (c cleaner) Cleanup(f func()) { c.cleaned <- f }

func TestWhoHoldsSeesTheSameLinesWhileOthersCome(t *testing.T) {
	m := playtest.Paused(labtest.Fast(), time.Second)
	l := listOf(t, m, 500)
	l.refresh()
	play.Update(m, play.HoldLog{Hold: true})
	l.box.Set("scrollTop", l.box.Get("scrollTop").Float()-900)
	l.refresh()
	seen := func() string {
		at := l.under(l.box.Get("scrollTop").Float())
		top, _ := l.edges(at)
		return fmt.Sprint(l.book.Read().index.at(at), " at ", top-l.box.Get("scrollTop").Float())
	}
	before := seen()
	for n := range 30 {
		play.Update(m, play.Seek{At: time.Second + time.Duration(n)*50*time.Millisecond})
		if l.refresh(); seen() != before {
			t.Fatalf("it shows %s, and then %s", before, seen())
		}
	}
}

func TestALongListIsScrolledThroughLineByLine(t *testing.T) {
	m := playtest.Paused(labtest.Fast(), 20*time.Second)
	l := listOf(t, m, 400)
	l.refresh()
	play.Update(m, play.HoldLog{Hold: true})
	for _, by := range []float64{-130, 170} {
		if by > 0 {
			l.box.Set("scrollTop", 0)
			l.refresh()
		}
		last := -1
		for range 150 {
			scroll := l.box.Get("scrollTop").Float()
			at := l.under(scroll)
			if at < 0 {
				t.Fatal("no line is in view")
			}
			if step := at - last; last >= 0 && (step < 0) != (by < 0) && step != 0 || last >= 0 && (step > 9 || step < -9) {
				t.Fatalf("after line %d comes %d", last, at)
			}
			last = at
			l.box.Set("scrollTop", scroll+by)
			l.refresh()
			if err := l.check(m); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// BenchmarkLogTick is what bringing the list up to date costs, ten times a second,
// in a run of a million records, where all lines in it are others each time.
func BenchmarkLogTick(b *testing.B) {
	m := million()
	l := listOf(b, m, 600)
	l.refresh()
	b.Logf("%d records, %d lines", m.Journal().Next()-m.Journal().First(), l.book.Read().index.Count())
	first, last := m.Journal().At(m.Journal().First()).At, m.At()
	for _, c := range []struct {
		name string
		step time.Duration
	}{{"a line more", time.Millisecond}, {"all others", time.Second}} {
		b.Run(c.name, func(b *testing.B) {
			at := first + time.Second
			for range b.N {
				if at += c.step; at > last {
					at = first
				}
				b.StopTimer()
				play.Update(m, play.Seek{At: at})
				b.StartTimer()
				l.Tick()
			}
		})
	}
}
