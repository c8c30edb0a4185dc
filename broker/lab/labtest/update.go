//go:build !js

package labtest

import (
	"flag"
	"os"
	"testing"
)

var updating = flag.Bool("update", false, "write the files anew that tests compare with")

// Update writes a file, and says so, if the tests were run with -update.
func Update(t *testing.T, name string, content []byte) bool {
	t.Helper()
	if !*updating {
		return false
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return true
}
