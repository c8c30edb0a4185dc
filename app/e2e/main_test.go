// Package e2e tests the page end to end: the real bundle, from the real server, in a real Chromium.
//
// SPILLWAY_SHOTS=folder keeps a picture wherever a test takes one. SPILLWAY_SLOW=6 makes every tab six times
// slower than it is, as a small and busy machine would.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
)

const repository = "../.."

// What all tests share: the folder of the bundle, the program that serves it, where it is served, the program
// for the terminal, the browser, and how much slower than it is every tab is to be.
var (
	dist     string
	program  string
	server   string
	terminal string
	browser  context.Context
	slow     = 1.0
)

func TestMain(m *testing.M) {
	flag.Parse()
	status, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		status = 1
	}
	os.Exit(status)
}

func run(m *testing.M) (int, error) {
	if text := os.Getenv("SPILLWAY_SLOW"); text != "" {
		var err error
		if slow, err = strconv.ParseFloat(text, 64); err != nil || !(slow >= 1) {
			return 0, fmt.Errorf("SPILLWAY_SLOW is %q: a number from 1 on is wanted", text)
		}
	}
	// A tab computes most of the time, and what it draws is computed too: more of them at once would only
	// wait for each other.
	if err := flag.Set("test.parallel", strconv.Itoa(atOnce)); err != nil {
		return 0, err
	}

	folder, err := os.MkdirTemp("", "spillway-e2e-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)

	dist = filepath.Join(folder, "dist")
	if err := inRepository("go", "run", "./cmd/bundle", "-o", dist); err != nil {
		return 0, fmt.Errorf("bundling the page: %w", err)
	}
	program, terminal = filepath.Join(folder, "serve"), filepath.Join(folder, "spillway")
	if err := inRepository("go", "build", "-o", folder, "./cmd/serve", "./cmd/spillway"); err != nil {
		return 0, fmt.Errorf("building the programs: %w", err)
	}
	address, stop, err := startServer()
	if err != nil {
		return 0, fmt.Errorf("starting the server: %w", err)
	}
	defer stop()
	server = address

	// The flags keep Chromium from talking to anyone but the server. The profile is a fresh one by chromedp.
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-sync", true),
		chromedp.NoFirstRun,
	)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	defer cancel()
	browser, cancel = chromedp.NewContext(allocator, chromedp.WithErrorf(driverSays))
	defer cancel()
	if err := chromedp.Run(browser); err != nil {
		return 0, fmt.Errorf("starting Chromium (make chromium installs it): %w", err)
	}
	status := m.Run()
	printTable()
	return status, nil
}

// atOnce is how many tests run at the same time.
const atOnce = 2

// driverSays prints what chromedp complains about. Of one kind of event it only knows that there is such a
// thing, as every open dialog is one: that is no complaint.
func driverSays(format string, args ...any) {
	for _, arg := range args {
		if _, known := arg.(*dom.EventTopLayerElementsUpdated); known {
			return
		}
	}
	fmt.Fprintf(os.Stderr, "chromedp: "+format+"\n", args...)
}

func inRepository(name string, args ...string) error {
	_, err := output(name, args...)
	return err
}

// output runs a command in the repository, and returns what it prints.
func output(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = repository
	out, err := cmd.CombinedOutput()
	text := string(bytes.TrimSpace(out))
	if err != nil {
		return "", errors.Join(err, errors.New(text))
	}
	return text, nil
}

// startServer serves the bundle on a free port.
func startServer() (address string, stop func(), err error) {
	cmd := exec.Command(program, "-addr", "localhost:0", "-dir", dist)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address, found := strings.CutPrefix(strings.TrimSpace(line), "Spillway is at ")
	if err != nil || !found {
		stop()
		return "", nil, fmt.Errorf("it says %q (%v)", line, err)
	}
	return address, stop, nil
}
