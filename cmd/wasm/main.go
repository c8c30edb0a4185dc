// Command wasm is the program of the page.
package main

import "github.com/spillway-go/spillway/app"

// version is set by cmd/bundle: what would read it from the build info is 17 kB of code.
var version = "unknown"

func main() { app.Mount(version) }
