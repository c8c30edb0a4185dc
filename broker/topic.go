package broker

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A Topical event says what it is about, as tokens with dots between them:
// "orders.eu.created". The method may be that of a pointer though the value is
// published. The broker asks for the topic inside its critical section, so Topic may not
// call the broker.
type Topical interface {
	Event
	Topic() string
}

// topicOf is the topic of an event, empty if it has none.
func topicOf(e Event) string {
	if t, ok := e.(Topical); ok {
		return t.Topic()
	}
	return topicByPointer(e)
}

type topical interface{ Topic() string }

// topicOfAny is the topic of any payload, empty if it has none.
func topicOfAny(payload any) string {
	if t, ok := payload.(topical); ok {
		return t.Topic()
	}
	return topicByPointer(payload)
}

// hasByPointer says of types without a Topic method whether pointers to them have it.
var hasByPointer sync.Map // reflect.Type → bool

// topicByPointer is the topic of a value that was published where only a pointer to it
// has the method: then its topic is not lost.
func topicByPointer(v any) string {
	t := reflect.TypeOf(v)
	if t == nil {
		return ""
	}
	has, known := hasByPointer.Load(t)
	if !known {
		has = reflect.PointerTo(t).Implements(reflect.TypeFor[topical]())
		hasByPointer.Store(t, has)
	}
	if has == false {
		return ""
	}
	p := reflect.New(t)
	p.Elem().Set(reflect.ValueOf(v))
	return p.Interface().(topical).Topic()
}

// MaxPattern is the longest pattern, in bytes.
const MaxPattern = 256

// A Pattern selects topics in the way of NATS subjects: a token stands for
// itself, * for any one token, and > at the end for one or more.
type Pattern struct{ tokens []string }

// ParsePattern reads a pattern, or says what is wrong with it.
func ParsePattern(text string) (Pattern, error) {
	fail := func(why string) (Pattern, error) {
		return Pattern{}, fmt.Errorf("topic pattern %q: %s", text, why)
	}
	if text == "" || len(text) > MaxPattern {
		return fail(fmt.Sprintf("it has %d bytes: 1 to %d", len(text), MaxPattern))
	}
	tokens := strings.Split(text, ".")
	for i, token := range tokens {
		switch {
		case token == "":
			return fail("there is nothing between two dots, or before the first or after the last")
		case token == ">" && i < len(tokens)-1:
			return fail("> stands for all that follows, so it is the last token")
		case len(token) > 1 && strings.ContainsAny(token, "*>"):
			return fail("* and > are whole tokens")
		case strings.ContainsAny(token, " \t\r\n"):
			return fail("a token has no spaces")
		}
	}
	return Pattern{tokens}, nil
}

// String is the text that ParsePattern reads.
func (p Pattern) String() string { return strings.Join(p.tokens, ".") }

// Match says whether the pattern selects the topic. No pattern selects the empty
// topic.
func (p Pattern) Match(topic string) bool {
	if topic == "" {
		return false
	}
	more := true
	for _, want := range p.tokens {
		if !more {
			return false
		}
		var token string
		token, topic, more = strings.Cut(topic, ".")
		switch want {
		case ">":
			return true
		case "*":
		default:
			if token != want {
				return false
			}
		}
	}
	return !more
}

// route is who is offered the event, in order of subscription.
func (b *Broker) route(e Event) []*Subscription {
	if b.selective == 0 {
		return b.subs
	}
	return b.routeByTopic(e)
}

func (b *Broker) routeByTopic(e Event) []*Subscription {
	e = bare(e)
	topic := topicOf(e)
	if b.typed == 0 {
		return b.routes.to(topic, b.subs)
	}
	return b.routes.ofType(e, topic, b.subs)
}

// countSelective counts a subscription, or no longer, by what it selects.
func (b *Broker) countSelective(s *Subscription, by int) {
	if len(s.topics) > 0 || s.is != nil {
		b.selective += by
	}
	if s.is != nil {
		b.typed += by
	}
}

// routes remembers who is offered the events of a topic, so that patterns are
// matched once a topic and not once an event; or of a topic and a type, once somebody
// selects by type.
type routes struct {
	byTopic map[string][]*Subscription
	byType  map[kindOfEvent][]*Subscription
}

type kindOfEvent struct {
	topic     string
	is        reflect.Type
	enveloped bool
}

// maxRoutes bounds the memory where topics are made up without end.
const maxRoutes = 4096

// to is who is offered events of that topic, in order of subscription.
func (r *routes) to(topic string, all []*Subscription) []*Subscription {
	if to, known := r.byTopic[topic]; known {
		return to
	}
	var to []*Subscription
	for _, s := range all {
		if s.selects(topic) {
			to = append(to, s)
		}
	}
	if r.byTopic == nil || len(r.byTopic) >= maxRoutes {
		r.byTopic = make(map[string][]*Subscription)
	}
	r.byTopic[topic] = to
	return to
}

// ofType is who is offered the event, in order of subscription.
func (r *routes) ofType(e Event, topic string, all []*Subscription) []*Subscription {
	is, enveloped := typeOf(e)
	kind := kindOfEvent{topic, is, enveloped}
	if to, known := r.byType[kind]; known {
		return to
	}
	var to []*Subscription
	for _, s := range all {
		if s.selects(topic) && (s.is == nil || s.is(e)) {
			to = append(to, s)
		}
	}
	if r.byType == nil || len(r.byType) >= maxRoutes {
		r.byType = make(map[kindOfEvent][]*Subscription)
	}
	r.byType[kind] = to
	return to
}

// forget makes the routes anew after subscriptions have changed.
func (r *routes) forget() { r.byTopic, r.byType = nil, nil }

func (s *Subscription) selects(topic string) bool {
	return len(s.topics) == 0 || slices.ContainsFunc(s.topics, func(p Pattern) bool { return p.Match(topic) })
}

func parsePatterns(texts []string) ([]Pattern, error) {
	var patterns []Pattern
	for _, text := range texts {
		p, err := ParsePattern(text)
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, p)
	}
	return patterns, nil
}
