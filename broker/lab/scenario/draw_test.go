package scenario_test

import (
	"testing"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// These values never change: with another one every link would give another run.
func TestTheDrawsOfASeedNeverChange(t *testing.T) {
	for _, test := range []struct {
		seed   uint64
		stream scenario.Stream
		actor  int
		n      uint64
		want   uint64
	}{
		{0, scenario.Identities, 0, 0, 0xd0df857e10aeda9c},
		{35, scenario.Identities, 0, 0, 0xd25cf78b3b2922ad},
		{35, scenario.Identities, 0, 7, 0x94bc195c3f2c34e5},
		{35, scenario.Identities, 1, 0, 0xfcef9c69e3246737},
		{35, scenario.ArrivalTies, 0, 0, 0x80d7bb618ba7fac1},
		{35, scenario.CompletionTies, 0, 0, 0x447cc9b14df82bb3},
		{1<<64 - 1, scenario.CompletionTies, 15, 1<<64 - 1, 0x893838b9acf18f53},
	} {
		if got := scenario.NewSource(test.seed, test.stream, test.actor).Draw(test.n); got != test.want {
			t.Errorf("seed %d, stream %d, actor %d, draw %d: %#x, want %#x", test.seed, test.stream, test.actor, test.n, got, test.want)
		}
	}
}

func TestAnIdentityIsAPositiveInt64(t *testing.T) {
	for n := range uint64(1000) {
		if id := scenario.Classic().Identity(0, n); int64(id) <= 0 {
			t.Errorf("event %d has the identity %d", n, id)
		}
	}
}

func TestDrawsAreUniformInEveryBit(t *testing.T) {
	const draws, buckets = 1 << 16, 64
	for stream := scenario.Identities; stream <= scenario.Failures; stream++ {
		source := scenario.NewSource(35, stream, 0)
		for shift := 0; shift <= 58; shift += 29 { // the lowest, the middle and the highest bits
			var counts [buckets]float64
			for n := range uint64(draws) {
				counts[source.Draw(n)>>shift%buckets]++
			}
			chi := 0.0
			for _, c := range counts {
				d := c - draws/buckets
				chi += d * d / (draws / buckets)
			}
			if chi > 115 { // the 99.99th percentile of chi-squared with 63 degrees of freedom
				t.Errorf("stream %d, bits from %d: chi-squared is %.1f", stream, shift, chi)
			}
		}
	}
}
