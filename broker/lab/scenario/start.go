package scenario

import (
	"fmt"
	"time"
)

// startLayout is how a start is written: as Go prints a time. The zone's name
// is part of it because the log shows it.
const startLayout = "2006-01-02 15:04:05 -0700 MST"

// Start is the moment a run begins, as its log shows it. It is plain data, so
// that it compares with == and needs no time-zone database.
type Start struct {
	Unix   int64  // seconds since 1970, UTC; in the years 1 to 9999
	Offset int32  // seconds east of UTC: whole minutes, less than a day
	Zone   string // the abbreviation, such as CET, of at most 6 bytes
}

// Time is the start as a time in its zone.
func (s Start) Time() time.Time {
	return time.Unix(s.Unix, 0).In(time.FixedZone(s.Zone, int(s.Offset)))
}

// String is a start as Go prints a time: in whole seconds, with its zone.
func (s Start) String() string { return s.Time().Format(startLayout) }

// MarshalText writes a start such as "2021-11-01 11:11:19 +0100 CET".
func (s Start) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes, to the letter.
func (s *Start) UnmarshalText(text []byte) error {
	t, err := time.ParseInLocation(startLayout, string(text), time.UTC)
	if err != nil || t.Format(startLayout) != string(text) { // time.Parse forgives fractions
		return fmt.Errorf("%q is not a time such as 2021-11-01 11:11:19 +0100 CET", text)
	}
	zone, offset := t.Zone()
	*s = Start{Unix: t.Unix(), Offset: int32(offset), Zone: zone}
	return nil
}
