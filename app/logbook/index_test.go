package logbook

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// naive are the positions of the lines a model shows, one record after another.
func naive(m *play.Model) []uint64 {
	var lines []uint64
	words := journal.NewLog(m.Scenario, len(m.Scenario.Consumers), time.Time{})
	for p := m.Journal().First(); p < m.Moment().Records; p++ {
		r := m.Journal().At(p)
		if !r.Kind.HasLine() || m.Log.Mute[play.SpeakerOf(&r, m.Roster)] || m.Log.Skip[r.Kind.Topic()] {
			continue
		}
		if strings.Contains(strings.ToLower(words.Line(r).String()), strings.ToLower(m.Log.Query)) {
			lines = append(lines, p)
		}
	}
	return lines
}

// indexed are those the index has found.
func indexed(b *Book) []uint64 {
	x := b.Read().index
	lines := make([]uint64, x.Count())
	for n := range lines {
		lines[n] = x.at(n)
	}
	return lines
}

// queries are some of all kinds: words, numbers, both, parts of names, nonsense.
var queries = []string{
	"", "", "dropped", "DROPPED", "produced=1", "produced=", "1", "11:11:2", "2021/11/01", "a: i", "=1]", "=12", "[", ".", "m=+", "m=+2.0", "cet", "CET m",
	"happenedon=2021-11-01 11:11:21", "attempt=2", "backlog=1", "subscription=q", "playground", "quitting", "buffers hold", "zzz", "0", "id=4", " ", ", ", "ID=", "11:22 ",
}

func TestTheIndexHasTheLinesThatAReaderWouldFind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := play.NewModel()
		if rapid.Bool().Draw(t, "small") { // so that records are forgotten
			m.Window = 2048
		}
		play.Update(m, play.LoadLink{Link: scenario.Link(labtest.Small(t), 0)})
		play.Update(m, play.Pause{})
		b := bookOf(m)
		t.Repeat(map[string]func(*rapid.T){
			"seek": func(t *rapid.T) {
				play.Update(m, play.Seek{At: time.Duration(rapid.IntRange(0, 100).Draw(t, "tenths")) * 100 * time.Millisecond})
			},
			"search": func(t *rapid.T) { play.Update(m, play.SearchLog{Query: rapid.SampledFrom(queries).Draw(t, "query")}) },
			"mute": func(t *rapid.T) {
				play.Update(m, play.MuteLog{Actor: rapid.SampledFrom(m.Roster.Speakers()).Draw(t, "speaker"), Others: rapid.Bool().Draw(t, "others")})
			},
			"skip": func(t *rapid.T) {
				play.Update(m, play.SkipLog{LogTopic: rapid.SampledFrom(journal.Topics()).Draw(t, "topic"), Others: rapid.Bool().Draw(t, "others")})
			},
			"whole": func(t *rapid.T) { play.Update(m, play.WholeLog{}) },
			"hold":  func(t *rapid.T) { play.Update(m, play.HoldLog{Hold: rapid.Bool().Draw(t, "hold")}) },
			"change": func(t *rapid.T) {
				if len(m.Scenario.Interventions) < 30 {
					play.Update(m, playtest.Message(m, labtest.AnyChange(t, m.Now()), play.NoSlide))
				}
			},
			"rename": func(t *rapid.T) {
				play.Update(m, playtest.Rename(playtest.Producer(m, 0), rapid.SampledFrom([]string{"a", "CET", "x1"}).Draw(t, "name")))
				play.Update(m, play.Notify{})
			},
			"a little": func(t *rapid.T) {
				b.Follow(playtest.No)
				lines := naive(m)
				for _, p := range indexed(b) {
					if !slices.Contains(lines, p) {
						t.Fatalf("for %+v it has %d, but %v", m.Log, p, lines)
					}
				}
			},
			"all": func(t *rapid.T) {
				b.Follow(playtest.Yes)
				if got, want := indexed(b), naive(m); !slices.Equal(got, want) {
					t.Fatalf("for %+v it has %v, want %v", m.Log, got, want)
				}
				if n := b.Behind(); n != 0 {
					t.Fatalf("it has not looked at %d", n)
				}
				for _, p := range []uint64{0, m.Journal().First(), m.View().Position, m.Journal().Next()} {
					want, _ := slices.BinarySearch(indexed(b), p)
					if got := b.Read().index.before(p); got != want {
						t.Fatalf("before %d are %d, not %d", p, got, want)
					}
				}
			},
		})
	})
}

func TestTheIndexFindsWhatIsNearFirst(t *testing.T) {
	m := playtest.Paused(labtest.Fast(), 50*time.Second)
	b := bookOf(m)
	play.Update(m, play.Seek{At: 25 * time.Second})
	b.Follow(playtest.No)
	n := b.Read().index.Count()
	if n == 0 || n > logBatch || b.Read().index.at(n-1)+4 < m.View().Position {
		t.Errorf("it finds %d lines, and %d records were not looked at", n, b.Behind())
	}
}

func TestAReaderWhoFollowsIsNotLeftBehind(t *testing.T) {
	for _, hold := range []bool{false, true} {
		m := playtest.Paused(labtest.Fast(), time.Second)
		b := bookOf(m)
		b.Follow(playtest.Yes)
		play.Update(m, play.HoldLog{Hold: hold})
		version := b.Index.version
		play.Update(m, play.Seek{At: 60 * time.Second})
		for m.CatchingUp() {
			play.Update(m, play.Frame{More: playtest.Yes})
		}
		b.Follow(playtest.No)
		near := b.Read().index.at(b.Read().index.Count()-1)+4 > m.View().Position
		if near == hold || (b.Index.version == version) != hold {
			t.Errorf("hold=%v: near=%v", hold, near)
		}
	}
}

// million is a run with about as many records as a journal keeps.
func million() *play.Model {
	m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval = scenario.Duration(time.Millisecond)
		s.Consumers[0].Service = scenario.Duration(1100 * time.Microsecond)
		s.Duration = scenario.Duration(300 * time.Second)
	}), 300*time.Second)
	return m
}

// BenchmarkSearch is what looking through all records costs, each.
func BenchmarkSearch(b *testing.B) {
	m := million()
	lines := bookOf(m)
	records := m.Journal().Next() - m.Journal().First()
	for _, query := range []string{"", "dropped", "produced=123", "zzz", "11:14:2"} {
		b.Run("query="+query, func(b *testing.B) {
			for range b.N {
				play.Update(m, play.SearchLog{Query: "x"})
				lines.Read()
				play.Update(m, play.SearchLog{Query: query})
				lines.Follow(playtest.Yes)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(uint64(b.N)*records), "ns/record")
			b.ReportMetric(float64(lines.Read().index.Count()), "lines")
			b.ReportMetric(0, "ns/op")
		})
	}
}
