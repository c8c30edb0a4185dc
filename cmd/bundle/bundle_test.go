package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

const indexSource = `<html><link rel="stylesheet" href="style.css"><link rel="icon" href="icon.svg">` +
	`<script src="boot.js" data-wasm="app.wasm" data-size="0"></script><a href="https://example.org/">out</a></html>`

const workerSource = "const bundle = { stamp: \"\", files: {} };\nkeep(bundle)\n"

// page returns a small set of files that make a bundle.
func page() map[string][]byte {
	return map[string][]byte{
		"index.html":   []byte(indexSource),
		"style.css":    []byte(strings.Repeat("a{color:red}\n", 200)),
		"icon.svg":     []byte("<svg/>"),
		"boot.js":      []byte("go()"),
		"sw.js":        []byte(workerSource),
		"app.wasm":     []byte(strings.Repeat("\x00asm", 1000)),
		"wasm_exec.js": []byte("class Go {}"),
		"sub/icon.png": []byte("png"),
	}
}

func newPacker(t *testing.T) packer { return packer{cache: t.TempDir(), quality: 3} }

func TestTheIndexNamesTheVersionAndTheHashOfEachFileAndTheSizeOfTheProgram(t *testing.T) {
	files := page()
	sri := func(name string) string {
		sum := sha256.Sum256(files[name])
		return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	got, err := stamp(files["index.html"], files)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`href="style.css?v=` + version(files["style.css"]) + `" integrity="` + sri("style.css") + `" crossorigin="anonymous"`,
		`src="boot.js?v=` + version(files["boot.js"]) + `" integrity="` + sri("boot.js") + `" crossorigin="anonymous"`,
		`data-wasm="app.wasm?v=` + version(files["app.wasm"]) + `" data-integrity="` + sri("app.wasm") + `"`,
		`data-size="4000"`,
		`href="icon.svg"`,
		`href="https://example.org/"`,
	} {
		if !bytes.Contains(got, []byte(want)) {
			t.Errorf("the index has no %s:\n%s", want, got)
		}
	}
}

func TestAnIndexThatCannotBeStampedIsRefused(t *testing.T) {
	for name, test := range map[string]struct{ index, want string }{
		"no index":              {"", "there is no index.html among the hand-written files"},
		"no place for the size": {"<html></html>", `index.html must have data-size="0" once, for the size of app.wasm`},
		"a file that is not there": {
			`<script src="gone.js" data-size="0">`, "index.html refers to gone.js, which is not in the bundle",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := stamp([]byte(test.index), page()); err == nil || err.Error() != test.want {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}

// kept reads the stamp and the list of a bundled sw.js, as a browser would.
func kept(t *testing.T, out string) (stamp string, files map[string]string) {
	t.Helper()
	parts := regexp.MustCompile(`(?s)^const bundle = \{ stamp: "([0-9a-f]{12})", files: (\{.*\}) \};\nkeep\(bundle\)\n`).
		FindStringSubmatch(contents(t, out)["sw.js"])
	if parts == nil {
		t.Fatalf("sw.js is %s", contents(t, out)["sw.js"])
	}
	if err := json.Unmarshal([]byte(parts[2]), &files); err != nil {
		t.Fatal(err)
	}
	return parts[1], files
}

func TestTheWorkerKeepsEveryFileByTheAddressThePageHasForIt(t *testing.T) {
	out := filepath.Join(t.TempDir(), "dist")
	if err := bundle(page(), out, newPacker(t)); err != nil {
		t.Fatal(err)
	}
	written := contents(t, out)
	want := map[string]string{}
	for _, name := range []string{"style.css", "boot.js", "app.wasm", "wasm_exec.js", "icon.svg", "sub/icon.png", "index.html"} {
		sum := sha256.Sum256([]byte(written[name]))
		where := address(name, []byte(written[name]))
		if strings.Contains(where, "?") && strings.Contains(indexSource, name) && !strings.Contains(written["index.html"], `"`+where+`"`) {
			t.Errorf("the page does not ask for %s", where)
		}
		if name == "index.html" {
			where = "./"
		}
		want[where] = "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	if _, got := kept(t, out); !maps.Equal(got, want) {
		t.Errorf("it keeps\n%q, want\n%q", got, want)
	}
}

func TestTheStampIsThatOfTheWholeBundle(t *testing.T) {
	stampOf := func(files map[string][]byte) string {
		out := filepath.Join(t.TempDir(), "dist")
		if err := bundle(files, out, newPacker(t)); err != nil {
			t.Fatal(err)
		}
		stamp, _ := kept(t, out)
		return stamp
	}
	first := stampOf(page())
	if again := stampOf(page()); again != first {
		t.Errorf("the same files have the stamps %s and %s", first, again)
	}
	for name := range page() {
		files := page()
		files[name] = append(files[name], '\n')
		if stampOf(files) == first {
			t.Errorf("with another %s the stamp is the same", name)
		}
	}
	fewer := page()
	delete(fewer, "sub/icon.png")
	if stampOf(fewer) == first {
		t.Error("with a file less the stamp is the same")
	}
}

func TestAWorkerThatCannotBeStampedIsRefused(t *testing.T) {
	for name, test := range map[string]struct{ worker, want string }{
		"no worker":             {"", "there is no sw.js among the hand-written files"},
		"no place for the list": {"keep()", `sw.js must have const bundle = { stamp: "", files: {} }; once, for the files it keeps`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := stampWorker([]byte(test.worker), page()); err == nil || err.Error() != test.want {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}

func TestABundleHasEveryFileAndCompressedCopiesOfTheLargeOnes(t *testing.T) {
	out := filepath.Join(t.TempDir(), "made", "dist")
	if err := bundle(page(), out, newPacker(t)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"app.wasm", "app.wasm.br", "app.wasm.gz", "boot.js", "icon.svg", "index.html",
		"style.css", "style.css.br", "style.css.gz", "sub/icon.png", "sw.js", "wasm_exec.js",
	}
	if got := listing(t, out); !slices.Equal(got, want) {
		t.Errorf("the bundle has\n%q, want\n%q", got, want)
	}
	style := string(page()["style.css"])
	if got := unpack(t, brotli.NewReader(open(t, out, "style.css.br"))); got != style {
		t.Errorf("the brotli copy unpacks to %q", got)
	}
	z, err := gzip.NewReader(open(t, out, "style.css.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if got := unpack(t, z); got != style {
		t.Errorf("the gzip copy unpacks to %q", got)
	}
	if left := listing(t, filepath.Dir(out)); len(left) != len(want) {
		t.Errorf("something was left beside the bundle: %q", left)
	}
}

func TestANewBundleReplacesTheEarlierOne(t *testing.T) {
	out := filepath.Join(t.TempDir(), "dist")
	pack := newPacker(t)
	files := page()
	files["old.txt"] = []byte("of the earlier bundle")
	if err := bundle(files, out, pack); err != nil {
		t.Fatal(err)
	}
	if err := bundle(page(), out, pack); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(listing(t, out), "old.txt") {
		t.Error("a file of the earlier bundle is still there")
	}
}

func TestAFailureLeavesTheEarlierBundle(t *testing.T) {
	out := filepath.Join(t.TempDir(), "dist")
	pack := newPacker(t)
	if err := bundle(page(), out, pack); err != nil {
		t.Fatal(err)
	}
	before := contents(t, out)
	broken := page()
	delete(broken, "boot.js")
	if err := bundle(broken, out, pack); err == nil {
		t.Fatal("a page without its script was bundled")
	}
	if !maps.Equal(before, contents(t, out)) {
		t.Error("the earlier bundle changed")
	}
}

func TestAFolderThatIsNoBundleIsNotReplaced(t *testing.T) {
	out := t.TempDir()
	precious := filepath.Join(out, "thesis.txt")
	if err := os.WriteFile(precious, []byte("years"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := bundle(page(), out, newPacker(t))
	if err == nil || !strings.Contains(err.Error(), "is not a bundle (it has no index.html)") {
		t.Errorf("the error is %v", err)
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}

func TestWhatDidNotChangeIsNotCompressedAgain(t *testing.T) {
	pack := newPacker(t)
	content := page()["style.css"]
	if _, err := pack.copies("style.css", content); err != nil {
		t.Fatal(err)
	}
	// Were it compressed again, the mark would be gone.
	for _, name := range listing(t, pack.cache) {
		if err := os.WriteFile(filepath.Join(pack.cache, name), []byte("mark"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	again, err := pack.copies("style.css", content)
	if err != nil {
		t.Fatal(err)
	}
	if string(again[".br"]) != "mark" || string(again[".gz"]) != "mark" {
		t.Errorf("the copies are %q", again)
	}
	better := pack
	better.quality++
	copies, err := better.copies("style.css", content)
	if err != nil {
		t.Fatal(err)
	}
	if string(copies[".br"]) == "mark" {
		t.Error("the copy of a lower brotli quality was taken for one of a higher")
	}
}

func TestTheCacheStartsAgainWhenItHasGrown(t *testing.T) {
	pack := newPacker(t)
	for n := range keep/2 + 1 {
		content := bytes.Repeat([]byte{byte(n)}, packable)
		if _, err := pack.copies("a.css", content); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(listing(t, pack.cache)); got != keep+2 {
		t.Fatalf("the cache has %d files, want %d", got, keep+2)
	}
	if err := pack.prune(); err != nil {
		t.Fatal(err)
	}
	if left := listing(t, pack.cache); len(left) != 0 {
		t.Errorf("the cache still has %q", left)
	}
}

func listing(t *testing.T, folder string) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(contents(t, folder)))
}

func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	files, err := readFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for name, content := range files {
		texts[name] = string(content)
	}
	return texts
}

func open(t *testing.T, folder, name string) io.Reader {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(content)
}

func unpack(t *testing.T, r io.Reader) string {
	t.Helper()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
