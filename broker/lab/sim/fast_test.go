//go:build !race && !js

package sim_test

// patience divides how much a test does.
const patience = 1
