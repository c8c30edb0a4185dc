package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// The budget of the download: app.wasm may be this much larger, in brotli's best quality, than the smallest
// go-app page, which is what the framework and the Go runtime cost anyway.
const sizeBudget = 1.35

// compareSize prints the sizes of both, and fails above the budget.
func compareSize(w io.Writer, tools toolchain, pack packer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "bytes\traw\tgzip\tbrotli\t")
	measure := func(title, pkg string) (int, error) {
		program, err := tools.program(pkg)
		if err != nil {
			return 0, err
		}
		copies, err := pack.copies("app.wasm", program)
		if err != nil {
			return 0, err
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t\n", title, len(program), len(copies[".gz"]), len(copies[".br"]))
		return len(copies[".br"]), nil
	}
	hello, err := measure("go-app hello page", "./cmd/bundle/testdata/hello")
	if err != nil {
		return err
	}
	page, err := measure("app.wasm", "./cmd/wasm")
	if err != nil {
		return err
	}
	if err := table.Flush(); err != nil {
		return err
	}
	ratio := float64(page) / float64(hello)
	fmt.Fprintf(w, "ratio, brotli: %.3f (budget %.2f)\n", ratio, sizeBudget)
	if ratio > sizeBudget {
		return fmt.Errorf("app.wasm is %.3f times the size of a hello page, and the budget is %.2f", ratio, sizeBudget)
	}
	return nil
}
