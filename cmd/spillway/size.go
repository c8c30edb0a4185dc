package main

import (
	"fmt"
	"strconv"
	"strings"
)

// size is a number of bytes, such as 256MB, in powers of ten.
type size int

const megabyte = 1_000_000

// MarshalText writes whole megabytes.
func (s size) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%dMB", int(s)/megabyte), nil }

// UnmarshalText reads a whole number of MB or GB.
func (s *size) UnmarshalText(text []byte) error {
	number, unit := strings.CutSuffix(string(text), "GB")
	factor := 1000 * megabyte
	if !unit {
		number, unit = strings.CutSuffix(string(text), "MB")
		factor = megabyte
	}
	n, err := strconv.Atoi(number)
	if !unit || err != nil || n < 16*megabyte/factor || n > 1000*1000*megabyte/factor || n == 0 {
		return fmt.Errorf("%q is not a size from 16MB to 1000GB, such as 256MB or 2GB", text)
	}
	*s = size(n * factor)
	return nil
}
