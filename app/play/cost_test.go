package play

import (
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Sixteen thousand events at each moment, every microsecond for a day.
func torrent() scenario.Scenario {
	s := labtest.Many(16, 16, 3)
	for i := range s.Producers {
		s.Producers[i].Interval = scenario.Duration(time.Microsecond)
		s.Producers[i].Burst = 1000
	}
	s.Duration = scenario.Duration(24 * time.Hour)
	return s
}

// The most records that are simulated in a row where there is no time left.
const atOnce = 100_000

func TestALinkThatCostsTooMuchIsOpenedAtOnce(t *testing.T) {
	for _, at := range []time.Duration{0, 1, time.Microsecond, time.Second, 24 * time.Hour} {
		m := NewModel()
		Update(m, LoadLink{Link: scenario.Link(torrent(), at)})
		if n := m.Journal().Next(); n > atOnce {
			t.Errorf("to open it at %v %d records are simulated", at, n)
		}
		for range 20 {
			before := m.Journal().Next()
			Update(m, Frame{Elapsed: 16 * time.Millisecond, More: no})
			if n := m.Journal().Next() - before; n > atOnce/2 {
				t.Errorf("a frame simulates %d records", n)
			}
			if at, complete := m.At(), m.View().Position; m.run.reached() > at && complete != m.Journal().Search(at) {
				t.Errorf("at %v it shows %d records", at, complete)
			}
		}
		m.run.sim.Close()
	}
}

func TestAStepInAHugeMomentSimulatesNoMoreThanItHasTo(t *testing.T) {
	m := paused(torrent(), 0)
	defer m.run.sim.Close()
	for n := range 100 {
		Update(m, Step{By: 1})
		if got := m.View().Position; got != uint64(n+1) || m.At() != time.Microsecond {
			t.Fatalf("after %d steps it shows %d records of %v", n+1, got, m.At())
		}
	}
	if n := m.Journal().Next(); n > atOnce {
		t.Errorf("%d records are simulated", n)
	}
}

// frames lets so many frames pass in which there is time for a thousand records or so.
func frames(m *Model, n int) {
	for range n {
		Update(m, Frame{Elapsed: 16 * time.Millisecond, More: no})
		letOthersRun()
	}
}

func TestAnExpensiveRunIsSaidToBeSoBeforeItIsRun(t *testing.T) {
	m := NewModel()
	Update(m, LoadLink{Link: scenario.Link(torrent(), time.Second)})
	defer func() { m.run.sim.Close() }()
	frames(m, 40)
	if !m.Notice.Expensive || !strings.HasPrefix(m.Notice.Text, "Up to 00:01.0 there are 272 billion records: about ") || !strings.HasSuffix(m.Notice.Text, " days on this device.") {
		t.Fatalf("it says %+v", m.Notice)
	}
	records := m.Journal().Next()
	if frames(m, 100); m.Journal().Next() != records || !m.CatchingUp() {
		t.Errorf("while it is asked %d records are simulated", m.Journal().Next()-records)
	}
	Update(m, RunExpensive{})
	if frames(m, 100); m.Journal().Next() <= records || !m.CatchingUp() || m.Notice != (Notice{}) {
		t.Errorf("it does not go on after it was allowed: %+v", m.Notice)
	}
	Update(m, Seek{At: time.Hour})
	frames(m, 40)
	if !m.Notice.Expensive {
		t.Error("another way is not asked about")
	}
	at := m.At()
	Update(m, Notify{})
	if frames(m, 3); m.CatchingUp() || m.At() != at || m.Notice.Expensive {
		t.Errorf("without an answer it is at %v, asks %v", m.At(), m.Notice.Expensive)
	}
}

func TestAnInexpensiveRunIsNotAskedAbout(t *testing.T) {
	m := paused(labtest.Fast(), 0)
	Update(m, Seek{At: 99 * time.Second})
	for m.CatchingUp() {
		if frames(m, 1); m.Notice != (Notice{}) {
			t.Fatalf("it says %q", m.Notice.Text)
		}
	}
	if m.At() != 99*time.Second {
		t.Errorf("it is at %v", m.At())
	}
	m = paused(torrent(), 0)
	defer m.run.sim.Close()
	Update(m, Toggle{})
	Update(m, SetSpeed{Speed: Max})
	if frames(m, 200); m.Notice != (Notice{}) || !m.Playing {
		t.Errorf("playing at max it says %q", m.Notice.Text)
	}
}

func TestARunEndsWhereItsMemoryIsUsedUpAndSaysSo(t *testing.T) {
	s := torrent()
	s.Broker.Buffer = broker.MaxBuffer
	reached := map[time.Duration]bool{}
	for budget := range 3 { // how it is divided into frames makes no difference
		m := paused(s, 0)
		Update(m, Toggle{})
		Update(m, SetSpeed{Speed: Max})
		for n := 0; m.Playing; n++ {
			if n > 100_000 {
				t.Fatal("it goes on and on")
			}
			left := 50 << (10 * budget) // in the last all of it is one frame
			Update(m, Frame{Elapsed: 16 * time.Millisecond, More: func() bool {
				letOthersRun()
				left--
				return left > 0
			}})
		}
		if held := m.run.sim.Held() + m.Journal().Held(); held < ceiling || held > ceiling*11/10 {
			t.Errorf("it ends when it has taken %d bytes", held)
		}
		if !m.Notice.Error || !strings.HasPrefix(m.Notice.Text, "The run ends here, before its time: it has used up the 256 MB ") {
			t.Errorf("it says %q", m.Notice.Text)
		}
		reached[m.At()] = true
		if m.CatchingUp() || m.Over() {
			t.Error("it is not at rest, or takes this for the end of the scenario")
		}
		Update(m, Notify{})
		Update(m, Toggle{})
		if frames(m, 3); !reached[m.At()] || m.Playing || !m.Notice.Error {
			t.Errorf("played on it is at %v and says %q", m.At(), m.Notice.Text)
		}
		Update(m, Seek{At: time.Hour})
		if frames(m, 3); m.CatchingUp() || !reached[m.At()] {
			t.Errorf("sent further it is at %v", m.At())
		}
		m.run.sim.Close()
	}
	if len(reached) != 1 {
		t.Errorf("it ends at %v", reached)
	}
}
