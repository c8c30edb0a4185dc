package scenario

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestLnIsTheNaturalLogarithm(t *testing.T) {
	check := func(x float64) {
		got, want := ln(x), math.Log(x)
		if math.Abs(got-want) > 1e-14*math.Abs(want) {
			t.Errorf("ln(%v) = %v, want %v, which is off by %g of it", x, got, want, (got-want)/want)
		}
	}
	if got := ln(1); got != 0 {
		t.Errorf("ln(1) = %v", got)
	}
	for _, x := range []float64{1 - 1.0/(1<<53), 1 - 1.0/(1<<52), 1.0 / (1 << 53), 0.5, 0.25, math.SqrtPi / 2, 1 / math.E, 0x1p-1022,
		math.Sqrt2 / 2, math.Nextafter(math.Sqrt2/2, 0), math.Nextafter(math.Sqrt2/2, 1), math.Nextafter(0.5, 0), math.Nextafter(0.5, 1)} {
		check(x)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		x := 1 - r.Float64() // all of (0, 1]
		check(x)
		check(math.Ldexp(x, -r.IntN(54)))       // near 0
		check(1 - math.Ldexp(x/2, -r.IntN(52))) // near 1
	}
}

// These values never change: with another one every link would give another run.
func TestLnNeverChangesItsLastBit(t *testing.T) {
	for _, test := range []struct{ x, want float64 }{
		{0.5, -0x1.62e42fefa39efp-01},
		{0.1, -0x1.26bb1bbb55515p+01},
		{0.9, -0x1.af8e8210a415bp-04},
		{0x1p-53, -0x1.25e4f7b2737fap+05},
	} {
		if got := ln(test.x); got != test.want {
			t.Errorf("ln(%v) = %x, want %x", test.x, got, test.want)
		}
	}
}
