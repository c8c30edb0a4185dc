package draw

import "math"

// Point and Rect are in pixels of the stage, from its upper left corner.
type (
	Point struct{ X, Y float64 }
	Rect  struct{ X, Y, W, H float64 }
)

func (r Rect) Right() float64  { return r.X + r.W }
func (r Rect) Bottom() float64 { return r.Y + r.H }
func (r Rect) Middle() Point   { return Point{r.X + r.W/2, r.Y + r.H/2} }

func (r Rect) Has(p Point) bool {
	return p.X >= r.X && p.Y >= r.Y && p.X <= r.Right() && p.Y <= r.Bottom()
}

// Around is the square around a circle.
func Around(p Point, r float64) Rect { return Rect{p.X - r, p.Y - r, 2 * r, 2 * r} }

// Between is the point a fraction t of the way from a to b.
func Between(a, b Point, t float64) Point { return Point{a.X + (b.X-a.X)*t, a.Y + (b.Y-a.Y)*t} }

// Ease is slow at both ends of 0 to 1.
func Ease(t float64) float64 {
	t = math.Min(math.Max(t, 0), 1)
	return t * t * (3 - 2*t)
}

func Distance(a, b Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// Shared is the area that two rectangles share.
func (r Rect) Shared(o Rect) float64 {
	w, h := min(r.Right(), o.Right())-max(r.X, o.X), min(r.Bottom(), o.Bottom())-max(r.Y, o.Y)
	return max(w, 0) * max(h, 0)
}

// Square says whether a character is as wide as it is high: those of the scripts of
// East Asia, and pictures.
func Square(r rune) bool { return r >= 0x2e80 }
