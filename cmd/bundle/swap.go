package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// swap puts fresh in the place of out, and what was there in the place of fresh or of old. Where the system can
// exchange two folders, there is a bundle at any moment.
func swap(fresh, out, old string) error {
	if exchange(fresh, out) == nil {
		return nil
	}
	return replace(fresh, out, old) // there was none, or the system or the disk can't
}

// replace moves one folder away and the other to its place: for a moment there is none.
func replace(fresh, out, old string) error {
	if err := os.Rename(out, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("moving the earlier bundle away: %w", err)
	}
	if err := os.Rename(fresh, out); err != nil {
		return errors.Join(fmt.Errorf("moving the bundle to its place: %w", err), os.Rename(old, out))
	}
	return nil
}
