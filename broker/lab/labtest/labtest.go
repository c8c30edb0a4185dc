// Package labtest is what the tests of the lab share: random scenarios, their runs,
// and files to compare with.
package labtest

import (
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// T is a testing.TB or a *rapid.T.
type T interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// Prepare makes a run on virtual time that adds what happens to records.
func Prepare(t T, s scenario.Scenario) (run *sim.Sim, records *[]journal.Record) {
	t.Helper()
	records = new([]journal.Record)
	run, err := sim.New(s, func(r *journal.Record) { *records = append(*records, *r) })
	if err != nil {
		t.Fatal(err)
	}
	return run, records
}

// Play are the records of a whole run on virtual time.
func Play(t T, s scenario.Scenario) []journal.Record {
	t.Helper()
	run, records := Prepare(t, s)
	run.Run()
	return *records
}

// Edited is the classic after an edit.
func Edited(edit func(*scenario.Scenario)) scenario.Scenario {
	s := scenario.Classic()
	edit(&s)
	return s
}
