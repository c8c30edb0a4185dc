package dom

// SaveText lets the browser save a text as a file.
func SaveText(name, mediaType, text string) error {
	f := NewFile()
	f.Add([]byte(text))
	return f.Save(name, mediaType)
}
