// Package domtest is what the tests of the page's components share: a reader of their HTML, and a
// page that messages are sent to.
package domtest
