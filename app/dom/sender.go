package dom

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// Sender takes the messages of components. The page is one.
type Sender[M any] interface {
	Send(ctx app.Context, msg M)
}
