package sim

import (
	"math/bits"
	"unsafe"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/record"
)

// Held is about how many bytes of memory the run takes by now: the events that exist,
// the buffers and the repository. It is the same on every machine: what a growing
// slice has in reserve is estimated. It may be asked for in the middle of a moment.
func (s *Sim) Held() int {
	const eventSize = 96 // as the allocator rounds it
	n := s.events.Made() * (eventSize + int(unsafe.Sizeof(&record.Event{})))
	for i := range s.consumers {
		if peak := s.recorder.Peak(i); peak > 0 {
			n += 1 << bits.Len(uint(peak-1)) * int(unsafe.Sizeof(broker.Event(nil))) // a ring of the broker
		}
	}
	for i := range s.store.streams {
		t := &s.store.streams[i]
		t.room = max(t.room, len(t.events))
		n += (t.room + t.room/8) * (int(unsafe.Sizeof(stored{})) + 8) // of which the broker notes the position
	}
	return n
}
