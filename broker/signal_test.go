//go:build unix

package broker_test

import (
	"bufio"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// built is the path of a program of testdata, which it builds.
func built(t *testing.T, name string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", path, "./testdata/"+name).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

// The signal ends the context of Consume, and while its handler is at work.
func TestDrainCompletenessTheUsualProgramHandlesEverythingAfterASignal(t *testing.T) {
	program := built(t, "usual")
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			cmd := exec.Command(program)
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var welcomed, other []string
			for out := bufio.NewScanner(stdout); out.Scan(); {
				switch line := out.Text(); {
				case line == "writing to 0" && len(welcomed) == 0 && len(other) == 0:
					if err := cmd.Process.Signal(signal); err != nil {
						t.Fatal(err)
					}
				case strings.HasPrefix(line, "welcomed"):
					welcomed = append(welcomed, line)
				case !strings.HasPrefix(line, "writing"):
					other = append(other, line)
				}
			}
			if err := cmd.Wait(); err != nil || len(other) > 0 {
				t.Errorf("it ends with %v and says %q", err, other)
			}
			var want []string
			for n := range 6 {
				want = append(want, fmt.Sprint("welcomed ", n))
			}
			if got := strings.Join(welcomed, ","); got != strings.Join(want, ",") {
				t.Errorf("it ends after %q", got)
			}
		})
	}
}
