package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// maxFile is more than the largest scenario needs; it keeps a wrong file name
// from filling the memory.
const maxFile = 4 << 20

// load finds the scenario that a word on the command line means: a link if it
// has a #, else a preset of that name, else a file.
func load(ctx context.Context, word string) (scenario.Scenario, error) {
	if _, fragment, isLink := strings.Cut(word, "#"); isLink {
		s, _, err := scenario.ParseLink(fragment)
		return s, err
	}
	preset, err := scenario.FindPreset(word)
	if err == nil {
		return preset.Scenario, nil
	}
	s, fileErr := loadFile(ctx, word)
	if errors.Is(fileErr, fs.ErrNotExist) {
		return s, fmt.Errorf("%q is no file, no link, and %w", word, err)
	}
	return s, fileErr
}

func loadFile(ctx context.Context, path string) (scenario.Scenario, error) {
	text, err := read(ctx, path)
	if err != nil {
		return scenario.Scenario{}, err
	}
	if len(text) > maxFile {
		return scenario.Scenario{}, fmt.Errorf("%s: the file is larger than the %d MiB a scenario can have", path, maxFile>>20)
	}
	s, err := scenario.ParseJSON(text)
	if err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// read reads a file, which may be a terminal or a pipe that nobody writes to: then it waits until ctx is done.
func read(ctx context.Context, path string) ([]byte, error) {
	type result struct {
		text []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		f, err := os.Open(path)
		if err != nil {
			done <- result{err: err}
			return
		}
		defer f.Close()
		text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-ctx.Done():
		return nil, fmt.Errorf("reading %s: %w", path, context.Cause(ctx))
	}
}
