// Package stage draws a moment as shapes: producers, the broker with its buffers, consumers, and the
// events that move between them. It says the same in words.
package stage
