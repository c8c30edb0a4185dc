package play

import (
	"github.com/spillway-go/spillway/app/format"
)

// Msg is something that happened to the page.
type Msg interface{ update(m *Model) }

// Update lets a message change the model. What has to be done outside of it comes back,
// or what is wrong with the message: then nothing has changed.
func Update(m *Model, msg Msg) (effects []Effect, err error) {
	msg.update(m)
	m.single()
	effects, err = m.effects, m.refused
	m.effects, m.refused = nil, nil
	return effects, err
}

// Notify shows something to read.
type Notify struct{ Notice }

func (n Notify) update(m *Model) { m.Notice = n.Notice }

// Refusal tells the user why nothing has changed.
func Refusal(err error) Notify {
	return Notify{Notice{Text: format.Sentence(err.Error()), Error: true}}
}
