// Command wasm is the program of the page.
package main

import (
	"github.com/spillway-go/spillway/app"
	"github.com/spillway-go/spillway/cmd/internal/version"
)

func main() { app.Mount(version.String()) }
