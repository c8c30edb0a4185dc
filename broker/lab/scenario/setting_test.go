package scenario_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

func TestThereIsOneSettingForEachActionThatChangesOne(t *testing.T) {
	all := scenario.Settings()
	var fields []string
	for i, set := range all {
		if set.Change != scenario.Action(i+1) {
			t.Errorf("%s is changed by %v, and stands where %v should", set.Field, set.Change, scenario.Action(i+1))
		}
		of, ok := scenario.SettingOf(set.Change)
		if !ok || of.Field != set.Field || of.Change != set.Change {
			t.Errorf("%v changes %s", set.Change, of.Field)
		}
		field := fmt.Sprint(set.Role, set.Field)
		if slices.Contains(fields, field) || set.Role == scenario.OfRun || set.Low > set.High {
			t.Errorf("%s is there twice, nobody's, or has no values", field)
		}
		fields = append(fields, field)
		if strings.Count(set.Says, "%") != 1 || !strings.HasSuffix(set.Says, "from now on") || strings.Contains(set.SaysLow, "%") || !strings.HasSuffix(set.About, ".") {
			t.Errorf("%s is told with %q, %q and %q", field, set.Says, set.SaysLow, set.About)
		}
		if (set.Form == scenario.Choice) != (set.Choices != nil) || set.Form == scenario.Choice && len(set.Choices) != int(set.High)+1 {
			t.Errorf("%s has the choices %v", field, set.Choices)
		}
	}
	for _, a := range []scenario.Action{0, scenario.Publish, scenario.Interrupt, 255} {
		if set, ok := scenario.SettingOf(a); ok {
			t.Errorf("%v changes %s", a, set.Field)
		}
	}
	if all[0].Field = "changed"; scenario.Settings()[0].Field == "changed" {
		t.Error("the list is shared")
	}
}

func TestAValueIsReadBackFromWhatFormatWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := rapid.SampledFrom(scenario.Settings()).Filter(func(s scenario.Setting) bool { return s.Form != scenario.Text }).Draw(t, "setting")
		v := labtest.Everything(4).Change(t, set, 0).Value
		text := set.Format(v)
		if back, err := set.Parse(text); err != nil || back != v {
			t.Fatalf("%s: %d is written as %s and read as %d, %v", set.Field, v, text, back, err)
		}
	})
}

func settingOf(a scenario.Action) scenario.Setting {
	set, ok := scenario.SettingOf(a)
	if !ok {
		panic("the test is wrong")
	}
	return set
}

func TestAValueIsReadAsPeopleWriteIt(t *testing.T) {
	for _, test := range []struct {
		of   scenario.Action
		text string
		want int64
	}{
		{scenario.SetInterval, "250ms", int64(250 * time.Millisecond)},
		{scenario.SetInterval, " 1.5 s ", int64(1500 * time.Millisecond)},
		{scenario.SetInterval, "1h 0m", int64(time.Hour)},
		{scenario.SetInterval, "2", int64(2 * time.Second)},
		{scenario.SetInterval, "0.57", int64(570 * time.Millisecond)}, // as a float64 it is a nanosecond less
		{scenario.SetInterval, ".001", int64(time.Millisecond)},
		{scenario.SetInterval, "1us", 1000},
		{scenario.SetArrivals, " poisson", int64(scenario.Poisson)},
		{scenario.SetOverflow, "spill", int64(broker.Spill)},
		{scenario.SetOwnOverflow, "broker", 0},
		{scenario.SetBuffer, " 12 ", 12},
		{scenario.SetOwnBuffer, "broker", -1},
		{scenario.SetOwnBuffer, "-1", -1},
		{scenario.SetOwnBuffer, "0", 0},
		{scenario.SetFailures, "25%", 25},
		{scenario.SetFailures, "25 %", 25},
		{scenario.SetFailures, "25", 25},
		{scenario.SetBackoff, "3600", int64(time.Hour)},
	} {
		if got, err := settingOf(test.of).Parse(test.text); err != nil || got != test.want {
			t.Errorf("%v: %q is read as %d, %v", test.of, test.text, got, err)
		}
	}
}

func TestAValueThatIsNoneIsASentence(t *testing.T) {
	for _, test := range []struct {
		of         scenario.Action
		text, want string
	}{
		{scenario.SetInterval, "", `"" is not a number with a unit such as 250ms, 2s or 1h`},
		{scenario.SetInterval, "soon", `"soon" is not a number with a unit such as 250ms, 2s or 1h`},
		{scenario.SetInterval, "0", "0s is out of range: 1µs to 1h0m0s"},
		{scenario.SetInterval, "-5", "-5s is out of range: 1µs to 1h0m0s"},
		{scenario.SetInterval, "3601", "1h0m1s is out of range: 1µs to 1h0m0s"},
		{scenario.SetInterval, "1e3", `"1e3" is not a number with a unit such as 250ms, 2s or 1h`},
		{scenario.SetInterval, "NaN", `"NaN" is not a number with a unit such as 250ms, 2s or 1h`},
		{scenario.SetArrivals, "random", `"random" is unknown: use one of steady, poisson`},
		{scenario.SetOverflow, "inherit", `"inherit" is unknown: use one of drop-newest, drop-oldest, keep-latest, reject, block, spill`},
		{scenario.SetOwnOverflow, "inherit", `"inherit" is unknown: use one of broker, drop-newest, drop-oldest, keep-latest, reject, block, spill`},
		{scenario.SetBuffer, "many", `"many" is not a whole number`},
		{scenario.SetBuffer, "broker", `"broker" is not a whole number`},
		{scenario.SetBuffer, "1.5", `"1.5" is not a whole number`},
		{scenario.SetBuffer, "1000001", "1000001 is out of range: 0 to 1000000"},
		{scenario.SetBuffer, "99999999999999999999", "99999999999999999999 is out of range: 0 to 1000000"},
		{scenario.SetOwnBuffer, "-2", "-2 is out of range: broker to 1000000"},
		{scenario.SetFailures, "101", `"101%" is not a whole percentage from 0% to 100%`},
		{scenario.SetWorkers, "0", "0 is out of range: 1 to 64"},
		{scenario.SetTopic, "orders", "topic is a text, not a value"},
	} {
		if got, err := settingOf(test.of).Parse(test.text); err == nil || err.Error() != test.want || got != 0 {
			t.Errorf("%v: %q is read as %d, %v, want %s", test.of, test.text, got, err, test.want)
		}
	}
}

func TestATextIsWhatAnActorHas(t *testing.T) {
	s := every().Settled(time.Hour)
	for _, test := range []struct {
		of   scenario.Action
		want string
	}{
		{scenario.SetTopic, "orders.new"}, {scenario.SetTopics, "orders.> *"}, {scenario.SetInterval, "5s"}, {scenario.SetFailures, "25%"},
		{scenario.SetBuffer, "9"}, {scenario.SetOwnOverflow, "spill"}, {scenario.SetBackoff, "500ms"},
	} {
		if got := settingOf(test.of).GetText(&s, 0); got != test.want {
			t.Errorf("%v: it has %q", test.of, got)
		}
	}
}

func FuzzParseSetting(f *testing.F) {
	for _, text := range []string{"", "1", "1s", "25%", "broker", "poisson", "1e9", "Inf", "-1", "0x1p-2", "1_0"} {
		for a := range byte(15) {
			f.Add(a, text)
		}
	}
	f.Fuzz(func(t *testing.T, a byte, text string) {
		set := scenario.Settings()[int(a)%len(scenario.Settings())]
		v, err := set.Parse(text)
		if err != nil {
			return
		}
		if v < set.Low || v > set.High {
			t.Errorf("%v: %q is read as %d", set.Change, text, v)
		}
		if back, err := set.Parse(set.Format(v)); err != nil || back != v {
			t.Errorf("%v: %d is read back as %d, %v", set.Change, v, back, err)
		}
	})
}
