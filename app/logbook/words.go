package logbook

import (
	"strconv"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Words writes log lines fast enough to look through a million of them. Its
// words are those of journal.Log: it has that write one line of each class of
// records, with values that are easy to find in it, and afterwards only puts in
// what differs from line to line.
type Words struct {
	scenario scenario.Scenario
	start    time.Time
	log      *journal.Log
	chance   *scenario.Chance
	fold     func(string) string
	lines    map[class][]piece

	second int64  // the one whose time was written last
	clock  []byte // and how
	born   int64
	date   []byte
	zone   string
}

// NewWords writes the lines of a scenario; fold, if it is not nil, is done to
// every piece of them, as strings.ToLower is for a search.
func NewWords(s scenario.Scenario, fold func(string) string) *Words {
	if fold == nil {
		fold = func(s string) string { return s }
	}
	w := &Words{
		scenario: s, start: s.StartTime(), log: journal.NewLog(s, len(s.Consumers), time.Time{}),
		chance: s.Chance(), fold: fold, lines: map[class][]piece{}, second: -1, born: -1,
	}
	w.zone = fold(w.start.Format(" -0700 MST"))
	return w
}

// retell is for a scenario in which the user has done something more.
func (w *Words) retell(s scenario.Scenario) {
	if len(s.Interventions) != len(w.scenario.Interventions) {
		w.scenario, w.log = s, journal.NewLog(s, len(s.Consumers), time.Time{})
	}
}

// class is what decides the words of a record's line, but for numbers and times:
// its kind and, where they matter to it, its producer, its consumer and its cause.
type class uint16

// classes is more than any class.
const classes = 1 << 16

// classMasks are the parts of a class that matter to a kind.
var classMasks = func() (masks [32]class) {
	for _, k := range journal.Kinds() {
		m := class(31 << 11)
		if k.OfEvent() {
			m |= 15 << 7
		}
		if k.OfConsumer() {
			m |= 15 << 3
		}
		if k.HasCause() {
			m |= 7
		}
		masks[k] = m
	}
	return masks
}()

func classOf(r *journal.Record) class {
	c := class(r.Kind&31)<<11 | class(r.Producer&15)<<7 | class(r.Consumer&15)<<3 | class(r.Cause&7)
	return c & classMasks[r.Kind&31]
}

// record is one of the class.
func (c class) record() journal.Record {
	return journal.Record{Kind: journal.Kind(c >> 11), Producer: uint8(c >> 7 & 15), Consumer: uint8(c >> 3 & 15), Cause: uint8(c & 7)}
}

// single says whether each record of the kind has words of its own, which are not
// those of other records but for numbers.
func single(k journal.Kind) bool { return k.HasChange() || k.HasSignal() }

// piece is a part of a line: a text that all lines of the class have or, after
// it, a value.
type piece struct {
	text  string
	value rune // which value follows, of the marks below, or 0
}

// The marks stand for values where lines are cut into pieces. No name has one of
// them: they can't be printed.
const (
	markProducer = '\x01' + iota
	markConsumer
	markBorn    // as Go prints a time
	markAge     // the same in seconds since the start
	markID      //
	markNumber  //
	markDepth   //
	markAttempt //
)

// marked is a cast whose names and values are marks, or turn up as nothing else.
type marked struct{ scenario.Scenario }

const (
	aNumber  = 7_000_000_000_000_000_007
	anID     = 8_000_000_000_000_000_008
	aDepth   = 4_000_000_004
	anAge    = 12_345*time.Second + 123_456_789
	anAgeAs  = "12345.123456789"
	aAttempt = 251
)

func (marked) ProducerName(int) string     { return string(rune(markProducer)) }
func (marked) ConsumerName(int) string     { return string(rune(markConsumer)) }
func (marked) Identity(int, uint64) uint64 { return anID }

// pieces are those of the lines of a class, the time before them left out.
func (w *Words) pieces(c class) []piece {
	if p, ok := w.lines[c]; ok {
		return p
	}
	r := c.record()
	r.Born, r.Number, r.Depth = anAge, aNumber, aDepth
	if r.Kind.HasAttempt() {
		r.Cause = aAttempt
	}
	line := journal.NewLog(marked{w.scenario}, len(w.scenario.Consumers), time.Time{}).Line(r)
	text := strings.NewReplacer(
		w.start.Add(anAge).String(), string(rune(markBorn)),
		anAgeAs, string(rune(markAge)),
		strconv.FormatUint(anID, 10), string(rune(markID)),
		strconv.FormatUint(aNumber, 10), string(rune(markNumber)),
		strconv.FormatUint(aDepth, 10), string(rune(markDepth)),
		strconv.Itoa(aAttempt), string(rune(markAttempt)),
	).Replace(line.Who + line.Text)

	var pieces []piece
	var fixed strings.Builder
	for _, mark := range text {
		switch {
		case mark == markProducer:
			fixed.WriteString(w.scenario.ProducerName(int(r.Producer)))
		case mark == markConsumer:
			fixed.WriteString(w.scenario.ConsumerName(int(r.Consumer)))
		case mark <= markAttempt:
			pieces = append(pieces, piece{w.fold(fixed.String()), mark})
			fixed.Reset()
		default:
			fixed.WriteRune(mark)
		}
	}
	pieces = append(pieces, piece{text: w.fold(fixed.String())})
	w.lines[c] = pieces
	return pieces
}

// Append writes the line of a record.
func (w *Words) Append(dst []byte, r *journal.Record) []byte {
	if single(r.Kind) {
		return append(dst, w.fold(w.log.Line(*r).String())...)
	}
	if s := int64(r.At / time.Second); s != w.second {
		w.second = s
		w.clock = w.start.Add(r.At).AppendFormat(w.clock[:0], "2006/01/02 15:04:05 ")
	}
	dst = append(dst, w.clock...)
	for _, p := range w.pieces(classOf(r)) {
		dst = append(dst, p.text...)
		switch p.value {
		case markBorn:
			dst = w.appendBorn(dst, r.Born)
		case markAge:
			dst = strconv.AppendInt(dst, int64(r.Born/time.Second), 10)
			dst = append(dst, '.')
			dst = appendNanos(dst, int64(r.Born%time.Second))
		case markID:
			dst = strconv.AppendUint(dst, w.chance.Identity(int(r.Producer), r.Number), 10)
		case markNumber:
			dst = strconv.AppendUint(dst, r.Number, 10)
		case markDepth:
			dst = strconv.AppendUint(dst, uint64(r.Depth), 10)
		case markAttempt:
			dst = strconv.AppendUint(dst, uint64(r.Cause), 10)
		}
	}
	return dst
}

// appendBorn writes a moment as Go prints a time.
func (w *Words) appendBorn(dst []byte, born time.Duration) []byte {
	if s := int64(born / time.Second); s != w.born {
		w.born = s
		w.date = w.start.Add(born).AppendFormat(w.date[:0], "2006-01-02 15:04:05")
	}
	dst = append(dst, w.date...)
	if n := int64(born % time.Second); n != 0 {
		dst = append(dst, '.')
		dst = appendNanos(dst, n)
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return append(dst, w.zone...)
}

// appendNanos writes a number with nine digits.
func appendNanos(dst []byte, n int64) []byte {
	var digits [9]byte
	for i := 8; i >= 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	return append(dst, digits[:]...)
}
