package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The patterns of texts in the schema: regular expressions that mean the same in
// Go and, with the u flag, in JavaScript.
const (
	// namePattern is what unicode.IsPrint says.
	namePattern = `^[ \p{L}\p{M}\p{N}\p{P}\p{S}]+$`

	token         = `[!-)+,\-/-=?-~]+` // printable ASCII without a space and * . >
	topicPattern  = `^(` + token + `(\.` + token + `)*)?$`
	subscribed    = `((` + token + `|\*)\.)*(` + token + `|\*|>)`
	topicsPattern = `^(` + subscribed + `( ` + subscribed + `)*)?$`

	// startPattern has the zones that time.Parse knows.
	startPattern = `^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])` +
		` ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9] [+-]([01][0-9]|2[0-3])[0-5][0-9]` +
		` ([A-Z]{3}|[A-Z]{3,4}T|WITA|ChST|MeST|GMT[+-][0-9]{1,2}|[+-][0-9]{2})$`
)

// timePattern is that of times from low, 0 or a microsecond, to high, whole hours:
// a number with a unit, or hours, minutes and seconds as Go prints them. In units
// below a second a number has at most six digits before the point, which keeps the
// pattern short.
func timePattern(low, high time.Duration) string {
	const fraction = `(\.[0-9]+)?`
	hours := int64(high / time.Hour)
	var forms []string
	for _, u := range []struct {
		name string
		is   time.Duration
	}{{"ns", 1}, {"[uµμ]s", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}} {
		least := max(0, int64((low+u.is-1)/u.is))
		var numbers []string
		switch most := int64(high / u.is); {
		case u.is < low: // no fraction would be fair to what is just below
			numbers = append(numbers, `[1-9][0-9]{3,5}`)
		case u.is < time.Second:
			numbers = append(numbers, upTo(least, 999_999)+fraction)
		default:
			if least < most {
				numbers = append(numbers, upTo(least, most-1)+fraction)
			}
			numbers = append(numbers, fmt.Sprintf(`%d(\.0+)?`, most))
		}
		if zeros := len(strconv.FormatInt(int64(u.is), 10)) - len(strconv.FormatInt(int64(low), 10)) - 1; low > 0 && u.is > low {
			numbers = append(numbers, fmt.Sprintf(`0\.[0-9]{0,%d}[1-9][0-9]*`, zeros))
		}
		forms = append(forms, "("+strings.Join(numbers, "|")+")"+u.name)
	}
	const minutes, seconds = `([0-5]?[0-9]m)?`, `([0-5]?[0-9](\.[0-9]+)?s)?`
	forms = append(forms, fmt.Sprintf(`%dh(0m)?(0s)?`, hours), upTo(1, 59)+"m"+seconds)
	if hours > 1 {
		forms = append(forms, upTo(1, hours-1)+"h"+minutes+seconds)
	}
	return "^(" + strings.Join(forms, "|") + ")$"
}

// upTo is the pattern of whole numbers from low, which is 0 or 1, to high, which is
// not below it.
func upTo(low, high int64) string {
	var forms []string
	if low == 0 {
		forms = append(forms, "0")
	}
	digits := strconv.FormatInt(high, 10)
	if n := len(digits) - 1; n > 0 {
		forms = append(forms, "[1-9]"+anyDigits(0, n-1))
	}
	for i, d := range []byte(digits) {
		first, rest := byte('0'), digits[i+1:]
		if i == 0 {
			first = '1'
		}
		last := strings.Trim(rest, "9") == ""
		if !last {
			d-- // the numbers that begin with d itself come with the next digit
		}
		if first <= d {
			forms = append(forms, digits[:i]+digitsFrom(first, d)+anyDigits(len(rest), len(rest)))
		}
		if last {
			break
		}
	}
	return "(" + strings.Join(forms, "|") + ")"
}

func digitsFrom(first, last byte) string {
	if first == last {
		return string(first)
	}
	return fmt.Sprintf("[%c-%c]", first, last)
}

// anyDigits are that many.
func anyDigits(least, most int) string {
	switch {
	case most == 0:
		return ""
	case least == most && most == 1:
		return "[0-9]"
	case least == most:
		return fmt.Sprintf("[0-9]{%d}", most)
	default:
		return fmt.Sprintf("[0-9]{%d,%d}", least, most)
	}
}
