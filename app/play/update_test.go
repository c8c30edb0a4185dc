package play

import (
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker/lab/scenario"
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

func TestWhatIsRefusedIsSaidInASentence(t *testing.T) {
	m := NewModel()
	_, err := Update(m, LoadScenario{Scenario: scenario.Scenario{}})
	Update(m, Refusal(err))
	if got := m.Notice.Text; !m.Notice.Error || got != format.Sentence(got) || strings.Contains(got, "\n") {
		t.Errorf("it says %q", got)
	}
}
