package scenario

import (
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// A link is the fragment of an address that carries a whole run:
//
//	# 1 base64url(fields, checksum) @ playhead
//
// 1 is the version. The fields are the bits that code.go writes, filled up with
// zeros to whole bytes. The checksum is the low 16 bits of the CRC-32 of the
// fields, so that a mistyped link is an error and not another run. The playhead, a
// duration such as 8.4s, is left out at the start of the run.

const linkVersion = '1'

// maxLink is more than the longest link anyone could have made: 1,000 interventions
// of at most 28 bytes, and 32 actors of at most 100. It bounds the time of a reading.
const maxLink = 48 << 10

var linkText = base64.RawURLEncoding.Strict()

// Link is the fragment for a valid scenario and a playhead within it, with its #.
func Link(s Scenario, playhead time.Duration) string {
	fields := encode(s)
	sum := crc32.ChecksumIEEE(fields)
	link := "#" + string(linkVersion) + linkText.EncodeToString(append(fields, byte(sum>>8), byte(sum)))
	if playhead > 0 {
		link += "@" + strings.Replace(playhead.String(), "µ", "u", 1)
	}
	return link
}

// ParseLink reads a fragment, with or without its #. A link it accepts is one
// that Link makes of what it returns, but for the way the playhead is written.
func ParseLink(link string) (Scenario, time.Duration, error) {
	s, playhead, err := parseLink(link)
	if err != nil {
		return Scenario{}, 0, fmt.Errorf("link: %w", err)
	}
	return s, playhead, nil
}

func parseLink(link string) (s Scenario, playhead time.Duration, err error) {
	if len(link) > maxLink {
		return s, 0, fmt.Errorf("it has %d characters: at most %d", len(link), maxLink)
	}
	if link, err = url.PathUnescape(strings.TrimPrefix(link, "#")); err != nil {
		return s, 0, errors.New("it has a broken % escape")
	}
	if link == "" {
		return s, 0, errors.New("it is empty")
	}
	if version, _ := utf8.DecodeRuneInString(link); version != linkVersion {
		return s, 0, fmt.Errorf("version %q is unknown: this Spillway reads version %c", version, linkVersion)
	}
	text, at, hasPlayhead := strings.Cut(link[1:], "@")
	if s, err = decodeText(text); err != nil {
		return s, 0, err
	}
	if hasPlayhead {
		if playhead, err = time.ParseDuration(at); err != nil {
			return s, 0, fmt.Errorf("the playhead %q is not a time such as 8.4s", at)
		}
		if playhead < 0 || playhead > time.Duration(s.Duration) {
			return s, 0, fmt.Errorf("the playhead %v is outside of the run: 0s to %v", playhead, s.Duration)
		}
	}
	return s, playhead, nil
}

func decodeText(text string) (Scenario, error) {
	fields, err := linkText.DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		return Scenario{}, errors.New("it has a character or an ending that no link has")
	}
	n := len(fields) - 2
	if n < 1 {
		return Scenario{}, errors.New("it is cut short")
	}
	if sum := crc32.ChecksumIEEE(fields[:n]); fields[n] != byte(sum>>8) || fields[n+1] != byte(sum) {
		return Scenario{}, errors.New("its checksum does not fit: it was changed or cut short on the way")
	}
	s, err := decode(fields[:n])
	if err != nil {
		return Scenario{}, err
	}
	if err := s.Validate(); err != nil {
		return Scenario{}, err
	}
	if string(encode(s)) != string(fields[:n]) {
		return Scenario{}, errors.New("it writes its scenario in a way that no link does")
	}
	return s, nil
}
