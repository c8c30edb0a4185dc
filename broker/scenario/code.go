package scenario

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// encode writes the fields of a scenario that differ from the classic. Whole
// numbers are varints; text.go has the texts; a list is its length and its items.
func encode(s Scenario) []byte {
	classic := Classic()
	var has uint64
	var body []byte
	field := func(bit uint64, differs bool, write func()) {
		if differs {
			has |= bit
			write()
		}
	}
	uvarint := func(v uint64) { body = binary.AppendUvarint(body, v) }
	duration := func(d Duration) { uvarint(packDuration(d)) }
	text := func(t string) { body = appendText(body, t) }
	name := func(role string, i int, n string) {
		if n == defaultName(role, i) {
			n = "" // which no name is
		}
		text(n)
	}

	field(hasProducers, !slices.Equal(s.Producers, classic.Producers), func() {
		uvarint(uint64(len(s.Producers)))
		for i, p := range s.Producers {
			name("producer", i, p.Name)
			duration(p.Interval)
		}
	})
	field(hasBroker, s.Broker != classic.Broker, func() {
		uvarint(uint64(s.Broker.Buffer))
		uvarint(uint64(s.Broker.Overflow))
	})
	field(hasConsumers, !slices.Equal(s.Consumers, classic.Consumers), func() {
		uvarint(uint64(len(s.Consumers)))
		for i, c := range s.Consumers {
			name("consumer", i, c.Name)
			duration(c.Service)
		}
	})
	field(hasDuration, s.Duration != classic.Duration, func() { duration(s.Duration) })
	field(hasStart, s.Start != classic.Start, func() {
		body = binary.AppendVarint(body, s.Start.Unix)
		body = binary.AppendVarint(body, int64(s.Start.Offset))
		text(s.Start.Zone)
	})
	field(hasSeed, s.Seed != classic.Seed, func() { uvarint(s.Seed) })
	field(hasInterventions, len(s.Interventions) > 0, func() {
		uvarint(uint64(len(s.Interventions)))
		var last Duration
		for _, v := range s.Interventions {
			duration(v.At - last)
			last = v.At
			uvarint(uint64(v.Do))
			switch v.Do {
			case SetInterval:
				uvarint(uint64(v.Actor))
				duration(v.Interval)
			case SetService:
				uvarint(uint64(v.Actor))
				duration(v.Service)
			case SetBuffer:
				uvarint(uint64(v.Buffer))
			case SetOverflow:
				uvarint(uint64(v.Overflow))
			}
		}
	})
	return append(binary.AppendUvarint(nil, has), body...)
}

// decode reads what encode writes. It checks what it must to stay within
// bounds; Validate checks the rest.
func decode(fields []byte) (Scenario, error) {
	r := reader{rest: fields}
	s := Classic()
	has := r.uvarint()
	if has >= hasInterventions<<1 {
		return s, errors.New("it has a field this version does not know")
	}
	if has&hasProducers != 0 {
		s.Producers = make([]Producer, r.length(MaxProducers))
		for i := range s.Producers {
			s.Producers[i] = Producer{Name: r.name("producer", i), Interval: r.duration()}
		}
	}
	if has&hasBroker != 0 {
		s.Broker = Broker{Buffer: r.whole(), Overflow: broker.Overflow(r.small())}
	}
	if has&hasConsumers != 0 {
		s.Consumers = make([]Consumer, r.length(MaxConsumers))
		for i := range s.Consumers {
			s.Consumers[i] = Consumer{Name: r.name("consumer", i), Service: r.duration()}
		}
	}
	if has&hasDuration != 0 {
		s.Duration = r.duration()
	}
	if has&hasStart != 0 {
		s.Start = Start{Unix: r.varint(), Offset: int32(r.varint()), Zone: r.text()}
	}
	if has&hasSeed != 0 {
		s.Seed = r.uvarint()
	}
	if has&hasInterventions != 0 {
		s.Interventions = make([]Intervention, r.length(MaxInterventions))
		var last Duration
		for i := range s.Interventions {
			v := Intervention{At: last + r.duration(), Do: Action(r.small())}
			last = v.At
			switch v.Do {
			case SetInterval:
				v.Actor, v.Interval = r.whole(), r.duration()
			case SetService:
				v.Actor, v.Service = r.whole(), r.duration()
			case SetBuffer:
				v.Buffer = r.whole()
			case SetOverflow:
				v.Overflow = broker.Overflow(r.small())
			}
			s.Interventions[i] = v
		}
	}
	if r.err == nil && len(r.rest) > 0 {
		r.err = fmt.Errorf("%d bytes are left over", len(r.rest))
	}
	return s, r.err
}

// reader takes fields off the front. After an error it reads zeros.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) fail(why string) {
	if r.err == nil {
		r.err = errors.New(why)
	}
	r.rest = nil
}

func (r *reader) uvarint() uint64 { return number(r, binary.Uvarint) }
func (r *reader) varint() int64   { return number(r, binary.Varint) }

func number[T int64 | uint64](r *reader, read func([]byte) (T, int)) T {
	v, n := read(r.rest)
	if n <= 0 {
		r.fail("it ends in the middle of a number")
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// below is a number under a limit that keeps what follows from overflowing.
func (r *reader) below(limit uint64) uint64 {
	v := r.uvarint()
	if v >= limit {
		r.fail(fmt.Sprintf("the number %d is too large where it stands", v))
		return 0
	}
	return v
}

func (r *reader) whole() int   { return int(r.below(1 << 31)) }
func (r *reader) small() uint8 { return uint8(r.below(1 << 8)) }

func (r *reader) length(most int) int { return int(r.below(uint64(most) + 1)) }

func (r *reader) text() string {
	n, packed := textLen(r.below(1 << 16))
	if n > len(r.rest) {
		r.fail("it ends in the middle of a text")
		return ""
	}
	t := r.rest[:n]
	r.rest = r.rest[n:]
	if packed {
		return unpack(t)
	}
	return string(t)
}

func (r *reader) name(role string, i int) string {
	if t := r.text(); t != "" {
		return t
	}
	return defaultName(role, i)
}

func (r *reader) duration() Duration {
	d, ok := unpackDuration(r.uvarint())
	if !ok {
		r.fail("a time is longer than a run can be")
	}
	return d
}

// defaultName is what an actor is called until someone gives it a name.
func defaultName(role string, i int) string {
	if i == 0 {
		return role
	}
	return fmt.Sprintf("%s-%d", role, i+1)
}

// packDuration makes round times small: the decimal zeros at the end of the
// nanoseconds are only counted, in the lowest four bits.
func packDuration(d Duration) uint64 {
	zeros := uint64(0)
	for d > 0 && d%10 == 0 {
		d /= 10
		zeros++
	}
	return uint64(d)<<4 | zeros
}

func unpackDuration(v uint64) (Duration, bool) {
	d := Duration(v >> 4)
	for range v & 15 {
		if d > Duration(100*time.Hour) {
			return 0, false
		}
		d *= 10
	}
	return d, d <= Duration(100*time.Hour)
}
