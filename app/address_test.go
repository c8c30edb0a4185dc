package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestTheAddressFollowsWhatIsShownButNotTooOften(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := NewModel()
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
	pass(m, time.Second)
	follows(false)
	Update(m, Pause{})
	follows(true)
	now = now.Add(addressPause - 1)
	Update(m, Seek{At: 3 * time.Second})
	follows(false) // too soon
	now = now.Add(1)
	follows(true)
	now = now.Add(addressPause)
	follows(false) // nothing new
	Update(m, LoadPreset{ID: "classic"})
	follows(true) // or it would keep the link before
	now = now.Add(addressPause)
	Update(m, LoadLink{Link: scenario.Link(fast(), 99*time.Second)})
	follows(false) // not yet there
}
