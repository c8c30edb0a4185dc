//go:build unix

package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
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
