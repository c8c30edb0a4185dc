// Package logbook is the log: where its lines are, which of them are shown, their words, and the list
// they stand in.
package logbook
