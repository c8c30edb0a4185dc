package journal

import (
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Format is a way to write records.
type Format uint8

const (
	// NDJSON is one JSON object a line: see AppendJSON.
	NDJSON Format = iota + 1
	// CSV is one row a record, after a row that names the columns, as in RFC 4180.
	// What says nothing about a kind is empty. A text that a spreadsheet would take
	// for a formula has an apostrophe before it, and so has one that begins with an
	// apostrophe, so it can be taken off again. An ID has more digits than the
	// numbers of most spreadsheets: read it as a text.
	CSV
	// CloudEvents is a batch in the JSON format of CloudEvents 1.0: an array. An
	// event that was produced has its own ID and the type
	// dev.spillway.producer.produced-something. What became of it is an event of the
	// broker, with the event's ID as its subject, such as dev.spillway.event.dropped;
	// dev.spillway.consumer.paused is of a consumer, which is its subject, and
	// dev.spillway.run.crashed of the run. Their IDs count the records. The data are
	// what NDJSON has.
	CloudEvents
)

var formats = []struct{ name, mediaType, extension string }{
	NDJSON:      {"ndjson", "application/x-ndjson", ".ndjson"},
	CSV:         {"csv", "text/csv; charset=utf-8; header=present", ".csv"},
	CloudEvents: {"cloudevents", "application/cloudevents-batch+json", ".cloudevents.json"},
}

func (f Format) known() bool { return f != 0 && int(f) < len(formats) }

// String is the name that ParseFormat reads back.
func (f Format) String() string {
	if f.known() {
		return formats[f].name
	}
	return fmt.Sprintf("Format(%d)", uint8(f))
}

// ParseFormat reads the name of a format, such as "csv".
func ParseFormat(name string) (Format, error) {
	var names []string
	for f := NDJSON; f.known(); f++ {
		if formats[f].name == name {
			return f, nil
		}
		names = append(names, formats[f].name)
	}
	return 0, fmt.Errorf("format %q is unknown: use one of %s", name, strings.Join(names, ", "))
}

// MediaType is what HTTP calls the format.
func (f Format) MediaType() string {
	if f.known() {
		return formats[f].mediaType
	}
	return "application/octet-stream"
}

// Extension is how the name of a file of the format ends, with the dot.
func (f Format) Extension() string {
	if f.known() {
		return formats[f].extension
	}
	return ""
}

// Export writes records in a Format: Head, then a Record each, then Tail. So the
// records of a long run can be written in pieces, and never all have to lie in
// memory. Write does it all.
type Export struct {
	format Format
	cast   Cast
	start  time.Time
	source []byte // in JSON
	begun  bool
}

// NewExport is for a run with that cast, that began at the start time of the cast
// or, if it is not zero, at the one given. The source is what CloudEvents has as
// such, a URI reference that should be one of this run only, as a link to it is;
// empty means "spillway".
func NewExport(f Format, cast Cast, start time.Time, source string) *Export {
	if start.IsZero() {
		start = cast.StartTime()
	}
	if source == "" {
		source = "spillway"
	}
	return &Export{format: f, cast: cast, start: start.Round(0), source: appendText(nil, source)}
}

// Write writes the records, by their positions; see Journal.Records. It stops at
// the first error of w.
func (e *Export) Write(w io.Writer, records iter.Seq2[uint64, Record]) error {
	if !e.format.known() {
		return fmt.Errorf("export: %v is unknown", e.format)
	}
	const piece = 32 << 10
	buffer := e.Head(make([]byte, 0, piece+piece/8))
	for position, r := range records {
		buffer = e.Record(buffer, position, r)
		if len(buffer) >= piece {
			if _, err := w.Write(buffer); err != nil {
				return fmt.Errorf("export %v: %w", e.format, err)
			}
			buffer = buffer[:0]
		}
	}
	if _, err := w.Write(e.Tail(buffer)); err != nil {
		return fmt.Errorf("export %v: %w", e.format, err)
	}
	return nil
}

// Head appends what comes before the first record.
func (e *Export) Head(dst []byte) []byte {
	e.begun = false
	switch e.format {
	case CSV:
		return append(dst, csvHeader...)
	case CloudEvents:
		return append(dst, '[')
	default:
		return dst
	}
}

// Record appends one record, which is at that position of its journal.
func (e *Export) Record(dst []byte, position uint64, r Record) []byte {
	switch e.format {
	case CSV:
		return e.csv(dst, &r)
	case CloudEvents:
		if e.begun {
			dst = append(dst, ',')
		}
		e.begun = true
		return e.cloudEvent(append(dst, '\n'), position, &r)
	default:
		return AppendJSON(dst, r, e.cast)
	}
}

// Tail appends what comes after the last record.
func (e *Export) Tail(dst []byte) []byte {
	if e.format == CloudEvents {
		return append(dst, "\n]\n"...)
	}
	return dst
}

const csvHeader = "at_ns,kind,producer,number,id,born_ns,consumer,depth,backlog,attempt,cause,change,signal\r\n"

func (e *Export) csv(dst []byte, r *Record) []byte {
	dst = strconv.AppendInt(dst, int64(r.At), 10)
	dst = append(append(dst, ','), r.Kind.String()...)
	if r.Kind.OfEvent() {
		dst = appendCell(append(dst, ','), e.cast.ProducerName(int(r.Producer)))
		dst = strconv.AppendUint(append(dst, ','), r.Number, 10)
		dst = strconv.AppendUint(append(dst, ','), e.cast.Identity(int(r.Producer), r.Number), 10)
		dst = strconv.AppendInt(append(dst, ','), int64(r.Born), 10)
	} else {
		dst = append(dst, ",,,,"...)
	}
	dst = append(dst, ',')
	if r.Kind.OfConsumer() {
		dst = appendCell(dst, e.cast.ConsumerName(int(r.Consumer)))
	}
	detail := r.Kind.of().detail
	dst = append(dst, ',')
	if detail == hasDepth {
		dst = strconv.AppendUint(dst, uint64(r.Depth), 10)
	}
	dst = append(dst, ',')
	if detail == hasBacklog {
		dst = strconv.AppendUint(dst, uint64(r.Depth), 10)
	}
	dst = append(dst, ',')
	if detail == hasAttempt {
		dst = strconv.AppendUint(dst, uint64(r.Cause), 10)
	}
	dst = append(append(dst, ','), r.CauseText()...)
	dst = append(dst, ',')
	if detail == hasChange {
		dst = appendCell(dst, e.cast.ChangeText(int(r.Number)))
	}
	dst = append(dst, ',')
	if detail == hasSignal {
		dst = strconv.AppendUint(dst, r.Number, 10)
	}
	return append(dst, "\r\n"...)
}

// appendCell appends a text as a cell that no spreadsheet calculates.
func appendCell(dst []byte, s string) []byte {
	if first := strings.TrimSpace(s); strings.IndexAny(first, "=+-@＝＋－＠'") == 0 {
		s = "'" + s
	}
	if s == strings.TrimSpace(s) && !strings.ContainsAny(s, "\",\r\n") {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	dst = append(dst, strings.ReplaceAll(s, `"`, `""`)...)
	return append(dst, '"')
}

func (e *Export) cloudEvent(dst []byte, position uint64, r *Record) []byte {
	dst = append(dst, `{"specversion":"1.0","id":"`...)
	if r.Kind == Produced {
		dst = strconv.AppendUint(dst, e.cast.Identity(int(r.Producer), r.Number), 10)
		dst = append(dst, `","source":`...)
		dst = append(dst, e.source...)
		dst = append(dst, `,"type":"dev.spillway.producer.produced-something"`...)
	} else {
		dst = strconv.AppendUint(append(dst, "record-"...), position, 10)
		dst = append(dst, `","source":`...)
		dst = append(dst, e.source...)
		dst = append(dst, `,"type":"dev.spillway.`...)
		switch {
		case r.Kind.OfEvent():
			dst = append(append(dst, "event."...), r.Kind.String()...)
			dst = append(dst, `","subject":"`...)
			dst = strconv.AppendUint(dst, e.cast.Identity(int(r.Producer), r.Number), 10)
			dst = append(dst, '"')
		case r.Kind.OfConsumer():
			dst = append(append(dst, "consumer."...), r.Kind.String()...)
			dst = append(dst, `","subject":`...)
			dst = appendText(dst, e.cast.ConsumerName(int(r.Consumer)))
		default:
			dst = append(append(dst, "run."...), r.Kind.String()...)
			dst = append(dst, '"')
		}
	}
	dst = append(dst, `,"time":"`...)
	dst = e.start.Add(r.At).AppendFormat(dst, time.RFC3339Nano)
	dst = append(dst, `","datacontenttype":"application/json","data":`...)
	dst = appendObject(dst, r, e.cast)
	return append(dst, '}')
}

// Records are those of the window from one position up to, not including,
// another, each with its position.
func (j *Journal) Records(from, to uint64) iter.Seq2[uint64, Record] {
	return func(yield func(uint64, Record) bool) {
		for p := max(from, j.First()); p < min(to, j.Next()); p++ {
			if !yield(p, j.At(p)) {
				return
			}
		}
	}
}
