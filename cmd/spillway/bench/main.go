// Command bench measures how long cmd/spillway takes to end after Ctrl-C, wherever it is: in the most expensive runs
// there are, with each kind of output, at random moments.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
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

// budget is how long the end may take.
const budget = 300 * time.Millisecond

// Where a signal comes is chosen on a logarithmic scale, as most happens at the beginning.
const soonest, latest = time.Millisecond, 3 * time.Second

func bench(ctx context.Context) (err error) {
	costly := flag.String("links", "broker/lab/sim/testdata/costly.txt", "a `file` of links, one a line")
	rounds := flag.Int("rounds", 8, "how often each command is ended with each output")
	seed := flag.Uint64("seed", 1, "of the scenarios and the moments")
	flag.Parse()
	links, err := scenarios(*costly)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "spillway-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	program := filepath.Join(work, "spillway")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/spillway").CombinedOutput(); err != nil {
		return fmt.Errorf("building cmd/spillway: %w\n%s", err, out)
	}

	chance := rand.New(rand.NewPCG(*seed, 0))
	fmt.Printf("time from Ctrl-C to the end, %d rounds each (budget %v)\n\n", *rounds, budget)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "run\toutput\tmedian\tmax\tat the max\t")
	var slow []string
	for _, mode := range []string{"-virtual", "-virtual=false"} {
		for _, format := range []string{"log", "jsonl", "stats"} {
			for _, sink := range sinks {
				var took []time.Duration
				var worst time.Duration // when the signal came
				for tries := 0; len(took) < *rounds && tries < 10**rounds; tries++ {
					link := links[chance.IntN(len(links))]
					after := time.Duration(float64(soonest) * math.Pow(float64(latest/soonest), chance.Float64()))
					t, err := end(ctx, sink, work, after, program, "run", mode, "-o", format, link.text)
					if errors.Is(err, errOver) {
						continue
					}
					if err != nil {
						return err
					}
					if len(took) == 0 || t > slices.Max(took) {
						worst = after
					}
					if took = append(took, t); t > budget {
						slow = append(slow, fmt.Sprintf("%v after %v, to %s: spillway run %s -o %s %s", t, after, sink.name, mode, format, link.word))
					}
				}
				if len(took) == 0 {
					return fmt.Errorf("no run %s -o %s to %s lasts until it is interrupted", mode, format, sink.name)
				}
				slices.Sort(took)
				ms := func(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
				fmt.Fprintf(table, "%s -o %s\t%s\t%v\t%v\t%v\t\n", mode, format, sink.name, ms(took[len(took)/2]), ms(took[len(took)-1]), ms(worst))
			}
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(slow) > 0 {
		return fmt.Errorf("too slow:\n%s", strings.Join(slow, "\n"))
	}
	return nil
}

// link is a scenario, and how it is written in a shell.
type link struct{ text, word string }

func quoted(s scenario.Scenario) link {
	text := scenario.Link(s, 0)
	return link{text, "'" + text + "'"}
}

// scenarios are the links of a file, and two that no search for the most records finds: memory that grows with every
// crash, and a moment that would take years.
func scenarios(file string) ([]link, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var links []link
	for i, text := range strings.Fields(string(text)) {
		links = append(links, link{text, fmt.Sprintf(`"$(sed -n %dp %s)"`, i+1, file)})
	}
	s := scenario.Classic()
	s.Producers, s.Consumers = nil, nil
	for i := range scenario.MaxProducers {
		s.Producers = append(s.Producers, scenario.Producer{Name: fmt.Sprint("p", i), Interval: scenario.Duration(time.Microsecond), Burst: scenario.MaxBurst})
		s.Consumers = append(s.Consumers, scenario.Consumer{Name: fmt.Sprint("c", i), Service: scenario.Duration(time.Millisecond)})
	}
	s.Duration = scenario.Duration(scenario.MaxDuration)
	s.Broker = scenario.Broker{Buffer: broker.MaxBuffer, Overflow: broker.DropNewest}
	moment := quoted(s)
	s.Broker = scenario.Broker{Buffer: 1000, Overflow: broker.Spill}
	for i := range scenario.MaxInterventions {
		s.Interventions = append(s.Interventions, scenario.Intervention{At: scenario.Duration(i+1) * 10_000, Do: scenario.Crash})
	}
	crashes := quoted(s)
	for range len(links) / 4 {
		links = append(links, moment, crashes)
	}
	return links, nil
}
