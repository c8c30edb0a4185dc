package scenario

import (
	"bytes"
	"math"
	"slices"
	"time"
)

// Schema is the JSON schema (draft 2020-12) of what ParseJSON reads, made from the
// settings and their limits. It can't say that names are unique and have at most
// MaxNameBytes, that interventions are in order of time and by actors that exist,
// or that spill takes a buffer: ParseJSON does. Of the ways to write a time it
// knows one number with a unit, and the way of Go.
func Schema() []byte {
	classic := Classic()
	text, err := marshal(object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "Spillway scenario"},
		{"description", "All that a run depends on: who produces, what the broker does when a buffer is full, who consumes, the seed, and what the user did meanwhile."},
		{"type", "object"},
		{"properties", object{
			{"$schema", object{{"description", "Where this schema is, for editors."}, {"type", "string"}}},
			{"producers", listSchema("Who publishes events.", 1, MaxProducers, "producer")},
			{"broker", ref("broker")},
			{"consumers", listSchema("Who handles events.", 1, MaxConsumers, "consumer")},
			{"duration", timeSchema("How long the run lasts, from 1µs to 24h.", MinTime, MaxDuration).and("default", classic.Duration)},
			{"start", object{
				{"description", "The moment the log shows for the start of the run, from 2 January 0001 to 30 December 9999."},
				{"type", "string"}, {"pattern", startPattern}, {"default", classic.Start},
			}},
			{"seed", numberSchema("Decides everything that is left to chance.", 0, math.MaxUint64).and("default", classic.Seed)},
			{"interventions", listSchema("What the user did while it ran, in order of time.", 0, MaxInterventions, "intervention").and("default", []int{})},
		}},
		{"required", []string{"producers", "consumers"}},
		{"additionalProperties", false},
		{"$defs", object{
			{"name", object{
				{"description", "Printable characters, at most 40 bytes of UTF-8; every producer and consumer has its own name."},
				{"type", "string"}, {"minLength", 1}, {"maxLength", MaxName}, {"pattern", namePattern},
			}},
			{"moment", timeSchema("A time since the start of the run, from 0s to 24h.", 0, MaxDuration)},
			{"producer", actorSchema("Publishes events to the broker.", OfProducer,
				pair{"start", momentSchema("When it begins; the first event comes an interval later.")},
				pair{"count", numberSchema("How many events it publishes, those published by hand aside; 0 for no end.", 0, MaxCount).and("default", 0)})},
			{"broker", actorSchema("The settings that hold for every consumer that has none of its own.", OfBroker)},
			{"consumer", actorSchema("Handles the events of a subscription.", OfConsumer,
				pair{"start", momentSchema("When it subscribes.")})},
			{"intervention", object{
				{"description", "Something the user did at one moment of the run."},
				{"oneOf", interventionSchemas()},
			}},
		}},
	}, "  ")
	if err != nil {
		panic("scenario: " + err.Error()) // nothing of it comes from outside
	}
	return text
}

// object is a JSON object whose members have an order.
type object []pair

type pair struct {
	key   string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i, p := range o {
		if i > 0 {
			text = append(text, ',')
		}
		for j, part := range []any{p.key, p.value} {
			if j > 0 {
				text = append(text, ':')
			}
			t, err := marshal(part, "")
			if err != nil {
				return nil, err
			}
			text = append(text, bytes.TrimSpace(t)...)
		}
	}
	return append(text, '}'), nil
}

// and is o with one member more.
func (o object) and(key string, value any) object { return append(slices.Clip(o), pair{key, value}) }

func ref(def string) object { return object{{"$ref", "#/$defs/" + def}} }

func listSchema(about string, least, most int, def string) object {
	return object{{"description", about}, {"type", "array"}, {"minItems", least}, {"maxItems", most}, {"items", ref(def)}}
}

func numberSchema(about string, least int64, most uint64) object {
	return object{{"description", about}, {"type", "integer"}, {"minimum", least}, {"maximum", most}}
}

func timeSchema(about string, low, high time.Duration) object {
	return object{{"description", about}, {"type", "string"}, {"pattern", timePattern(low, high)}}
}

func momentSchema(about string) object {
	return object{{"description", about}, ref("moment")[0], {"default", Duration(0)}}
}

// actorSchema is what there is to say of one of that role.
func actorSchema(about string, role Role, more ...pair) object {
	var properties object
	var required []string
	if role != OfBroker {
		properties, required = object{{"name", ref("name")}}, []string{"name"}
	}
	for _, t := range settings {
		if t.Role != role {
			continue
		}
		properties = append(properties, pair{t.Field, t.schema()})
		if t.required() {
			required = append(required, t.Field)
		}
	}
	schema := object{{"description", about}, {"type", "object"}, {"properties", append(properties, more...)}}
	if required != nil {
		schema = schema.and("required", required)
	}
	return schema.and("additionalProperties", false)
}

// schema is that of the values of a setting, where somebody begins with them.
func (t Setting) schema() object {
	schema := object{{"description", t.About}}
	switch t.Form {
	case Number:
		schema = numberSchema(t.About, max(0, t.Low), uint64(t.High))
		if t.Change == SetOwnBuffer {
			schema = object{schema[0], {"anyOf", []object{schema[1:], {{"const", ofBroker}}}}}
		}
	case Time:
		schema = timeSchema(t.About, time.Duration(t.Low), time.Duration(t.High))
	case Choice:
		schema = schema.and("enum", t.Choices[t.Low:])
	case Percentage:
		schema = schema.and("type", "string").and("pattern", "^("+upTo(0, t.High)+")%$")
	case Text:
		schema = schema.and("type", "string").and("maxLength", t.High).and("pattern", t.pattern)
	}
	v, text := t.meant()
	switch {
	case t.required():
		return schema
	case t.Form == Text:
		return schema.and("default", text)
	case t.Form == Number && v >= 0:
		return schema.and("default", v)
	default:
		return schema.and("default", t.Format(v))
	}
}

// interventionSchemas are one for each action that takes a value, and one for all
// others of a role.
func interventionSchemas() (schemas []object) {
	schema := func(role Role, do object, value ...pair) {
		properties := object{{"at", ref("moment")}, {"do", do}}
		required := []string{"at", "do"}
		switch role {
		case OfProducer:
			properties = properties.and("actor", numberSchema("Which producer, from 0.", 0, MaxProducers-1).and("default", 0))
		case OfConsumer:
			properties = properties.and("actor", numberSchema("Which consumer, from 0.", 0, MaxConsumers-1).and("default", 0))
		}
		for _, v := range value {
			properties, required = append(properties, v), append(required, v.key)
		}
		schemas = append(schemas, object{
			{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false},
		})
	}
	for _, t := range settings {
		of := [...]string{OfRun: "", OfBroker: "broker", OfProducer: "producer", OfConsumer: "consumer"}[t.Role]
		schema(t.Role, object{{"const", t.Change}}, pair{"value", ref(of + "/properties/" + t.Field)})
	}
	for _, role := range []Role{OfProducer, OfConsumer, OfRun} {
		var actions []Action
		for a := Publish; a <= Interrupt; a++ {
			if a.Role() == role {
				actions = append(actions, a)
			}
		}
		schema(role, object{{"enum", actions}})
	}
	return schemas
}
