//go:build !js

package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

func TestWhatChangesTheModelKnowsNoGoApp(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	pure := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if !changesModel(file) {
			continue
		}
		pure++
		for _, spec := range file.Imports {
			if strings.Contains(spec.Path.Value, "go-app") {
				t.Errorf("%s lets a message change the model, and imports go-app", f.Name())
			}
		}
	}
	if pure == 0 {
		t.Error("no file lets a message change the model")
	}
}

// changesModel says whether a file has a method of the model, or of a message.
func changesModel(file *ast.File) bool {
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Name.Name != "update" {
			continue
		}
		if p := f.Type.Params.List; len(p) == 1 {
			star, ok := p[0].Type.(*ast.StarExpr)
			if ok && star.X.(*ast.Ident).Name == "Model" {
				return true
			}
		}
	}
	return false
}
