// Command wasm is the program of the page.
package main

import "github.com/spillway-go/spillway/app"

func main() { app.Mount() }
