package scenario

import (
	"errors"
	"fmt"
	"math/bits"
	"time"
)

// coder writes a scenario or reads it: which is which only coder knows, so the
// two can't disagree. A field is a bit that says whether it differs from its
// default, and if so its value in as many bits as its limits need.
type coder struct {
	writes bool
	bits   bitString
	err    error // after it, zeros are read
}

// encode writes the fields of a valid scenario.
func encode(s Scenario) []byte {
	c := coder{writes: true}
	s = s.plain()
	c.scenario(&s)
	return c.bits.bytes
}

// decode reads what encode writes. It checks what it must to stay within
// bounds; Validate checks the rest.
func decode(fields []byte) (Scenario, error) {
	c := coder{bits: bitString{bytes: fields}}
	var s Scenario
	c.scenario(&s)
	if n := c.bits.left(); c.err == nil && n > 0 {
		c.fail(fmt.Errorf("%d bytes are left over", n))
	}
	return s, c.err
}

func (c *coder) scenario(s *Scenario) {
	classic := Classic()
	if c.bit(len(s.Producers) != 1 || s.Producers[0] != classic.Producers[0]) {
		many(c, &s.Producers, 1, MaxProducers, func(p *Producer, i int) { c.producer(s, p, i) })
	} else {
		s.Producers = classic.Producers
	}
	c.settings(s, OfBroker, 0, &classic)
	if c.bit(len(s.Consumers) != 1 || s.Consumers[0] != classic.Consumers[0]) {
		many(c, &s.Consumers, 1, MaxConsumers, func(o *Consumer, i int) { c.consumer(s, o, i) })
	} else {
		s.Consumers = classic.Consumers
	}
	optional(c, &s.Duration, classic.Duration, c.duration)
	optional(c, &s.Start, classic.Start, c.start)
	optional(c, &s.Seed, classic.Seed, c.long)
	if c.bit(len(s.Interventions) > 0) {
		last := Duration(0)
		many(c, &s.Interventions, 1, MaxInterventions, func(v *Intervention, _ int) { c.intervention(s, v, &last) })
	}
}

func (c *coder) producer(s *Scenario, p *Producer, i int) {
	optional(c, &p.Name, defaultName("producer", i), c.text)
	c.settings(s, OfProducer, i, &Scenario{Producers: Classic().Producers})
	optional(c, &p.Start, 0, c.duration)
	optional(c, &p.Count, 0, func(n *int) { ranged(c, n, 1, MaxCount) })
}

func (c *coder) consumer(s *Scenario, o *Consumer, i int) {
	optional(c, &o.Name, defaultName("consumer", i), c.text)
	c.settings(s, OfConsumer, i, &Scenario{Consumers: Classic().Consumers})
	optional(c, &o.Start, 0, c.duration)
}

// settings are those of an actor, as far as they differ from the first one's of
// the classic.
func (c *coder) settings(s *Scenario, role Role, actor int, classic *Scenario) {
	for _, t := range settings {
		if t.Role != role {
			continue
		}
		is := t.intervention(s, actor)
		otherwise := t.intervention(classic, 0)
		otherwise.Actor = actor
		optional(c, &is, otherwise, func(v *Intervention) { c.value(t, v) })
		t.apply(s, is)
	}
}

// value is what a setting is.
func (c *coder) value(t Setting, v *Intervention) {
	switch t.Form {
	case Text:
		c.text(&v.Text)
	case Time:
		c.duration((*Duration)(&v.Value))
	default:
		ranged(c, &v.Value, t.Low, t.High)
	}
}

func (c *coder) start(s *Start) {
	minutes := s.Offset / 60
	ranged(c, &s.Unix, minStart, maxStart)
	ranged(c, &minutes, -maxOffset/60, maxOffset/60)
	s.Offset = minutes * 60
	c.text(&s.Zone)
}

func (c *coder) intervention(s *Scenario, v *Intervention, last *Duration) {
	since := v.At - *last
	c.duration(&since)
	v.At = *last + since
	*last = v.At
	ranged(c, &v.Do, SetInterval, Interrupt)
	switch v.Do.Role() {
	case OfProducer:
		ranged(c, &v.Actor, 0, len(s.Producers)-1)
	case OfConsumer:
		ranged(c, &v.Actor, 0, len(s.Consumers)-1)
	}
	if t, ok := SettingOf(v.Do); ok {
		c.value(t, v)
	}
}

func (c *coder) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// fixed is a number of that many bits.
func (c *coder) fixed(v *uint64, width int) {
	if c.writes {
		c.bits.write(*v, width)
		return
	}
	*v = 0
	if c.err == nil {
		var err error
		if *v, err = c.bits.read(width); err != nil {
			c.fail(err)
		}
	}
}

// bit answers what was asked when it was written.
func (c *coder) bit(yes bool) bool {
	var v uint64
	if yes {
		v = 1
	}
	c.fixed(&v, 1)
	return v != 0
}

// optional is coded where it differs.
func optional[T comparable](c *coder, v *T, otherwise T, code func(*T)) {
	if c.bit(*v != otherwise) {
		code(v)
	} else {
		*v = otherwise
	}
}

// ranged is a whole number within limits, or a little above what may be above.
func ranged[T ~int | ~int32 | ~int64 | ~uint8](c *coder, v *T, low, high T) {
	n := uint64(int64(*v) - int64(low))
	c.fixed(&n, widthOf(int64(high)-int64(low)))
	*v = T(int64(low) + int64(n))
}

// long is a number that is small more often than not: how many bits it has, and
// all but the first of these.
func (c *coder) long(v *uint64) {
	n := uint64(bits.Len64(*v))
	c.fixed(&n, 7)
	if n > 64 {
		c.fail(fmt.Errorf("a number of %d bits is too large", n))
		n = 0
	}
	if n == 0 {
		*v = 0
		return
	}
	c.fixed(v, int(n)-1)
	*v |= 1 << (n - 1)
}

// duration makes round times small: the decimal zeros at the end of the
// nanoseconds are only counted.
func (c *coder) duration(v *Duration) {
	const most = Duration(100 * time.Hour)
	digits, zeros := uint64(*v), uint64(0)
	for digits > 0 && digits%10 == 0 {
		digits /= 10
		zeros++
	}
	c.long(&digits)
	c.fixed(&zeros, 4)
	if c.writes {
		return
	}
	*v = 0
	for range zeros {
		if digits > uint64(most) {
			break
		}
		digits *= 10
	}
	if digits > uint64(most) {
		c.fail(errors.New("a time is longer than a run can be"))
		return
	}
	*v = Duration(digits)
}

// text is its length in bytes and these: of 7 bits each, where no one needs more.
func (c *coder) text(v *string) {
	n, wide := uint64(len(*v)), false
	for i := range len(*v) {
		wide = wide || (*v)[i] >= 0x80
	}
	c.fixed(&n, widthOf(MaxNameBytes))
	width := 7
	if c.bit(wide) {
		width = 8
	}
	text := make([]byte, 0, MaxNameBytes)
	for i := range n {
		var b uint64
		if c.writes {
			b = uint64((*v)[i])
		}
		c.fixed(&b, width)
		text = append(text, byte(b))
	}
	*v = string(text)
}

// many are at least and at most so many. Each is read before there is room for
// the next, so that a number costs nothing by itself.
func many[T any](c *coder, items *[]T, least, most int, each func(*T, int)) {
	n := len(*items)
	ranged(c, &n, least, most)
	for i := 0; i < n && c.err == nil; i++ {
		if !c.writes {
			var zero T
			*items = append(*items, zero)
		}
		each(&(*items)[i], i)
	}
}

// defaultName is what an actor is called until someone gives it a name.
func defaultName(role string, i int) string {
	if i == 0 {
		return role
	}
	return fmt.Sprintf("%s-%d", role, i+1)
}
