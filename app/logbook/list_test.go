package logbook

import (
	"html"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

func TestThePlanHoldsWhatIsNeededAndNotMuchMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(0, 2000).Draw(t, "count")
		first := rapid.IntRange(0, 2100).Draw(t, "first")
		has := lineSpan{first, first + rapid.IntRange(0, 300).Draw(t, "rows")}
		from := rapid.IntRange(-50, 2100).Draw(t, "from")
		need := lineSpan{from, from + rapid.IntRange(1, 60).Draw(t, "need")}
		if need.first >= count || need.last <= 0 {
			t.Skip("of lines that are not there")
		}
		got := plan(has, need, count)
		if got.first < 0 || got.last > count || got.first > max(0, need.first) || got.last < min(count, need.last) {
			t.Fatalf("of %d lines %v is not in %v", count, need, got)
		}
		if n := got.last - got.first; n > need.last-need.first+2*listSlack {
			t.Fatalf("for %v it holds %d lines", need, n)
		}
		if again := plan(got, need, count); again != got {
			t.Fatalf("the plan %v becomes %v", got, again)
		}
		if has.last > count { // some were at the end, and are gone
			return
		}
		if covers := has.first <= max(0, need.first) && has.last >= min(count, need.last); covers && has.last-has.first < need.last-need.first+listMargin && got != has {
			t.Fatalf("%v is enough for %v, and becomes %v", has, need, got)
		}
	})
}

func TestFollowingChangesFewRows(t *testing.T) {
	has, touched := lineSpan{}, 0
	const fit = 30
	for count := fit; count < 5000; count++ {
		next := plan(has, lineSpan{count - fit, count}, count)
		touched += next.last - has.last + next.first - has.first
		has = next
	}
	if touched > 2*5000 {
		t.Errorf("it touches %d rows for 5000 lines", touched)
	}
}

// naiveMatches looks letter by letter.
func naiveMatches(text, query string) (found []lineSpan) {
	lower := func(s string) []rune {
		var r []rune
		for _, c := range s {
			r = append(r, unicode.ToLower(c))
		}
		return r
	}
	t, q := lower(text), lower(query)
	var starts []int
	for i := range text {
		starts = append(starts, i)
	}
	starts = append(starts, len(text))
	for i := 0; len(q) > 0 && i+len(q) <= len(t); {
		if slices.Equal(t[i:i+len(q)], q) {
			found = append(found, lineSpan{starts[i], starts[i+len(q)]})
			i += len(q)
		} else {
			i++
		}
	}
	return found
}

func TestMatchesAreFoundInAnyCase(t *testing.T) {
	for _, c := range []struct{ text, query string }{
		{"", ""}, {"abc", ""}, {"", "a"}, {"Banana", "AN"}, {"aaaa", "aa"}, {"İstanbul iSTANBUL", "istanbul"}, {"straße STRASSE", "SS"}, {"ẞß", "ß"}, {"K kelvin K", "k"}, {"ΣΑΣ σας", "σας"},
	} {
		if got, want := matches(c.text, c.query), naiveMatches(c.text, c.query); !slices.Equal(got, want) {
			t.Errorf("%q in %q is at %v, want %v", c.query, c.text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]rune("abABiİıKKkß ẞé"))
		text, query := rapid.StringOfN(letters, 0, 12, -1).Draw(t, "text"), rapid.StringOfN(letters, 0, 3, -1).Draw(t, "query")
		if got, want := matches(text, query), naiveMatches(text, query); !slices.Equal(got, want) {
			t.Fatalf("it is at %v, want %v", got, want)
		}
	})
}

func TestARowIsItsLineWithWhatIsSearchedForMarked(t *testing.T) {
	s := wordy()
	words := journal.NewLog(s, len(s.Consumers), time.Time{})
	random := rand.New(rand.NewPCG(3, 4))
	for _, r := range someRecords(s) {
		if !r.Kind.HasLine() {
			continue
		}
		line := words.Line(r)
		text := line.String()
		for _, query := range []string{"", "produced", "&", "<b", ": ", "I", "0", text, text[random.IntN(10) : 12+random.IntN(10)]} {
			var b strings.Builder
			appendRow(&b, 42, line, r.Kind, lineNow|lineLater, query)
			got := b.String()
			if !strings.HasPrefix(got, `<li role="option" id="log-42" class="`+lineClass(r.Kind)+` now later" aria-selected="true"><time>`) || !strings.HasSuffix(got, "</span></li>") {
				t.Fatalf("a row is %s", got)
			}
			var plain, marked strings.Builder
			in := &plain
			for _, part := range strings.SplitAfter(got, ">") {
				chars, tag, _ := strings.Cut(part, "<")
				chars = html.UnescapeString(chars)
				plain.WriteString(chars)
				if in == &marked {
					marked.WriteString(chars)
				}
				switch tag {
				case "mark>":
					in = &marked
				case "/mark>":
					in = &plain
				}
			}
			if plain.String() != text {
				t.Fatalf("the row of %q reads %q", text, plain.String())
			}
			want := ""
			for _, m := range naiveMatches(text, query) {
				want += text[m.first:m.last]
			}
			if marked.String() != want {
				t.Fatalf("for %q %q is marked in %s", query, marked.String(), got)
			}
		}
	}
}

func TestTheIDOfALineLeadsBackToIt(t *testing.T) {
	for _, p := range []uint64{0, 7, 1 << 40} {
		if got, ok := lineAt(lineID(p)); got != p || !ok {
			t.Errorf("%s leads to %d", lineID(p), got)
		}
	}
	for _, id := range []string{"", "log-", "log-lines", "log--1", "x-1"} {
		if p, ok := lineAt(id); ok {
			t.Errorf("%q leads to %d", id, p)
		}
	}
}
