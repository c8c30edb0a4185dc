package scenario_test

import (
	"encoding/base64"
	"hash/crc32"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

func TestALinkIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Everything(rapid.SampledFrom([]int{1, 4, scenario.MaxProducers}).Draw(t, "actors")).Scenario().Draw(t, "scenario")
		playhead := time.Duration(labtest.Time(t, "playhead", 0, s.Duration))
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

func TestTheClassicHasAShortLinkForEver(t *testing.T) {
	if link := scenario.Link(scenario.Classic(), 0); link != "#1AO-N" {
		t.Errorf("it is %s", link)
	}
	if link := scenario.Link(scenario.Classic(), 8400*time.Millisecond); link != "#1AO-N@8.4s" {
		t.Errorf("with a playhead it is %s", link)
	}
}

func TestALinkSaysTheSameRunInOneWay(t *testing.T) {
	said := labtest.Edited(func(s *scenario.Scenario) {
		s.Producers[0].Burst = 1
		c := &s.Consumers[0]
		c.Workers, c.Attempts, c.Backoff = 1, 1, scenario.DefaultBackoff
		s.Interventions = []scenario.Intervention{}
	})
	if link := scenario.Link(said, 0); link != "#1AO-N" {
		t.Errorf("saying what goes without saying makes it %s", link)
	}
}

func TestALinkOfEightActorsFitsInAThousandCharacters(t *testing.T) {
	// What a page adds to it, such as what is selected, has room as well.
	const most = 1000 - 48
	s := worst(4)
	must(s.Validate())
	if n := len(longestLink(s)); n > most {
		t.Errorf("the longest link has %d characters", n)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Everything(4).Settled().Draw(t, "scenario")
		if n := len(longestLink(s)); n > most {
			t.Fatalf("the link has %d characters", n)
		}
	})
}

// longestLink is that with the playhead that takes most characters.
func longestLink(s scenario.Scenario) string {
	longest := ""
	for _, at := range []time.Duration{0, time.Duration(s.Duration), 10*time.Hour + 10*time.Minute + 10*time.Second + 1} {
		if link := scenario.Link(s, min(at, time.Duration(s.Duration))); len(link) > len(longest) {
			longest = link
		}
	}
	return longest
}

func TestNoLinkIsLongerThanTheWorst(t *testing.T) {
	most := len(longestLink(worst(4)))
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Everything(4).Settled().Draw(t, "scenario")
		if n := len(longestLink(s)); n > most {
			t.Fatalf("the link has %d characters, the worst has %d", n, most)
		}
	})
}

func TestAnyLinkIsWithinWhatIsRead(t *testing.T) {
	s := worstOfAll()
	must(s.Validate())
	link := longestLink(s)
	t.Logf("the longest link has %d characters", len(link))
	if back, at, err := scenario.ParseLink(link); err != nil || !back.Equal(s) || at == 0 {
		t.Errorf("read back with %v", err)
	}
	// Not even one with all times at their longest at once would be longer.
	const (
		moment       = 7 + 46 + 4                  // bits of a time up to a day
		text         = 6 + 1 + 7*scenario.MaxTopic // and of a topic
		intervention = moment + 5 + 4 + text       // the action and the actor beside them
		characters   = scenario.MaxInterventions * intervention / 6
	)
	if n := characters + len(longestLink(worst(scenario.MaxProducers))); n > 48<<10 {
		t.Errorf("there could be one of %d characters", n)
	} else if len(link) > n {
		t.Errorf("the worst has %d characters, more than the %d there can be", len(link), n)
	}
}

// sealed is the link whose checksum fits the fields, whatever they are.
func sealed(fields ...byte) string {
	sum := crc32.ChecksumIEEE(fields)
	return "#1" + base64.RawURLEncoding.EncodeToString(append(fields, byte(sum>>8), byte(sum)))
}

// bits are the link of fields that are written as zeros and ones, with spaces
// anywhere, and filled up with zeros.
func bits(text string) string {
	text = strings.ReplaceAll(text, " ", "")
	text += strings.Repeat("0", (8-len(text)%8)%8)
	var fields []byte
	for ; text != ""; text = text[8:] {
		b, err := strconv.ParseUint(text[:8], 2, 8)
		must(err)
		fields = append(fields, byte(b))
	}
	return sealed(fields...)
}

func TestAMistakenLinkIsASentence(t *testing.T) {
	classic := scenario.Link(scenario.Classic(), 0)
	for _, test := range []struct{ name, link, want string }{
		{"nothing", "", "link: it is empty"},
		{"a hash", "#", "link: it is empty"},
		{"another version", "#2AAAA", "link: version '2' is unknown: this Spillway reads version 1"},
		{"a word", "#classic", "link: version 'c' is unknown: this Spillway reads version 1"},
		{"a word that is not ASCII", "#ärger", "link: version 'ä' is unknown: this Spillway reads version 1"},
		{"only a version", "#1", "link: it is cut short"},
		{"a version and too little", "#1AA", "link: it is cut short"},
		{"cut", classic[:len(classic)-1], "link: it has a character or an ending that no link has"},
		{"cut in the middle", scenario.Link(worst(1), 0)[:50], "link: its checksum does not fit: it was changed or cut short on the way"},
		{"a changed letter", strings.Replace(classic, "1A", "1B", 1), "link: its checksum does not fit: it was changed or cut short on the way"},
		{"a space", classic + " ", "link: it has a character or an ending that no link has"},
		{"a line break", classic[:3] + "\n" + classic[3:], "link: it has a character or an ending that no link has"},
		{"padding", classic + "=", "link: it has a character or an ending that no link has"},
		{"a broken escape", classic + "%4", "link: it has a broken % escape"},
		{"no playhead", classic + "@", `link: the playhead "" is not a time such as 8.4s`},
		{"a wrong playhead", classic + "@soon", `link: the playhead "soon" is not a time such as 8.4s`},
		{"two playheads", classic + "@1s@2s", `link: the playhead "1s@2s" is not a time such as 8.4s`},
		{"a late playhead", classic + "@11s", "link: the playhead 11s is outside of the run: 0s to 10s"},
		{"a negative playhead", classic + "@-1s", "link: the playhead -1s is outside of the run: 0s to 10s"},
		{"too long", "1" + strings.Repeat("A", 48<<10), "link: it has 49153 characters: at most 49152"},
		{"producers that are missing", bits("1 0000000"), "link: it ends in the middle"},
		{"a name that is cut", bits("1 0000 1 010100 0"), "link: it ends in the middle"},
		{"a time that is cut", bits("0000 1 0111111"), "link: it ends in the middle"},
		{"a time without end", bits("0000 1 0111111" + strings.Repeat("1", 62) + "1111"), "link: a time is longer than a run can be"},
		{"a time with zeros without end", bits("0000 1 0101000" + strings.Repeat("1", 39) + "1111"), "link: a time is longer than a run can be"},
		{"a number of too many bits", bits("0000 0 0 1 1111111"), "link: a number of 127 bits is too large"},
		{"a byte left over", sealed(0, 0), "link: 1 bytes are left over"},
		{"many bytes left over", sealed(make([]byte, 1000)...), "link: 999 bytes are left over"},
		{"a field as in the classic", bits("0000 0 0 1 0000110 00011"), "link: it writes its scenario in a way that no link does"},
		{"a filling of ones", bits("0000 0 0 1 0000000 01"), "link: it writes its scenario in a way that no link does"},
		{"a time that counts too few zeros", bits("0000 1 0000101 0100 0110"), "link: it writes its scenario in a way that no link does"},
		{"a producer as in the classic", bits("1 0000 0 0000 00 000 0000"), "link: it writes its scenario in a way that no link does"},
		{"a buffer past its limit", bits("0 1 11110100001001000001 00 0000"), "link: broker.buffer: 1000001 is out of range: 0 to 1000000"},
		{"a policy that no one has", bits("0 0 1 111 0 0000"), `link: broker.overflow: "8" is unknown: use one of drop-newest, drop-oldest, keep-latest, reject, block, spill`},
		{"more interventions than there are", bits("0000 0001 1111100111"), "link: it ends in the middle"},
		{"more interventions than there can be", bits("0000 0001 1111111111" + strings.Repeat("0000000 0000 10101", 1024)), "link: the number of interventions: 1024 is out of range: 0 to 1000"},
		{"an action that there isn't", bits("0000 0001 0000000000 0000000 0000 11111"), "link: interventions[0].do: Action(32) is unknown: use one of " + strings.Join(actions(), ", ")},
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

// actions are the names of all.
func actions() (names []string) {
	for a := scenario.SetInterval; a <= scenario.Interrupt; a++ {
		names = append(names, a.String())
	}
	return names
}

func TestAHostileLinkCannotAskForMemory(t *testing.T) {
	for name, link := range map[string]string{
		"interventions": bits("0000 0001 1111100111"), // and not one of them follows
		"producers":     bits("1 1111"),
		"a name":        bits("1 0000 1 111111 1"),
		"a time":        bits("0000 1 1000000"),
	} {
		const reads = 100
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range reads {
			_, _, _ = scenario.ParseLink(link)
		}
		runtime.ReadMemStats(&after)
		if bytes := (after.TotalAlloc - before.TotalAlloc) / reads; bytes > 16<<10 {
			t.Errorf("%s: it made the reader allocate %d bytes", name, bytes)
		}
	}
}

func TestALinkWithOneByteChangedIsRefusedOrTheSame(t *testing.T) {
	link := scenario.Link(worst(2), 0)
	for i := range len(link) {
		for _, c := range []byte("A_z0@%=# ") {
			changed := link[:i] + string(c) + link[i+1:]
			if s, _, err := scenario.ParseLink(changed); err == nil && !s.Equal(worst(2)) {
				t.Errorf("%q for %q at %d makes another run", c, link[i], i)
			}
		}
	}
}

func FuzzParseLink(f *testing.F) {
	for _, p := range scenario.Presets() {
		f.Add(scenario.Link(p.Scenario, time.Second))
	}
	f.Add(scenario.Link(worst(4), 0))
	f.Add(scenario.Link(every(), 0))
	f.Add(string([]byte{0x80, 0, 0x10})) // fields only
	for _, link := range []string{"", "#", "#1", "#2", "#1AAAA", "%", "#1@", "#1AO-N@1h", sealed(0x7f), bits("1 1111"), bits("0000 0001 1111111111")} {
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
	canonical, _, _ := strings.Cut(again, "@")
	if unescaped, err := url.PathUnescape(link); err != nil || strings.TrimPrefix(strings.Split(unescaped, "@")[0], "#") != canonical[1:] {
		t.Errorf("%s is read, but written as %s", link, again)
	}
	if back, backAt, err := scenario.ParseLink(again); err != nil || !back.Equal(s) || backAt != at {
		t.Errorf("%s is written as %s and read as %+v at %v, %v", link, again, back, backAt, err)
	}
	if back, err := scenario.ParseJSON(s.JSON()); err != nil || !back.Equal(s) {
		t.Errorf("%s has JSON that is read as %+v, %v", link, back, err)
	}
}
