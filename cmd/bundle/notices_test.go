package main

import (
	"strings"
	"testing"
)

// The module itself is the example: what the page is built from, its go.mod says.
func TestTheNoticesNameWhatThePageIsBuiltFrom(t *testing.T) {
	t.Chdir("../..")
	notices, err := toolchain{}.notices("./cmd/wasm")
	if err != nil {
		t.Fatal(err)
	}
	text := string(notices)
	for _, want := range []string{
		"\nGo, its standard library and wasm_exec.js (https://go.dev)\n", "\ngithub.com/maxence-charriere/go-app/v9 v9.", "MIT License",
	} {
		if strings.Count(text, want) == 0 {
			t.Errorf("they don't have %q", want)
		}
	}
	for _, line := range []string{"github.com/spillway-go/spillway", "pgregory.net/rapid", "andybalholm/brotli"} {
		if strings.Contains(text, line) {
			t.Errorf("they have %s, which is not in the page", line)
		}
	}
}

func TestAModuleWithoutALicenceIsNamed(t *testing.T) {
	module(t, "package main\n\nimport _ \"example.org/bare\"\n\nfunc main() {}\n")
	for name, content := range map[string]string{
		"go.mod":       "module example\n\ngo 1.24\n\nrequire example.org/bare v1.0.0\n\nreplace example.org/bare => ./bare\n",
		"bare/go.mod":  "module example.org/bare\n\ngo 1.24\n",
		"bare/bare.go": "package bare\n",
	} {
		if err := writeFile(name, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := (toolchain{}).notices("./cmd/wasm"); err == nil || !strings.HasPrefix(err.Error(), "the licence of example.org/bare v1.0.0: there is none in ") {
		t.Errorf("the error is %v", err)
	}
}
