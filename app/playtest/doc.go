// Package playtest is what the tests of the page's packages share: models at a moment, and the
// messages that change them. The tests of play have the same, of their own.
package playtest
