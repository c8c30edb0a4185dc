//go:build !js

package scenario_test

import (
	"flag"
	"os"
	"testing"
)

var updating = flag.Bool("update", false, "write the schema anew")

// update writes a file if that was asked for.
func update(t *testing.T, name string, content []byte) bool {
	t.Helper()
	if !*updating {
		return false
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return true
}
