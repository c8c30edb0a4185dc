package scenario

import (
	"errors"
	"math/bits"
)

// bitString is a text of bits: the first is the highest of the first byte.
type bitString struct {
	bytes []byte
	at    int // the bit that is read next, or how many are written
}

// errCut is that a text has fewer bits than it says.
var errCut = errors.New("it ends in the middle")

// write appends the low bits of v.
func (b *bitString) write(v uint64, width int) {
	for i := width - 1; i >= 0; i-- {
		if b.at%8 == 0 {
			b.bytes = append(b.bytes, 0)
		}
		b.bytes[b.at/8] |= byte(v>>i&1) << (7 - b.at%8)
		b.at++
	}
}

// read takes as many bits as that, at most 64.
func (b *bitString) read(width int) (v uint64, err error) {
	if b.at+width > 8*len(b.bytes) {
		return 0, errCut
	}
	for range width {
		v = v<<1 | uint64(b.bytes[b.at/8]>>(7-b.at%8)&1)
		b.at++
	}
	return v, nil
}

// left is how many whole bytes nobody has read.
func (b *bitString) left() int { return len(b.bytes) - (b.at+7)/8 }

// widthOf is how many bits a number from 0 to most needs.
func widthOf(most int64) int { return bits.Len64(uint64(most)) }
