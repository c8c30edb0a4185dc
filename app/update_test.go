package app

import (
	"testing"
	"time"
)

func TestANoticeIsShownUntilItIsDismissed(t *testing.T) {
	m := NewModel()
	Update(m, Notify{Notice{Text: "read this"}})
	pass(m, time.Second)
	if m.Notice.Text != "read this" {
		t.Errorf("it shows %q", m.Notice.Text)
	}
	Update(m, Notify{})
	if m.Notice != (Notice{}) {
		t.Errorf("it shows %q", m.Notice.Text)
	}
}
