//go:build js

package canvas

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"syscall/js"

	"github.com/spillway-go/spillway/app/draw"
)

// Canvas paints scenes on a canvas element. It goes to syscall/js directly: go-app's
// wrappers cost more than the painting.
type Canvas struct {
	Element js.Value
	to      js.Value // the 2D context
	rounds  bool     // the browser knows rectangles with round corners
	ratio   float64  // device pixels for a CSS pixel
	Width   float64  // in CSS pixels
	Height  float64

	back  *Canvas      // has what nearly never changes, so that it is painted once
	still []draw.Shape // what the back shows
	fades map[fadeKey]js.Value

	colors [draw.Inks]string
	fonts  [draw.Faces]string

	// What the context is set to, so that it is set only when it changes.
	fill, stroke draw.Ink
	alpha        float64
	line         float64
	face         draw.Face
	size         float64
	align        draw.Align
	dashed       bool
}

// New paints on a canvas element, in the colours of the style sheet.
func New(element js.Value) *Canvas {
	c := onCanvas(element)
	c.ReadTheme()
	return c
}

func onCanvas(element js.Value) *Canvas {
	to := element.Call("getContext", "2d")
	return &Canvas{Element: element, to: to, rounds: to.Get("roundRect").Truthy()}
}

// ReadTheme takes the colours and fonts from the style sheet.
func (c *Canvas) ReadTheme() {
	style := js.Global().Call("getComputedStyle", js.Global().Get("document").Get("documentElement"))
	read := func(name string) string { return strings.TrimSpace(style.Call("getPropertyValue", name).String()) }
	for ink := draw.InkText; ink < draw.Inks; ink++ {
		c.colors[ink] = c.color(read(draw.Variables[ink]))
	}
	ui, mono := cmp.Or(read("--font-ui"), "sans-serif"), cmp.Or(read("--font-mono"), "monospace")
	c.fonts = [draw.Faces]string{draw.FaceUI: "px " + ui, draw.FaceStrong: "px " + ui, draw.FaceMono: "px " + mono, draw.FaceDot: "px " + ui}
	c.forget()
}

// color is a colour as browsers write them, #rrggbb if it has no alpha, and grey
// if it is none: the style sheet may be missing, or someone else's.
func (c *Canvas) color(text string) string {
	c.to.Set("fillStyle", "#808080")
	c.to.Set("fillStyle", text) // which changes nothing if it is no colour
	return c.to.Get("fillStyle").String()
}

// forget drops what c knows of the context's settings, after something else has changed them.
func (c *Canvas) forget() {
	c.fill, c.stroke, c.alpha, c.line, c.size, c.dashed = draw.NoInk, draw.NoInk, -1, -1, -1, false
	c.face, c.align = draw.Faces, draw.AlignRight+1
	c.to.Call("setLineDash", js.ValueOf([]any{}))
	c.still = nil
	clear(c.fades)
	if c.back != nil {
		c.back.forget()
	}
}

// Fit makes the bitmap as large as the element is on the screen, and says
// whether it was not.
func (c *Canvas) Fit() bool {
	width, height := c.Element.Get("clientWidth").Float(), c.Element.Get("clientHeight").Float()
	ratio := min(js.Global().Get("devicePixelRatio").Float(), maxBitmap/max(width, height, 1))
	if ratio == c.ratio && width == c.Width && height == c.Height {
		return false
	}
	c.ratio, c.Width, c.Height = ratio, width, height
	c.resize()
	return true
}

// maxBitmap is how many pixels a side of a bitmap has at the most. Browsers draw
// nothing on one that is too large.
const maxBitmap = 8192

// empty says that there is nothing to paint on: the window may be too small for
// it, or the frame of the page hidden. To copy from such a bitmap is an error.
func (c *Canvas) empty() bool { return int(c.Width*c.ratio) <= 0 || int(c.Height*c.ratio) <= 0 }

// resize gives the bitmap its size.
func (c *Canvas) resize() {
	c.Element.Set("width", int(c.Width*c.ratio))
	c.Element.Set("height", int(c.Height*c.ratio))
	c.to.Call("setTransform", c.ratio, 0, 0, c.ratio, 0, 0)
	c.forget() // resizing resets the context
}

// Paint paints shapes.
func (c *Canvas) Paint(shapes []draw.Shape) {
	if c.empty() {
		return
	}
	c.to.Call("clearRect", 0, 0, c.Width, c.Height)
	for i := range shapes {
		c.shape(&shapes[i])
	}
}

// PaintScene paints a scene, of which some shapes are the same in most frames.
func (c *Canvas) PaintScene(shapes []draw.Shape, fixed int) {
	if c.empty() {
		return
	}
	c.to.Call("clearRect", 0, 0, c.Width, c.Height)
	if c.back == nil {
		element := js.Global().Get("document").Call("createElement", "canvas")
		c.back = onCanvas(element)
		c.still = nil
	}
	b := c.back
	if b.ratio != c.ratio || b.Width != c.Width || b.Height != c.Height {
		b.ratio, b.Width, b.Height = c.ratio, c.Width, c.Height
		b.resize()
		c.still = nil
	}
	if c.still == nil || !slices.Equal(c.still, shapes[:fixed]) {
		c.still = append(c.still[:0], shapes[:fixed]...)
		b.colors, b.fonts = c.colors, c.fonts
		b.to.Call("clearRect", 0, 0, b.Width, b.Height)
		for i := range c.still {
			b.shape(&c.still[i])
		}
	}
	c.to.Call("setTransform", 1, 0, 0, 1, 0, 0)
	c.setAlpha(1)
	c.to.Call("drawImage", b.Element, 0, 0)
	c.to.Call("setTransform", c.ratio, 0, 0, c.ratio, 0, 0)
	for i := fixed; i < len(shapes); i++ {
		c.shape(&shapes[i])
	}
}

func (c *Canvas) shape(s *draw.Shape) {
	alpha := s.Alpha
	if alpha == 0 {
		alpha = 1
	}
	switch s.Form {
	case draw.FormText:
		c.setAlpha(alpha)
		c.setFill(s.Fill)
		c.setFont(s.Face, s.Size, s.Align)
		if s.W > 0 {
			c.to.Call("fillText", s.Text, s.X, s.Y, s.W)
		} else {
			c.to.Call("fillText", s.Text, s.X, s.Y)
		}
	case draw.FormPipe:
		c.pipe(s)
	case draw.FormCurve:
		c.curve(s, alpha)
	default:
		c.setAlpha(alpha)
		c.to.Call("beginPath")
		switch s.Form {
		case draw.FormRect:
			if c.rounds {
				c.to.Call("roundRect", s.X, s.Y, s.W, s.H, max(0, min(s.R, s.W/2, s.H/2)))
			} else {
				c.to.Call("rect", s.X, s.Y, s.W, s.H)
			}
		case draw.FormCircle:
			c.to.Call("arc", s.X, s.Y, max(0, s.R), 0, fullTurn)
		case draw.FormArc:
			c.to.Call("arc", s.X, s.Y, max(0, s.R), -fullTurn/4, -fullTurn/4+fullTurn*s.T)
		}
		if s.Fill != draw.NoInk {
			c.setFill(s.Fill)
			c.to.Call("fill")
		}
		if s.Stroke != draw.NoInk {
			c.setStroke(s.Stroke, s.Line, s.Dashed)
			c.to.Call("stroke")
		}
	}
}

const fullTurn = 6.283185307179586

// pipe fades in along its way; what flows through it is shown as dashes.
func (c *Canvas) pipe(s *draw.Shape) {
	c.setAlpha(1)
	c.setStroke(s.Fill, s.R, false)
	c.to.Set("strokeStyle", c.fade(s))
	c.stroke = draw.NoInk
	c.to.Call("beginPath")
	c.to.Call("moveTo", s.X, s.Y)
	c.to.Call("lineTo", s.X+s.W, s.Y+s.H)
	c.to.Call("stroke")
	c.flow(s)
}

type fadeKey struct {
	draw.Rect
	ink draw.Ink
}

// fade is the gradient of a pipe, made once for each.
func (c *Canvas) fade(s *draw.Shape) js.Value {
	key := fadeKey{s.Rect, s.Fill}
	fade, made := c.fades[key]
	if !made {
		fade = c.to.Call("createLinearGradient", s.X, s.Y, s.X+s.W, s.Y+s.H)
		from, to := c.colors[s.Fill], c.colors[s.Fill]
		if len(from) == len("#rrggbb") { // and has no alpha of its own
			from, to = from+"1a", to+"52"
		}
		fade.Call("addColorStop", 0, from)
		fade.Call("addColorStop", 1, to)
		if c.fades == nil || len(c.fades) > 256 {
			c.fades = map[fadeKey]js.Value{}
		}
		c.fades[key] = fade
	}
	return fade
}

func (c *Canvas) curve(s *draw.Shape, alpha float64) {
	c.setAlpha(alpha)
	c.setStroke(s.Stroke, s.R, false)
	c.to.Set("lineCap", "round")
	c.to.Call("beginPath")
	c.to.Call("moveTo", s.X, s.Y)
	c.to.Call("bezierCurveTo", s.X, s.Y+0.75*s.H, s.X+0.4*s.W, s.Y+s.H, s.X+s.W, s.Y+s.H)
	c.to.Call("stroke")
	flowing := *s
	flowing.Fill = s.Stroke
	c.flow(&flowing)
	c.to.Set("lineCap", "butt")
}

// flow strokes the last path once more with moving dashes.
func (c *Canvas) flow(s *draw.Shape) {
	if s.Phase == 0 {
		return
	}
	c.setAlpha(0.75)
	c.setStroke(s.Fill, s.R*s.T, false)
	c.to.Call("setLineDash", js.ValueOf([]any{s.R * 0.7, s.R * 0.9}))
	c.to.Set("lineDashOffset", -s.Phase)
	c.to.Call("stroke")
	c.to.Call("setLineDash", js.ValueOf([]any{}))
	c.to.Set("lineDashOffset", 0)
}

func (c *Canvas) setAlpha(alpha float64) {
	if alpha != c.alpha {
		c.alpha = alpha
		c.to.Set("globalAlpha", alpha)
	}
}

func (c *Canvas) setFill(ink draw.Ink) {
	if ink != c.fill {
		c.fill = ink
		c.to.Set("fillStyle", c.colors[ink])
	}
}

func (c *Canvas) setStroke(ink draw.Ink, width float64, dashed bool) {
	if ink != c.stroke {
		c.stroke = ink
		c.to.Set("strokeStyle", c.colors[ink])
	}
	if width != c.line {
		c.line = width
		c.to.Set("lineWidth", width)
	}
	if dashed != c.dashed {
		c.dashed = dashed
		dashes := []any{}
		if dashed {
			dashes = []any{4, 4}
		}
		c.to.Call("setLineDash", js.ValueOf(dashes))
	}
}

func (c *Canvas) setFont(face draw.Face, size float64, align draw.Align) {
	if face != c.face || size != c.size {
		c.face, c.size = face, size
		weight := ""
		switch face {
		case draw.FaceStrong:
			weight = "600 "
		case draw.FaceDot:
			weight = "700 "
		}
		c.to.Set("font", weight+strconv.FormatFloat(size, 'f', 2, 64)+c.fonts[face])
	}
	if align != c.align {
		c.align = align
		c.to.Set("textAlign", [...]string{"left", "center", "right"}[align])
	}
}
