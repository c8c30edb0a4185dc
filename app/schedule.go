package app

import (
	"time"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/dom"
)

// taskKind is what a task of a frame is for.
type taskKind uint8

const (
	simulating    taskKind = iota // the runs, up to what is shown
	investigating                 // what would have kept an event
	indexing                      // the lines of the log
	charting                      // charts that show something old
	taskKinds
)

// frameShares are how much of a frame, of some 16 ms, the tasks of a kind may take
// together. The rest is for painting and for the browser.
var frameShares = [taskKinds]time.Duration{
	simulating:    8 * time.Millisecond,
	investigating: time.Millisecond,
	indexing:      time.Millisecond,
	charting:      2 * time.Millisecond,
}

// taskParts are the parts of the page that have the tasks of a kind.
var taskParts = [taskKinds]string{simulating: dom.TheRun, investigating: dom.TheCard, indexing: dom.TheLines, charting: dom.TheDrawing}

// tickEvery is how often the HTML, and the charts, follow what the canvas shows.
const tickEvery = 100 * time.Millisecond

// schedule shares a frame out among the tasks that could go on for longer.
type schedule struct {
	tasks [taskKinds][]func(more func() bool)
	now   func() time.Time
	spent [taskKinds]time.Duration // in the last frame
}

func newSchedule(now func() time.Time) *schedule { return &schedule{now: now} }

// add adds a task, which is done in every frame. It goes on while more answers true,
// and does something in any case.
func (s *schedule) add(kind taskKind, task func(more func() bool)) {
	s.tasks[kind] = append(s.tasks[kind], task)
}

// run does the tasks of a kind. What one of them does not need is left to those after it.
func (s *schedule) run(kind taskKind) {
	began := s.now()
	for i, task := range s.tasks[kind] {
		left := frameShares[kind] - s.now().Sub(began)
		end := s.now().Add(left / time.Duration(len(s.tasks[kind])-i))
		boundary.Repeat(taskParts[kind], func() { task(func() bool { return s.now().Before(end) }) })
	}
	s.spent[kind] = s.now().Sub(began)
}
