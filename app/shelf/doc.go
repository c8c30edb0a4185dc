// Package shelf keeps the user's own scenarios, and offers them beside the presets.
package shelf
