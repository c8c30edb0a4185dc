package main

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// coding is a content coding, the suffix of the files that have it, and how much a request wants it.
type coding struct {
	name, suffix string
	header       []string // the value of Content-Encoding
	weight       float64
}

// The codings that may be served, the best first.
var codings = [...]coding{
	{name: "br", suffix: ".br", header: []string{"br"}},
	{name: "gzip", suffix: ".gz", header: []string{"gzip"}},
	{name: "identity"},
}

// preferred returns the codings a request accepts, the most wanted first, and the best first among equals
// (RFC 9110, section 12.5.3). Without the header only identity is certain to be understood.
func preferred(acceptEncoding string) []coding {
	const unnamed = -1
	weights, others := [len(codings)]float64{unnamed, unnamed, unnamed}, float64(unnamed)
	for element := range strings.SplitSeq(acceptEncoding, ",") {
		name, parameters, _ := strings.Cut(element, ";")
		name = strings.TrimSpace(name)
		if name == "*" {
			others = weight(parameters)
		}
		for i, c := range codings {
			if strings.EqualFold(name, c.name) {
				weights[i] = weight(parameters)
			}
		}
	}
	accepted := make([]coding, 0, len(codings))
	for i, c := range codings {
		switch {
		case weights[i] != unnamed:
			c.weight = weights[i]
		case others != unnamed:
			c.weight = others
		case c.suffix == "":
			c.weight = 0.0001 // always acceptable unless it is refused, and the last choice
		}
		if c.weight > 0 {
			accepted = append(accepted, c)
		}
	}
	slices.SortStableFunc(accepted, func(a, b coding) int { return cmp.Compare(b.weight, a.weight) })
	return accepted
}

// weight reads the q of a coding's parameters: 1 if there is none, and 0 if it can't be read.
func weight(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || q < 0 || q > 1 {
				return 0
			}
			return q
		}
	}
	return 1
}
