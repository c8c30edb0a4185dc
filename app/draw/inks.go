package draw

// Theme is dark or light.
type Theme string

const (
	Dark  Theme = "dark"
	Light Theme = "light"
)

// Other is the one that it is not.
func (t Theme) Other() Theme {
	if t == Dark {
		return Light
	}
	return Dark
}

// ThemeColors are the inks of the style sheet, for a file that has none.
var ThemeColors = map[Theme][Inks]string{
	Dark: {
		InkText: "#e6edf7", InkMuted: "#9fb0c8", InkFaint: "#8798b2",
		InkSurface: "#111826", InkRaised: "#172132", InkLineStrong: "#34445f",
		InkFlow: "#38bdf8", InkOK: "#34d399", InkWarn: "#fbbf24",
		InkDrop: "#fb7185", InkDropSoft: "#fb718522", InkRepo: "#a78bfa", InkRepoSoft: "#a78bfa26", InkOnAccent: "#06131d",
	},
	Light: {
		InkText: "#0f1b2d", InkMuted: "#4a5b73", InkFaint: "#5b6c85",
		InkSurface: "#ffffff", InkRaised: "#f7f9fc", InkLineStrong: "#b7c4d6",
		InkFlow: "#0369a1", InkOK: "#047857", InkWarn: "#985c06",
		InkDrop: "#be123c", InkDropSoft: "#be123c14", InkRepo: "#6d28d9", InkRepoSoft: "#6d28d91a", InkOnAccent: "#ffffff",
	},
}

// The fonts of the style sheet.
const (
	FontUI   = `system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif`
	FontMono = `ui-monospace, SFMono-Regular, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace`
)
