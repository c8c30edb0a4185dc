package journal

import (
	"encoding/json"
	"strconv"

	"github.com/spillway-go/spillway/broker"
)

// AppendJSON appends a record as one line of NDJSON, the newline included. Times
// are nanoseconds since the start of the run. Fields that say nothing about a
// kind are left out.
func AppendJSON(dst []byte, r Record, cast Cast) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = strconv.AppendInt(dst, int64(r.At), 10)
	dst = append(dst, `,"kind":"`...)
	dst = append(dst, r.Kind.String()...)
	dst = append(dst, '"')
	switch r.Kind {
	case Produced, Buffered, Dropped, Delivered, Handled:
		dst = append(dst, `,"producer":`...)
		dst = appendText(dst, cast.ProducerName(int(r.Producer)))
		dst = append(dst, `,"number":`...)
		dst = strconv.AppendUint(dst, r.Number, 10)
		dst = append(dst, `,"id":"`...) // beyond 2^53, so not a JSON number
		dst = strconv.AppendUint(dst, cast.Identity(int(r.Producer), r.Number), 10)
		dst = append(dst, `","born_ns":`...)
		dst = strconv.AppendInt(dst, int64(r.Born), 10)
	case Changed:
		dst = append(dst, `,"change":`...)
		dst = appendText(dst, cast.ChangeText(int(r.Number)))
	case Interrupted:
		dst = append(dst, `,"signal":`...)
		dst = strconv.AppendUint(dst, r.Number, 10)
	}
	switch r.Kind {
	case Buffered, Dropped, Delivered, Handled:
		dst = append(dst, `,"consumer":`...)
		dst = appendText(dst, cast.ConsumerName(int(r.Consumer)))
		dst = append(dst, `,"depth":`...)
		dst = strconv.AppendUint(dst, uint64(r.Depth), 10)
	}
	if r.Kind == Dropped {
		dst = append(dst, `,"cause":"`...)
		dst = append(dst, broker.DropReason(r.Cause).String()...)
		dst = append(dst, '"')
	}
	return append(dst, "}\n"...)
}

func appendText(dst []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil {
		return append(dst, `""`...) // a string always has JSON
	}
	return append(dst, quoted...)
}
