package app

// Msg is something that happened to the page.
type Msg interface{ update(m *Model) }

// Update lets a message change the model.
func Update(m *Model, msg Msg) { msg.update(m) }

// Notify shows something to read.
type Notify struct{ Notice }

func (n Notify) update(m *Model) { m.Notice = n.Notice }

// fail tells the user why nothing has changed.
func (m *Model) fail(err error) { m.Notice = Notice{Text: sentence(err.Error()), Error: true} }
