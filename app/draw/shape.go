package draw

// Ink is a colour of the theme.
type Ink uint8

const (
	NoInk Ink = iota
	InkText
	InkMuted
	InkFaint
	InkSurface
	InkRaised
	InkLineStrong
	InkFlow
	InkOK
	InkWarn
	InkDrop
	InkDropSoft
	InkRepo
	InkRepoSoft
	InkOnAccent
	Inks
)

// Variables are the custom properties of the style sheet that the inks are.
var Variables = [Inks]string{
	InkText: "--text", InkMuted: "--muted", InkFaint: "--faint",
	InkSurface: "--surface", InkRaised: "--raised", InkLineStrong: "--line-strong",
	InkFlow: "--flow", InkOK: "--ok", InkWarn: "--warn",
	InkDrop: "--drop", InkDropSoft: "--drop-soft", InkRepo: "--repo", InkRepoSoft: "--repo-soft", InkOnAccent: "--on-accent",
}

// Form is the form of a shape.
type Form uint8

const (
	FormRect   Form = iota // Rect with corners of radius R
	FormCircle             // around X, Y with radius R
	FormArc                // of a circle, from the top clockwise for the fraction T
	FormText               // Text at X, Y, at most W wide unless W is 0
	FormPipe               // from X, Y to X+W, Y+H, as wide as R, fading in
	FormCurve              // from X, Y down and over to X+W, Y+H, as wide as R
)

// Face is how text is set.
type Face uint8

const (
	FaceUI Face = iota
	FaceStrong
	FaceMono
	FaceDot // inside a dot
	Faces
)

// Align says which part of a text is at its X.
type Align uint8

const (
	AlignLeft Align = iota
	AlignCenter
	AlignRight
)

// Shape is one thing to draw. A scene is a list of them, the hindmost first.
type Shape struct {
	Form Form
	Rect
	R      float64 // radius, or width of a curve
	T      float64 // fraction of an arc, or of the width of a pipe or curve that flows
	Fill   Ink
	Stroke Ink
	Line   float64 // width of the stroke
	Dashed bool
	Alpha  float64 // 0 counts as 1: opaque
	Text   string
	Face   Face
	Size   float64 // of the text, in pixels
	Align  Align
	// Phase moves the dashes of a pipe or curve that flows; 0 means it doesn't.
	Phase float64
}
