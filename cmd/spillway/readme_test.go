package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestTheCommandsOfTheReadmeWork(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile(`(?m)^    go run ./cmd/spillway +([^#\n]+)`).FindAllStringSubmatch(string(readme), -1)
	if len(commands) < 3 {
		t.Fatalf("the README has %d commands, fewer than it is known to have", len(commands))
	}
	for _, c := range commands {
		t.Run(strings.TrimSpace(c[1]), func(t *testing.T) {
			if err := spillway(t.Context(), strings.Fields(c[1]), io.Discard); err != nil {
				t.Error(err)
			}
		})
	}
}
