//go:build !js

package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/domtest"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// The lines are put into the list by the loop of the page, in a browser; here is
// what is around them.

// logOf is the log of a page, without the rest.
func (b *browser) logOf() *domtest.Element { return domtest.One(b.t, b.html().Class("log")) }

func TestBelowTheLogItSaysWhatIsShown(t *testing.T) {
	b := open(t, "")
	b.send(play.Seek{At: 0}, play.Pause{})
	for _, c := range []struct {
		do   play.Msg
		want string
	}{
		{play.Seek{At: 0}, "0 lines"},
		{play.Seek{At: time.Second}, "1 line"},
		{play.Seek{At: 7 * time.Second}, ""},
		{play.SearchLog{Query: "dropped"}, "1 of 11 lines"},
		{play.Seek{At: 3 * time.Second}, "0 of 4 lines, 1 later"},
		{play.SearchLog{Query: "zebra"}, "0 of 4 lines"},
		{play.WholeLog{}, "4 lines, 7 later"},
		{play.MuteLog{Actor: playtest.Producer(b.page.model, 0)}, "1 of 4 lines, 3 later"},
		{play.SkipLog{LogTopic: journal.AboutHandled}, "0 of 4 lines, 1 later"},
	} {
		b.send(c.do)
		if got := domtest.One(t, b.logOf().All(func(e *domtest.Element) bool { return e.Attrs["id"] == "log-note" })).Text; got != c.want && c.want != "" {
			t.Errorf("after %+v it says %q, want %q", c.do, got, c.want)
		}
	}
}

func TestAnEmptyLogSaysWhy(t *testing.T) {
	b := open(t, "")
	b.send(play.Pause{})
	empty := func() string {
		texts := ""
		for _, e := range b.logOf().Class("empty") {
			texts += e.Text
		}
		return texts
	}
	b.send(play.Seek{At: 0})
	if got := empty(); got != "Nothing has happened yet." {
		t.Errorf("at the start it says %q", got)
	}
	b.send(play.Seek{At: 5 * time.Second})
	if got := empty(); got != "" {
		t.Errorf("with lines it says %q", got)
	}
	b.send(play.SearchLog{Query: "zebra"})
	if got := empty(); !strings.Contains(got, "no line matches") {
		t.Errorf("for a zebra it says %q", got)
	}
}

func TestAChipIsPressedWhileItsLinesAreShown(t *testing.T) {
	b := open(t, "")
	b.visit(scenario.Link(labtest.Trio(), 5*time.Second)[1:])
	chips := func(group int) (names, off []string) {
		for _, e := range b.logOf().Class("chips")[group].Tags("button") {
			names = append(names, e.Text)
			if e.Attrs["aria-pressed"] == "false" {
				off = append(off, e.Text)
			}
		}
		return names, off
	}
	names, off := chips(0)
	if want := []string{"shop", "bank", "ledger", "audit", "broker", "playground"}; !slices.Equal(names, want) || off != nil {
		t.Errorf("the chips are %q, off are %q", names, off)
	}
	if names, off := chips(1); len(names) != len(journal.Topics()) || off != nil {
		t.Errorf("the chips of the topics are %q, off are %q", names, off)
	}
	b.send(play.MuteLog{Actor: playtest.Producer(b.page.model, 1)})
	if _, off := chips(0); !slices.Equal(off, []string{"bank"}) {
		t.Errorf("off are %q", off)
	}
	b.send(play.Restart{}, playtest.Rename(playtest.Producer(b.page.model, 1), "vault"))
	if _, off := chips(0); !slices.Equal(off, []string{"vault"}) {
		t.Errorf("with another name off are %q", off)
	}
	b.send(play.LoadPreset{ID: "classic"})
	if _, off := chips(0); off != nil || len(b.logOf().All(func(e *domtest.Element) bool { return e.Text == "Show all" })) != 0 {
		t.Errorf("in another run off are %q", off)
	}
	b.send(play.Undo{})
	if _, off := chips(0); !slices.Equal(off, []string{"vault"}) {
		t.Errorf("back again off are %q", off)
	}
	b.send(play.MuteLog{Actor: playtest.Consumer(b.page.model, 1), Others: true})
	if _, off := chips(0); !slices.Equal(off, []string{"shop", "vault", "ledger", "broker", "playground"}) {
		t.Errorf("with one alone off are %q", off)
	}
	b.send(play.MuteLog{Actor: playtest.Consumer(b.page.model, 1), Others: true})
	if _, off := chips(0); off != nil {
		t.Errorf("with all again off are %q", off)
	}
}

func TestWhoHoldsTheLogCanFollowAgain(t *testing.T) {
	b := open(t, "")
	for _, hold := range []bool{false, true, false} {
		b.send(play.HoldLog{Hold: hold})
		if n := len(b.logOf().Class("follow")); n != map[bool]int{true: 1}[hold] {
			t.Errorf("hold=%v: there are %d buttons", hold, n)
		}
	}
}

func TestTheExportDialogOffersAllFiles(t *testing.T) {
	b := open(t, "")
	b.send(play.Seek{At: 5 * time.Second}, play.Open{Dialog: play.ExportDialog})
	dialog := domtest.One(t, b.html().Tags("dialog"))
	var names []string
	for _, e := range dialog.Class("file") {
		names = append(names, e.Attrs["aria-label"])
	}
	want := []string{"Save NDJSON", "Save CSV", "Save CloudEvents", "Save Log", "Save Stage", "Save Buffer depth", "Save Rates", "Save Time in system"}
	if !slices.Equal(names, want) {
		t.Errorf("they are %q", names)
	}
	if about := dialog.Tags("p")[0].Text; !strings.Contains(about, "shown, 5 s: ") || !strings.Contains(about, format.Plural(b.page.model.View().Position, "record")) {
		t.Errorf("it says %q", about)
	}
	page := &b.page.Page
	b.do(func(ctx app.Context) { page.save(ctx, stageFile.id) })
	for !strings.Contains(page.model.Notice.Text, ".png can't be saved") { // which is told from aside
		time.Sleep(time.Millisecond)
		b.Consume()
	}
	b.do(func(ctx app.Context) { page.save(ctx, chartFile(chart.KindOf("rate")).id) })
	if n := page.model.Notice; !n.Error || !strings.Contains(n.Text, "spillway-classic-20211101-111119-rate.svg can't be saved") {
		t.Errorf("where there is no browser it says %q", n.Text)
	}
}
