package broker

import (
	"crypto/rand"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"
)

// An Envelope makes an event of any payload: it adds what an Event needs, under the
// names of CloudEvents 1.0. It never changes.
type Envelope struct {
	attributes Attributes
	payload    any
}

// Attributes are what an Envelope says of its payload. ID, Source, Topic (the type in
// CloudEvents), Time and Subject are attributes of CloudEvents 1.0 with its meaning.
type Attributes struct {
	// ID names this occurrence.
	ID string
	// Time is the moment it happened.
	Time time.Time
	// Topic says what happened, and is what subscriptions select by.
	Topic string
	// Source is a URI reference to where it happened.
	Source string
	// Subject is what it happened to, such as the number of the order.
	Subject string
	// Extensions are further attributes, such as traceparent.
	Extensions map[string]string
}

// NewEvent is an event with that payload, that has happened now. What the payload does
// not say itself, by methods ID, HappenedOn and Topic, is a random ID, the time of the
// system and, as the topic, the name of its type, such as shop.OrderPlaced. The source
// is the name of the program.
func NewEvent(payload any) *Envelope {
	a := Attributes{Topic: topicOfAny(payload)}
	if e, ok := payload.(Event); ok {
		a.ID, a.Time = e.ID(), e.HappenedOn()
	} else {
		a.ID, a.Time = rand.Text(), time.Now()
	}
	if a.Topic == "" && payload != nil {
		a.Topic = strings.TrimLeft(reflect.TypeOf(payload).String(), "*")
	}
	if len(os.Args) > 0 {
		a.Source = "/" + filepath.Base(os.Args[0])
	}
	return &Envelope{a, payload}
}

// With is the same event with those attributes that are not zero, and its own otherwise.
func (e *Envelope) With(a Attributes) *Envelope {
	made := e.Attributes()
	for _, text := range []struct {
		of *string
		to string
	}{{&made.ID, a.ID}, {&made.Topic, a.Topic}, {&made.Source, a.Source}, {&made.Subject, a.Subject}} {
		if text.to != "" {
			*text.of = text.to
		}
	}
	if !a.Time.IsZero() {
		made.Time = a.Time
	}
	if made.Extensions == nil {
		made.Extensions = maps.Clone(a.Extensions)
	} else {
		maps.Copy(made.Extensions, a.Extensions)
	}
	return &Envelope{made, e.payload}
}

// ID implements Event.
func (e *Envelope) ID() string { return e.attributes.ID }

// HappenedOn implements Event.
func (e *Envelope) HappenedOn() time.Time { return e.attributes.Time }

// Topic implements Topical.
func (e *Envelope) Topic() string { return e.attributes.Topic }

// Attributes are all that is said of the payload.
func (e *Envelope) Attributes() Attributes {
	a := e.attributes
	a.Extensions = maps.Clone(a.Extensions)
	return a
}

// Payload is what NewEvent was given.
func (e *Envelope) Payload() any { return e.payload }
