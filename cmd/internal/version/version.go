// Package version tells which version of the program this is.
package version

import (
	"runtime"
	"runtime/debug"
)

// String is the module and its version as the go command has built it, and the Go it was built with. A program
// that was not built from a published version is a (devel).
func String() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown, " + runtime.Version()
	}
	return of(info)
}

func of(info *debug.BuildInfo) string {
	version := info.Main.Version
	if version == "" {
		version = "(devel)"
	}
	return info.Main.Path + " " + version + ", " + info.GoVersion
}
