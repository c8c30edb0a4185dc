package shelf

import (
	"errors"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
)

// savedKey is where the browser keeps the user's own scenarios.
const savedKey = "spillway.scenarios"

// Shelf keeps the user's own scenarios: in the browser or, where that is blocked
// or full, for as long as the page is open.
type Shelf struct {
	kept  string
	apart bool // kept has what the browser did not take
}

// read is what is kept.
func (s *Shelf) read() (string, error) {
	if s.apart {
		return s.kept, nil
	}
	if app.IsServer { // in a test
		return s.kept, nil
	}
	text, err := storage("getItem", savedKey)
	if err != nil {
		return s.kept, errors.New("the browser does not let the page store anything: what you save is gone when you close it")
	}
	return text, nil
}

// write keeps a text.
func (s *Shelf) write(text string) error {
	s.kept = text
	if app.IsServer {
		return nil
	}
	_, err := storage("setItem", savedKey, text)
	if s.apart = err != nil; s.apart {
		return errors.New("the browser's storage is blocked or full: what you save is gone when you close the page. Export it as a file to keep it")
	}
	return nil
}

// storage calls a method of the browser's storage. Even to look at it may throw,
// which only calls turn into something that can be recovered from.
func storage(method string, args ...any) (text string, err error) {
	lent := false // by boot.js
	err = boundary.Try(func() {
		local := app.Window().Get("Reflect").Call("get", app.Window(), "localStorage")
		if lent = local.Get("lent").Truthy(); lent {
			return
		}
		if v := local.Call(method, args...); v.Truthy() {
			text = v.String()
		}
	})
	if lent {
		err = errors.New("storage is blocked")
	}
	return text, err
}
