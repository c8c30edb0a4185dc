package play

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// A link of the page is one of package scenario and, after it, what the user
// looks at: &sel=p0 a producer, &sel=c1 a consumer, &sel=e0.6 an event of a
// producer, &sel=q1 the buffer of a consumer, &sel=dropped a tank, &chart=depth the chart
// that is enlarged, &marks=1s,2.5s the user's marks.

// viewLink is the part of the link that says what the user looks at.
func (m *Model) viewLink() string {
	link := ""
	switch s := m.Selection(); {
	case s.Part == Buffer:
		link = fmt.Sprintf("&sel=q%d", s.Actor)
	case s.Part != Whole:
		link = "&sel=" + s.Part.String()
	case s.HasEvent:
		link = fmt.Sprintf("&sel=e%d.%d", s.Actor, s.Event)
	case s.Role == scenario.OfProducer:
		link = fmt.Sprintf("&sel=p%d", s.Actor)
	case s.Role == scenario.OfConsumer:
		link = fmt.Sprintf("&sel=c%d", s.Actor)
	case s.Role == scenario.OfBroker:
		link = "&sel=b"
	}
	if m.Chart != AllCharts {
		link += "&chart=" + string(m.Chart)
	}
	for i, t := range m.Bookmarks {
		sep := ","
		if i == 0 {
			sep = "&marks="
		}
		link += sep + strings.Replace(t.String(), "µ", "u", 1)
	}
	return link
}

// parseViewLink reads what viewLink writes, for a scenario, on a page that has those
// charts. A part that is wrong is left out.
func parseViewLink(link string, s scenario.Scenario, charts []Chart) (v view, wrong []error) {
	for part := range strings.SplitSeq(link, "&") {
		key, value, _ := strings.Cut(part, "=")
		var err error
		switch key {
		case "":
		case "sel":
			v.selection, err = parseSelection(value, s)
		case "chart":
			if chart := Chart(value); slices.Contains(charts, chart) {
				v.chart = chart
			} else {
				err = fmt.Errorf("link: there is no chart %q", value)
			}
		case "marks":
			v.bookmarks, err = parseBookmarks(value, s)
		default:
			err = fmt.Errorf("link: it has a part %q that this version does not know", key)
		}
		if err != nil && len(wrong) < 3 { // more would say no more
			wrong = append(wrong, err)
		}
	}
	return v, wrong
}

// view is what a link says that the user looks at.
type view struct {
	selection Selection
	chart     Chart
	bookmarks []time.Duration
}

func parseBookmarks(text string, s scenario.Scenario) (marks []time.Duration, err error) {
	if strings.Count(text, ",") >= maxBookmarks {
		return nil, fmt.Errorf("link: it has more than %d marks", maxBookmarks)
	}
	last := time.Duration(-1)
	for part := range strings.SplitSeq(text, ",") {
		t, err := time.ParseDuration(part)
		if err != nil || t <= last || t > time.Duration(s.Duration) {
			return nil, fmt.Errorf("link: the mark %q is not a moment of the run, after the one before", part)
		}
		marks, last = append(marks, t), t
	}
	return marks, nil
}

func parseSelection(text string, s scenario.Scenario) (Selection, error) {
	fail := fmt.Errorf("link: what it selects, %q, is not part of the run", text)
	if text == "b" {
		return Selection{Role: scenario.OfBroker}, nil
	}
	for tank := Rejected; tank < Parts; tank++ {
		if text == tank.String() {
			return Selection{Role: scenario.OfBroker, Part: tank}, nil
		}
	}
	if text == "" {
		return Selection{}, fail
	}
	actor, event, hasEvent := strings.Cut(text[1:], ".")
	i, err := strconv.ParseUint(actor, 10, 8)
	if err != nil || hasEvent != (text[0] == 'e') {
		return Selection{}, fail
	}
	sel := Selection{Role: scenario.OfProducer, Actor: int(i)}
	actors := len(s.Producers)
	switch text[0] {
	case 'p':
	case 'q':
		sel.Role, sel.Part, actors = scenario.OfConsumer, Buffer, len(s.Consumers)
	case 'c':
		sel.Role, actors = scenario.OfConsumer, len(s.Consumers)
	case 'e':
		if sel.Event, err = strconv.ParseUint(event, 10, 64); err != nil {
			return Selection{}, fail
		}
		sel.HasEvent = true
	default:
		return Selection{}, fail
	}
	if int(i) >= actors {
		return Selection{}, fail
	}
	return sel, nil
}
