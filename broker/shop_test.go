//go:build unix

package broker_test

import (
	"bufio"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The signal comes while the first mail is being written.
func TestDrainCompletenessTheProgramOfTheReadmeSendsEveryMailAfterASignal(t *testing.T) {
	cmd := exec.Command(built(t, "shop"))
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var sent, want []string
	signalled := false
	for out := bufio.NewScanner(stdout); out.Scan(); {
		if line := out.Text(); strings.HasPrefix(line, "sent") {
			sent = append(sent, line)
		} else if !signalled {
			signalled = true
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
	}
	for n := range 6 {
		want = append(want, fmt.Sprint("sent the mail for order ", n))
	}
	if err := cmd.Wait(); err != nil || !slices.Equal(sent, want) {
		t.Errorf("it ends with %v after %q", err, sent)
	}
}
