// Package screen shows one run on the page: the stage with its cards, and the charts. A page may have
// several. A schedule shares out the time of a frame among them.
package screen
