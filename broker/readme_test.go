//go:build !js

package broker_test

import (
	"os"
	"strings"
	"testing"
)

// The broker's part of the README is the body of Example, which runs.
func TestTheReadmeShowsTheExample(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, found := strings.Cut(string(source), "func Example() {\n")
	body, output, cut := strings.Cut(body, "\t// Output:\n")
	if !found || !cut {
		t.Fatal("example_test.go has no Example with an output")
	}
	dedent := func(text, prefix string) string {
		lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
		for i := range lines {
			lines[i] = strings.TrimPrefix(lines[i], prefix)
		}
		return strings.Join(lines, "\n")
	}
	if want := "```go\n" + dedent(body, "\t") + "\n```"; !strings.Contains(string(readme), want) {
		t.Errorf("the README lacks this:\n%s", want)
	}
	output, _, _ = strings.Cut(output, "}")
	if want := "```text\n" + dedent(output, "\t// ") + "\n```"; !strings.Contains(string(readme), want) {
		t.Errorf("the README lacks this:\n%s", want)
	}
}
