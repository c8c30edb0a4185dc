//go:build !js

package broker_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var proposition = regexp.MustCompile(`(?m)^  - ([A-Z][^:\n]*):`)

func TestEachPropositionOfTheContractHasATestThatBearsItsName(t *testing.T) {
	files := token.NewFileSet()
	doc, err := parser.ParseFile(files, "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	found := proposition.FindAllStringSubmatch(doc.Doc.Text(), -1)
	if len(found) < 10 {
		t.Fatalf("the contract has %d propositions", len(found))
	}
	tests := testNames(t, files)
	for _, p := range found {
		want := "test" + strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(p[1]))
		if !slices.ContainsFunc(tests, func(name string) bool { return strings.HasPrefix(strings.ToLower(name), want) }) {
			t.Errorf("%q has no test", p[1])
		}
	}
}

// testNames are the tests of this package.
func testNames(t *testing.T, files *token.FileSet) (names []string) {
	t.Helper()
	paths, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}
