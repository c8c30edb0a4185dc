package app

import (
	"reflect"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/logbook"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAnUpdateAnswersWhatIsToBeDoneOutside(t *testing.T) {
	for _, c := range []struct {
		name string
		msg  func(m *play.Model) play.Msg
		want func(m *play.Model) []play.Effect // after it
	}{
		{"who is added is gone to", func(*play.Model) play.Msg { return play.Add{Role: scenario.OfConsumer} }, func(m *play.Model) []play.Effect {
			return []play.Effect{play.FocusOn{playtest.Consumer(m, 2).ElementID() + "-name"}}
		}},
		{"after a removal another can be added", func(m *play.Model) play.Msg { return play.Remove{Actor: playtest.Producer(m, 1)} }, func(*play.Model) []play.Effect {
			return []play.Effect{play.FocusOn{"add-producer"}}
		}},
		{"who moves keeps the focus, on the other button at the end of the list", func(m *play.Model) play.Msg { return play.Move{Actor: playtest.Producer(m, 0), By: 1} }, func(m *play.Model) []play.Effect {
			id := playtest.Producer(m, 1).ElementID()
			return []play.Effect{play.FocusOn{id + "-down", id + "-up"}}
		}},
		{"who can't move is left alone", func(m *play.Model) play.Msg { return play.Move{Actor: playtest.Producer(m, 0), By: -1} }, func(*play.Model) []play.Effect { return nil }},
		{"what is refused has none", func(m *play.Model) play.Msg { return playtest.SetBuffer(-1) }, func(*play.Model) []play.Effect { return nil }},
		{"a key leads to the search", func(m *play.Model) play.Msg { return keyMessage("/", "body", false, m) }, func(*play.Model) []play.Effect {
			return []play.Effect{play.FocusNow(logbook.LogSearchID)}
		}},
		{"the link is copied, or else shown", func(*play.Model) play.Msg { return play.CopyLink{} }, func(m *play.Model) []play.Effect {
			return []play.Effect{play.Copy{Text: m.Link(), Link: true, Done: "The link is copied: it brings back exactly this.", Instead: play.Open{Dialog: play.ShareDialog}}}
		}},
		{"the theme is switched", func(*play.Model) play.Msg { return play.ToggleTheme{} }, func(*play.Model) []play.Effect { return []play.Effect{play.SwitchTheme{}} }},
		{"a file is saved", func(*play.Model) play.Msg { return logFile.message() }, func(*play.Model) []play.Effect { return []play.Effect{play.SaveFile("log")} }},
		{"a setting is nothing outside", func(*play.Model) play.Msg { return playtest.SetBuffer(5) }, func(*play.Model) []play.Effect { return nil }},
	} {
		m := playtest.Paused(labtest.Trio(), 3*time.Second)
		got, _ := play.Update(m, c.msg(m))
		if want := c.want(m); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: it wants %+v, not %+v", c.name, want, got)
		}
		if again, err := play.Update(m, play.Notify{}); again != nil || err != nil {
			t.Errorf("%s: the next message is answered with %+v, %v", c.name, again, err)
		}
	}
}

// Its records would be forgotten meanwhile.
func TestARunStandsStillWhileItsRecordsAreSaved(t *testing.T) {
	for _, f := range []exportFile{logFile, shownLog, exportGroups[0].files[0], stageFile, chartFile(chart.KindOf("rate"))} {
		m := play.NewModel()
		play.Update(m, f.message())
		if m.Playing == (f.chart == nil && f.id != "stage") || fileOf(f.id) != f {
			t.Errorf("while %q is saved it plays: %v", f.id, m.Playing)
		}
	}
}
