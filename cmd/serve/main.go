// Command serve serves the page from the folder that cmd/bundle made.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/spillway-go/spillway/cmd/internal/interrupt"
	"github.com/spillway-go/spillway/cmd/internal/version"
)

// processorsOfAThread is how many processors of the machine go with one thread of this program. One thread answers
// ten thousand requests a second and more, and waking another up for each of them costs more than the request.
const processorsOfAThread = 4

// parkAfter is how long a connection is kept ready for the next request of a page that loads.
const parkAfter = 100 * time.Millisecond

func main() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(max(1, runtime.NumCPU()/processorsOfAThread))
	}
	ctx, stop := interrupt.Context(context.Background())
	defer stop()
	os.Exit(run(ctx, os.Args[1:], defaultLimits, os.Getenv, os.Stdout, os.Stderr))
}

// run serves until the context ends and returns the exit status: 0 after a graceful end, 1 if it could not
// serve, 2 if it was misused.
func run(ctx context.Context, args []string, limits limits, getenv func(string) string, stdout, stderr io.Writer) int {
	address := getenv("SPILLWAY_ADDR")
	if address == "" {
		address = "localhost:8080"
	}
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&address, "addr", address, "the `address` to listen on; SPILLWAY_ADDR is the default, and port 0 means any free one")
	folder := flags.String("dir", "dist", "the `folder` to serve")
	verbose := flags.Bool("log", false, "write a line for every request")
	health := flags.Bool("healthz", false, "answer /healthz: 200 while the page can be read, 503 while it can't")
	tell := flags.Bool("version", false, "tell the version, and do nothing else")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "serve: unexpected argument %q; serve -help tells the flags\n", flags.Arg(0))
		return 2
	}
	if *tell {
		fmt.Fprintln(stdout, version.String())
		return 0
	}
	if address == "" {
		fmt.Fprintln(stderr, "serve: the address is empty; choose one with -addr, such as localhost:8080, or :8080 for all networks")
		return 2
	}
	if _, err := os.Stat(filepath.Join(*folder, "index.html")); err != nil {
		fmt.Fprintf(stderr, "serve: there is no page in %s; make bundle makes one\n", *folder)
		return 1
	}
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		fmt.Fprintf(stderr, "serve: %s is taken by another program; choose another address with -addr or SPILLWAY_ADDR\n", address)
		return 1
	}
	if err != nil {
		fmt.Fprintf(stderr, "serve: listening on %s: %v\n", address, err)
		return 1
	}
	fmt.Fprintf(stdout, "Spillway is at %s\n", pageURL(address, listener.Addr()))

	logger := log.New(stderr, "", log.LstdFlags)
	var requests *log.Logger
	if *verbose {
		requests = logger
	}
	site := newSite(*folder, logger)
	var handler http.Handler = site
	if *health {
		handler = withHealth(site)
	}
	t := newTraffic(handler, requests)
	server := newServer(t, limits, logger)
	parking := newParking(listener, limits.readHeader, parkAfter)
	server.ConnState = parking.watch
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(parking) }()
	select {
	case err := <-failed:
		logger.Print(err)
		return 1
	case <-ctx.Done():
	}
	logger.Print(context.Cause(ctx))
	end(server, t, limits.patience, logger)
	logger.Print("quitting")
	return 0
}

// pageURL is where a browser on this machine finds the page: the host as it was asked for, and the port that
// it really is.
func pageURL(asked string, listening net.Addr) string {
	host, _, err := net.SplitHostPort(asked)
	if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(listening.String())
	if err != nil {
		return "http://" + listening.String() + "/"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}
