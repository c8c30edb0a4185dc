package logbook

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestTheKeysOfTheLog(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 10*time.Second)
	play.Update(m, play.Seek{At: 5 * time.Second})
	b := bookOf(m)
	b.Follow(playtest.Yes)
	r := b.Read()
	to := func(line int) play.Msg { return play.SetLogCursor{Position: r.index.at(line)} }
	for key, want := range map[string]play.Msg{
		"ArrowUp": to(r.line() - 1), "ArrowDown": to(r.line() + 1), "PageUp": to(r.line() - 2), "PageDown": to(r.line() + 2), "Home": to(0), "End": to(r.index.Count() - 1),
		"Enter": play.PickRecord{Position: r.index.at(r.line())}, " ": nil, "ArrowLeft": nil, // which are the page's
	} {
		if got := r.press(key, 2); got != want {
			t.Errorf("%q asks for %#v, want %#v", key, got, want)
		}
	}
	for key, want := range map[string]play.Msg{"ArrowDown": play.Focus{ID: LogID}, "Enter": play.Focus{ID: LogID}, "Escape": play.SearchLog{}, "x": nil} {
		if got := searched(key); got != want {
			t.Errorf("in the search %q asks for %#v, want %#v", key, got, want)
		}
	}
}

func TestKeysMoveFromLineToLine(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 10*time.Second)
	b := bookOf(m)
	b.Follow(playtest.Yes)
	lines := indexed(b)
	play.Update(m, play.Seek{At: 4500 * time.Millisecond})
	now := b.Read().line()
	for _, c := range []struct{ by, want int }{{1, now + 1}, {1, now + 2}, {-1, now + 1}, {-1 << 31, 0}, {-1, 0}, {1, 1}, {1<<31 - 1, len(lines) - 1}, {1, len(lines) - 1}, {-5, len(lines) - 6}} {
		play.Update(m, b.Read().move(c.by))
		if !m.Log.HasCursor || !m.Log.Hold || m.Log.Cursor != lines[c.want] || b.Read().cursor() != c.want {
			t.Fatalf("by %d the cursor is at line %d, want %d", c.by, b.Read().cursor(), c.want)
		}
		if m.At() != 4500*time.Millisecond {
			t.Fatal("the moment moves")
		}
	}
	play.Update(m, play.HoldLog{Hold: false})
	if m.Log.HasCursor || b.Read().cursor() != now {
		t.Errorf("following it is at line %d", b.Read().cursor())
	}
	play.Update(m, play.SearchLog{Query: "zebra"})
	b.Follow(playtest.Yes)
	if msg := b.Read().move(1); msg != nil {
		t.Errorf("in no lines the cursor goes to %+v", msg)
	}
}

func TestTheCopyHasTheLinesUpToTheMoment(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 10*time.Second)
	play.Update(m, play.Seek{At: 3 * time.Second})
	b := bookOf(m)
	b.Follow(playtest.Yes)
	text, lines, left := b.Read().Text(100)
	want := ""
	for _, l := range LinesOf(m) {
		want += l.String() + "\n"
	}
	if text != want || lines != 4 || left {
		t.Errorf("it has %d lines, left=%v: %s", lines, left, text)
	}
	if _, lines, left := b.Read().Text(3); lines != 3 || !left {
		t.Errorf("of at most 3 it has %d, left=%v", lines, left)
	}
}

func TestWhoIsMutedStaysSoWhenARenameIsTakenBack(t *testing.T) {
	m := playtest.Paused(labtest.Trio(), 3*time.Second)
	play.Update(m, play.MuteLog{Actor: playtest.Consumer(m, 1)})
	muted := func() (names []string) {
		for _, c := range bookOf(m).Read().Head().Speakers {
			if c.Off {
				names = append(names, c.Name)
			}
		}
		return names
	}
	for _, c := range []struct {
		msg  play.Msg
		name string
	}{{playtest.Rename(playtest.Consumer(m, 1), "clerk"), "clerk"}, {play.Undo{}, "audit"}, {play.Redo{}, "clerk"}, {play.Move{Actor: playtest.Consumer(m, 1), By: -1}, "clerk"}, {play.Undo{}, "clerk"}} {
		play.Update(m, c.msg)
		if got := muted(); !slices.Equal(got, []string{c.name}) {
			t.Errorf("after %T muted are %v", c.msg, got)
		}
	}
}

func TestTheLinesHaveTheDateOnWhichTheLogBegins(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 3*time.Second)
	b := bookOf(m)
	b.Follow(playtest.Yes)
	play.Update(m, playtest.SetLogStart("2026-02-03 23:59:59 +0000 UTC"))
	b.Follow(playtest.Yes)
	text, _, _ := b.Read().Text(1)
	if want := "2026/02/04 00:00:02 "; !strings.HasPrefix(text, want) {
		t.Errorf("the log says %q", text)
	}
	play.Update(m, play.SearchLog{Query: "2026/02/04"})
	if b.Follow(playtest.Yes); b.Index.Count() == 0 {
		t.Error("no line is found by its date")
	}
}

func TestAnInterruptIsTheLastButOneOfTheLines(t *testing.T) {
	m := play.NewModel()
	playtest.Pass(m, 4200*time.Millisecond)
	play.Update(m, playtest.Interrupt())
	lines := LinesOf(m)
	var last []string
	for _, l := range lines[len(lines)-2:] {
		last = append(last, l.Text)
	}
	if want := []string{"cancelling from signal [signal=interrupt]", "quitting"}; !slices.Equal(last, want) {
		t.Errorf("its last lines are %q", last)
	}
}
