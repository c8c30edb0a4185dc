package scenario

// Role is who a setting or an action belongs to.
type Role uint8

const (
	OfRun      Role = iota // nobody's in particular
	OfBroker               // the broker's
	OfProducer             // a producer's
	OfConsumer             // a consumer's
)

// Form is how the values of a setting are written.
type Form uint8

const (
	Number     Form = iota // a whole number, without a unit
	Time                   // a duration, in nanoseconds
	Choice                 // an index of Choices
	Percentage             // from 0 to 100
	Text                   // not a number: see Setting.GetText
)

// Setting is one thing a scenario has a value for and the user can change while
// it runs. All that is known about it is here: codecs, checks, words and controls
// are made from it.
type Setting struct {
	Change Action // the intervention that changes it
	Role   Role   // whose it is
	Field  string // its name in JSON
	Form   Form   // how its values are written
	// Low and High are the least and the greatest value. Of a text they are its
	// length in bytes.
	Low, High int64
	// Choices are the names of the values from 0 of a Choice; those below Low have
	// no place here.
	Choices []string
	// About tells in a sentence what the value is.
	About string
	// Says tells a change, with the value for its verb, and SaysLow that to Low.
	Says, SaysLow string

	number  access                               // unless it is a text
	text    func(s *Scenario, actor int) *string // if it is one
	check   func(string) error                   // of a text
	pattern string                               // that a text matches if check has nothing to say
}

// access reads and writes a value where a scenario keeps it, whatever its type.
type access struct {
	get func(s *Scenario, actor int) int64
	set func(s *Scenario, actor int, v int64)
}

// whole is access to a value whose zero stands for another one, or for itself.
func whole[T ~int | ~int64 | ~uint8](zero T, of func(s *Scenario, actor int) *T) access {
	return access{
		get: func(s *Scenario, actor int) int64 { return value(int64(*of(s, actor)), int64(zero)) },
		set: func(s *Scenario, actor int, v int64) { *of(s, actor) = unless(T(v), zero) },
	}
}

func ofProducer[T ~int | ~int64 | ~uint8](zero T, of func(*Producer) *T) access {
	return whole(zero, func(s *Scenario, i int) *T { return of(&s.Producers[i]) })
}

func ofConsumer[T ~int | ~int64 | ~uint8](zero T, of func(*Consumer) *T) access {
	return whole(zero, func(s *Scenario, i int) *T { return of(&s.Consumers[i]) })
}

// SettingOf is the setting an action changes, if it changes one.
func SettingOf(a Action) (Setting, bool) {
	if i := int(a) - 1; i >= 0 && i < len(settings) {
		return settings[i], true
	}
	return Setting{}, false
}

// Get is the value that an actor of s has; zero for a text.
func (t Setting) Get(s *Scenario, actor int) int64 {
	if t.Form == Text {
		return 0
	}
	return t.number.get(s, actor)
}

// GetText is the text that an actor of s has, or its value as Format writes it.
func (t Setting) GetText(s *Scenario, actor int) string {
	if t.Form != Text {
		return t.Format(t.Get(s, actor))
	}
	return *t.text(s, actor)
}

// intervention is the one that would give an actor of s what it has.
func (t Setting) intervention(s *Scenario, actor int) Intervention {
	v := Intervention{Do: t.Change, Actor: actor, Value: t.Get(s, actor)}
	if t.Form == Text {
		v.Text = t.GetText(s, actor)
	}
	return v
}

// apply gives an actor of s the value of an intervention.
func (t Setting) apply(s *Scenario, v Intervention) {
	if t.Form == Text {
		*t.text(s, v.Actor) = v.Text
	} else {
		t.number.set(s, v.Actor, v.Value)
	}
}

// meant is the value or the text of whoever says nothing about it.
func (t Setting) meant() (v int64, text string) {
	s := Scenario{Producers: make([]Producer, 1), Broker: Classic().Broker, Consumers: make([]Consumer, 1)}
	if t.Form == Text {
		return 0, *t.text(&s, 0)
	}
	return t.Get(&s, 0), ""
}
