package format

import (
	"testing"
	"time"
)

func TestTimeIsInTheLargestUnitThatFits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		1: "1 ns", 999: "999 ns", time.Microsecond: "1 µs", 1500: "1.5 µs",
		250 * time.Millisecond: "250 ms", time.Millisecond: "1 ms", time.Second: "1 s", 2 * time.Second: "2 s",
		1500 * time.Millisecond: "1.5 s", 1234 * time.Millisecond: "1.23 s", 59 * time.Second: "59 s",
		time.Minute: "1 min", 90 * time.Second: "1.5 min", time.Hour: "1 h", 24 * time.Hour: "24 h", 100 * time.Minute: "1 h 40 min",
		100 * time.Second: "100 s", 119_960 * time.Millisecond: "120 s", 150 * time.Second: "2.5 min", 160 * time.Second: "2 min 40 s",
		10_000 * time.Second: "2 h 47 min", 165 * time.Minute: "2 h 45 min", 3599_600 * time.Millisecond: "1 h", 2*time.Hour + 59_900*time.Millisecond: "2 h 1 min",
		0: "0 ns", 999_499: "999 µs", 999_500: "1 ms", 999_600 * time.Microsecond: "1 s", 59_960 * time.Millisecond: "1 min", time.Hour - 1: "1 h",
	} {
		if got := Time(d); got != want {
			t.Errorf("%d ns is %q, want %q", d, got, want)
		}
	}
}

func TestRateIsPerSecondMinuteOrHour(t *testing.T) {
	for interval, want := range map[time.Duration]string{
		time.Second: "1 event / s", 500 * time.Millisecond: "2 events / s", 300 * time.Millisecond: "3.33 events / s",
		time.Millisecond: "1000 events / s", 50 * time.Microsecond: "20\u202f000 events / s", time.Microsecond: "1 M events / s",
		2 * time.Second: "30 events / min", time.Minute: "1 event / min", 40 * time.Second: "1.5 events / min",
		time.Hour: "1 event / h", 30 * time.Minute: "2 events / h",
	} {
		if got := Rate(interval); got != want {
			t.Errorf("every %v is %q, want %q", interval, got, want)
		}
	}
}

func TestClockHasTenthsAndHoursWhereThereAreAny(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "00:00.0", 99 * time.Millisecond: "00:00.0", 8400 * time.Millisecond: "00:08.4", 8499 * time.Millisecond: "00:08.4",
		10 * time.Second: "00:10.0", 61 * time.Second: "01:01.0", time.Hour - 1: "59:59.9", time.Hour: "1:00:00.0", 24 * time.Hour: "24:00:00.0",
	} {
		if got := Clock(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestMomentIsExact(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", time.Second: "1 s", 10 * time.Second: "10 s", 7200 * time.Millisecond: "7.2 s", 1: "0.000000001 s",
		24*time.Hour - 1: "86399.999999999 s",
	} {
		if got := Instant(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestCountStaysShort(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0", 7: "7", 9999: "9999", 10_000: "10\u202f000", 12_034: "12\u202f034", 999_999: "999\u202f999",
		1_000_000: "1 M", 1_234_567: "1.235 M", 20_500_000: "20.5 M", 1_000_000_000: "1 G", 1_500_000_000: "1.5 G", 999_949_999: "999.9 M", 999_999_999: "1 G",
	} {
		if got := Count(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestPercentNeverRoundsToAllOrNothing(t *testing.T) {
	for fraction, want := range map[float64]string{
		0: "0.0 %", 0.0001: "< 0.1 %", 0.001: "0.1 %", 0.111111: "11.1 %", 0.5: "50.0 %", 0.9995: "99.9 %", 1: "100 %",
	} {
		if got := Percent(fraction); got != want {
			t.Errorf("%v is %q, want %q", fraction, got, want)
		}
	}
}

func TestNumberHasSoManyDigitsAndNoNeedlessZeros(t *testing.T) {
	for _, c := range []struct {
		v      float64
		digits int
		want   string
	}{{0, 3, "0"}, {1, 3, "1"}, {1.5, 3, "1.5"}, {1.2345, 3, "1.23"}, {0.012345, 3, "0.0123"}, {100, 3, "100"}, {1234, 3, "1234"}, {-2.5, 2, "-2.5"}, {10, 2, "10"}, {0.1, 1, "0.1"}} {
		if got := Number(c.v, c.digits); got != c.want {
			t.Errorf("%v with %d digits is %q, want %q", c.v, c.digits, got, c.want)
		}
	}
}

func TestPluralCounts(t *testing.T) {
	for n, want := range map[uint64]string{0: "0 events", 1: "1 event", 2: "2 events", 10_000: "10\u202f000 events"} {
		if got := Plural(n, "event"); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestClipCountsCharactersNotBytes(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{{"producer", 8, "producer"}, {"producer", 7, "produc…"}, {"äöüäöü", 6, "äöüäöü"}, {"äöüäöü", 4, "äöü…"}, {"abc", 1, "…"}, {"abc", 0, "abc"}, {"", 3, ""}} {
		if got := Clip(c.text, c.most); got != c.want {
			t.Errorf("%q in %d is %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

func TestAnIdentifierIsReadAsWords(t *testing.T) {
	if got := Words("drop-newest"); got != "drop newest" {
		t.Errorf("it reads %q", got)
	}
}
