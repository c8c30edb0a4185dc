package app

// keyMessage is what a key asks for, or nil, given the element that has the
// focus: a key that works that element is left to it. The time line is the
// exception, for its arrows step as they do everywhere else.
func keyMessage(key, tag string, onTimeLine bool, m *Model) Msg {
	field := (tag == "input" && !onTimeLine) || tag == "select" || tag == "textarea"
	if field {
		return nil
	}
	switch key {
	case " ":
		if tag == "button" {
			return nil // which the space bar presses
		}
		return Toggle{}
	case "ArrowLeft":
		return Step{By: -1}
	case "ArrowRight":
		return Step{By: 1}
	case "Home":
		return Seek{At: 0}
	case "End":
		return Seek{At: m.Duration()}
	case "r", "R":
		return Restart{}
	case "+", "=":
		return Faster{By: 1}
	case "-":
		return Faster{By: -1}
	default:
		return nil
	}
}
