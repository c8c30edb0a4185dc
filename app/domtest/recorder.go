package domtest

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/play"
)

// Recorder lets messages change a model, and keeps those that do.
type Recorder struct {
	Model *play.Model
	Sent  []play.Msg
}

func (r *Recorder) Send(ctx app.Context, msg play.Msg) { r.Try(ctx, msg) }

func (r *Recorder) Try(_ app.Context, msg play.Msg) error {
	_, err := play.Update(r.Model, msg)
	if err == nil {
		r.Sent = append(r.Sent, msg)
	}
	return err
}

// shown is what a field renders.
