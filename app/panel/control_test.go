package panel

import (
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// controlOf is the control of a setting, or that with the ID.
func controlOf(t *testing.T, role scenario.Role, id string) *control {
	t.Helper()
	for _, c := range controls[role] {
		if c.id == id {
			return c
		}
	}
	t.Fatalf("there is no control %q", id)
	return nil
}

func TestEverySettingHasAControl(t *testing.T) {
	has := map[scenario.Action]int{}
	for _, all := range controls {
		for _, c := range all {
			has[c.Change]++
			if c.label == "" || c.says == "" || c.hint == "" && c.Change != scenario.SetOverflow {
				t.Errorf("%q has no words", c.id)
			}
		}
	}
	for _, s := range scenario.Settings() {
		if has[s.Change] != 1 {
			t.Errorf("%v has %d controls", s.Change, has[s.Change])
		}
	}
	for _, o := range broker.Overflows() {
		if p := policies[o]; p.words == "" || p.says == "" {
			t.Errorf("%v has no words", o)
		}
	}
}

func TestAChoiceHasWordsForEachOfItsValues(t *testing.T) {
	for _, all := range controls {
		for _, c := range all {
			if c.Form == scenario.Choice && len(c.words) != int(c.High)+1 {
				t.Errorf("%q has %d words for %d values", c.id, len(c.words), c.High+1)
			}
		}
	}
}

func TestAControlReadsWhatItShows(t *testing.T) {
	for _, all := range controls {
		for _, c := range all {
			if c.Form == scenario.Choice || c.Form == scenario.Text {
				continue
			}
			for _, v := range append([]int64{c.Low, c.High}, c.stops...) {
				for _, text := range []string{c.show(v), c.narrow(v)} {
					if got, _, err := c.read(text, v); err != nil || got != v {
						t.Errorf("%s: %q is read as %d (%v), want %d", c.id, text, got, err, v)
					}
				}
			}
		}
	}
}

func TestEveryStopOfASliderIsAllowed(t *testing.T) {
	for _, all := range controls {
		for _, c := range all {
			for i, v := range c.stops {
				if err := c.Check(v, ""); err != nil {
					t.Errorf("%s: %v", c.id, err)
				}
				if i > 0 && v <= c.stops[i-1] {
					t.Errorf("%s: after %d comes %d", c.id, c.stops[i-1], v)
				}
			}
		}
	}
}

func TestReadingWhatPeopleType(t *testing.T) {
	ms := int64(time.Millisecond)
	for _, c := range []struct {
		role  scenario.Role
		id    string
		typed string
		want  int64
	}{
		{scenario.OfProducer, "interval", "250ms", 250 * ms},
		{scenario.OfProducer, "interval", " 2 s ", 2000 * ms},
		{scenario.OfProducer, "interval", "0.5", 500 * ms},
		{scenario.OfProducer, "interval", "0,5 s", 500 * ms},
		{scenario.OfProducer, "interval", "0.57", 570 * ms},
		{scenario.OfProducer, "interval", ".25", 250 * ms},
		{scenario.OfProducer, "interval", "1.5 min", 90_000 * ms},
		{scenario.OfProducer, "interval", "2 Minutes", 120_000 * ms},
		{scenario.OfProducer, "interval", "1h", 3_600_000 * ms},
		{scenario.OfProducer, "interval", "1m30s", 90_000 * ms},
		{scenario.OfProducer, "interval", "1 µs", 1000},
		{scenario.OfProducer, "interval", "20 μs", 20_000},
		{scenario.OfProducer, "interval", "4/s", 250 * ms},
		{scenario.OfProducer, "interval", "4 events / s", 250 * ms},
		{scenario.OfProducer, "interval", "30/min", 2000 * ms},
		{scenario.OfConsumer, "service", "10/sec", 100 * ms},
		{scenario.OfProducer, "burst", "12", 12},
		{scenario.OfProducer, "burst", "12 events", 12},
		{scenario.OfProducer, "burst", "1 event", 1},
		{scenario.OfProducer, "count", "no end", 0},
		{scenario.OfProducer, "count", "0", 0},
		{scenario.OfProducer, "count", "1 000", 1000},
		{scenario.OfBroker, "buffer", "1\u202f000", 1000},
		{scenario.OfBroker, "buffer", "1,000", 1000},
		{scenario.OfBroker, "buffer", "1,000,000 events", 1_000_000},
		{scenario.OfBroker, "buffer", "1k", 1000},
		{scenario.OfBroker, "buffer", "1.5k events", 1500},
		{scenario.OfBroker, "buffer", "1M", 1_000_000},
		{scenario.OfConsumer, "failures", "25", 25},
		{scenario.OfConsumer, "failures", "25 %", 25},
		{scenario.OfConsumer, "attempts", "3 times", 3},
		{scenario.OfConsumer, "own-buffer", "broker’s", -1},
		{scenario.OfConsumer, "own-buffer", "as the broker", -1},
		{scenario.OfConsumer, "own-buffer", "0", 0},
		{scenario.OfConsumer, "start", "0", 0},
		{scenario.OfRun, "duration", "24h", int64(24 * time.Hour)},
		{scenario.OfRun, "seed", "18446744073709551615", -1},
	} {
		if got, _, err := controlOf(t, c.role, c.id).read(c.typed, int64(time.Second)); err != nil || got != c.want {
			t.Errorf("%s: %q is read as %d (%v), want %d", c.id, c.typed, got, err, c.want)
		}
	}
}

func TestNonsenseIsRefusedWithItsValueAndTheLimit(t *testing.T) {
	for _, c := range []struct {
		role        scenario.Role
		id          string
		typed, want string
	}{
		{scenario.OfProducer, "interval", "abc", "enter a time from 1 µs to 1 h, e.g. 250 ms or 4/s"},
		{scenario.OfProducer, "interval", "", "enter a time"},
		{scenario.OfProducer, "interval", "5 x", "enter a time"},
		{scenario.OfProducer, "interval", "2h", "2h is too much: 1 µs to 1 h"},
		{scenario.OfProducer, "interval", "0", "0 is too little: 1 µs to 1 h"},
		{scenario.OfProducer, "interval", "-1 s", "-1 s is too little"},
		{scenario.OfProducer, "interval", "1e300", "enter a time"},
		{scenario.OfProducer, "interval", "NaN", "enter a time"},
		{scenario.OfProducer, "interval", "0/s", "enter a time"},
		{scenario.OfProducer, "interval", "1e-300/s", "enter a time"},
		{scenario.OfConsumer, "backoff", "4/s", "enter a time from 1 µs to 1 h, e.g. 250 ms or 2 s"},
		{scenario.OfProducer, "burst", "0", "0 is too little: 1 event to 1000 events"},
		{scenario.OfProducer, "burst", "3s", "enter a whole number from 1 event to 1000 events"},
		{scenario.OfProducer, "burst", "1.5", "enter a whole number"},
		{scenario.OfConsumer, "workers", "65", "65 is too much: 1 worker to 64 workers"},
		{scenario.OfConsumer, "failures", "101%", "101% is too much: 0 % to 100 %"},
		{scenario.OfConsumer, "failures", "12.5", "enter a whole percentage from 0 % to 100 %"},
		{scenario.OfBroker, "buffer", "1000001", "1000001 is too much"},
		{scenario.OfBroker, "buffer", "99999999999999999999", "enter a whole number"},
		{scenario.OfBroker, "buffer", "1,00", "enter a whole number"},
		{scenario.OfBroker, "buffer", "1,000,00", "enter a whole number"},
		{scenario.OfBroker, "buffer", "1.0005k", "enter a whole number"},
		{scenario.OfBroker, "buffer", "1km", "enter a whole number"},
		{scenario.OfBroker, "buffer", "k", "enter a whole number"},
		{scenario.OfBroker, "buffer", "2000k", "2000k is too much"},
		{scenario.OfConsumer, "own-buffer", "-2", "-2 is too little: broker’s to 1000000 events"},
		{scenario.OfProducer, "topic", "orders.*", "without *"},
		{scenario.OfProducer, "topic", "a.topic.that.is.too.long", "has 24 bytes: 0 to 20"},
		{scenario.OfConsumer, "topics", "orders..new", "orders..new"},
		{scenario.OfRun, "duration", "25h", "25h is too much: 1 µs to 24 h"},
		{scenario.OfRun, "seed", "-1", "enter a whole number from 0 to 18446744073709551615"},
	} {
		if _, _, err := controlOf(t, c.role, c.id).read(c.typed, int64(time.Second)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q is %v, want %q", c.id, c.typed, err, c.want)
		}
	}
}

func TestATimeWithoutAUnitIsInTheOneThatIsShown(t *testing.T) {
	interval := controlOf(t, scenario.OfProducer, "interval")
	for now, want := range map[time.Duration]time.Duration{
		100 * time.Millisecond: 250 * time.Millisecond, time.Second: 250 * time.Second, 20 * time.Microsecond: 250 * time.Microsecond,
		2 * time.Minute: 250 * time.Minute / 10, time.Second / 3: 250 * time.Second,
	} {
		typed := "250"
		if now == 2*time.Minute {
			typed = "25"
		}
		if got, _, err := interval.read(typed, int64(now)); err != nil || time.Duration(got) != want {
			t.Errorf("%s in place of %v is %v (%v), want %v", typed, now, time.Duration(got), err, want)
		}
	}
}

func TestARateThatIsTypedStaysOne(t *testing.T) {
	for typed, want := range map[string]string{"3/s": "3/s", "7 events/s": "7/s", "4/s": "250 ms", "999/s": "999/s", "30/min": "2 s", "0.3/s": "3.333333333 s"} {
		interval := controlOf(t, scenario.OfProducer, "interval")
		v, _, err := interval.read(typed, int64(time.Second))
		if got := interval.show(v); err != nil || got != want {
			t.Errorf("%s is shown as %s (%v), want %s", typed, got, err, want)
		}
	}
}

func TestATimeIsShownWithAllItsDigits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", time.Second: "1 s", 90 * time.Second: "1.5 min", 100 * time.Second: "100 s", 1234 * time.Millisecond: "1.234 s",
		1_234_567: "1.234567 ms", 1500: "1.5 µs", 1: "1 ns", 24 * time.Hour: "24 h", time.Hour + 1: "3600.000000001 s", 1_234_567_890: "1.23456789 s",
	} {
		if got := format.ExactTime(d); got != want {
			t.Errorf("%d is %q, want %q", d, got, want)
		}
	}
}

func TestANarrowNumberDropsItsUnitAndNothingElse(t *testing.T) {
	buffer := controlOf(t, scenario.OfBroker, "buffer")
	for v, want := range map[int64]string{3: "3 events", 1: "1 event", 10: "10 events", 200: "200", 1_000_000: "1000000"} {
		if got := buffer.narrow(v); got != want {
			t.Errorf("%d is %q, want %q", v, got, want)
		}
	}
}

func TestAChangeThatDoesNotFitTheOtherSettingsIsRefused(t *testing.T) {
	m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Overflow = broker.Spill }), time.Second)
	_, err := play.Update(m, playtest.SetBuffer(0))
	if err == nil || !strings.HasPrefix(err.Error(), "“consumer”: the overflow policy spill takes a buffer of at least 1") {
		t.Errorf("it is %v", err)
	}
	if _, err := play.Update(m, playtest.SetBuffer(1)); err != nil {
		t.Error(err)
	}
	play.Update(m, play.Seek{At: m.Duration()})
	if _, err := play.Update(m, playtest.SetBuffer(0)); err == nil || m.Scenario.Broker.Buffer != 3 {
		t.Errorf("at the end it is allowed: %v", err)
	}
}

// Whatever is typed, a control reads a value in bounds or says something.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "250ms", "2 s", "4/s", "broker’s", "1e9", "orders.* a.>", "-1", "99 %", "∞", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, all := range controls {
			for _, c := range all {
				v, text, err := c.read(typed, 0)
				switch {
				case err != nil && err.Error() == "":
					t.Errorf("%s: %q is refused without a word", c.id, typed)
				case err == nil && !c.seed && c.Check(v, text) != nil:
					t.Errorf("%s: %q is read as %d, %q", c.id, typed, v, text)
				}
			}
		}
	})
}

func TestTheStartOfTheLogIsReadWithOrWithoutAZone(t *testing.T) {
	c := controlOf(t, scenario.OfRun, "log-start")
	for typed, want := range map[string]string{
		"2021-11-01 11:11:19 +0100 CET": "2021-11-01 11:11:19 +0100 CET", " 2026-02-03  04:05:06 ": "2026-02-03 04:05:06 +0000 UTC",
		"2026-02-03 04:05": "2026-02-03 04:05:00 +0000 UTC", "2026-02-03": "2026-02-03 00:00:00 +0000 UTC",
		"": "", "yesterday": "", "2026-02-30": "", "2026-02-03 25:00": "", "0001-01-01": "",
	} {
		_, got, err := c.read(typed, 0)
		if got != want || (err == nil) != (want != "") || err != nil && !strings.Contains(err.Error(), "such as 2021-11-01 11:11:19 +0100 CET") {
			t.Errorf("%q is read as %q, %v", typed, got, err)
		}
	}
}
