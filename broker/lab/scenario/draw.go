package scenario

// Stream names one source of chance, so that no two share a draw.
type Stream uint64

const (
	// Identities are the IDs of events, by producer.
	Identities Stream = iota + 1
	// ArrivalTies decide who is first when a producer's event ties with something else.
	ArrivalTies
	// CompletionTies do the same for the end of a consumer's handling.
	CompletionTies
	// Gaps are the intervals of a producer.
	Gaps
	// Services are the service times of a consumer, by event and attempt.
	Services
	// Failures decide which attempts of a consumer fail, by event and attempt.
	Failures
)

// Source is the chance of one actor in one stream: draws that are a function of
// the seed, the stream, the actor and the number of the draw, and of nothing
// else. What else happened in a run can't move them, so two policies meet the
// same chances.
//
// It is the finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable
// Pseudorandom Number Generators, OOPSLA 2014) used as a counter-based
// generator: each argument is stirred in before the next.
type Source uint64

const gamma = 0x9e3779b97f4a7c15 // 2^64 / golden ratio, as there

// NewSource is the source of an actor, counted from 0.
func NewSource(seed uint64, stream Stream, actor int) Source {
	return Source(mix(mix(seed+gamma) ^ (uint64(stream)<<32 | uint64(uint32(actor)))))
}

// Draw is the n-th draw: 64 uniform bits.
func (s Source) Draw(n uint64) uint64 { return mix(uint64(s) + n*gamma) }

func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Identity is the n-th draw of an Identities source as an ID: a positive int64,
// as in the example.
func (s Source) Identity(n uint64) uint64 { return s.Draw(n) >> 1 }
