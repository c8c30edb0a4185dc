package app

import "github.com/spillway-go/spillway/broker/lab/journal"

// logLine is a line as the list shows it.
type logLine struct {
	Class string
	journal.Line
}

// linesOf are the lines of the log up to the moment that is shown.
func linesOf(m *Model) []logLine {
	m.lines.follow(m, yes)
	words := journal.NewLog(m.Scenario, len(m.Scenario.Consumers), m.Scenario.StartTime())
	var lines []logLine
	for n := range m.LogLine() + 1 {
		r := m.Journal().At(m.lines.at(n))
		lines = append(lines, logLine{lineClass(r.Kind), words.Line(r)})
	}
	return lines
}
