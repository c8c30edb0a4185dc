// Package play is the model of the page: a Player is one run of a scenario with its playhead, a
// Moment is what is shown of it, and a Model is the player whose scenario is edited. It changes by
// messages, in Update and nowhere else, and knows neither go-app nor JavaScript.
package play
