//go:build race || js

package sim_test

import "flag"

// patience divides how much a test does: the race detector and a browser are ten
// times as slow as the machine itself.
const patience = 4

func init() { // before the command line is read, which may ask for more
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
}
