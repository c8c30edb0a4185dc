package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
)

// A reference to a file of the bundle, as an attribute of index.html has it. The service worker is not one that
// is stamped: browsers look for a new one at the address of the old.
var reference = regexp.MustCompile(`(src|href|data-wasm)="([^":?#]+)"`)

var sizeMark = []byte(`data-size="0"`)

// stamp returns index.html with the size of app.wasm, and with the version and the hash of each script, style
// and program it refers to. So a page never runs with the files of another version of it, whatever a server
// makes of the versions in their addresses, and one that knows them may let browsers keep the files for good.
func stamp(index []byte, files map[string][]byte) ([]byte, error) {
	if len(index) == 0 {
		return nil, errors.New("there is no index.html among the hand-written files")
	}
	if bytes.Count(index, sizeMark) != 1 {
		return nil, fmt.Errorf("index.html must have %s once, for the size of app.wasm", sizeMark)
	}
	var missing error
	index = reference.ReplaceAllFunc(index, func(attribute []byte) []byte {
		parts := reference.FindSubmatch(attribute)
		name := string(parts[2])
		content, ok := files[name]
		if !ok {
			missing = fmt.Errorf("index.html refers to %s, which is not in the bundle", name)
			return attribute
		}
		where := address(name, content)
		stamped := fmt.Appendf(nil, `%s="%s"`, parts[1], where)
		switch {
		case where == name:
			return stamped
		case string(parts[1]) == "data-wasm":
			return fmt.Appendf(stamped, ` data-integrity="%s"`, integrity(content))
		default:
			// A frame in a sandbox is of no origin, and may only check what it asks for as anyone may.
			return fmt.Appendf(stamped, ` integrity="%s" crossorigin="anonymous"`, integrity(content))
		}
	})
	if missing != nil {
		return nil, missing
	}
	return bytes.Replace(index, sizeMark, []byte(`data-size="`+strconv.Itoa(len(files["app.wasm"]))+`"`), 1), nil
}

var bundleMark = []byte(`const bundle = { stamp: "", files: {} };`)

// stampWorker returns sw.js with what it has to keep: all files but itself and the notices, index.html stamped
// already, by the addresses they are asked for. Its stamp is another one as soon as anything in the bundle is.
func stampWorker(worker []byte, files map[string][]byte) ([]byte, error) {
	if len(worker) == 0 {
		return nil, errors.New("there is no sw.js among the hand-written files")
	}
	if bytes.Count(worker, bundleMark) != 1 {
		return nil, fmt.Errorf("sw.js must have %s once, for the files it keeps", bundleMark)
	}
	kept := map[string]string{}
	for name, content := range files {
		if name == "sw.js" || name == noticesFile {
			continue
		}
		where := address(name, content)
		if name == "index.html" {
			where = "./" // some hosts redirect the name to this, and a page must not come from a redirect
		}
		kept[where] = integrity(content)
	}
	list, err := json.Marshal(kept) // sorts the keys
	if err != nil {
		return nil, err
	}
	stamp := version(append(slices.Clone(worker), list...))
	return bytes.Replace(worker, bundleMark, fmt.Appendf(nil, `const bundle = { stamp: "%s", files: %s };`, stamp, list), 1), nil
}

// address is how the page asks for a file: with its version, if it is a script, a style or a program.
func address(name string, content []byte) string {
	switch path.Ext(name) {
	case ".js", ".css", ".wasm":
		return name + "?v=" + version(content)
	}
	return name
}

// integrity is the hash of a content as browsers check it.
func integrity(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// version is a short name for a content. cmd/serve knows it by the same rule.
func version(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:6])
}
