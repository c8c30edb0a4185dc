package journal

import (
	"fmt"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// Cast is who the records speak of. A scenario is one.
type Cast interface {
	ProducerName(producer int) string
	ConsumerName(consumer int) string
	// Crew is how many workers a consumer has when it joins, and when that is.
	Crew(consumer int) (workers int, joins time.Duration)
	// Identity is the ID of a producer's n-th event.
	Identity(producer int, n uint64) uint64
	// ChangeText tells the i-th intervention.
	ChangeText(i int) string
	// StartTime is what the log shows for the start of the run.
	StartTime() time.Time
}

const (
	timeLayout = "2006/01/02 15:04:05 " // as package log writes with LstdFlags
	eventType  = "*producer.ProducedSomethingEvent"
)

// Log writes records as log lines, in the words of the example. Buffered and
// Delivered have no line there, and have none here.
type Log struct {
	cast  Cast
	start time.Time
	many  bool // more than one consumer: a drop says whose
}

// NewLog is the log of a run with that cast, so many consumers, and the start
// time of the cast or, if it is not zero, the one given.
func NewLog(cast Cast, consumers int, start time.Time) *Log {
	if start.IsZero() {
		start = cast.StartTime()
	}
	return &Log{cast: cast, start: start.Round(0), many: consumers > 1}
}

// Line is a record's line in three parts that follow each other: the time, who
// speaks (with a colon and a space, or empty) and what is said.
type Line struct{ Time, Who, Text string }

func (l Line) String() string { return l.Time + l.Who + l.Text }

// Line tells one record. Kinds without a line have an empty one.
func (l *Log) Line(r Record) Line {
	k := r.Kind.of()
	if k.line == nil {
		return Line{}
	}
	return Line{Time: l.start.Add(r.At).Format(timeLayout), Who: l.speaker(k.speaker, &r), Text: k.line(l, &r)}
}

func (l *Log) speaker(s Speaker, r *Record) string {
	switch s {
	case FromProducer:
		return l.cast.ProducerName(int(r.Producer)) + ": "
	case FromConsumer:
		return l.cast.ConsumerName(int(r.Consumer)) + ": "
	case FromBroker:
		return "broker: "
	case FromUser:
		return "playground: "
	default:
		return ""
	}
}

// What is said of each kind follows, in the order of the table.

func (l *Log) produced(r *Record) string {
	by := ""
	if r.Cause == ByHand {
		by = ", by=hand"
	}
	return fmt.Sprintf("I have produced something [produced=%d%s]", r.Number, by)
}

func (l *Log) dropped(r *Record) string {
	cause := "" // left out where it is the example's own
	if why := broker.DropReason(r.Cause); why != broker.Full {
		cause = ", cause=" + why.String()
	}
	return "warning, event dropped " + l.details(r, cause)
}

func (l *Log) rejected(r *Record) string {
	return "warning, event rejected " + l.details(r, ", cause="+Refusal(r.Cause).String())
}

func (l *Log) blocked(r *Record) string {
	return fmt.Sprintf("I am waiting for room [produced=%d%s]", r.Number, l.whose(r))
}

func (l *Log) unblocked(r *Record) string {
	return fmt.Sprintf("I am going on [produced=%d]", r.Number)
}

func (l *Log) spilled(r *Record) string {
	return "event saved to the repository " + l.details(r, fmt.Sprintf(", backlog=%d", r.Depth))
}

func (l *Log) refilled(r *Record) string {
	return "event read back from the repository " + l.details(r, "")
}

func (l *Log) returned(r *Record) string {
	return "event back in the repository " + l.details(r, fmt.Sprintf(", backlog=%d", r.Depth))
}

func (l *Log) handled(r *Record) string {
	return fmt.Sprintf("the %s created something [produced=%d]", l.cast.ProducerName(int(r.Producer)), r.Number)
}

func (l *Log) failed(r *Record) string {
	return fmt.Sprintf("warning, I could not handle what the %s created [produced=%d, attempt=%d]", l.cast.ProducerName(int(r.Producer)), r.Number, r.Cause)
}

func (l *Log) retried(r *Record) string {
	return fmt.Sprintf("I try again what the %s created [produced=%d, attempt=%d]", l.cast.ProducerName(int(r.Producer)), r.Number, r.Cause)
}

func (l *Log) deadLettered(r *Record) string {
	return "warning, event saved with the dead letters " + l.details(r, "")
}

func (l *Log) putBack(r *Record) string {
	return "event interrupted, it waits again " + l.details(r, "")
}

func (l *Log) changed(r *Record) string { return l.cast.ChangeText(int(r.Number)) }

func (l *Log) recovered(r *Record) string {
	return fmt.Sprintf("events found in the repository [backlog=%d%s]", r.Depth, l.whose(r))
}

func (l *Log) interrupted(r *Record) string { return Cancelling(signalName(r.Number)) }

func (l *Log) quit(*Record) string { return Quitting }

// details are what the example says of an event that its broker dropped.
func (l *Log) details(r *Record, more string) string {
	return fmt.Sprintf("[type=%s, ID=%d, happenedOn=%v m=+%d.%09d%s%s]",
		eventType, l.cast.Identity(int(r.Producer), r.Number),
		l.start.Add(r.Born), r.Born/time.Second, r.Born%time.Second, l.whose(r), more)
}

// whose names the consumer where there are several.
func (l *Log) whose(r *Record) string {
	if !l.many {
		return ""
	}
	return ", subscription=" + l.cast.ConsumerName(int(r.Consumer))
}

// The signals that end a run, by the numbers POSIX gives them everywhere.
const (
	SignalInterrupt  = 2
	SignalTerminated = 15
)

// signalName is what os.Signal prints; package syscall knows no names in a browser.
func signalName(number uint64) string {
	switch number {
	case SignalInterrupt:
		return "interrupt"
	case SignalTerminated:
		return "terminated"
	default:
		return fmt.Sprintf("signal %d", number)
	}
}

// Quitting is the last line of a run.
const Quitting = "quitting"

// Cancelling is the line that answers a signal.
func Cancelling(signal string) string { return "cancelling from signal [signal=" + signal + "]" }
