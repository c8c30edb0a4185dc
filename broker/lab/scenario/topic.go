package scenario

import (
	"fmt"
	"strings"

	"github.com/spillway-go/spillway/broker"
)

// Topics are ASCII, so that a link of many stays short, and a pattern in one place
// and a topic in another can't look the same and differ.

// checkTopic says what is wrong with the topic of a producer.
func checkTopic(text string) error {
	if text == "" {
		return nil
	}
	if strings.ContainsAny(text, "*> ") {
		return fmt.Errorf("topic %q: an event has one topic, without *, > and spaces", text)
	}
	return checkTopics(text)
}

// checkTopics says what is wrong with the patterns of a consumer.
func checkTopics(text string) error {
	for _, r := range text {
		if r < ' ' || r > '~' {
			return fmt.Errorf("topics %q: %q is not a printable ASCII character", text, r)
		}
	}
	patterns := strings.Fields(text)
	if text != strings.Join(patterns, " ") {
		return fmt.Errorf("topics %q: one space stands between two patterns, and none before or after", text)
	}
	for _, p := range patterns {
		if _, err := broker.ParsePattern(p); err != nil {
			return err
		}
	}
	return nil
}
