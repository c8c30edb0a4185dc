package app

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestAQuerySaysWhatAFrameShows(t *testing.T) {
	for _, c := range []struct {
		query string
		on    bool
		parts []string
		class string
	}{
		{"", false, nil, "app"},
		{"embed=0&show=log", false, nil, "app"},
		{"embed=1", true, nil, "app embed"},
		{"embed=1&show=log,tiles", true, []string{"log", "tiles"}, "app embed with-tiles with-log"},
		{"embed=1&show=nonsense,log", true, []string{"log"}, "app embed with-log"},
	} {
		query, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if e := embedOf(query); e.On != c.on || !slices.Equal(e.Parts, c.parts) || e.class() != c.class {
			t.Errorf("%q shows %+v as %q", c.query, e, e.class())
		}
	}
}

func TestTheFrameIsHTMLThatLeadsToTheSame(t *testing.T) {
	code := frameCode("https://example.org/spillway/", "#1AO-N@2s&sel=c0", []string{"log", "tiles"})
	want := `src="https://example.org/spillway/?embed=1&amp;show=tiles,log#1AO-N@2s&amp;sel=c0"`
	if !strings.Contains(code, want) || !strings.Contains(code, `title="`) {
		t.Errorf("the frame is %s, want %s in it", code, want)
	}
	if plain := frameCode("https://example.org/", "#1AO-N", nil); !strings.Contains(plain, `src="https://example.org/?embed=1#1AO-N"`) {
		t.Errorf("the plain frame is %s", plain)
	}
}
