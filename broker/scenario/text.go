package scenario

import (
	"encoding/binary"
	"unicode/utf8"
)

// A text in a link is its UTF-8 or, where that is shorter, its characters in 19
// bits each: so even the longest names of eight actors fit in a link of 1,000
// characters. Its length comes first, in bytes or in characters, twice that and
// one more if they are packed.
const packedBits = 19

func appendText(dst []byte, t string) []byte {
	if n := utf8.RuneCountInString(t); packedLen(n) < len(t) {
		if packed, ok := pack(t); ok {
			dst = binary.AppendUvarint(dst, uint64(n)<<1|1)
			return append(dst, packed...)
		}
	}
	dst = binary.AppendUvarint(dst, uint64(len(t))<<1)
	return append(dst, t...)
}

// textLen is how many bytes follow a length, and whether they are packed.
func textLen(length uint64) (n int, packed bool) {
	if length&1 == 0 {
		return int(length >> 1), false
	}
	return packedLen(int(length >> 1)), true
}

func packedLen(characters int) int { return (characters*packedBits + 7) / 8 }

// pack fails for a character that does not fit. All that can be printed do: they
// lie in the planes 0 to 3 of Unicode, or in plane 14, which is told as plane 4.
func pack(t string) (packed []byte, ok bool) {
	var pending uint64
	bits := 0
	for _, r := range t {
		switch plane := r >> 16; {
		case plane == 14:
			r -= 10 << 16
		case plane > 3:
			return nil, false
		}
		pending = pending<<packedBits | uint64(r)
		for bits += packedBits; bits >= 8; bits -= 8 {
			packed = append(packed, byte(pending>>(bits-8)))
		}
	}
	if bits > 0 {
		packed = append(packed, byte(pending<<(8-bits)))
	}
	return packed, true
}

func unpack(packed []byte) string {
	var text []byte
	var pending uint64
	bits := 0
	for _, b := range packed {
		pending = pending<<8 | uint64(b)
		if bits += 8; bits >= packedBits {
			bits -= packedBits
			r := rune(pending >> bits & (1<<packedBits - 1))
			if r>>16 == 4 {
				r += 10 << 16
			}
			text = utf8.AppendRune(text, r)
		}
	}
	return string(text)
}
