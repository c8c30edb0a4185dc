// Package canvas paints shapes on a canvas element of the page.
package canvas
