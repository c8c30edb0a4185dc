package journal

// Entries is how many events the lines of the consumers remember.
func (j *Journal) Entries() (n int) {
	for i := range j.lines {
		n += len(j.lines[i].entries)
	}
	return n
}
