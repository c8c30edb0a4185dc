package labtest

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// everything draws from all that is valid.
type everything struct{}

// Time draws round times as often as others, and the limits themselves.
func Time(t *rapid.T, label string, low, high scenario.Duration) scenario.Duration {
	d := rapid.OneOf(rapid.Int64Range(int64(low), int64(high)), rapid.SampledFrom([]int64{int64(low), int64(high)})).Draw(t, label)
	unit := rapid.SampledFrom([]time.Duration{1, time.Microsecond, time.Millisecond, time.Second}).Draw(t, "unit")
	return max(low, scenario.Duration(d-d%int64(unit)))
}

func (everything) time(t *rapid.T, label string, low, high scenario.Duration) scenario.Duration {
	return Time(t, label, low, high)
}

// number draws small numbers and the limits as often as others.
func (everything) number(t *rapid.T, label string, low, high int64) int64 {
	return rapid.OneOf(
		rapid.Int64Range(low, high),
		rapid.Int64Range(low, min(high, low+6)),
		rapid.SampledFrom([]int64{low, high}),
	).Draw(t, label)
}

func (e everything) duration(t *rapid.T) scenario.Duration {
	return Time(t, "duration", scenario.Duration(scenario.MinTime), scenario.Duration(scenario.MaxDuration))
}

// The first and the last start, in seconds since 1970: 2 January 1 and 30 December 9999.
const (
	EarliestStart = -62135510400
	LatestStart   = 253402128000
)

func (e everything) start(t *rapid.T) scenario.Start {
	start := scenario.Start{
		Unix:   e.number(t, "unix", EarliestStart, LatestStart),
		Offset: int32(e.number(t, "offset", -(24*60-1), 24*60-1)) * 60,
		Zone:   rapid.SampledFrom([]string{"CET", "CEST", "AESST", "ChST", "MeST", "WITA", "GMT", "GMT+2", "GMT-12", "+03", "XYZ"}).Draw(t, "zone"),
	}
	if start.Offset == 0 && rapid.Bool().Draw(t, "utc") {
		start.Zone = "UTC"
	}
	return start
}

// printable are the classes a name can be made of, beside the space.
var printable = []*unicode.RangeTable{unicode.L, unicode.M, unicode.N, unicode.P, unicode.S}

func (e everything) actor(t *rapid.T, _ string, taken []string) (name string, start scenario.Duration, count int) {
	whole := rapid.StringOfN(rapid.RuneFrom([]rune{' '}, printable...), 1, scenario.MaxName, scenario.MaxNameBytes)
	name = whole.Filter(func(n string) bool { return n != "" && !slices.Contains(taken, n) }).Draw(t, "name")
	start = Time(t, "start", 0, scenario.Duration(scenario.MaxDuration))
	return name, start, int(e.number(t, "count", 0, scenario.MaxCount))
}

// token is a part of a topic.
var token = rapid.StringOfN(rapid.RuneFrom(nil, &unicode.RangeTable{R16: []unicode.Range16{
	{'!', ')', 1}, {'+', '-', 1}, {'/', '=', 1}, {'?', '~', 1}, // without * . >
}}), 1, 8, -1)

func (everything) topic(t *rapid.T) string {
	topic := strings.Join(rapid.SliceOfN(token, 0, 5).Draw(t, "tokens"), ".")
	return strings.TrimSuffix(topic[:min(len(topic), scenario.MaxTopic)], ".")
}

func (everything) topics(t *rapid.T) string {
	topics := ""
	for range rapid.IntRange(0, 5).Draw(t, "patterns") {
		tokens := rapid.SliceOfN(rapid.OneOf(token, rapid.Just("*")), 0, 3).Draw(t, "tokens")
		if len(tokens) == 0 || rapid.Bool().Draw(t, "open") {
			tokens = append(tokens, ">")
		}
		if more := strings.TrimPrefix(topics+" "+strings.Join(tokens, "."), " "); len(more) <= scenario.MaxTopic {
			topics = more
		}
	}
	return topics
}

func (e everything) next(t *rapid.T, at, duration scenario.Duration) scenario.Duration {
	return Time(t, "at", at, duration)
}
