package dom

// IDs names the elements of a part that a page may have several of: it is what their
// IDs begin with.
type IDs string

func (p IDs) Of(name string) string { return string(p) + name }
