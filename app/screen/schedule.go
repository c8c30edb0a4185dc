package screen

import (
	"time"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/dom"
)

// taskKind is what a task of a frame is for.
type taskKind uint8

const (
	Simulating    taskKind = iota // the runs, up to what is shown
	Investigating                 // what would have kept an event
	Indexing                      // the lines of the log
	Charting                      // charts that show something old
	taskKinds
)

// frameShares are how much of a frame, of some 16 ms, the tasks of a kind may take
// together. The rest is for painting and for the browser.
var frameShares = [taskKinds]time.Duration{
	Simulating:    8 * time.Millisecond,
	Investigating: time.Millisecond,
	Indexing:      time.Millisecond,
	Charting:      2 * time.Millisecond,
}

// taskParts are the parts of the page that have the tasks of a kind.
var taskParts = [taskKinds]string{Simulating: dom.TheRun, Investigating: dom.TheCard, Indexing: dom.TheLines, Charting: dom.TheDrawing}

// TickEvery is how often the HTML, and the charts, follow what the canvas shows.
const TickEvery = 100 * time.Millisecond

// Schedule shares a frame out among the tasks that could go on for longer.
type Schedule struct {
	tasks [taskKinds][]func(more func() bool)
	now   func() time.Time
	Spent [taskKinds]time.Duration // in the last frame
}

func NewSchedule(now func() time.Time) *Schedule { return &Schedule{now: now} }

// Add adds a task, which is done in every frame. It goes on while more answers true,
// and does something in any case.
func (s *Schedule) Add(kind taskKind, task func(more func() bool)) {
	s.tasks[kind] = append(s.tasks[kind], task)
}

// Run does the tasks of a kind. What one of them does not need is left to those after it.
func (s *Schedule) Run(kind taskKind) {
	began := s.now()
	for i, task := range s.tasks[kind] {
		left := frameShares[kind] - s.now().Sub(began)
		end := s.now().Add(left / time.Duration(len(s.tasks[kind])-i))
		boundary.Repeat(taskParts[kind], func() { task(func() bool { return s.now().Before(end) }) })
	}
	s.Spent[kind] = s.now().Sub(began)
}
