package record

import "github.com/spillway-go/spillway/broker/lab/example/producer"

// Event is a published event, and who has it: that is for a Recorder to know.
type Event struct {
	producer.ProducedSomethingEvent
	ByHand bool // the user published it

	// A bit for each consumer where it waits, one for each where a worker has it, one
	// while it is offered, and one while it is read from the repository.
	held uint64
}

const (
	offered = 1 << 63
	read    = 1 << 62
)

func waitsFor(consumer uint8) uint64 { return 1 << consumer }
func worksFor(consumer uint8) uint64 { return 1 << (16 + consumer) }
