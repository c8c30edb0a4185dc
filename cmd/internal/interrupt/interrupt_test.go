//go:build unix

package interrupt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func TestASignalIsTheCauseOfTheEnd(t *testing.T) {
	for _, test := range []struct {
		signal syscall.Signal
		want   string
	}{
		{syscall.SIGINT, "cancelling from signal [signal=interrupt]"},
		{syscall.SIGTERM, "cancelling from signal [signal=terminated]"},
	} {
		t.Run(test.signal.String(), func(t *testing.T) {
			ctx, stop := Context(t.Context())
			defer stop()
			if err := syscall.Kill(os.Getpid(), test.signal); err != nil {
				t.Fatal(err)
			}
			<-ctx.Done()
			var cause Error
			if !errors.As(context.Cause(ctx), &cause) || cause.Signal != test.signal {
				t.Fatalf("the cause is %v", context.Cause(ctx))
			}
			if cause.Error() != test.want {
				t.Errorf("the cause is %q, want %q", cause, test.want)
			}
		})
	}
}

func TestTheParentEndsTheContextWithItsOwnCause(t *testing.T) {
	enough := errors.New("enough")
	parent, cancel := context.WithCancelCause(t.Context())
	ctx, stop := Context(parent)
	defer stop()
	cancel(enough)
	<-ctx.Done()
	if cause := context.Cause(ctx); cause != enough {
		t.Errorf("the cause is %v, want %v", cause, enough)
	}
}

func TestStoppingIsNoSignal(t *testing.T) {
	ctx, stop := Context(t.Context())
	stop()
	<-ctx.Done()
	if cause := context.Cause(ctx); cause != context.Canceled {
		t.Errorf("the cause is %v, want %v", cause, context.Canceled)
	}
}

// The test below runs this test binary again as a program that hangs after the first signal.
func TestMain(m *testing.M) {
	if os.Getenv("INTERRUPT_TEST_HANG") == "" {
		os.Exit(m.Run())
	}
	ctx, _ := Context(context.Background())
	fmt.Println("ready")
	<-ctx.Done()
	fmt.Println("hanging")
	select {}
}

func TestASecondSignalEndsAProgramThatHangs(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "INTERRUPT_TEST_HANG=1")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	for _, want := range []string{"ready", "hanging"} {
		var line string
		if _, err := fmt.Fscanln(stdout, &line); err != nil || line != want {
			t.Fatalf("it says %q (%v), want %q", line, err, want)
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
	}
	err = cmd.Wait()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGINT {
		t.Errorf("it ended with %v, want the default of an interrupt", err)
	}
}
