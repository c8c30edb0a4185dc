package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// sink is where the output of a command goes.
type sink struct {
	name string
	open func(work string) (write, read *os.File, err error) // read is nil if that is nobody's
	pace time.Duration                                       // between two reads; 0: nobody reads
}

var sinks = []sink{
	{name: "/dev/null", open: func(string) (write, read *os.File, err error) {
		write, err = os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		return write, nil, err
	}},
	{name: "a file", open: func(work string) (write, read *os.File, err error) {
		write, err = os.Create(filepath.Join(work, "output"))
		return write, nil, err
	}},
	{name: "a slow reader", open: pipe, pace: 20 * time.Millisecond},
	{name: "no reader", open: pipe},
}

func pipe(string) (write, read *os.File, err error) {
	read, write, err = os.Pipe()
	return write, read, err
}

// errOver says that a command ended before it was interrupted.
var errOver = errors.New("the run is over")

// end starts a command, interrupts it after a while, and tells how long it then takes to end.
func end(ctx context.Context, s sink, work string, after time.Duration, program string, args ...string) (time.Duration, error) {
	write, read, err := s.open(work)
	if err != nil {
		return 0, err
	}
	defer write.Close()
	if read != nil {
		defer read.Close()
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout = write
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	if s.pace > 0 {
		reading := time.NewTicker(s.pace)
		defer reading.Stop()
		done := make(chan struct{})
		defer close(done)
		go func() {
			page := make([]byte, 4096)
			for {
				select {
				case <-reading.C:
					read.Read(page)
				case <-done:
					return
				}
			}
		}()
	}
	select {
	case <-ended:
		return 0, cmp.Or(ctx.Err(), errOver)
	case <-time.After(after):
	}
	began := time.Now()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		return 0, cmp.Or(ctx.Err(), errOver)
	}
	select {
	case <-ended:
		return time.Since(began), ctx.Err()
	case <-time.After(time.Minute):
		return 0, fmt.Errorf("%v does not end within a minute", cmd)
	}
}
