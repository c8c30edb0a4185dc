package broker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spillway-go/spillway/broker"
	"pgregory.net/rapid"
)

func pattern(t *testing.T, text string) broker.Pattern {
	t.Helper()
	p, err := broker.ParsePattern(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPatternSelectsTopicsInTheWayOfNATSSubjects(t *testing.T) {
	for _, test := range []struct {
		pattern    string
		selects    []string
		selectsNot []string
	}{
		{"orders", []string{"orders"}, []string{"", "order", "orders.eu", "Orders"}},
		{"orders.*", []string{"orders.eu", "orders.*"}, []string{"orders", "orders.eu.created", "invoices.eu"}},
		{"orders.>", []string{"orders.eu", "orders.eu.created"}, []string{"orders", "invoices.eu"}},
		{"*", []string{"orders", "a"}, []string{"", "orders.eu"}},
		{">", []string{"orders", "orders.eu.created"}, []string{""}},
		{"*.eu.*", []string{"orders.eu.created"}, []string{"orders.us.created", "orders.eu"}},
		{"*.>", []string{"a.b", "a.b.c"}, []string{"a"}},
		{"заказы.*", []string{"заказы.eu"}, []string{"orders.eu"}},
	} {
		p := pattern(t, test.pattern)
		if p.String() != test.pattern {
			t.Errorf("%q prints as %q", test.pattern, p)
		}
		for _, topic := range test.selects {
			if !p.Match(topic) {
				t.Errorf("%q does not select %q", p, topic)
			}
		}
		for _, topic := range test.selectsNot {
			if p.Match(topic) {
				t.Errorf("%q selects %q", p, topic)
			}
		}
	}
}

func TestAnInvalidPatternIsAnErrorThatSaysWhy(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	for text, why := range map[string]string{
		"":                       "it has 0 bytes: 1 to 256",
		strings.Repeat("a", 257): "it has 257 bytes",
		".":                      "there is nothing between two dots",
		".a":                     "there is nothing between two dots",
		"a.":                     "there is nothing between two dots",
		"a..b":                   "there is nothing between two dots",
		">.a":                    "> stands for all that follows",
		"a*":                     "* and > are whole tokens",
		"a.b>":                   "* and > are whole tokens",
		"**":                     "* and > are whole tokens",
		"a b":                    "a token has no spaces",
		"\t":                     "a token has no spaces",
	} {
		want := fmt.Sprintf("topic pattern %q: %s", text, why)
		if _, err := broker.ParsePattern(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
		_, err := b.Subscribe(broker.SubscribeOptions{Name: "s", Topics: []string{"fine", text}})
		if err == nil || !strings.HasPrefix(err.Error(), `broker: subscribe "s": `+want) {
			t.Errorf("Subscribe answers %v", err)
		}
	}
	if n := len(b.Snapshot().Subscriptions); n != 0 {
		t.Errorf("%d subscriptions were made", n)
	}
}

func TestASubscriptionIsOfferedOnlyWhatItSelects(t *testing.T) {
	b, _ := openJournal(t, broker.Options{Buffer: 99})
	all := subscribe(t, b, "all")
	orders := with(t, b, "orders", broker.Inherit, 0, "orders.>")
	two := with(t, b, "two", broker.Inherit, 0, "orders.eu", "*.us", "orders.*")
	for round := range event(2) { // the second time its routes are remembered
		for n, topic := range []string{"orders.eu", "invoices.us", "orders", "orders.us.created", ""} {
			if err := b.TryPublish(on{10*round + event(n), topic}); err != nil {
				t.Fatal(err)
			}
		}
		publish(t, b, 10*round+9, 10*round+9)
	}
	wantEvents(t, takeAll(all), 0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 19)
	wantEvents(t, takeAll(orders), 0, 3, 10, 13)
	wantEvents(t, takeAll(two), 0, 1, 10, 11) // once each, though two patterns match
}

func TestRoutesFollowWhoSubscribesAndCloses(t *testing.T) {
	b, _ := openJournal(t, broker.Options{Buffer: 99})
	first := with(t, b, "first", broker.Inherit, 0, "a")
	pub := func(n event) {
		if err := b.TryPublish(on{n, "a"}); err != nil {
			t.Fatal(err)
		}
	}
	pub(0)
	second := with(t, b, "second", broker.Inherit, 0, "*")
	pub(1)
	first.Close()
	pub(2)
	second.Close()
	pub(3)
	third := subscribe(t, b, "third")
	pub(4)
	wantEvents(t, takeAll(second))
	wantEvents(t, takeAll(third), 4)
	if st := second.Stats(); st.Offered != 2 {
		t.Errorf("the second was offered %d events", st.Offered)
	}
}

func TestTopicsWithoutEndAreRoutedInBoundedMemory(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := with(t, b, "s", broker.DropOldest, 1, "a.>")
	for n := range event(20_000) {
		if err := b.TryPublish(on{n, fmt.Sprintf("a.%d", n)}); err != nil {
			t.Fatal(err)
		}
	}
	wantEvents(t, takeAll(s), 19_999)
}

func TestAFullSubscriptionThatDoesNotSelectTheEventRefusesNothing(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	full := with(t, b, "full", broker.Reject, 1, "orders")
	other := subscribe(t, b, "other")
	for n, topic := range []string{"orders", "invoices"} {
		if err := b.TryPublish(on{event(n), topic}); err != nil {
			t.Fatal(err)
		}
	}
	wantEvents(t, takeAll(full), 0)
	wantEvents(t, takeAll(other), 0, 1)
}

// matches is Match said the naive way.
func matches(pattern, topic []string) bool {
	switch {
	case len(pattern) == 0 || len(topic) == 0:
		return len(pattern) == len(topic)
	case pattern[0] == ">":
		return true
	}
	return (pattern[0] == "*" || pattern[0] == topic[0]) && matches(pattern[1:], topic[1:])
}

func checkPattern(t interface{ Fatalf(string, ...any) }, text, topic string) {
	p, err := broker.ParsePattern(text)
	if err != nil {
		return
	}
	if p.String() != text {
		t.Fatalf("%q prints as %q", text, p)
	}
	if again, err := broker.ParsePattern(p.String()); err != nil || !slices.Equal(strings.Split(again.String(), "."), strings.Split(text, ".")) {
		t.Fatalf("%q is read back as %q, %v", text, again, err)
	}
	want := topic != "" && matches(strings.Split(text, "."), strings.Split(topic, "."))
	if got := p.Match(topic); got != want {
		t.Fatalf("%q selects %q: %v, want %v", text, topic, got, want)
	}
}

func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{
		{"orders.*", "orders.eu"}, {"orders.>", "orders.eu.created"}, {">", ""}, {"*", "a.b"}, {"a..b", "a..b"},
		{"a.*", "a."}, {"a.>", "a."}, {"*.*", "."}, {"\xff", "\xff"}, {"a.>.b", "a.c.b"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, text, topic string) { checkPattern(t, text, topic) })
}

func TestMatchDoesWhatANaiveMatcherDoes(t *testing.T) {
	token := rapid.SampledFrom([]string{"a", "b", "*", ">", ""})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(token, 1, 5).Draw(t, "pattern"), ".")
		topic := strings.Join(rapid.SliceOfN(token, 0, 5).Draw(t, "topic"), ".")
		checkPattern(t, text, topic)
	})
}
