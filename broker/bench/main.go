// Bench measures the broker beside other ways of getting an event to many
// subscribers, all in one run, and prints tables of what one publish costs. It
// judges the budgets in words: a measurement never fails.
//
//	go run . [-rounds 6] [-round 60ms] [-load REGEXP] [-subscribers 100] [-peer REGEXP]
//
// Three loads: keeping up (publish one event, wait until every subscriber has
// handled it), free-running (publish as fast as it goes, then wait until all is
// handled that was not dropped) and stalled (every buffer is full and nobody
// receives: the drop path).
//
// A WebAssembly program has one thread and nothing interrupts a goroutine: there
// a publisher that runs freely has to yield, or nobody would receive anything
// before it is done. It yields whenever it has published as many events as the
// buffers hold, whatever the peer.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cooperative is whether the publisher has to make way by itself.
const cooperative = runtime.GOARCH == "wasm"

func main() {
	rounds := flag.Int("rounds", 6, "rounds of which the median is told")
	round := flag.Duration("round", 60*time.Millisecond, "about how long a round takes")
	loads := flag.String("load", "", "only the loads that match this regexp")
	names := flag.String("peer", "", "only the peers that match this regexp, and the yardstick")
	only := flag.Int("subscribers", 0, "only with so many subscribers")
	profile := flag.String("cpuprofile", "", "write a CPU profile to this file")
	flag.Parse()
	if *rounds < 1 || *round <= 0 {
		fmt.Fprintln(os.Stderr, "bench: -rounds and -round must be more than nothing")
		os.Exit(2)
	}

	wanted := matching(*names)
	measured := slices.DeleteFunc(slices.Clone(peers), func(p peer) bool {
		return p.name != channels.name && !wanted.MatchString(p.name)
	})
	if *profile != "" {
		file := must(os.Create(*profile))
		if err := pprof.StartCPUProfile(file); err != nil {
			panic(err)
		}
		defer pprof.StopCPUProfile()
	}

	fmt.Printf("%s %s/%s, %d CPUs; the median of %d rounds of about %v.\n"+
		"Each cell: ns a publish, × the channels', allocations a publish"+
		" (free-running: and the share of the events that was handled rather than dropped, and how many a µs).\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), *rounds, *round)
	found := results{}
	wantedLoads := matching(*loads)
	for _, l := range []load{keeping, running, stalled} {
		if !wantedLoads.MatchString(l.String()) {
			continue
		}
		for _, buffer := range []int{3, 1024} {
			t := newTable(measured)
			for _, n := range []int{1, 10, 100} {
				if *only != 0 && *only != n {
					continue
				}
				c := cell{l, n, buffer}
				found[c] = c.measure(measured, *rounds, *round)
				t.add(c, found[c])
			}
			fmt.Printf("\n### %v, buffer %d\n\n%s", l, buffer, t)
		}
	}
	fmt.Printf("\n### Budgets\n\n%s", found.judge())
}

func matching(pattern string) *regexp.Regexp {
	re, err := regexp.Compile(pattern)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	return re
}

// A table is Markdown that is aligned for a terminal too.
type table struct {
	peers []peer
	rows  [][]string
}

func newTable(peers []peer) *table {
	t := &table{peers: peers, rows: [][]string{{"", "full"}}}
	for _, p := range peers {
		t.rows = append(t.rows, []string{p.name, p.full.String()})
	}
	return t
}

func (t *table) add(c cell, medians map[string]sample) {
	columns := []string{plural(c.subscribers, "subscriber"), "×", "allocs"}
	if c.load == running {
		columns = append(columns, "handled", "/µs")
	}
	t.rows[0] = append(t.rows[0], columns...)
	for i, p := range t.peers {
		cells := make([]string, len(columns))
		if s, ok := medians[p.name]; ok {
			cells[0] = strconv.FormatFloat(s.ns, 'f', 0, 64)
			cells[1] = fmt.Sprintf("%.2f", s.ns/medians[channels.name].ns)
			cells[2] = fmt.Sprintf("%.2f", s.allocs)
			if c.load == running {
				cells[3] = fmt.Sprintf("%.0f %%", 100*s.share)
				cells[4] = fmt.Sprintf("%.3g", 1000*c.rate(s))
			}
		} else {
			cells[0] = "-"
		}
		t.rows[i+1] = append(t.rows[i+1], cells...)
	}
}

func (t *table) String() string {
	width := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, s := range row {
			width[i] = max(width[i], len([]rune(s)))
		}
	}
	var b strings.Builder
	line := func(row []string) {
		for i, s := range row {
			pad := strings.Repeat(" ", width[i]-len([]rune(s)))
			if i < 2 {
				s += pad
			} else {
				s = pad + s
			}
			b.WriteString("| " + s + " ")
		}
		b.WriteString("|\n")
	}
	line(t.rows[0])
	for i, w := range width {
		rule := strings.Repeat("-", w+1)
		if i < 2 {
			b.WriteString("|" + rule + "-")
		} else {
			b.WriteString("|" + rule + ":")
		}
	}
	b.WriteString("|\n")
	for _, row := range t.rows[1:] {
		line(row)
	}
	return b.String()
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
