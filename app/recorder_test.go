package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/play"
)

// recorder lets messages change a model, and keeps those that do.
type recorder struct {
	model *play.Model
	sent  []play.Msg
}

func (r *recorder) Send(ctx app.Context, msg play.Msg) { r.Try(ctx, msg) }

func (r *recorder) Try(_ app.Context, msg play.Msg) error {
	_, err := play.Update(r.model, msg)
	if err == nil {
		r.sent = append(r.sent, msg)
	}
	return err
}

// shown is what a field renders.
