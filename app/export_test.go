package app

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/logbook"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// written is a whole file, and how many pieces it has.
func written(t *testing.T, m *play.Model, f exportFile) (string, progress, int) {
	t.Helper()
	var b bytes.Buffer
	var last progress
	n := 0
	for piece, done := range exportPieces(m, f) {
		if len(piece) > exportPiece+exportPiece/8 {
			t.Errorf("%s: a piece has %d bytes", f.id, len(piece))
		}
		b.Write(piece)
		if done.read < last.read {
			t.Errorf("%s: it goes back from %d to %d", f.id, last.read, done.read)
		}
		last = done
		n++
	}
	return b.String(), last, n
}

func TestTheFilesOfTheJournalAreThoseOfItsPackage(t *testing.T) {
	for _, s := range []scenario.Scenario{scenario.Classic(), labtest.Trio(), labtest.Fast()} {
		m := playtest.Paused(s, 4*time.Second)
		for _, f := range []journal.Format{journal.NDJSON, journal.CSV, journal.CloudEvents} {
			var want bytes.Buffer
			j := m.Journal()
			if err := journal.NewExport(f, s, time.Time{}, "spillway"+scenario.Link(s, 0)).Write(&want, j.Records(j.First(), m.View().Position)); err != nil {
				t.Fatal(err)
			}
			got, done, _ := written(t, m, journalFile(f, "", ""))
			if got != want.String() {
				t.Errorf("%v has %d bytes, not %d", f, len(got), want.Len())
			}
			if done.read != done.all || done.written != m.View().Position {
				t.Errorf("%v ends at %+v", f, done)
			}
		}
	}
}

// textOf are the lines of the log up to the moment that is shown.
func textOf(m *play.Model) string {
	b := logbook.Book{Of: func() (*play.Moment, *play.LogView) { return m.Moment(), &m.Log }}
	b.Follow(playtest.Yes)
	text, _, _ := b.Read().Text(1 << 30)
	return text
}

func TestTheFileOfTheLogHasAllLinesOrThoseShown(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 10*time.Second)
	play.Update(m, play.Seek{At: 9 * time.Second})
	all := textOf(m)
	play.Update(m, play.SearchLog{Query: "dropped"})
	some := textOf(m)
	got, done, _ := written(t, m, logFile)
	if got != all || done.written != uint64(strings.Count(all, "\n")) {
		t.Errorf("all of the log is %q", got)
	}
	got, done, _ = written(t, m, shownLog)
	if got != some || some == "" || some == all || done.written != uint64(strings.Count(some, "\n")) {
		t.Errorf("what is shown of the log is %q", got)
	}
}

func TestWhatTheUserDoesMeanwhileChangesNoFile(t *testing.T) {
	m := playtest.Paused(labtest.Fast(), 20*time.Second)
	want, _, pieces := written(t, m, logFile)
	if pieces < 5 {
		t.Fatalf("there are only %d pieces", pieces)
	}
	var got strings.Builder
	n := 0
	for piece := range exportPieces(m, logFile) {
		got.Write(piece)
		switch n++; n {
		case 1:
			play.Update(m, playtest.Rename(playtest.Producer(m, 0), "another"))
		case 2:
			play.Update(m, play.Seek{At: time.Second})
		case 3:
			play.Update(m, playtest.SetService(m, time.Millisecond))
		case 4:
			play.Update(m, play.LoadPreset{ID: "flaky"})
		}
	}
	if got.String() != want {
		t.Error("it is another file")
	}
}

func TestAFileOfWhatIsForgottenIsAnError(t *testing.T) {
	m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval = scenario.Duration(10 * time.Microsecond)
		s.Duration = scenario.Duration(time.Hour)
	}), 2*time.Second)
	var err error
	for _, done := range exportPieces(m, journalFile(journal.NDJSON, "", "")) {
		err = done.err
		play.Update(m, play.Seek{At: m.At() + 10*time.Second})
		for m.CatchingUp() {
			play.Update(m, play.Frame{More: playtest.Yes})
		}
	}
	if !errors.Is(err, errForgotten) {
		t.Errorf("the error is %v", err)
	}
}

func TestAFileIsNamedAfterItsRun(t *testing.T) {
	m := play.NewModel()
	for want, f := range map[string]exportFile{
		"spillway-classic-20211101-111119.ndjson":           journalFile(journal.NDJSON, "", ""),
		"spillway-classic-20211101-111119.csv":              journalFile(journal.CSV, "", ""),
		"spillway-classic-20211101-111119.cloudevents.json": journalFile(journal.CloudEvents, "", ""),
		"spillway-classic-20211101-111119.log":              logFile,
		"spillway-classic-20211101-111119.png":              stageFile,
		"spillway-classic-20211101-111119-depth.svg":        chartFile(chart.KindOf("depth")),
	} {
		if got := exportName(m, f); got != want {
			t.Errorf("it is %s, want %s", got, want)
		}
	}
	play.Update(m, play.LoadScenario{Caption: "mine", Scenario: labtest.Trio()})
	if got := exportName(m, logFile); got != "spillway-run-20211101-111119.log" {
		t.Errorf("a run without a preset is %s", got)
	}
}

func TestSizesAreForPeople(t *testing.T) {
	for n, want := range map[int]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1500: "1.5 kB", 12_345_678: "12.3 MB"} {
		if got := byteText(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
