package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// folder makes a folder with the files.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var bundled = map[string]string{
	"index.html":           "<html>",
	"app.wasm":             "\x00asm, all of it",
	"app.wasm.br":          "brotli",
	"app.wasm.gz":          "gz",
	"boot.js":              "go()",
	"sw.js":                "keep()",
	"sw.js.br":             "brotli of it",
	"style.css":            "a{}",
	"icon.svg":             "<svg/>",
	"icon-192.png":         "png",
	"manifest.webmanifest": "{}",
	"data.bin":             "?",
	"sub/index.html":       "<html lang=en>",
	"empty/.keep":          "",
	".secret":              "s",
}

// quiet is for what no test reads.
var quiet = log.New(io.Discard, "", 0)

// ask sends one request. Headers are "Name: value".
func ask(t *testing.T, site http.Handler, method, target string, headers ...string) (*http.Response, string) {
	t.Helper()
	request := httptest.NewRequest(method, "/", nil)
	path, query, _ := strings.Cut(target, "?")
	request.URL.Path, request.URL.RawQuery = path, query // as it is: NewRequest would not take a wild path
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	site.ServeHTTP(recorder, request)
	response := recorder.Result()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestEachFileHasItsType(t *testing.T) {
	site := newSite(folder(t, bundled), quiet)
	for target, want := range map[string]string{
		"/":                     "text/html; charset=utf-8",
		"/index.html":           "text/html; charset=utf-8",
		"/sub/":                 "text/html; charset=utf-8",
		"/app.wasm":             "application/wasm",
		"/boot.js":              "text/javascript; charset=utf-8",
		"/sw.js":                "text/javascript; charset=utf-8",
		"/style.css":            "text/css; charset=utf-8",
		"/icon.svg":             "image/svg+xml",
		"/icon-192.png":         "image/png",
		"/manifest.webmanifest": "application/manifest+json",
		"/data.bin":             "application/octet-stream",
	} {
		response, _ := ask(t, site, "GET", target)
		if got := response.Header.Get("Content-Type"); response.StatusCode != 200 || got != want {
			t.Errorf("%s: status %d, type %q, want %q", target, response.StatusCode, got, want)
		}
	}
}

func TestACompressedCopyIsServedToThoseWhoTakeIt(t *testing.T) {
	site := newSite(folder(t, bundled), quiet)
	for _, test := range []struct{ accept, encoding, body string }{
		{"", "", bundled["app.wasm"]},
		{"gzip, br", "br", "brotli"},
		{"gzip", "gzip", "gz"},
		{"br;q=0.1, gzip;q=0.9", "gzip", "gz"},
		{"identity, br;q=0.5", "", bundled["app.wasm"]},
		{"zstd", "", bundled["app.wasm"]},
	} {
		response, body := ask(t, site, "GET", "/app.wasm", "Accept-Encoding: "+test.accept)
		if got := response.Header.Get("Content-Encoding"); got != test.encoding || body != test.body {
			t.Errorf("%q: encoding %q with %q, want %q with %q", test.accept, got, body, test.encoding, test.body)
		}
		if got := response.Header.Get("Content-Type"); got != "application/wasm" {
			t.Errorf("%q: the type is %q", test.accept, got)
		}
		if got := response.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("%q: Vary is %q", test.accept, got)
		}
		if response.ContentLength != int64(len(test.body)) {
			t.Errorf("%q: Content-Length is %d, want %d", test.accept, response.ContentLength, len(test.body))
		}
	}
	if response, body := ask(t, site, "GET", "/boot.js", "Accept-Encoding: br"); response.Header.Get("Content-Encoding") != "" || body != "go()" {
		t.Errorf("a file without a compressed copy came as %v %q", response.Header, body)
	}
}

// So whoever takes it is answered after one look, and what the answer is does not depend on what is known.
func TestACompressedCopyStandsForItsFile(t *testing.T) {
	site := newSite(folder(t, map[string]string{"notices.txt.br": "brotli"}), quiet)
	for range 2 {
		if response, body := ask(t, site, "GET", "/notices.txt", "Accept-Encoding: br"); response.StatusCode != 200 || body != "brotli" {
			t.Errorf("status %d with %q", response.StatusCode, body)
		}
		if response, _ := ask(t, site, "GET", "/notices.txt"); response.StatusCode != http.StatusNotFound {
			t.Errorf("without it: status %d, want 404", response.StatusCode)
		}
	}
}

func TestAnUnchangedFileIsNotSentAgain(t *testing.T) {
	site := newSite(folder(t, bundled), quiet)
	tags := map[string]bool{}
	for _, accept := range []string{"identity", "gzip", "br"} {
		response, _ := ask(t, site, "GET", "/app.wasm", "Accept-Encoding: "+accept)
		tag := response.Header.Get("ETag")
		if tags[tag] || !strings.HasPrefix(tag, `"`) {
			t.Errorf("%s: the ETag %s is not strong, or that of another encoding", accept, tag)
		}
		tags[tag] = true
		response, body := ask(t, site, "GET", "/app.wasm", "Accept-Encoding: "+accept, "If-None-Match: "+tag)
		if response.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s: status %d with %q, want 304 with nothing", accept, response.StatusCode, body)
		}
		if response.Header.Get("ETag") != tag || response.Header.Get("Cache-Control") == "" || response.Header.Get("Vary") == "" {
			t.Errorf("%s: the 304 has the headers %v", accept, response.Header)
		}
		if response, _ := ask(t, site, "GET", "/app.wasm", "Accept-Encoding: "+accept, `If-None-Match: "another"`); response.StatusCode != 200 {
			t.Errorf("%s: status %d for another ETag, want 200", accept, response.StatusCode)
		}
	}
}

func TestAChangedFileIsServedAtOnce(t *testing.T) {
	dir := folder(t, bundled)
	site := newSite(dir, quiet)
	before, _ := ask(t, site, "GET", "/style.css")
	if err := os.WriteFile(filepath.Join(dir, "style.css"), []byte("b{color:red}"), 0o644); err != nil {
		t.Fatal(err)
	}
	after, body := ask(t, site, "GET", "/style.css", "If-None-Match: "+before.Header.Get("ETag"))
	if after.StatusCode != 200 || body != "b{color:red}" {
		t.Errorf("status %d with %q", after.StatusCode, body)
	}
}

func TestAFileThatWasServedAndIsNoLongerInTheFolderIsNotFound(t *testing.T) {
	outside := filepath.Join(folder(t, map[string]string{"secret.css": "a{}"}), "secret.css")
	for name, replace := range map[string]func(file string) error{
		"nothing is there":   os.Remove,
		"a link leads out":   func(file string) error { return errors.Join(os.Remove(file), os.Symlink(outside, file)) },
		"a folder is there":  func(file string) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o755)) },
		"its folder is gone": func(file string) error { return os.RemoveAll(filepath.Dir(file)) },
	} {
		dir := folder(t, map[string]string{"index.html": "<html>", "sub/style.css": "a{}"})
		site := newSite(dir, quiet)
		if response, _ := ask(t, site, "GET", "/sub/style.css"); response.StatusCode != 200 {
			t.Fatalf("status %d", response.StatusCode)
		}
		if err := replace(filepath.Join(dir, "sub", "style.css")); err != nil {
			t.Fatal(err)
		}
		if response, body := ask(t, site, "GET", "/sub/style.css"); response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d with %q, want 404", name, response.StatusCode, body)
		}
	}
}

// What is kept is sent without net/http's ServeContent, which has to say the same.
func TestAnAnswerDoesNotDependOnHowItIsMade(t *testing.T) {
	site := newSite(folder(t, bundled), quiet)
	for _, target := range []string{"/", "/app.wasm", "/sub/", "/data.bin"} {
		for _, accept := range []string{"identity", "gzip", "br"} {
			want, body := ask(t, site, "GET", target, "Accept-Encoding: "+accept, "If-Match: *")
			for _, method := range []string{"GET", "GET", "HEAD"} { // the second knows the file
				got, text := ask(t, site, method, target, "Accept-Encoding: "+accept)
				if got.StatusCode != want.StatusCode || fmt.Sprint(got.Header) != fmt.Sprint(want.Header) || method == "GET" && text != body {
					t.Errorf("%s %s, %s: status %d, %v and %q, want %d, %v and %q", method, target, accept,
						got.StatusCode, got.Header, text, want.StatusCode, want.Header, body)
				}
			}
		}
	}
}

func TestOnlyANameWithTheVersionOfTheContentIsKeptForGood(t *testing.T) {
	site := newSite(folder(t, bundled), quiet)
	const forGood = "public, max-age=31536000, immutable"
	response, _ := ask(t, site, "GET", "/app.wasm")
	version := strings.Trim(response.Header.Get("ETag"), `"`)[:versionLength]
	for _, test := range []struct{ target, accept, want string }{
		{"/app.wasm", "", "no-cache"},
		{"/app.wasm?v=" + version, "", forGood},
		{"/app.wasm?v=" + version, "br", forGood},
		{"/", "", "no-cache"},
		{"/sw.js", "", "no-cache"},
		{"/sw.js", "br", "no-cache"},
	} {
		response, _ := ask(t, site, "GET", test.target, "Accept-Encoding: "+test.accept)
		if got := response.Header.Get("Cache-Control"); got != test.want {
			t.Errorf("%s: Cache-Control is %q, want %q", test.target, got, test.want)
		}
	}
}

func TestHEADIsGETWithoutTheBody(t *testing.T) {
	site := newSite(folder(t, bundled), quiet)
	for _, accept := range []string{"", "br"} {
		get, body := ask(t, site, "GET", "/app.wasm", "Accept-Encoding: "+accept)
		head, none := ask(t, site, "HEAD", "/app.wasm", "Accept-Encoding: "+accept)
		if head.StatusCode != 200 || none != "" {
			t.Errorf("status %d with %q", head.StatusCode, none)
		}
		if head.Header.Get("ETag") != get.Header.Get("ETag") || head.ContentLength != int64(len(body)) {
			t.Errorf("HEAD has the headers %v, GET %v", head.Header, get.Header)
		}
	}
}

func TestAPartOfAFileCanBeAsked(t *testing.T) {
	site := newSite(folder(t, bundled), quiet)
	for accept, want := range map[string]string{"": bundled["app.wasm"][1:4], "br": "rot"} {
		response, body := ask(t, site, "GET", "/app.wasm", "Accept-Encoding: "+accept, "Range: bytes=1-3")
		if response.StatusCode != http.StatusPartialContent || body != want || response.ContentLength != 3 {
			t.Errorf("%q: status %d with %q of length %d, want %q", accept, response.StatusCode, body, response.ContentLength, want)
		}
	}
}

func TestWhatIsNotInTheFolderIsNotFound(t *testing.T) {
	outside := folder(t, map[string]string{"secret.txt": "s"})
	dir := folder(t, bundled)
	if err := os.Symlink(filepath.Join(outside, "secret.txt"), filepath.Join(dir, "link.txt")); err != nil {
		t.Fatal(err)
	}
	site := newSite(dir, quiet)
	for _, target := range []string{
		"/nowhere", "/sub", "/sub/nowhere/", "/empty/", "/.secret", "/empty/.keep", "/index.html/", "/index.html/x",
		"/../secret.txt", "/sub/../../secret.txt", "//etc/passwd", "/sub//index.html", "/./index.html", `/..\secret.txt`,
		"/link.txt", "/index.html\x00", "",
	} {
		response, body := ask(t, site, "GET", target)
		if target == "" {
			if response.StatusCode != 200 {
				t.Errorf("no path: status %d, want that of /", response.StatusCode)
			}
			continue
		}
		if response.StatusCode != http.StatusNotFound || body != "There is no "+target+" here.\n" {
			t.Errorf("%q: status %d with %q", target, response.StatusCode, body)
		}
	}
}

func TestOtherMethodsAreRefusedInASentence(t *testing.T) {
	site := newSite(folder(t, bundled), quiet)
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH"} {
		response, body := ask(t, site, method, "/")
		if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d, Allow %q", method, response.StatusCode, response.Header.Get("Allow"))
		}
		if want := "This server only answers GET and HEAD, not " + method + ".\n"; body != want {
			t.Errorf("%s: %q, want %q", method, body, want)
		}
	}
}

func TestAVersionThatIsGoneIsNotFound(t *testing.T) {
	dir := folder(t, bundled)
	site := newSite(dir, quiet)
	response, _ := ask(t, site, "GET", "/boot.js")
	old := strings.Trim(response.Header.Get("ETag"), `"`)[:versionLength]
	if err := os.WriteFile(filepath.Join(dir, "boot.js"), []byte("went()"), 0o644); err != nil {
		t.Fatal(err)
	}
	response, body := ask(t, site, "GET", "/boot.js?v="+old)
	if want := "Version \"" + old + "\" of /boot.js is not here any more.\n"; response.StatusCode != http.StatusNotFound || body != want {
		t.Errorf("status %d with %q, want 404 with %q", response.StatusCode, body, want)
	}
	if got := response.Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("that it is gone has the Cache-Control %q, want no-cache", got)
	}
	for _, target := range []string{"/boot.js", "/boot.js?w=1", "/?v=1", "/icon.svg?v=1"} {
		if response, _ := ask(t, site, "GET", target); response.StatusCode != 200 {
			t.Errorf("%s: status %d, want 200", target, response.StatusCode)
		}
	}
}

func TestAFileIsKnownByItsSizeItsTimeAndItsPlace(t *testing.T) {
	dir := folder(t, bundled)
	site := newSite(dir, quiet)
	name := filepath.Join(dir, "style.css")
	noon := time.Date(2021, 11, 1, 12, 0, 0, 0, time.UTC)
	change := map[string]func(content string) error{
		"another size": func(content string) error {
			return errors.Join(os.WriteFile(name, []byte(content+" "), 0o644), os.Chtimes(name, noon, noon))
		},
		"another time": func(content string) error {
			return errors.Join(os.WriteFile(name, []byte(content), 0o644), os.Chtimes(name, noon, noon.Add(time.Second)))
		},
		"another place": func(content string) error {
			fresh := name + ".new"
			return errors.Join(os.WriteFile(fresh, []byte(content), 0o644), os.Chtimes(fresh, noon, noon), os.Rename(fresh, name))
		},
	}
	for title, change := range change {
		for _, size := range []int{10, small + 10} {
			if err := errors.Join(os.WriteFile(name, []byte(strings.Repeat("a", size)), 0o644), os.Chtimes(name, noon, noon)); err != nil {
				t.Fatal(err)
			}
			before, _ := ask(t, site, "GET", "/style.css")
			if err := change(strings.Repeat("b", size)); err != nil {
				t.Fatal(err)
			}
			after, body := ask(t, site, "GET", "/style.css", "If-None-Match: "+before.Header.Get("ETag"))
			if after.StatusCode != 200 || len(body) < size || strings.Trim(body, "b ") != "" {
				t.Errorf("%s, %d bytes: status %d with %.20q", title, size, after.StatusCode, body)
			}
		}
	}
}

func TestALargeFileIsNotReadIntoMemory(t *testing.T) {
	dir := folder(t, bundled)
	size := large(t, dir)
	site := newSite(dir, quiet)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20 {
		ask(t, site, "HEAD", "/large.bin")
		if response, body := ask(t, site, "GET", "/large.bin", "Range: bytes=1-3"); response.StatusCode != 206 || body != "\x00\x00\x00" {
			t.Fatalf("status %d with %q", response.StatusCode, body)
		}
	}
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > uint64(size)/4 {
		t.Errorf("%d bytes were allocated for 40 requests that want next to nothing of %d", allocated, size)
	}
	found, err := site.find("large.bin", "", false)
	if err != nil {
		t.Fatal(err)
	}
	defer found.close()
	if _, open := found.reader().(*os.File); !open {
		t.Errorf("it is sent from a %T, which the kernel can't send by itself", found.reader())
	}
}

// Readers go on all the time while one bundle after another takes the place of the earlier one, in the way that
// leaves a moment without any.
func TestABundleThatIsReplacedLeavesNoGap(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "dist")
	write := func(dir string, n int) {
		text := strings.Repeat(fmt.Sprintf("bundle %d ", n), small/4) // too large to be kept
		for name, content := range map[string]string{"index.html": fmt.Sprint("bundle ", n), "app.wasm": text, "app.wasm.br": text} {
			if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644)); err != nil {
				t.Error(err)
			}
		}
	}
	write(dir, 0)
	site := newSite(dir, log.New(t.Output(), "", 0))
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				for _, target := range []string{"/", "/app.wasm"} {
					for _, accept := range []string{"br", ""} {
						if response, body := ask(t, site, "GET", target, "Accept-Encoding: "+accept); response.StatusCode != 200 {
							t.Errorf("%s: status %d with %q", target, response.StatusCode, body)
						}
					}
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for n := range 60 {
		fresh, old := filepath.Join(parent, "new"), filepath.Join(parent, "old")
		write(fresh, n+1)
		if err := errors.Join(os.Rename(dir, old), os.Rename(fresh, dir), os.RemoveAll(old)); err != nil {
			t.Error(err)
		}
		ask(t, site, "GET", "/") // a bundle that came and went unseen would not have been served
	}
	close(done)
	readers.Wait()
	if _, body := ask(t, site, "GET", "/"); body != "bundle 60" {
		t.Errorf("at the end it serves %q", body)
	}
}

func TestAFolderThatIsAwayIsNotAMissingFile(t *testing.T) {
	dir := folder(t, bundled)
	site := newSite(dir, quiet)
	ask(t, site, "GET", "/")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if response, body := ask(t, site, "GET", "/"); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d with %q, want 503", response.StatusCode, body)
	}
}

// On a host that sends no headers the page brings its own policy. It says the same, but for what only a header may.
func TestThePageItselfHasTheSamePolicy(t *testing.T) {
	index, err := os.ReadFile("../../web/index.html")
	if err != nil {
		t.Fatal(err)
	}
	want := `<meta http-equiv="Content-Security-Policy" content="` + strings.TrimSuffix(contentSecurityPolicy, "; frame-ancestors *") + `">`
	if !strings.Contains(string(index), want) {
		t.Errorf("index.html has no %s", want)
	}
}

// The list is written out: a test that compared the headers with what sets them could not fail.
func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	site := newSite(folder(t, bundled), quiet)
	for _, target := range []string{"/", "/app.wasm", "/nowhere"} {
		response, _ := ask(t, site, "GET", target)
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin": "*",
			"X-Content-Type-Options":      "nosniff",
			"Referrer-Policy":             "no-referrer",
			"Cross-Origin-Opener-Policy":  "same-origin",
			"Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
				"img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *",
			"Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), " +
				"magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
		} {
			if got := response.Header.Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s is %q, want %q", target, name, got, want)
			}
		}
	}
}
