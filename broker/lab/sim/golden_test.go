package sim_test

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// The golden journals are embedded: a browser, where these tests run too, has no
// file system.
//
//go:embed testdata/golden
var golden embed.FS

// files are the golden files of a scenario, by the ends of their names.
func files(t *testing.T, s scenario.Scenario) map[string][]byte {
	var lines, text []byte
	log := journal.NewLog(s, len(s.Consumers), time.Time{})
	for _, r := range labtest.Play(t, s) {
		lines = journal.AppendJSON(lines, r, s)
		if r.Kind.HasLine() {
			text = fmt.Appendln(text, log.Line(r))
		}
	}
	return map[string][]byte{".jsonl": lines, ".log": text}
}

func TestAPresetHasTheSameJournalOnEveryMachine(t *testing.T) {
	for _, p := range scenario.Presets() {
		for end, got := range files(t, p.Scenario) {
			name := "testdata/golden/" + p.ID + end
			if labtest.Update(t, name, got) {
				continue
			}
			want, err := golden.ReadFile(name)
			if err != nil {
				t.Errorf("%v: go test -update makes it", err)
				continue
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s: %s", name, firstDifference(got, want))
			}
		}
	}
}

func firstDifference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d is\n%s, want\n%s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

func TestEverySecondOfTheClassicHasTheLinesOfTheExample(t *testing.T) {
	const (
		produced = "producer: I have produced something [produced=%d]"
		consumed = "consumer: the producer created something [produced=%d]"
	)
	want := map[string][]string{
		"20": {fmt.Sprintf(produced, 0)},
		"21": {fmt.Sprintf(produced, 1)},
		"22": {fmt.Sprintf(consumed, 0), fmt.Sprintf(produced, 2)},
		"23": {fmt.Sprintf(produced, 3)},
		"24": {fmt.Sprintf(consumed, 1), fmt.Sprintf(produced, 4)},
		"25": {fmt.Sprintf(produced, 5)},
		"26": {fmt.Sprintf(produced, 6), fmt.Sprintf(consumed, 2),
			fmt.Sprintf("broker: warning, event dropped [type=*producer.ProducedSomethingEvent, ID=%d, happenedOn=2021-11-01 11:11:26 +0100 CET m=+7.000000000]", scenario.Classic().Identity(0, 6))},
		"27": {fmt.Sprintf(produced, 7)},
		"28": {fmt.Sprintf(consumed, 3), fmt.Sprintf(produced, 8)},
		"29": {"quitting"},
	}
	got := map[string][]string{}
	for line := range strings.Lines(string(files(t, scenario.Classic())[".log"])) {
		second, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "2021/11/01 11:11:")
		if !ok {
			t.Fatalf("the line %q is of another time", line)
		}
		second, text, _ := strings.Cut(second, " ")
		got[second] = append(got[second], text)
	}
	for _, lines := range []map[string][]string{got, want} {
		for second := range lines {
			slices.Sort(lines[second]) // the order inside a second is a race
		}
	}
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("got\n%s, want\n%s", g, w)
	}
}
