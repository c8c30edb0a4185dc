package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// results are the medians by cell and by name of the peer.
type results map[cell]map[string]sample

// consumeName is what the peer that handles with Consume is called; its budget is
// judged where it is among the peers.
const consumeName = "Spillway Consume"

// noise is what two medians may differ by and still be called equal.
const noise = 1.05

// judge tells of every budget whether it is kept.
func (r results) judge() string {
	var b strings.Builder
	tell := func(kept bool, format string, args ...any) {
		verdict := "kept  "
		if !kept {
			verdict = "MISSED"
		}
		fmt.Fprintf(&b, "- %s  %s\n", verdict, fmt.Sprintf(format, args...))
	}
	for _, p := range peers {
		if !p.ours {
			continue
		}
		var allocated, ahead, more, fewer []string
		for _, c := range r.cells() {
			ours, measured := r[c][p.name]
			if !measured {
				continue
			}
			channel := r[c][channels.name]
			ratio := ours.ns / channel.ns
			if ours.allocs >= 0.05 {
				allocated = append(allocated, fmt.Sprintf("%.2f %v", ours.allocs, c))
			}
			switch {
			case c.load == keeping && c.subscribers == 1:
				tell(ratio <= 1.2, "%s, %v: %.2f × the channel, at most 1.2", p.name, c, ratio)
			case c.load == stalled && c.subscribers == 100:
				tell(ratio <= 1, "%s, %v: %.2f × 100 channel selects, at most 1", p.name, c, ratio)
			case c.load == keeping && c.subscribers == 100 && p.name == consumeName:
				tell(ratio <= 1/2.5, "%s, %v: %.2f × as fast as a channel and a goroutine each, at least 2.5", p.name, c, 1/ratio)
			}
			if goodput := c.rate(ours) / c.rate(channel); c.load == running && goodput < 0.8 {
				fewer = append(fewer, fmt.Sprintf("%.2f × %v", goodput, c))
			}
			for _, q := range peers {
				theirs, measured := r[c][q.name]
				if !measured || q.ours || q.full != drops || q.name == channels.name {
					continue
				}
				// To be ahead is to take less time without dropping more for it.
				if theirs.ns*noise < ours.ns && theirs.share >= ours.share-0.01 {
					ahead = append(ahead, fmt.Sprintf("%s by %.2f × %v", q.name, ours.ns/theirs.ns, c))
				}
				if c.load == running && c.rate(theirs) > noise*c.rate(ours) {
					more = append(more, fmt.Sprintf("%s handles %.2f a µs, not %.2f, %v", q.name, 1000*c.rate(theirs), 1000*c.rate(ours), c))
				}
			}
		}
		tell(allocated == nil, "%s allocates nothing a publish%s", p.name, but(allocated))
		tell(ahead == nil, "%s: no peer with queue semantics is ahead%s", p.name, but(ahead))
		tell(fewer == nil, "%s handles at least 0.8 × what channels do where publishers never pause%s", p.name, but(fewer))
		tell(more == nil, "%s: no peer with queue semantics handles more in the same time%s", p.name, but(more))
	}
	return b.String()
}

func but(exceptions []string) string {
	if exceptions == nil {
		return ""
	}
	return ", but:\n  - " + strings.Join(exceptions, "\n  - ")
}

func (c cell) String() string {
	return fmt.Sprintf("%v with %s and a buffer of %d", c.load, plural(c.subscribers, "subscriber"), c.buffer)
}

// cells are the cells in the order of the tables.
func (r results) cells() []cell {
	var all []cell
	for c := range r {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.load, b.load), cmp.Compare(a.buffer, b.buffer), cmp.Compare(a.subscribers, b.subscribers))
	})
	return all
}
