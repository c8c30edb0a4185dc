//go:build !linux && !darwin

package main

import "errors"

func exchange(a, b string) error { return errors.ErrUnsupported }
