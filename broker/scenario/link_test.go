package scenario_test

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/scenario"
	"pgregory.net/rapid"
)

func TestALinkIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(scenario.MaxProducers).Draw(t, "scenario")
		playhead := time.Duration(anyTime(t, "playhead", 0, s.Duration))
		link := scenario.Link(s, playhead)
		if strings.Trim(link[1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_@.") != "" {
			t.Fatalf("the link %s has a character that needs an escape", link)
		}
		back, at, err := scenario.ParseLink(link)
		if err != nil {
			t.Fatal(err)
		}
		if !back.Equal(s) || at != playhead {
			t.Fatalf("read back as %+v at %v", back, at)
		}
	})
}

func TestALinkIsReadWithoutItsHashAndWithEscapes(t *testing.T) {
	link := scenario.Link(scenario.Classic(), 8400*time.Millisecond)
	for _, as := range []string{link, link[1:], strings.Replace(link, "@", "%40", 1)} {
		if s, at, err := scenario.ParseLink(as); err != nil || !s.Equal(scenario.Classic()) || at != 8400*time.Millisecond {
			t.Errorf("%s is read as %+v at %v, %v", as, s, at, err)
		}
	}
}

func TestTheClassicHasAShortLink(t *testing.T) {
	if link := scenario.Link(scenario.Classic(), 8400*time.Millisecond); len(link) > 40 {
		t.Errorf("%s has %d characters", link, len(link))
	}
}

func TestALinkOfEightActorsFitsInAThousandCharacters(t *testing.T) {
	for _, letter := range []rune{'a', 'é', 'あ', '😀', '𝓐', '𰀀', '\U000e0100'} {
		s := worst(4, letter)
		must(s.Validate())
		link := scenario.Link(s, time.Duration(s.Duration))
		if len(link) > 1000 {
			t.Errorf("names of %q: the link has %d characters", letter, len(link))
		}
		if back, at, err := scenario.ParseLink(link); err != nil || !back.Equal(s) || at != time.Duration(s.Duration) {
			t.Errorf("names of %q: read back as %+v at %v, %v", letter, back, at, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(4).Draw(t, "scenario")
		s.Interventions = nil
		if n := len(scenario.Link(s, time.Duration(s.Duration))); n > 1000 {
			t.Fatalf("the link has %d characters", n)
		}
	})
}

func TestAnyLinkIsWithinWhatIsRead(t *testing.T) {
	s := worst(scenario.MaxProducers, '😀')
	for range scenario.MaxInterventions {
		s.Interventions = append(s.Interventions, scenario.Intervention{
			At: s.Duration, Do: scenario.SetService, Actor: 15, Service: scenario.Duration(scenario.MaxTime) - 1,
		})
	}
	must(s.Validate())
	if back, _, err := scenario.ParseLink(scenario.Link(s, 0)); err != nil || !back.Equal(s) {
		t.Errorf("read back with %v", err)
	}
}

// sealed is the link whose checksum fits the fields, whatever they are.
func sealed(fields ...byte) string {
	sum := crc32.ChecksumIEEE(fields)
	return "#1" + base64.RawURLEncoding.EncodeToString(append(fields, byte(sum>>8), byte(sum)))
}

// huge is a number that no one has memory for.
var huge = binary.AppendUvarint(nil, 1<<62)

func TestAMistakenLinkIsASentence(t *testing.T) {
	classic := scenario.Link(scenario.Classic(), 0)
	for _, test := range []struct{ name, link, want string }{
		{"nothing", "", "link: it is empty"},
		{"a hash", "#", "link: it is empty"},
		{"another version", "#2AAAA", "link: version '2' is unknown: this Spillway reads version 1"},
		{"a word", "#classic", "link: version 'c' is unknown: this Spillway reads version 1"},
		{"only a version", "#1", "link: it is cut short"},
		{"cut", classic[:len(classic)-1], "link: it has a character or an ending that no link has"},
		{"a changed letter", strings.Replace(classic, "1A", "1B", 1), "link: its checksum does not fit: it was changed or cut short on the way"},
		{"a space", classic + " ", "link: it has a character or an ending that no link has"},
		{"a line break", classic[:3] + "\n" + classic[3:], "link: it has a character or an ending that no link has"},
		{"padding", classic + "=", "link: it has a character or an ending that no link has"},
		{"a broken escape", classic + "%4", "link: it has a broken % escape"},
		{"no playhead", classic + "@", `link: the playhead "" is not a time such as 8.4s`},
		{"a wrong playhead", classic + "@soon", `link: the playhead "soon" is not a time such as 8.4s`},
		{"a late playhead", classic + "@11s", "link: the playhead 11s is outside of the run: 0s to 10s"},
		{"a negative playhead", classic + "@-1s", "link: the playhead -1s is outside of the run: 0s to 10s"},
		{"too long", strings.Repeat("A", 1<<16+1), "link: it has 65537 characters: at most 65536"},
		{"a newer field", sealed(0x80, 1), "link: it has a field this version does not know"},
		{"half a number", sealed(0x80), "link: it ends in the middle of a number"},
		{"fields that are missing", sealed(1), "link: it ends in the middle of a number"},
		{"too many producers", sealed(1, 17), "link: the number 17 is too large where it stands"},
		{"no producers", sealed(1, 0), "link: the number of producers: 0 is out of range: 1 to 16"},
		{"a text that is cut", sealed(1, 1, 20, 'a'), "link: it ends in the middle of a text"},
		{"a packed text that is cut", sealed(1, 1, 9, 'a'), "link: it ends in the middle of a text"},
		{"a time without end", sealed(8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1), "link: a time is longer than a run can be"},
		{"a number of too many bytes", sealed(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1), "link: it ends in the middle of a number"},
		{"bytes left over", sealed(0, 0), "link: 1 bytes are left over"},
		{"a field as in the classic", sealed(32, 35), "link: it writes its scenario in a way that no link does"},
		{"a number in too many bytes", sealed(32, 0x81, 0), "link: it writes its scenario in a way that no link does"},
		{"a huge buffer", sealed(append([]byte{2}, huge...)...), "link: the number 4611686018427387904 is too large where it stands"},
		{"a buffer past its limit", sealed(2, 0xc1, 0x84, 0x3d, 1), "link: broker.buffer: 1000001 is out of range: 0 to 1000000"},
		{"a huge text", sealed(append([]byte{1, 1}, huge...)...), "link: the number 4611686018427387904 is too large where it stands"},
		{"interventions without end", sealed(append([]byte{64}, huge...)...), "link: the number 4611686018427387904 is too large where it stands"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, at, err := scenario.ParseLink(test.link)
			if err == nil || err.Error() != test.want {
				t.Errorf("%s: got %v, want %s", test.link, err, test.want)
			}
			if !s.Equal(scenario.Scenario{}) || at != 0 {
				t.Errorf("with the error comes %+v at %v", s, at)
			}
		})
	}
}

func TestAHostileLinkCannotAskForMemory(t *testing.T) {
	fields := []byte{64}
	fields = binary.AppendUvarint(fields, scenario.MaxInterventions) // and not one of them follows
	link := sealed(fields...)
	const reads = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range reads {
		_, _, _ = scenario.ParseLink(link)
	}
	runtime.ReadMemStats(&after)
	if bytes := (after.TotalAlloc - before.TotalAlloc) / reads; bytes > 1<<17 {
		t.Errorf("it made the reader allocate %d bytes", bytes)
	}
}

func FuzzParseLink(f *testing.F) {
	for _, p := range scenario.Presets() {
		f.Add(scenario.Link(p.Scenario, time.Second))
	}
	f.Add(string([]byte{1, 1, 0, 0x19, 0x20, 9, 3, 97, 98, 99})) // fields only
	for _, letter := range []rune{'a', 'あ', '😀'} {
		f.Add(scenario.Link(worst(4, letter), 0))
	}
	f.Add(scenario.Link(edited(fill), 0))
	for _, link := range []string{"", "#", "#1", "#2", "#1AAAA", "%", "#1@", sealed(0x7f), sealed(1, 17), sealed(1, 1, 9, 'a'), sealed(append([]byte{64}, huge...)...)} {
		f.Add(link)
	}
	f.Fuzz(func(t *testing.T, link string) {
		check(t, link)
		check(t, sealed([]byte(link)...)) // past the checksum, which keeps a fuzzer out
	})
}

// check is that what is read is written and read as the same.
func check(t *testing.T, link string) {
	s, at, err := scenario.ParseLink(link)
	if err != nil {
		if !strings.HasPrefix(err.Error(), "link: ") {
			t.Errorf("%s: the error is %v", link, err)
		}
		return
	}
	again := scenario.Link(s, at)
	if back, backAt, err := scenario.ParseLink(again); err != nil || !back.Equal(s) || backAt != at {
		t.Errorf("%s is written as %s and read as %+v at %v, %v", link, again, back, backAt, err)
	}
	if back, err := scenario.ParseJSON(s.JSON()); err != nil || !back.Equal(s) {
		t.Errorf("%s has JSON that is read as %+v, %v", link, back, err)
	}
}
