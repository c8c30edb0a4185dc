//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/cmd/internal/interrupt"
)

// The tests below run this test binary again as the command.
func TestMain(m *testing.M) {
	if os.Getenv("SPILLWAY_TEST_COMMAND") != "" {
		main()
	}
	os.Exit(m.Run())
}

func command(t *testing.T, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), "SPILLWAY_TEST_COMMAND=1")
	return cmd
}

func TestASignalEndsTheProcessGracefully(t *testing.T) {
	s := scenario.Classic()
	s.Producers[0].Interval = scenario.Duration(time.Millisecond)
	s.Duration = scenario.Duration(time.Hour)
	path := file(t, s.JSON())
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			cmd := command(t, "run", path)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var lines []string
			for out := bufio.NewScanner(stdout); out.Scan(); {
				if len(lines) == 0 { // it is under way
					if err := cmd.Process.Signal(signal); err != nil {
						t.Fatal(err)
					}
				}
				lines = append(lines, out.Text())
			}
			if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
				t.Errorf("it ends with %v and says %s", err, &stderr)
			}
			if len(lines) < 3 {
				t.Fatalf("it prints %q", lines)
			}
			for i, want := range []string{"cancelling from signal [signal=" + signal.String() + "]", "quitting"} {
				got := lines[len(lines)-2+i]
				if _, said, _ := strings.Cut(got[len("2021/11/01 "):], " "); said != want {
					t.Errorf("it ends with %q, want %q", got, want)
				}
			}
		})
	}
}

func TestAMistakeGoesToStandardErrorWithStatusTwo(t *testing.T) {
	cmd := command(t, "frob")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != 2 {
		t.Errorf("the status is %d", got)
	}
	same(t, "standard error", stderr.String(), "spillway: command \"frob\" is unknown: use run, presets, link or help\n")
	same(t, "standard output", stdout.String(), "")
}

// built is the command as people run it: without the race detector, which needs many times the memory.
func built(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "spillway")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

func TestTheProcessTakesNoMoreMemoryThanItMay(t *testing.T) {
	program := built(t)
	s := torrent(broker.Spill, 1000)
	for i := range scenario.MaxInterventions {
		s.Interventions = append(s.Interventions, scenario.Intervention{At: scenario.Duration(i+1) * 10_000, Do: scenario.Crash})
	}
	distinct := torrent(broker.DropNewest, broker.MaxBuffer)
	for i := range distinct.Producers {
		distinct.Producers[i].Topic, distinct.Consumers[i].Topics = fmt.Sprint("t", i), fmt.Sprint("t", i)
	}
	for name, s := range map[string]scenario.Scenario{"crashes": s, "buffers": distinct} {
		cmd := exec.CommandContext(t.Context(), program, "run", "-virtual", "-o", "stats", "-memory", "64MB", scenario.Link(s, 0))
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		_ = cmd.Run()
		if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(stderr.String(), "more than 64MB of memory") || !strings.Contains(stdout.String(), `"partial": `) {
			t.Errorf("%s: it ends with %v and says %s", name, cmd.ProcessState, &stderr)
		}
		most := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss / 1000
		if t.Logf("%s: at most %d MB", name, most); most > 2*64 {
			t.Errorf("%s: with 64 MB it takes up to %d", name, most)
		}
	}
}

func TestTheProcessEndsWhereverItIs(t *testing.T) {
	for _, format := range []string{"log", "jsonl"} {
		cmd := command(t, "run", "-virtual", "-o", format, scenario.Link(torrent(broker.DropNewest, broker.MaxBuffer), 0))
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := stdout.Read(make([]byte, 1)); err != nil { // it is under way; after that nobody reads
			t.Fatal(err)
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		state, err := cmd.Process.Wait() // and not cmd.Wait, which would close the pipe
		if err != nil || !state.Exited() {
			t.Errorf("%s: it ends with %v, %v", format, state, err)
		}
	}
}

// Live, it would go on for an hour.
func TestTheProcessEndsWhereNothingCanBeWritten(t *testing.T) {
	s := scenario.Classic()
	s.Duration = scenario.Duration(time.Hour)
	for name, args := range map[string][]string{
		"on virtual time": {"run", "-virtual", scenario.Link(torrent(broker.DropNewest, 3), 0)},
		"live":            {"run", scenario.Link(s, 0)},
	} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer full.Close()
		cmd := command(t, args...)
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = full, &stderr
		_ = cmd.Run()
		same(t, name, fmt.Sprint(cmd.ProcessState.ExitCode(), " ", stderr.String()), "1 spillway: write /dev/stdout: no space left on device\n")

		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		read.Close()
		defer write.Close()
		cmd = command(t, args...)
		cmd.Stdout, cmd.Stderr = write, &stderr
		_ = cmd.Run()
		if got := cmd.ProcessState.Sys().(syscall.WaitStatus); !got.Signaled() || got.Signal() != syscall.SIGPIPE {
			t.Errorf("%s, into a pipe that nobody reads any more: it ends with %v and says %s", name, cmd.ProcessState, &stderr)
		}
	}
}

func TestASignalEndsTheWaitForAScenario(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close() // which ends the read
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(interrupt.Error{Signal: syscall.SIGINT})
	for _, command := range []string{"run", "link"} {
		err := spillway(ctx, []string{command, fmt.Sprintf("/dev/fd/%d", read.Fd())}, io.Discard)
		if !errors.Is(err, context.Cause(ctx)) || status(err) != 1 {
			t.Errorf("%s: it ends with %v, status %d", command, err, status(err))
		}
	}
}
