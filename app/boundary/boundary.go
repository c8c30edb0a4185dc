// Package boundary keeps the failure of one part of the page from ending the others.
//
// A panic ends a Go program, and a JavaScript exception that a call met is one. So
// whatever the browser or go-app calls belongs to a part, and runs inside of Contain or
// Repeat. What it panics with is written to the console, counted, and told once.
package boundary

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"
)

// Limit is how often a part that is done again and again may fail before it is
// switched off.
const Limit = 3

// Failure is what has become of a part.
type Failure struct {
	Part   string // what has failed, as the subject of a sentence
	Reason string // of the last time
	Times  int    // since it was switched on
	Off    bool   // it is not done any more

	told bool
}

// String tells of it in a sentence or two.
func (f *Failure) String() string {
	text := f.Part + " has failed: " + strings.TrimRight(f.Reason, ".") + "."
	if f.Off {
		text += " It is switched off after " + fmt.Sprint(f.Times) + " times."
	}
	return text
}

var (
	mu    sync.Mutex
	parts []*Failure // by when they failed first
)

// Try runs f, and returns what it panics with as an error. It is for what a browser
// is known to refuse; nobody is told of it.
func Try(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = reason(r)
		}
	}()
	f()
	return nil
}

func reason(r any) error {
	if err, ok := r.(error); ok {
		return err
	}
	return fmt.Errorf("%v", r)
}

// Contain runs f, and says whether it did not fail.
func Contain(part string, f func()) (ok bool) {
	defer caught(part, 0, &ok)
	f()
	return true
}

// Repeat is Contain for what is done again and again: when it has failed Limit times
// it is switched off, and counts as failed without being done.
func Repeat(part string, f func()) (ok bool) {
	if IsOff(part) {
		return false
	}
	defer caught(part, Limit, &ok)
	f()
	return true
}

// caught is deferred.
func caught(part string, limit int, ok *bool) {
	if r := recover(); r != nil {
		*ok = false
		note(part, reason(r), limit, false)
	}
}

// Note is for who recovers by himself. It is told each time, and returned as an error.
func Note(part string, r any) error {
	err := reason(r)
	note(part, err, 0, true)
	return err
}

// note keeps a failure, of which there may be no more than limit unless that is 0. What
// is not always told is told when it is something new.
func note(part string, err error, limit int, always bool) {
	mu.Lock()
	defer mu.Unlock()
	f := find(part)
	if f == nil {
		f = &Failure{Part: part}
		parts = append(parts, f)
	}
	f.Times++
	off := limit > 0 && f.Times >= limit
	if always || f.Reason != err.Error() || f.Off != off {
		f.told = false
	}
	f.Reason, f.Off = err.Error(), off
	if f.Times <= Limit {
		fmt.Fprintf(os.Stderr, "spillway: %v\n%s\n", f, debug.Stack())
	}
}

func find(part string) *Failure {
	for _, f := range parts {
		if f.Part == part {
			return f
		}
	}
	return nil
}

// IsOff says whether a part is switched off.
func IsOff(part string) bool {
	mu.Lock()
	defer mu.Unlock()
	f := find(part)
	return f != nil && f.Off
}

// Retry switches everything on again, as if nothing had failed.
func Retry() {
	mu.Lock()
	defer mu.Unlock()
	parts = nil
}

// News is a failure that was not yet told, or false.
func News() (Failure, bool) {
	mu.Lock()
	defer mu.Unlock()
	for _, f := range parts {
		if !f.told {
			f.told = true
			return *f, true
		}
	}
	return Failure{}, false
}
