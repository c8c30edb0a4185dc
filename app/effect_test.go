package app

import (
	"reflect"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAnUpdateAnswersWhatIsToBeDoneOutside(t *testing.T) {
	for _, c := range []struct {
		name string
		msg  func(m *Model) Msg
		want func(m *Model) []Effect // after it
	}{
		{"who is added is gone to", func(*Model) Msg { return Add{scenario.OfConsumer} }, func(m *Model) []Effect {
			return []Effect{FocusOn{consumer(m, 2).ElementID() + "-name"}}
		}},
		{"after a removal another can be added", func(m *Model) Msg { return Remove{producer(m, 1)} }, func(*Model) []Effect {
			return []Effect{FocusOn{"add-producer"}}
		}},
		{"who moves keeps the focus, on the other button at the end of the list", func(m *Model) Msg { return Move{producer(m, 0), 1} }, func(m *Model) []Effect {
			id := producer(m, 1).ElementID()
			return []Effect{FocusOn{id + "-down", id + "-up"}}
		}},
		{"who can't move is left alone", func(m *Model) Msg { return Move{producer(m, 0), -1} }, func(*Model) []Effect { return nil }},
		{"what is refused has none", func(m *Model) Msg { return setBuffer(-1) }, func(*Model) []Effect { return nil }},
		{"a key leads to the search", func(m *Model) Msg { return keyMessage("/", "body", false, m) }, func(*Model) []Effect {
			return []Effect{FocusNow(logSearchID)}
		}},
		{"the link is copied, or else shown", func(*Model) Msg { return CopyLink{} }, func(m *Model) []Effect {
			return []Effect{Copy{m.Link(), true, "The link is copied: it brings back exactly this.", Open{ShareDialog}}}
		}},
		{"the theme is switched", func(*Model) Msg { return ToggleTheme{} }, func(*Model) []Effect { return []Effect{SwitchTheme{}} }},
		{"a file is saved", func(*Model) Msg { return logFile.message() }, func(*Model) []Effect { return []Effect{SaveFile("log")} }},
		{"a setting is nothing outside", func(*Model) Msg { return setBuffer(5) }, func(*Model) []Effect { return nil }},
	} {
		m := paused(labtest.Trio(), 3*time.Second)
		got, _ := Update(m, c.msg(m))
		if want := c.want(m); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: it wants %+v, not %+v", c.name, want, got)
		}
		if again, err := Update(m, Notify{}); again != nil || err != nil {
			t.Errorf("%s: the next message is answered with %+v, %v", c.name, again, err)
		}
	}
}

// Its records would be forgotten meanwhile.
func TestARunStandsStillWhileItsRecordsAreSaved(t *testing.T) {
	for _, f := range []exportFile{logFile, shownLog, exportGroups[0].files[0], stageFile, chartFile(KindOf("rate"))} {
		m := NewModel()
		Update(m, f.message())
		if m.Playing == (f.chart == nil && f.id != "stage") || fileOf(f.id) != f {
			t.Errorf("while %q is saved it plays: %v", f.id, m.Playing)
		}
	}
}
