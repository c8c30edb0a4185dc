// Package draw has what pictures are made of: shapes, the inks and fonts they are drawn with, and
// their geometry.
package draw
