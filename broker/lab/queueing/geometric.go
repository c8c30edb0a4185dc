package queueing

import "math"

// geometricSum is Σ exp(x·i) for i = 0 … n−1. It may overflow for x > 0: callers
// turn such a sum around.
func geometricSum(x float64, n int) float64 {
	if x == 0 {
		return float64(n)
	}
	return math.Expm1(float64(n)*x) / math.Expm1(x)
}

// geometricMean is the mean of i = 0 … n−1 with weights exp(x·i), n ≥ 1.
//
// It is 1/expm1(−x) − n/expm1(−nx). Close to x = 0 both terms are poles that
// cancel, so there the poles are left out of the series of both:
// 1/expm1(y) = 1/y − ½ + y/12 − y³/720 + …
func geometricMean(x float64, n int) float64 {
	if x > 0 { // backwards it is the same, and exp can't overflow
		return float64(n-1) - geometricMean(-x, n)
	}
	y, ny := -x, -x*float64(n)
	if ny < 0.5 {
		return float64(n-1)/2 + withoutPole(y) - float64(n)*withoutPole(ny)
	}
	return 1/math.Expm1(y) - float64(n)/math.Expm1(ny)
}

// withoutPole is 1/expm1(y) − 1/y + ½ for |y| ≤ ½, as y·Σ B₂ₖ y²ᵏ⁻²/(2k)! with
// the Bernoulli numbers B₂ = 1/6, B₄ = −1/30 and so on (Abramowitz, Stegun:
// Handbook of Mathematical Functions, 23.1.1). The first term left out is
// below 10⁻²⁰ of the sum.
func withoutPole(y float64) float64 {
	coefficients := [...]float64{
		1. / 12,
		-1. / 720,
		1. / 30240,
		-1. / 1209600,
		1. / 47900160,
		-691. / 1307674368000,
		1. / 74724249600,
		-3617. / 10670622842880000,
		43867. / 5109094217170944000,
	}
	sum := 0.0
	for i := len(coefficients) - 1; i >= 0; i-- {
		sum = sum*y*y + coefficients[i]
	}
	return sum * y
}
