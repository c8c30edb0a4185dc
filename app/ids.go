package app

// ids names the elements of a part that a page may have several of: it is what their
// IDs begin with.
type ids string

func (p ids) of(name string) string { return string(p) + name }
