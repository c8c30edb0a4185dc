package journal

import (
	"encoding/json"
	"strconv"
)

// AppendJSON appends a record as one line of NDJSON, the newline included. Times
// are nanoseconds since the start of the run. Fields that say nothing about a
// kind are left out.
func AppendJSON(dst []byte, r Record, cast Cast) []byte {
	return append(appendObject(dst, &r, cast), '\n')
}

func appendObject(dst []byte, r *Record, cast Cast) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = strconv.AppendInt(dst, int64(r.At), 10)
	dst = append(dst, `,"kind":"`...)
	dst = append(dst, r.Kind.String()...)
	dst = append(dst, '"')
	if r.Kind.OfEvent() {
		dst = append(dst, `,"producer":`...)
		dst = appendText(dst, cast.ProducerName(int(r.Producer)))
		dst = append(dst, `,"number":`...)
		dst = strconv.AppendUint(dst, r.Number, 10)
		dst = append(dst, `,"id":"`...) // beyond 2^53, so not a JSON number
		dst = strconv.AppendUint(dst, cast.Identity(int(r.Producer), r.Number), 10)
		dst = append(dst, `","born_ns":`...)
		dst = strconv.AppendInt(dst, int64(r.Born), 10)
	}
	if r.Kind.OfConsumer() {
		dst = append(dst, `,"consumer":`...)
		dst = appendText(dst, cast.ConsumerName(int(r.Consumer)))
	}
	switch r.Kind.of().detail {
	case hasDepth:
		dst = appendNumber(dst, "depth", uint64(r.Depth))
	case hasBacklog:
		dst = appendNumber(dst, "backlog", uint64(r.Depth))
	case hasAttempt:
		dst = appendNumber(dst, "attempt", uint64(r.Cause))
	case hasChange:
		dst = append(dst, `,"change":`...)
		dst = appendText(dst, cast.ChangeText(int(r.Number)))
	case hasSignal:
		dst = appendNumber(dst, "signal", r.Number)
	}
	if cause := r.CauseText(); cause != "" {
		dst = append(dst, `,"cause":"`...)
		dst = append(dst, cause...)
		dst = append(dst, '"')
	}
	return append(dst, '}')
}

func appendNumber(dst []byte, name string, v uint64) []byte {
	dst = append(dst, `,"`...)
	dst = append(dst, name...)
	dst = append(dst, `":`...)
	return strconv.AppendUint(dst, v, 10)
}

func appendText(dst []byte, s string) []byte {
	if plain(s) {
		return append(append(append(dst, '"'), s...), '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		return append(dst, `""`...) // a string always has JSON
	}
	return append(dst, quoted...)
}

// plain says whether a text is the same in JSON, as most names are.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}
