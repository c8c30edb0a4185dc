package logbook

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

// The list of the log holds some lines before and after those in view; the space
// of all others is left empty. What is in it is decided here, and put there by
// the loop.

const (
	// listMargin is how many lines more than are in view the list gets, on either
	// side; listSlack is how many it may keep before they are taken out.
	listMargin = 10
	listSlack  = 3 * listMargin
	// listHeight is how high all lines together may be, in pixels: browsers can't
	// scroll through more than some twenty million.
	listHeight = 6e6
	// The padding of the list, and what a line is taken to be high before any has
	// been measured.
	listPadding = 8
	lineHeight  = 41
)

// lineSpan are the lines from first up to, not including, last.
type lineSpan struct{ first, last int }

// plan is what the list holds next, so that need is in it, of count lines, when it
// holds has. As long as need is in what it holds it keeps that, so that most
// often nothing has to be done.
func plan(has, need lineSpan, count int) lineSpan {
	need = lineSpan{max(0, need.first), min(count, need.last)}
	has.last = min(has.last, count)
	if need.first >= has.first && need.last <= has.last && has.last-has.first <= need.last-need.first+2*listSlack {
		return has
	}
	next := lineSpan{max(0, need.first-listMargin), min(count, need.last+listMargin)}
	if has.first <= next.last && next.first <= has.last && has.first < has.last { // they touch
		next.first = min(next.first, max(has.first, need.first-listSlack))
		next.last = max(next.last, min(has.last, need.last+listSlack))
	}
	return next
}

// space is the height of n lines of count that are not in the list.
func space(n, count int, each float64) float64 {
	if n <= 0 {
		return 0
	}
	return float64(n) * min(each, listHeight/float64(max(1, count)))
}

// lineClass is how a line is set apart: by who speaks, and by what is wrong.
func lineClass(k journal.Kind) string {
	if k.Topic() == journal.AboutDropped {
		return "d"
	}
	class := "u"
	switch k.Speaker() {
	case journal.FromProducer:
		class = "p"
	case journal.FromConsumer:
		class = "c"
	case journal.FromBroker:
		class = "r"
	}
	if k == journal.Blocked || k == journal.Failed || k == journal.DeadLettered {
		class += " w"
	}
	return class
}

// lineState is what sets a line apart at the moment that is shown.
type lineState uint8

const (
	lineNow    lineState = 1 << iota // the last that has happened
	lineLater                        // it has not happened yet
	lineCursor                       // keys move from it
	lineOfIt                         // it is about what is selected
)

// class is all of a line's.
func (s lineState) class(k journal.Kind) string {
	class := lineClass(k)
	for i, name := range []string{"now", "later", "at", "of"} {
		if s>>i&1 != 0 {
			class += " " + name
		}
	}
	return class
}

// stateOf is that of the line at a position.
func (m Reading) stateOf(position uint64, r *journal.Record, now, cursor uint64) lineState {
	var s lineState
	if position == now {
		s |= lineNow
	}
	if position >= m.State.Position {
		s |= lineLater
	}
	if position == cursor {
		s |= lineCursor
	}
	if sel := m.Selection; sel.HasEvent && r.Kind.OfEvent() && int(r.Producer) == sel.Actor && r.Number == sel.Event {
		s |= lineOfIt
	}
	return s
}

// lineID is the ID of a line's element.
func lineID(position uint64) string { return "log-" + strconv.FormatUint(position, 10) }

// lineAt is the position of a line's element, by its ID.
func lineAt(id string) (uint64, bool) {
	digits, ok := strings.CutPrefix(id, "log-")
	position, err := strconv.ParseUint(digits, 10, 64)
	return position, ok && err == nil
}

// appendRow writes a line of the list as HTML, with what is searched for marked.
func appendRow(b *strings.Builder, position uint64, l journal.Line, k journal.Kind, s lineState, query string) {
	b.WriteString(`<li role="option" id="`)
	b.WriteString(lineID(position))
	b.WriteString(`" class="`)
	b.WriteString(s.class(k))
	b.WriteString(`" aria-selected="`)
	b.WriteString(strconv.FormatBool(s&lineNow != 0))
	b.WriteString(`">`)
	marks := matches(l.String(), query)
	at := 0
	for _, part := range []struct{ tag, text string }{{"time", l.Time}, {"b", l.Who}, {"span", l.Text}} {
		b.WriteString("<" + part.tag + ">")
		for len(part.text) > 0 {
			for len(marks) > 0 && marks[0].last <= at {
				marks = marks[1:]
			}
			n, marked := len(part.text), false
			if len(marks) > 0 {
				if marked = marks[0].first <= at; marked {
					n = min(n, marks[0].last-at)
				} else {
					n = min(n, marks[0].first-at)
				}
			}
			if marked {
				b.WriteString("<mark>")
			}
			b.WriteString(html.EscapeString(part.text[:n]))
			if marked {
				b.WriteString("</mark>")
			}
			at, part.text = at+n, part.text[n:]
		}
		b.WriteString("</" + part.tag + ">")
	}
	b.WriteString("</li>")
}

// matches are the places of a query in a text, in any case, in bytes.
func matches(text, query string) (found []lineSpan) {
	query = strings.ToLower(query)
	if query == "" {
		return nil
	}
	lower := strings.ToLower(text)
	if len(lower) != len(text) || !isASCII(text) {
		return foldedMatches(text, query)
	}
	for at := 0; ; {
		i := strings.Index(lower[at:], query)
		if i < 0 {
			return found
		}
		found = append(found, lineSpan{at + i, at + i + len(query)})
		at += i + len(query)
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// foldedMatches are matches where a letter in lower case may have another length.
func foldedMatches(text, query string) (found []lineSpan) {
	var lower []byte
	var from []int // by byte of lower: where its letter begins in text
	for i, r := range text {
		n := len(lower)
		lower = utf8.AppendRune(lower, unicode.ToLower(r))
		for range len(lower) - n {
			from = append(from, i)
		}
	}
	from = append(from, len(text))
	for at := 0; ; {
		i := strings.Index(string(lower[at:]), query)
		if i < 0 {
			return found
		}
		found = append(found, lineSpan{from[at+i], from[at+i+len(query)]})
		at += i + len(query)
	}
}
