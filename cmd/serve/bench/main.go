// Command bench measures cmd/serve beside nginx, with the same files and on loopback only, and what it holds in
// memory for many clients. It needs nginx and wrk, and reads /proc, so it runs on Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spillway-go/spillway/cmd/internal/interrupt"
)

func main() {
	ctx, stop := interrupt.Context(context.Background())
	defer stop()
	if err := bench(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// The budgets: requests a second, of those nginx answers, and resident memory.
const (
	leastRatio = 0.5
	mostMemory = 64 << 20
)

func bench(ctx context.Context) (err error) {
	dir := flag.String("dir", "dist", "the `folder` to serve")
	rounds := flag.Int("rounds", 7, "how often each is measured; the median counts")
	round := flag.Duration("round", time.Second, "how long one `time` is")
	flag.Parse()
	work, err := os.MkdirTemp("", "spillway-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	ours, theirs, err := start(ctx, *dir, work)
	defer ours.end()
	defer theirs.end()
	if err != nil {
		return err
	}

	fmt.Printf("requests a second and CPU time a request, median of %d rounds of %v, one after the other\n\n", *rounds, *round)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "file\tclients\tnginx\tserve\tratio\tbudget\tnginx CPU\tserve CPU\t")
	for _, file := range []string{"index.html", "app.wasm"} {
		for _, clients := range []int{1, 32} {
			var all [2][]load
			var ratios []float64
			for range *rounds {
				var both [2]load
				for i, s := range []*server{theirs, ours} {
					if both[i], err = s.load(ctx, file, clients, *round); err != nil {
						return err
					}
					all[i] = append(all[i], both[i])
				}
				ratios = append(ratios, both[1].rate/both[0].rate)
			}
			rate := func(l load) float64 { return l.rate }
			cpu := func(l load) float64 { return l.cpu.Seconds() * 1e6 }
			fmt.Fprintf(table, "%s\t%d\t%.0f\t%.0f\t%.2f\t≥ %.1f\t%.0f µs\t%.0f µs\t\n", file, clients,
				median(all[0], rate), median(all[1], rate), median(ratios, func(r float64) float64 { return r }), leastRatio,
				median(all[0], cpu), median(all[1], cpu))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return memory(ours)
}

func median[T any](values []T, of func(T) float64) float64 {
	var numbers []float64
	for _, v := range values {
		numbers = append(numbers, of(v))
	}
	slices.Sort(numbers)
	return (numbers[(len(numbers)-1)/2] + numbers[len(numbers)/2]) / 2
}

// load is what a server did in one round.
type load struct {
	rate float64       // requests a second
	cpu  time.Duration // a request, of the server alone
}

// What a browser accepts.
const acceptEncoding = "gzip, deflate, br, zstd"

var (
	rateLine   = regexp.MustCompile(`Requests/sec: +([0-9.]+)`)
	totalLine  = regexp.MustCompile(`(\d+) requests in`)
	troubleFor = regexp.MustCompile(`(?m)^ *(Non-2xx|Socket errors).*$`)
)

func (s *server) load(ctx context.Context, file string, clients int, round time.Duration) (load, error) {
	before, err := s.cpu()
	if err != nil {
		return load{}, err
	}
	out, err := exec.CommandContext(ctx, "wrk", "-t1", "-c"+strconv.Itoa(clients), "-d"+strconv.Itoa(max(1, int(round.Seconds()))),
		"-H", "Accept-Encoding: "+acceptEncoding, "http://"+s.address+"/"+file).CombinedOutput()
	if err != nil {
		return load{}, fmt.Errorf("wrk: %w\n%s", err, out)
	}
	after, err := s.cpu()
	if err != nil {
		return load{}, err
	}
	rate, total := rateLine.FindSubmatch(out), totalLine.FindSubmatch(out)
	if rate == nil || total == nil || troubleFor.Match(out) {
		return load{}, fmt.Errorf("%s did not answer well:\n%s", s.address, out)
	}
	var l load
	if l.rate, err = strconv.ParseFloat(string(rate[1]), 64); err != nil {
		return load{}, err
	}
	n, err := strconv.Atoi(string(total[1]))
	if err != nil || n == 0 {
		return load{}, fmt.Errorf("wrk counts %s requests", total[1])
	}
	l.cpu = (after - before) / time.Duration(n)
	return l, nil
}

const (
	idleClients = 4000
	slowReaders = 200
)

// memory prints what the server holds for clients that stay connected after they have the page, and for readers
// of the whole program that don't go on reading.
func memory(s *server) error {
	idle, err := crowd(s.address, idleClients, "/index.html", acceptEncoding)
	defer idle.leave()
	if err != nil {
		return err
	}
	withIdle, err := s.resident()
	if err != nil {
		return err
	}
	slow, err := crowd(s.address, slowReaders, "/app.wasm", "identity")
	defer slow.leave()
	if err != nil {
		return err
	}
	withAll, err := s.resident()
	if err != nil {
		return err
	}
	fmt.Printf("\nresident memory: %.1f MB with %d connections, %.1f MB with %d slow readers more (budget %d MB)\n",
		float64(withIdle)/(1<<20), len(idle), float64(withAll)/(1<<20), len(slow), mostMemory>>20)
	return nil
}

type clients []net.Conn

// crowd opens connections, and asks each for a file. Each takes the beginning of its answer and no more.
func crowd(address string, n int, file, encoding string) (clients, error) {
	var all clients
	beginning := make([]byte, 4096)
	for range n {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return all, err
		}
		all = append(all, conn)
		if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
			return all, err
		}
		if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: %s\r\n\r\n", file, address, encoding); err != nil {
			return all, err
		}
		if _, err := io.ReadAtLeast(conn, beginning, 15); err != nil {
			return all, err
		}
		if got := string(beginning[:15]); got != "HTTP/1.1 200 OK" {
			return all, fmt.Errorf("%s: the answer is %q", file, got)
		}
	}
	return all, nil
}

func (c clients) leave() {
	for _, conn := range c {
		conn.Close()
	}
}

// start builds and starts cmd/serve, and nginx with the same files.
func start(ctx context.Context, dir, work string) (ours, theirs *server, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, nil, err
	}
	program := filepath.Join(work, "serve")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/serve").CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("building cmd/serve: %w\n%s", err, out)
	}
	if ours, err = run(ctx, func(address string) []string { return []string{program, "-addr", address, "-dir", dir} }); err != nil {
		return nil, nil, err
	}
	theirs, err = run(ctx, func(address string) []string {
		config := filepath.Join(work, "nginx.conf")
		if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, address, dir), 0o644); err != nil {
			return nil
		}
		return []string{"nginx", "-p", work, "-c", config, "-e", filepath.Join(work, "errors")}
	})
	return ours, theirs, err
}
