package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
)

func TestTheLogShowsTheNewestLinesInChunks(t *testing.T) {
	busy := edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval = scenario.Duration(30 * time.Millisecond)
		s.Consumers[0].Service = scenario.Duration(50 * time.Millisecond)
	})
	for _, of := range []scenario.Scenario{scenario.Classic(), crowded(3, 2, 2), busy} {
		m := paused(of, 2*time.Second)
		Update(m, setBuffer(1))
		Update(m, setService(60*time.Millisecond))
		Update(m, Seek{At: 9 * time.Second})
		Update(m, interrupt())
		words := journal.NewLog(m.Scenario, len(m.Scenario.Consumers), time.Time{})
		first := ""
		var all []string
		for p := range m.Journal().Next() + 1 {
			m.Journal().Seek(&m.view, p)
			if p > 0 {
				if r := m.Journal().At(p - 1); journal.HasLine(r.Kind) {
					all = append(all, words.Line(r).String())
				}
			}
			lines := linesOf(m)
			if lineCount(m.View()) != uint64(len(all)) {
				t.Fatalf("after %d records it counts %d lines of %d", p, lineCount(m.View()), len(all))
			}
			if len(lines) > logLines || len(lines) < min(len(all), logLines-logChunk+1) {
				t.Fatalf("of %d lines it shows %d", len(all), len(lines))
			}
			tail := all[len(all)-len(lines):]
			for i, l := range lines {
				if l.String() != tail[i] {
					t.Fatalf("after %d records line %d is %q, want %q", p, i, l, tail[i])
				}
			}
			if len(lines) > 0 && tail[0] != first {
				if first != "" && (len(all)-len(lines))%logChunk != 0 {
					t.Errorf("after %d lines all of them move", len(all))
				}
				first = tail[0]
			}
		}
	}
}

func TestEveryLineHasTheClassOfWhoSpeaks(t *testing.T) {
	m := paused(scenario.Classic(), 5*time.Second)
	Update(m, setBuffer(2))
	Update(m, Seek{At: 10 * time.Second})
	for _, l := range linesOf(m) {
		want := map[string]string{"producer: ": "p", "consumer: ": "c", "broker: ": "d", "playground: ": "u", "": "u"}[l.Who]
		if l.Class != want {
			t.Errorf("%q has the class %q, want %q", l, l.Class, want)
		}
	}
}

func TestTheLogSaysHowManyLinesThereAre(t *testing.T) {
	for _, c := range []struct {
		shown int
		total uint64
		want  string
	}{{0, 0, "0 lines"}, {1, 1, "1 line"}, {60, 60, "60 lines"}, {51, 12_345, "12\u202f345 lines, the last 51 here"}} {
		if got := logNote(c.shown, c.total); got != c.want {
			t.Errorf("%d of %d reads %q, want %q", c.shown, c.total, got, c.want)
		}
	}
}
