package broker

import "fmt"

// Settings are a Buffer and an Overflow as one option.
type Settings struct {
	Buffer   int
	Overflow Overflow
}

// settings are Settings with nothing left to inherit.
type settings struct {
	buffer   int
	overflow Overflow
}

// with lays s over the settings.
func (base settings) with(s Settings) (settings, error) {
	if s.Buffer < Unbuffered || s.Buffer > MaxBuffer {
		return base, fmt.Errorf("buffer %d is out of range: 1 to %d, 0 for the default, %d for none", s.Buffer, MaxBuffer, Unbuffered)
	}
	if err := s.Overflow.validate(); err != nil {
		return base, err
	}
	switch s.Buffer {
	case 0:
	case Unbuffered:
		base.buffer = 0
	default:
		base.buffer = s.Buffer
	}
	if s.Overflow != Inherit {
		base.overflow = s.Overflow
	}
	if base.overflow == Spill && base.buffer == 0 {
		return base, fmt.Errorf("overflow policy %v takes a buffer of at least 1, for what is read back", Spill)
	}
	return base, nil
}

// set changes the settings and what has to be kept for them.
func (s *Subscription) set(to settings) error {
	if to.overflow == Spill && s.overflow != Spill {
		if err := s.openStore(); err != nil {
			return err
		}
	}
	s.settings = to
	s.guard(to.overflow.lossless() || s.store.open, to.overflow == Reject)
	s.latest = nil
	if to.overflow == KeepLatest {
		s.latest = make(map[string]uint64)
		for i := range s.queue.len() { // of two with one key the newer counts
			if i >= s.again && s.store.position(i) == 0 { // what was put or read back stays as it is
				s.latest[s.key(s.queue.at(i))] = s.queue.gone + uint64(i)
			}
		}
	}
	return nil
}

// guard notes what the broker has to know of the subscription before it offers an
// event to anybody: whether it may reject or block or spill it, and whether it rejects.
func (s *Subscription) guard(guarded, rejects bool) {
	count := func(n *int, was, is bool) {
		if is && !was {
			*n++
		} else if was && !is {
			*n--
		}
	}
	count(&s.broker.guarded, s.guarded, guarded)
	count(&s.broker.rejecting, s.rejects, rejects)
	s.guarded, s.rejects = guarded, rejects
}
