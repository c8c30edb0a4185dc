package panel

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// control is what the panel knows of one value of a scenario: the words for it, and
// how it is written, read and changed.
type control struct {
	scenario.Setting
	id    string // part of the IDs of its elements
	label string
	says  string   // its name for a screen reader, after that of its actor
	hint  string   // for who wonders what it does
	note  string   // the same, always to be read
	unit  string   // of a number
	words []string // for the values of a choice
	zero  string   // what the least value is called, where it is no number
	empty string   // what no text means
	stops []int64  // of its slider; none: it has no slider
	menu  bool     // a choice from a menu, because it has many
	pace  bool     // a time that is also read from a rate, such as 4/s
	seed  bool     // a number of 64 bits without a sign
	rerun bool     // a change begins the run anew, or may
	more  bool     // it is one of those that are shown on request
	field play.Field
	parse func(text string) (string, error) // of a text that is no setting: reads it as it is meant
}

// show writes a value as the panel has it.
func (c *control) show(v int64) string {
	switch {
	case c.seed:
		return strconv.FormatUint(uint64(v), 10)
	case c.zero != "" && v == c.Low:
		return c.zero
	case c.Form == scenario.Time:
		if c.pace && v%int64(time.Millisecond) != 0 {
			if text := rateText(time.Duration(v)); text != "" {
				return text
			}
		}
		return format.ExactTime(time.Duration(v))
	case c.Form == scenario.Choice:
		return c.words[v]
	case c.Form == scenario.Percentage:
		return strconv.FormatInt(v, 10) + " %"
	}
	text := strconv.FormatInt(v, 10)
	if c.unit == "" {
		return text
	}
	if text += " " + c.unit; v != 1 {
		text += "s"
	}
	return text
}

// narrow is show where there is little room: a unit that does not fit is left out.
func (c *control) narrow(v int64) string {
	const room = 9
	text := c.show(v)
	if number, _, found := strings.Cut(text, " "); found && utf8.RuneCountInString(text) > room && c.Form == scenario.Number && text != c.zero {
		return number
	}
	return text
}

// limits says what a value may be.
func (c *control) limits() string { return c.show(c.Low) + " to " + c.show(c.High) }

// title is what there is to know about a control.
func (c *control) title() string {
	switch {
	case c.Form == scenario.Choice, c.parse != nil:
		return c.hint
	case c.Form == scenario.Text:
		return fmt.Sprintf("%s At most %d characters.", c.hint, c.High)
	default:
		return c.hint + " From " + c.limits() + "."
	}
}
