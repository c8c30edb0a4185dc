//go:build !js

package app

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/spillway-go/spillway/app/draw"
)

// themes reads the colours of the style sheet, by theme and name.
func themes(t *testing.T) map[string]map[string]string {
	t.Helper()
	sheet, err := os.ReadFile("../web/style.css")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]string{}
	for _, block := range regexp.MustCompile(`(?s)\[data-theme=(\w+)\] \{(.*?)\}`).FindAllStringSubmatch(string(sheet), -1) {
		colours := map[string]string{}
		for _, c := range regexp.MustCompile(`--([\w-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(block[2], -1) {
			colours[c[1]] = c[2]
		}
		found[block[1]] = colours
	}
	return found
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		t.Fatalf("%q is not a colour", colour)
	}
	linear := func(v uint64) float64 {
		c := float64(v&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestTextHasTheContrastOfLevelAAInBothThemes(t *testing.T) {
	all := themes(t)
	if len(all) != 2 {
		t.Fatalf("there are the themes %v", all)
	}
	for name, c := range all {
		check := func(ink, ground string, least float64) {
			if c[ink] == "" || c[ground] == "" {
				t.Fatalf("%s: there is no colour %s or %s", name, ink, ground)
			}
			if got := contrast(t, c[ink], c[ground]); got < least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, and at least %v is wanted", name, ink, ground, got, least)
			}
		}
		for _, ground := range []string{"bg", "surface", "raised"} {
			for _, ink := range []string{"text", "muted", "faint", "flow", "ok", "warn", "drop", "repo"} {
				check(ink, ground, 4.5)
			}
		}
		for _, accent := range []string{"flow", "ok", "drop", "repo"} {
			check("on-accent", accent, 4.5)
		}
	}
}

func TestAFileHasTheColoursOfTheStyleSheet(t *testing.T) {
	css, err := os.ReadFile("../web/style.css")
	if err != nil {
		t.Fatal(err)
	}
	for theme, colors := range draw.ThemeColors {
		block := regexp.MustCompile(`(?s)\[data-theme=` + string(theme) + `\] \{(.*?)\}`).FindSubmatch(css)
		if block == nil {
			t.Fatalf("the style sheet has no theme %s", theme)
		}
		for ink := draw.NoInk + 1; ink < draw.Inks; ink++ {
			want := regexp.MustCompile(draw.Variables[ink] + `: (#[0-9a-f]+);`).FindSubmatch(block[1])
			if want == nil || colors[ink] != string(want[1]) {
				t.Errorf("in the %s theme %s is %s here, and %s there", theme, draw.Variables[ink], colors[ink], want)
			}
		}
	}
}
