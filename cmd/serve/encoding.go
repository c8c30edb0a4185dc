package main

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// coding is a content coding, and the suffix of the files that have it.
type coding struct{ name, suffix string }

// The codings that may be served, the best first.
var codings = []coding{{"br", ".br"}, {"gzip", ".gz"}, {"identity", ""}}

// preferred returns the codings a request accepts, the most wanted first, and the best first among equals
// (RFC 9110, section 12.5.3). Without the header only identity is certain to be understood.
func preferred(acceptEncoding string) []coding {
	weights := map[string]float64{}
	for element := range strings.SplitSeq(acceptEncoding, ",") {
		name, parameters, _ := strings.Cut(element, ";")
		weights[strings.ToLower(strings.TrimSpace(name))] = weight(parameters)
	}
	weightOf := func(c coding) float64 {
		if q, named := weights[c.name]; named {
			return q
		}
		if q, any := weights["*"]; any {
			return q
		}
		if c.name == "identity" {
			return 0.0001 // always acceptable unless it is refused, and the last choice
		}
		return 0
	}
	var accepted []coding
	for _, c := range codings {
		if weightOf(c) > 0 {
			accepted = append(accepted, c)
		}
	}
	slices.SortStableFunc(accepted, func(a, b coding) int { return cmp.Compare(weightOf(b), weightOf(a)) })
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
