// Package format writes numbers, times and names as people read them.
package format
