package main

import (
	"slices"
	"testing"
)

func TestTheMostWantedCodingIsServed(t *testing.T) {
	for header, want := range map[string][]string{
		"":                             {"identity"},
		"gzip, deflate, br, zstd":      {"br", "gzip", "identity"},
		"gzip":                         {"gzip", "identity"},
		"br;q=0.5, gzip;q=0.8":         {"gzip", "br", "identity"},
		"br;q=0, gzip":                 {"gzip", "identity"},
		"BR":                           {"br", "identity"},
		"*":                            {"br", "gzip", "identity"},
		"*;q=0.2, gzip;q=1":            {"gzip", "br", "identity"},
		"identity, br;q=0.1":           {"identity", "br"},
		"identity;q=0, gzip":           {"gzip"},
		"*;q=0":                        nil,
		"br ; q=0.7 , gzip ; x=1;q=.9": {"gzip", "br", "identity"},
		"br;q=high":                    {"identity"},
		"br;q=2":                       {"identity"},
		";;,,=":                        {"identity"},
	} {
		var got []string
		for _, c := range preferred(header) {
			got = append(got, c.name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("Accept-Encoding %q: %q, want %q", header, got, want)
		}
	}
}
