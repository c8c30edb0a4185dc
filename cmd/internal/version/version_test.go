package version

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestTheVersionIsThatOfTheBuild(t *testing.T) {
	for _, test := range []struct{ version, want string }{
		{"v1.2.3", "example.org/fork v1.2.3, go1.25.0"},
		{"", "example.org/fork (devel), go1.25.0"},
	} {
		info := &debug.BuildInfo{GoVersion: "go1.25.0", Main: debug.Module{Path: "example.org/fork", Version: test.version}}
		if got := of(info); got != test.want {
			t.Errorf("%q: %q, want %q", test.version, got, test.want)
		}
	}
	if got := String(); !strings.HasSuffix(got, ", "+runtime.Version()) {
		t.Errorf("this program is %q", got)
	}
}
