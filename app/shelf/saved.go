package shelf

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// saved is a scenario of the user's own.
type saved struct {
	Name string
	Text string // its JSON, as it was stored or imported
	// Problem says why the text is no scenario, if it isn't. It is kept all the
	// same: what is damaged is still the user's.
	Problem  string
	Scenario scenario.Scenario
}

const (
	savedVersion = 1
	maxSaved     = 200
	maxSavedName = 60      // characters
	maxSavedText = 1 << 20 // bytes of one scenario
)

// savedJSON is the list as it is stored.
type savedJSON struct {
	Version   int             `json:"version"`
	Scenarios []savedItemJSON `json:"scenarios"`
}

type savedItemJSON struct {
	Name     string          `json:"name"`
	Scenario json.RawMessage `json:"scenario,omitempty"`
	Damaged  string          `json:"damaged,omitempty"` // a text that is no JSON
}

// readScenario is a scenario from its JSON.
func readScenario(text string) (scenario.Scenario, error) {
	if len(text) > maxSavedText {
		return scenario.Scenario{}, errors.New(tooLong(uint64(len(text))))
	}
	s, err := scenario.ParseJSON([]byte(text))
	if err != nil {
		return scenario.Scenario{}, errors.New(strings.TrimPrefix(err.Error(), "scenario: "))
	}
	return s, nil
}

// tooLong says that a text is.
func tooLong(size uint64) string {
	return fmt.Sprintf("it has %s kB: a scenario has at most %d", format.Count(size>>10), maxSavedText>>10)
}

// newSaved is a scenario under a name.
func newSaved(name, text string) saved {
	v := saved{Name: name, Text: text}
	s, err := readScenario(text)
	if err != nil {
		v.Problem = format.Sentence(err.Error())
	} else {
		v.Scenario = s
	}
	return v
}

// decodeSaved reads what encodeSaved writes. What it can't read becomes an item
// with a problem, so that nothing is lost.
func decodeSaved(text string) []saved {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	var stored savedJSON
	err := json.Unmarshal([]byte(text), &stored)
	if err == nil && stored.Version != savedVersion {
		err = fmt.Errorf("it is of version %d, and this page knows %d", stored.Version, savedVersion)
	}
	if err != nil {
		return []saved{{Name: "Damaged list", Text: text, Problem: format.Sentence("the list of scenarios can't be read: " + err.Error())}}
	}
	var list []saved
	for _, item := range stored.Scenarios {
		if len(list) >= maxSaved {
			list = append(list, saved{Name: tidyName(item.Name), Text: string(item.Scenario) + item.Damaged, Problem: unread})
			continue
		}
		name := freeName(list, item.Name)
		if item.Scenario == nil {
			list = append(list, saved{Name: name, Text: item.Damaged, Problem: "It is damaged."})
			continue
		}
		list = append(list, newSaved(name, string(item.Scenario)))
	}
	return list
}

// unread is the problem of those in a list that is longer than this page makes them.
var unread = fmt.Sprintf("It is beyond the first %d: delete one of those.", maxSaved)

// encodeSaved writes a list to be stored.
func encodeSaved(list []saved) string {
	stored := savedJSON{Version: savedVersion, Scenarios: []savedItemJSON{}}
	for _, v := range list {
		item := savedItemJSON{Name: v.Name}
		if json.Valid([]byte(v.Text)) {
			item.Scenario = json.RawMessage(v.Text)
		} else {
			item.Damaged = v.Text
		}
		stored.Scenarios = append(stored.Scenarios, item)
	}
	text, err := json.Marshal(stored)
	if err != nil {
		panic("app: " + err.Error()) // texts and valid JSON always have a JSON form
	}
	return string(text)
}

// indexOf is the place of a name in a list, or -1.
func indexOf(list []saved, name string) int {
	return slices.IndexFunc(list, func(v saved) bool { return v.Name == name })
}

// tidyName leaves out of a name what can't be printed or is too much.
func tidyName(name string) string {
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == utf8.RuneError
	}), " ")
	if name = strings.TrimSpace(format.Clip(name, maxSavedName)); name == "" {
		name = "scenario"
	}
	return name
}

// freeName is a name like the one wished for that nothing in the list has.
func freeName(list []saved, wish string) string {
	wish = tidyName(wish)
	name := wish
	for n := 2; indexOf(list, name) >= 0; n++ {
		number := " " + strconv.Itoa(n)
		name = strings.TrimSpace(format.Clip(wish, maxSavedName-len(number))) + number
	}
	return name
}

// checkSavedName says what is wrong with a new name for the i-th of a list.
func checkSavedName(list []saved, i int, name string) error {
	switch n := utf8.RuneCountInString(name); {
	case strings.TrimSpace(name) == "":
		return errors.New("a name has at least one character")
	case n > maxSavedName:
		return fmt.Errorf("the name has %d characters: at most %d", n, maxSavedName)
	case tidyName(name) != name:
		return errors.New("the name has characters that can't be printed, or too many spaces")
	}
	if at := indexOf(list, name); at >= 0 && at != i {
		return fmt.Errorf("“%s” is taken: every scenario has its own name", name)
	}
	return nil
}

// putSaved adds a scenario to a list, in place of the one of its name if there is one.
func putSaved(list []saved, v saved) ([]saved, error) {
	list = slices.Clone(list)
	if i := indexOf(list, v.Name); i >= 0 {
		list[i] = v
		return list, nil
	}
	if len(list) >= maxSaved {
		return nil, fmt.Errorf("there are %d scenarios of yours, which is the limit: delete one first", len(list))
	}
	return append(list, v), nil
}

// revert takes the change from one list to another back, in the list as it is by now:
// what somebody else has changed since stays.
func revert(now, from, to []saved) []saved {
	list := slices.Clone(now)
	for _, v := range to {
		i := indexOf(list, v.Name)
		if i < 0 || list[i].Text != v.Text {
			continue
		}
		if before := indexOf(from, v.Name); before >= 0 {
			list[i] = from[before]
		} else {
			list = slices.Delete(list, i, i+1)
		}
	}
	for place, v := range from {
		if indexOf(to, v.Name) < 0 {
			v.Name = freeName(list, v.Name)
			list = slices.Insert(list, min(place, len(list)), v)
		}
	}
	return list
}

// fileName is the name of the file that a scenario is exported to.
func fileName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if text := strings.Trim(b.String(), "-"); text != "" {
		return text + ".json"
	}
	return "scenario.json"
}

// nameOfFile is what a scenario from a file is called.
func nameOfFile(file string) string {
	if i := strings.LastIndexByte(file, '.'); i > 0 {
		file = file[:i]
	}
	return tidyName(file)
}

// factsOf tells in a few words what a scenario has.
func factsOf(s scenario.Scenario) string {
	text := format.Plural(uint64(len(s.Producers)), "producer") + ", " + format.Plural(uint64(len(s.Consumers)), "consumer") + ", " + format.ExactTime(time.Duration(s.Duration))
	if n := len(s.Interventions); n > 0 {
		text += ", " + format.Plural(uint64(n), "change") + " on the way"
	}
	return text
}
