//go:build !js

package broker_test

import (
	"os"
	"strings"
	"testing"
)

// The broker's part of the README is a program that runs in another test.
func TestTheReadmeShowsAProgramThatRuns(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("testdata/shop/main.go")
	if err != nil {
		t.Fatal(err)
	}
	_, program, found := strings.Cut(string(source), "\n)\n\n") // after the imports
	program, _, ends := strings.Cut(program, "\n\nfunc main() {")
	if !found || !ends {
		t.Fatal("the program has no imports or no main")
	}
	if !strings.Contains(string(readme), "```go\n"+program+"\n```") {
		t.Errorf("the README lacks this:\n%s", program)
	}
}
