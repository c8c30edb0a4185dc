// Package dom has what components need of the page: the few elements that are used, IDs, files, and
// the borders behind which a part of the page may fail.
package dom
