//go:build !js

package broker_test

import (
	"os"
	"strings"
	"testing"
)

// The broker's part of the README is Example and its event, which run.
func TestTheReadmeShowsTheExample(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, event, found := strings.Cut(string(source), "\n)\n\n") // after the imports
	event, body, isFollowed := strings.Cut(event, "\n\nfunc Example() {\n")
	body, output, says := strings.Cut(body, "\t// Output:\n")
	if !found || !isFollowed || !says {
		t.Fatal("example_test.go has no Example of an event, with an output")
	}
	output, _, _ = strings.Cut(output, "}")
	for _, want := range []string{
		"```go\n" + event + "\n```",
		"```go\n" + dedent(body, "\t") + "\n```",
		"```text\n" + dedent(output, "\t// ") + "\n```",
	} {
		if !strings.Contains(string(readme), want) {
			t.Errorf("the README lacks this:\n%s", want)
		}
	}
}

func dedent(text, prefix string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], prefix)
	}
	return strings.Join(lines, "\n")
}
