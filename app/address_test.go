package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestTheAddressFollowsWhatIsShownButNotTooOften(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := play.NewModel()
	var a address
	follows := func(want bool) {
		t.Helper()
		if got := a.changes(m, now); got != want {
			t.Errorf("at %v it changes: %v, want %v", m.At(), got, want)
		}
		if want && a.link != m.Link() {
			t.Errorf("it is %s, want %s", a.link, m.Link())
		}
	}
	follows(false) // the classic needs no link
	playtest.Pass(m, time.Second)
	follows(false)
	play.Update(m, play.Pause{})
	follows(true)
	now = now.Add(addressPause - 1)
	play.Update(m, play.Seek{At: 3 * time.Second})
	follows(false) // too soon
	now = now.Add(1)
	follows(true)
	now = now.Add(addressPause)
	follows(false) // nothing new
	play.Update(m, play.LoadPreset{ID: "classic"})
	follows(true) // or it would keep the link before
	now = now.Add(addressPause)
	play.Update(m, play.LoadLink{Link: scenario.Link(labtest.Fast(), 99*time.Second)})
	follows(false) // not yet there
}

// Safari refuses more than a hundred changes in half a minute, and what is shown
// must soon be in the address.
func TestScrubbingChangesTheAddressOftenEnoughAndNeverTooOften(t *testing.T) {
	const frames, most, longest = 60 * 30, 100, time.Second
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := play.NewModel()
	play.Update(m, play.Pause{})
	var a address
	written, last := 0, start
	for i := range frames {
		now := start.Add(time.Duration(i) * time.Second / 60)
		play.Update(m, play.Seek{At: time.Duration(i%600) * 10 * time.Millisecond})
		if a.changes(m, now) {
			written, last = written+1, now
		} else if now.Sub(last) > longest {
			t.Fatalf("at %v the address is still that of %v", now.Sub(start), last.Sub(start))
		}
	}
	if written > most {
		t.Errorf("the address changed %d times in half a minute: at most %d", written, most)
	}
}
