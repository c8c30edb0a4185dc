package logbook

import (
	"bytes"
	"strings"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Sieve tells which records have a line that is shown. It decides once for
// each class of records, and only reads a line where numbers decide.
type Sieve struct {
	show     play.LogView
	roster   play.Roster
	verdicts []verdict // by class
	search   *Words
	query    []byte // in lower case
	shape    []byte // of the query: see shapeOf
	digits   bool   // the query has some
	line     []byte
}

// verdict is whether lines of a class are shown.
type verdict uint8

const (
	unjudged verdict = iota
	hidden
	kept
	depends // on more than the class: the line has to be read
)

// NewSieve keeps the lines of s, whose actors are those of r, that v shows.
func NewSieve(s scenario.Scenario, r play.Roster, v play.LogView) *Sieve {
	query := []byte(strings.ToLower(v.Query))
	return &Sieve{
		show: v.Clone(), roster: r, verdicts: make([]verdict, classes), search: NewWords(s, strings.ToLower),
		query: query, shape: shapeOf(query), digits: strings.ContainsAny(v.Query, "0123456789"),
	}
}

// Shows says whether a record's line is shown.
func (x *Sieve) Shows(r *journal.Record) bool {
	c := classOf(r)
	v := x.verdicts[c]
	if v == unjudged {
		v = x.judge(c)
		x.verdicts[c] = v
	}
	if v != depends {
		return v == kept
	}
	x.line = x.search.Append(x.line[:0], r)
	return bytes.Contains(x.line, x.query)
}

// judge decides about a class.
func (x *Sieve) judge(c class) verdict {
	r := c.record()
	switch {
	case !r.Kind.HasLine(), x.show.Hides(play.SpeakerOf(&r, x.roster), r.Kind.Topic()):
		return hidden
	case len(x.query) == 0:
		return kept
	case single(r.Kind):
		return depends
	}
	for _, p := range x.search.pieces(c) {
		if bytes.Contains([]byte(p.text), x.query) {
			return kept
		}
	}
	// Lines of a class differ in nothing but digits, and in whether a time has
	// fractions of a second. So two of them, with all numbers made the same, show
	// which shapes there are.
	seen := 0
	for _, r.Born = range []time.Duration{anAge, time.Second} {
		x.line = x.search.Append(x.line[:0], &r)
		if bytes.Contains(shapeOf(x.line), x.shape) {
			seen++
		}
	}
	switch {
	case seen == 0:
		return hidden
	case seen == 2 && !x.digits:
		return kept
	default:
		return depends
	}
}

// shapeOf is a text with 0 for every number in it.
func shapeOf(text []byte) []byte {
	shape := make([]byte, 0, len(text))
	for _, b := range text {
		if b >= '0' && b <= '9' {
			if b = '0'; len(shape) > 0 && shape[len(shape)-1] == b {
				continue
			}
		}
		shape = append(shape, b)
	}
	return shape
}
