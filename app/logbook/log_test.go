package logbook

import (
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// logLine is a line as the list shows it.
type logLine struct {
	Class string
	journal.Line
}

// bookOf is the log of a model.
func bookOf(m *play.Model) *Book {
	return &Book{Of: func() (*play.Moment, *play.LogView) { return m.Moment(), &m.Log }}
}

// LinesOf are the lines of the log up to the moment that is shown.
func LinesOf(m *play.Model) []logLine {
	b := bookOf(m)
	b.Follow(playtest.Yes)
	words := journal.NewLog(m.Scenario, len(m.Scenario.Consumers), m.Scenario.StartTime())
	var lines []logLine
	r := b.Read()
	for n := range r.line() + 1 {
		record := m.Journal().At(r.index.at(n))
		lines = append(lines, logLine{lineClass(record.Kind), words.Line(record)})
	}
	return lines
}
