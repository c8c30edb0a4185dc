package play

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAMarkIsSetAndTakenAway(t *testing.T) {
	m := NewModel()
	for _, at := range []time.Duration{4 * time.Second, time.Second, 2 * time.Second} {
		Update(m, Seek{At: at})
		Update(m, ToggleMark{})
	}
	want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}
	if !slices.Equal(m.Bookmarks, want) {
		t.Errorf("the marks are %v, want %v", m.Bookmarks, want)
	}
	Update(m, ToggleMark{})
	if want := []time.Duration{time.Second, 4 * time.Second}; !slices.Equal(m.Bookmarks, want) {
		t.Errorf("the marks are %v, want %v", m.Bookmarks, want)
	}
}

func TestThereAreNoMoreMarksThanALinkCarries(t *testing.T) {
	m := NewModel()
	for i := range maxBookmarks + 1 {
		Update(m, Seek{At: time.Duration(i+1) * 100 * time.Millisecond})
		Update(m, ToggleMark{})
	}
	if len(m.Bookmarks) != maxBookmarks || !m.Notice.Error || !strings.Contains(m.Notice.Text, "20") {
		t.Errorf("there are %d marks, and it says %q", len(m.Bookmarks), m.Notice.Text)
	}
}

func TestAJumpGoesToTheNextDropChangeOrMark(t *testing.T) {
	m := NewModel()
	Update(m, Seek{At: 9 * time.Second}) // the classic drops one event, at 7 s
	Update(m, Seek{At: 3 * time.Second})
	Update(m, ToggleMark{})
	Update(m, Seek{At: 0})
	for _, step := range []struct {
		by   int
		want time.Duration
	}{{1, 3 * time.Second}, {1, 7 * time.Second}, {1, 7 * time.Second}, {-1, 3 * time.Second}, {-1, 0}, {-1, 0}} {
		if Update(m, Jump{By: step.by}); m.At() != step.want {
			t.Fatalf("a jump by %d leads to %v, want %v", step.by, m.At(), step.want)
		}
	}
}

func TestALinkCarriesTheMarks(t *testing.T) {
	m := NewModel()
	for _, at := range []time.Duration{1500 * time.Millisecond, 7 * time.Second} {
		Update(m, Seek{At: at})
		Update(m, ToggleMark{})
	}
	link := m.Link()
	opened := NewModel()
	if Update(opened, LoadLink{Link: link}); !slices.Equal(opened.Bookmarks, m.Bookmarks) {
		t.Errorf("%s has the marks %v, want %v", link, opened.Bookmarks, m.Bookmarks)
	}
	for _, broken := range []string{"&marks=2s,1s", "&marks=x", "&marks=11s", "&marks=", "&marks=-1s", "&marks=" + strings.Repeat("1s,", 20) + "1s"} {
		if Update(opened, LoadLink{Link: ClassicLink + broken}); !opened.Notice.Error {
			t.Errorf("%s is taken", broken)
		}
	}
}

func TestAJumpGoesToWhateverTheTimeLineShows(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	Update(m, Do{producer(m, 0), scenario.Publish})
	Update(m, Seek{At: 0})
	if Update(m, Jump{By: 1}); m.At() != 3*time.Second+1 {
		t.Errorf("it leads to %v", m.At())
	}
}
