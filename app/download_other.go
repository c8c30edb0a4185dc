//go:build !js

package app

import "errors"

// Outside of a browser, as in native tests, no file is saved.

var errNoBrowser = errors.New("there is no browser")

type blobFile struct{ size int }

func newBlobFile() *blobFile { return &blobFile{} }

func (f *blobFile) add(piece []byte) { f.size += len(piece) }

func (f *blobFile) save(name, mediaType string) error { return errNoBrowser }

func saveBlob(name, mediaType string, pieces [][]byte) error { return errNoBrowser }

func saveStage(id, name, caption, moment string) error { return errNoBrowser }
