package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/cmd/internal/interrupt"
	"github.com/spillway-go/spillway/cmd/internal/version"
)

// does is what the command prints.
func does(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := spillway(t.Context(), args, &out); err != nil {
		t.Fatalf("spillway %s: %v", strings.Join(args, " "), err)
	}
	return out.String()
}

// file writes a scenario to a new file.
func file(t *testing.T, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scenario.json")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func golden(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "broker", "lab", "sim", "testdata", "golden", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s prints\n%s, want\n%s", what, got, want)
	}
}

func TestAPresetOnVirtualTimePrintsItsGoldenJournal(t *testing.T) {
	for _, p := range scenario.Presets() {
		same(t, p.ID, does(t, "run", "-virtual", p.ID), golden(t, p.ID+".log"))
		same(t, p.ID+" in jsonl", does(t, "run", "-virtual", "-o", "jsonl", p.ID), golden(t, p.ID+".jsonl"))
	}
}

func TestAScenarioIsFoundByEachOfItsNames(t *testing.T) {
	want := golden(t, "classic.log")
	link := scenario.Link(scenario.Classic(), 3*time.Second)
	for name, args := range map[string][]string{
		"nothing":               {},
		"a preset":              {"classic"},
		"a fragment":            {link},
		"a whole address":       {"https://example.org/spillway/" + link},
		"a file":                {file(t, scenario.Classic().JSON())},
		"a preset after a dash": {"--", "classic"},
	} {
		same(t, name, does(t, append([]string{"run", "-virtual"}, args...)...), want)
	}
}

func TestFlagsChangeTheScenario(t *testing.T) {
	s := scenario.Classic()
	s.Seed, s.Duration = 36, scenario.Duration(30*time.Second)
	got := does(t, "run", "-virtual", "-o=jsonl", "-seed=36", "-duration=30s")
	same(t, "the run", got, does(t, "run", "-virtual", "-o=jsonl", file(t, s.JSON())))
	if got == golden(t, "classic.jsonl") {
		t.Error("it is the classic all the same")
	}
	s = scenario.Classic()
	s.Seed = 0
	same(t, "seed 0", does(t, "run", "-virtual", "-o=jsonl", "-seed=0"), does(t, "run", "-virtual", "-o=jsonl", file(t, s.JSON())))
}

func TestPresetsAreListed(t *testing.T) {
	out := does(t, "presets")
	for i, p := range scenario.Presets() {
		line := strings.Split(out, "\n")[i]
		if !strings.HasPrefix(line, p.ID+" ") || !strings.HasSuffix(line, p.Title+". "+p.Caption) {
			t.Errorf("line %d is %q", i+1, line)
		}
	}
}

func TestALinkIsPrintedThatCarriesTheScenario(t *testing.T) {
	s := scenario.Classic()
	s.Producers[0].Name = "sensor"
	out := does(t, "link", file(t, s.JSON()))
	same(t, "link", out, scenario.Link(s, 0)+"\n")
	same(t, "link of a link", does(t, "link", strings.TrimSpace(out)), out)
}

func TestHelpIsTheUsage(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"-h"}, {"--help"}, {"run", "-h"}, {"run", "--help"}} {
		same(t, strings.Join(args, " "), does(t, args...), usage)
	}
}

func TestAMistakeIsASentence(t *testing.T) {
	large := file(t, bytes.Repeat([]byte(" "), maxFile+1))
	broken := file(t, []byte(`{"producers":[{"name":"p","interval":"1s"}], "consumers":[{"name":"c","service":"1s"}],`+"\n"+`"speed":1}`))
	empty := file(t, []byte(`{"producers":[{"name":"p","interval":"1s"}], "consumers":[]}`))
	folder := t.TempDir()
	for _, test := range []struct {
		args string
		want string
	}{
		{"frob", `command "frob" is unknown: use run, presets, link or help`},
		{"-virtual", `command "-virtual" is unknown: use run, presets, link or help`},
		{"presets x", `presets: takes no arguments, not "x"`},
		{"link", "link: takes one scenario, not 0"},
		{"link classic classic", "link: takes one scenario, not 2"},
		{"link nothing", `"nothing" is no file, no link, and preset "nothing" is unknown: there are classic, drop-oldest`},
		{"link #1AAAA", "link: its checksum does not fit: it was changed or cut short on the way"},
		{"run nothing", `run: "nothing" is no file, no link, and preset "nothing" is unknown: there are classic, drop-oldest`},
		{"run #2", "run: link: version '2' is unknown: this Spillway reads version 1"},
		{"run -o xml", `run: -o: format "xml" is unknown: use log, jsonl or stats`},
		{"run -seed -1", `run: invalid value "-1" for flag -seed: parse error`},
		{"run -duration 5", `run: invalid value "5" for flag -duration: `},
		{"run -duration 25h", "run: duration: 25h0m0s is out of range: 1µs to 24h0m0s"},
		{"run -duration 0s", "run: duration: 0s is out of range: 1µs to 24h0m0s"},
		{"run -speed 9", "run: flag provided but not defined: -speed"},
		{"run -memory 1KB", `run: invalid value "1KB" for flag -memory: "1KB" is not a size from 16MB to 1000GB, such as 256MB or 2GB`},
		{"run -memory 15MB", `run: invalid value "15MB" for flag -memory: "15MB" is not a size from 16MB to 1000GB, such as 256MB or 2GB`},
		{"run -memory 1001GB", `run: invalid value "1001GB" for flag -memory: "1001GB" is not a size from 16MB to 1000GB, such as 256MB or 2GB`},
		{"run classic -virtual", "run: takes one scenario, not 2; flags come before it"},
		{"run " + folder, "run: read " + folder + ": is a directory"},
		{"run " + large, "run: " + large + ": the file is larger than the 4 MiB a scenario can have"},
		{"run " + broken, "run: " + broken + `: scenario: line 2: the scenario: unknown field "speed"`},
		{"run " + empty, "run: " + empty + ": scenario: the number of consumers: 0 is out of range: 1 to 16"},
	} {
		var out bytes.Buffer
		err := spillway(t.Context(), strings.Fields(test.args), &out)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got  %v\nwant %s", test.args, err, test.want)
		}
		if got := status(err); got != 2 || out.Len() > 0 {
			t.Errorf("%s: has the status %d and prints %q", test.args, got, &out)
		}
	}
}

func TestASignalIsToldInTwoLines(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(interrupt.Error{Signal: signal})
		var out bytes.Buffer
		if err := spillway(ctx, nil, &out); err != nil {
			t.Fatal(err)
		}
		var said []string
		for line := range strings.Lines(out.String()) {
			said = append(said, line[len("2021/11/01 11:11:19 "):])
		}
		same(t, "the run", strings.Join(said, ""), "cancelling from signal [signal="+signal.String()+"]\nquitting\n")
	}
}

func TestASignalEndsARunOnVirtualTimeToo(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(interrupt.Error{Signal: syscall.SIGTERM})
	var out bytes.Buffer
	if err := spillway(ctx, []string{"run", "-virtual", "-duration", "24h"}, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(out.String(), " cancelling from signal [signal=terminated]\n2021/11/01 11:11:19 quitting\npartial: the run ends at 0s of 24h0m0s: cancelling from signal [signal=terminated]\n") {
		t.Errorf("it prints %s", &out)
	}
}

func TestTheVersionIsTold(t *testing.T) {
	var out bytes.Buffer
	if err := spillway(t.Context(), []string{"-version"}, &out); err != nil || out.String() != version.String()+"\n" {
		t.Errorf("it prints %q and answers %v", &out, err)
	}
}

// full is a writer to a disk that is full.
type full struct{ error }

func (f full) Write([]byte) (int, error) { return 0, f.error }

func TestWhatCannotBeWrittenIsAnErrorButNoMistake(t *testing.T) {
	disk := full{errors.New("the disk is full")}
	for _, args := range []string{"presets", "link classic", "help", "-version", "run -virtual", "run -virtual -o jsonl", "run -virtual -o stats"} {
		if err := spillway(t.Context(), strings.Fields(args), disk); !errors.Is(err, disk.error) || status(err) != 1 {
			t.Errorf("%s: answers %v with the status %d", args, err, status(err))
		}
	}
}
