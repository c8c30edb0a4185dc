// Package chart makes figures of a moment: how many events wait, how many come and go, how long
// they take. A kind of chart is one entry of Kinds.
package chart
