package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strconv"
)

// A reference to a file of the bundle, as an attribute of index.html has it.
var reference = regexp.MustCompile(`(src|href|data-wasm|data-exec)="([^":?#]+)"`)

var sizeMark = []byte(`data-size="0"`)

// stamp returns index.html with the size of app.wasm, and with the hash of their content behind the names of
// the scripts, styles and programs it refers to. So a page never meets the files of another version of it,
// and a server may let browsers keep them for good.
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
		switch path.Ext(name) {
		case ".js", ".css", ".wasm":
			return fmt.Appendf(nil, `%s="%s?v=%s"`, parts[1], name, version(content))
		}
		return attribute
	})
	if missing != nil {
		return nil, missing
	}
	return bytes.Replace(index, sizeMark, []byte(`data-size="`+strconv.Itoa(len(files["app.wasm"]))+`"`), 1), nil
}

// version is a short name for a content. cmd/serve knows it by the same rule.
func version(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:6])
}
