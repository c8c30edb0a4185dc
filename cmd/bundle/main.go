// Command bundle assembles the page: what is in web/, the WebAssembly program, the toolchain's wasm_exec.js, and
// the licences of what the program is built from, beside compressed copies, into a folder any static host can serve.
//
// It runs in the folder of the module. What it had to work for, it keeps in a cache folder under the hash of
// the content, so that running it again with nothing changed takes well under a second.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	release "github.com/spillway-go/spillway/cmd/internal/version"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bundle", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var (
		out     = flags.String("o", "dist", "the `folder` to make; an earlier bundle there is replaced")
		web     = flags.String("web", "web", "the `folder` with the hand-written files")
		cache   = flags.String("cache", ".cache/bundle", "the `folder` that keeps what was built and compressed")
		quality = flags.Int("brotli", 5, "the brotli `quality`, 0 to 11: 5 takes a second, 11 half a minute and is a seventh smaller")
		size    = flags.Bool("size", false, "build nothing but a table: app.wasm beside the smallest go-app page")
		tell    = flags.Bool("version", false, "tell the version, and do nothing else")
	)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "bundle: unexpected argument %q; bundle -help tells the flags\n", flags.Arg(0))
		return 2
	}
	if *tell {
		fmt.Fprintln(stdout, release.String())
		return 0
	}
	if *quality < 0 || *quality > 11 {
		fmt.Fprintf(stderr, "bundle: the brotli quality is %d, and must be 0 to 11\n", *quality)
		return 2
	}

	tools := toolchain{cache: *cache}
	pack := packer{cache: *cache, quality: *quality}
	if *size {
		pack.quality = bestQuality
		if err := compareSize(stdout, tools, pack); err != nil {
			fmt.Fprintln(stderr, "bundle:", err)
			return 1
		}
		return 0
	}

	files, err := readFolder(*web)
	if err != nil {
		fmt.Fprintln(stderr, "bundle:", err)
		return 1
	}
	if files["app.wasm"], err = tools.program("./cmd/wasm"); err == nil {
		files["wasm_exec.js"], err = tools.execScript()
	}
	if err == nil {
		files[noticesFile], err = tools.notices("./cmd/wasm")
	}
	if err == nil {
		err = bundle(files, *out, pack)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bundle:", err)
		return 1
	}
	fmt.Fprintf(stdout, "%s: %d files, app.wasm %.2f MB\n", *out, len(files), float64(len(files["app.wasm"]))/1e6)
	return 0
}
