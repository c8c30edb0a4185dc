package journal

import "unsafe"

// Held is about how many bytes of memory the journal takes by now. It is the same on
// every machine: what a growing slice has in reserve is estimated.
func (j *Journal) Held() int {
	n := grown(len(j.records)) * int(unsafe.Sizeof(Record{}))
	n += len(j.checkpoints) * (int(unsafe.Sizeof(State{})) + len(j.head.Producers)*int(unsafe.Sizeof(ProducerState{})) +
		len(j.head.Consumers)*int(unsafe.Sizeof(ConsumerState{})) + j.working*int(unsafe.Sizeof(Work{})))
	for i := range j.lines {
		n += grown(max(j.lines[i].room, len(j.lines[i].entries))) * int(unsafe.Sizeof(entry{}))
	}
	return n + len(j.head.Consumers)*maxBuckets*int(unsafe.Sizeof(bucket{})) + (len(j.head.Producers)+1)*maxBuckets*8
}

// grown is what a slice of that length has room for that grows by appending.
func grown(length int) int { return length + length/8 }
