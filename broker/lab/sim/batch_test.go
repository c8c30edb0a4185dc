package sim_test

import (
	"math"
	"testing"
)

// batchMeans estimate a long-run ratio, such as what is lost of what arrives, from
// one long run. It is cut into batches that are so long that they hardly know of
// each other; how far they differ says how far off the estimate may be (Law:
// Simulation Modeling and Analysis, McGraw-Hill, 5th ed. 2015, section 9.5.3).
type batchMeans struct{ part, whole []float64 }

// batches is how many there are.
const batches = 30

// quantile is Student's t for a confidence of 99.9 % with batches-1 degrees of
// freedom.
const quantile = 3.659

func (b *batchMeans) add(part, whole float64) {
	b.part, b.whole = append(b.part, part), append(b.whole, whole)
}

// estimate is the ratio, and how far from it the true one may be.
func (b *batchMeans) estimate() (ratio, halfWidth float64) {
	var part, whole float64
	for i := range b.part {
		part += b.part[i]
		whole += b.whole[i]
	}
	ratio = part / whole
	var squares float64
	for i := range b.part {
		d := b.part[i] - ratio*b.whole[i]
		squares += d * d
	}
	n := float64(len(b.part))
	return ratio, quantile * math.Sqrt(squares/(n-1)*n) / whole
}

func TestAnEstimateOfBatchesHasItsConfidence(t *testing.T) {
	var b batchMeans
	for i := range batches {
		b.add(float64(i%2), 2) // 0, 1, 0, 1, …: a mean of ¼ with a deviation of ¼
	}
	ratio, halfWidth := b.estimate()
	want := quantile * 0.25 * math.Sqrt(float64(batches)/float64(batches-1)) / math.Sqrt(batches)
	if ratio != 0.25 || math.Abs(halfWidth-want) > 1e-12 {
		t.Errorf("it is %v ± %v, want 0.25 ± %v", ratio, halfWidth, want)
	}
}
