// Package panel shows the settings of the moment, and changes them.
package panel
