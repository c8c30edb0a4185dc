package play

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

// Marks count what was lost and the user's changes along the time line, in bins of
// equal length, however long the run is.
type Marks struct {
	Duration time.Duration
	Bins     [MarksBins]Mark
}

// Mark is one bin.
type Mark struct{ Drops, Changes uint32 }

const MarksBins = 512

// noted says what the time line has of a record: a loss, or a change by the user.
func noted(r *journal.Record) (lost, changed bool) {
	return r.Kind.Loss(), r.ByUser()
}

func (m *Marks) observe(r *journal.Record) {
	switch lost, changed := noted(r); {
	case lost:
		m.bin(r.At).Drops++
	case changed:
		m.bin(r.At).Changes++
	}
}

func (m *Marks) bin(t time.Duration) *Mark {
	i := int(float64(t) / float64(m.Duration) * MarksBins)
	return &m.Bins[min(max(i, 0), MarksBins-1)]
}
