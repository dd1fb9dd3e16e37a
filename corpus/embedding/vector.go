// Package embedding holds vectors of texts that a model outside of this program
// made, and the client that asks for them. Nothing here knows what the numbers
// mean: two texts are alike when their vectors point the same way. It is off
// unless somebody names an endpoint, and nothing depends on it.
package embedding

import (
	"encoding/binary"
	"fmt"
	"math"

	"concord/corpus"
)

// Vector is a direction, kept as one signed byte for each dimension: a fourth of
// the memory, and cosines stay right to about two hundredths. The zero Vector
// points nowhere and is like nothing.
type Vector struct {
	parts []int8
	norm  float32 // length of parts
}

// New makes a vector of a direction, whatever its length. Numbers that are none
// and a direction of length 0 are corpus.ErrInvalid.
func New(values []float32) (Vector, error) {
	greatest := float32(0)
	for i, v := range values {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return Vector{}, fmt.Errorf("make a vector: %w: number %d is %v", corpus.ErrInvalid, i+1, v)
		}
		greatest = max(greatest, v, -v)
	}
	if greatest == 0 {
		return Vector{}, fmt.Errorf("make a vector: %w: its %d numbers are all 0", corpus.ErrInvalid, len(values))
	}
	parts := make([]int8, len(values))
	for i, v := range values {
		parts[i] = int8(math.Round(float64(v) / float64(greatest) * 127))
	}
	return of(parts), nil
}

// of measures the parts.
func of(parts []int8) Vector {
	sum := 0.0
	for _, p := range parts {
		sum += float64(p) * float64(p)
	}
	return Vector{parts, float32(math.Sqrt(sum))}
}

// Dimensions is how many there are, 0 for the zero Vector.
func (v Vector) Dimensions() int { return len(v.parts) }

// Cosine is how far two vectors point the same way, -1 to 1; 0 when one points
// nowhere or they have other dimensions.
func (v Vector) Cosine(w Vector) float64 {
	if len(v.parts) != len(w.parts) || v.norm == 0 || w.norm == 0 {
		return 0
	}
	var dot int32 // 127 x 127 x 65,536 dimensions is within 31 bits
	for i, p := range v.parts {
		dot += int32(p) * int32(w.parts[i])
	}
	return max(-1, min(1, float64(dot)/(float64(v.norm)*float64(w.norm))))
}

// MaxDimensions is how many a vector may have.
const MaxDimensions = 65_536

// Bytes is the vector as it is kept: how many dimensions in four bytes, least
// significant first, then a byte for each.
func (v Vector) Bytes() []byte {
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(v.parts)))
	for _, p := range v.parts {
		out = append(out, byte(p))
	}
	return out
}

// Parse reads what Bytes gave; anything else is corpus.ErrInvalid.
func Parse(body []byte) (Vector, error) {
	if len(body) < 4 || int(binary.LittleEndian.Uint32(body)) != len(body)-4 || len(body)-4 > MaxDimensions {
		return Vector{}, fmt.Errorf("read a vector: %w: %d bytes do not hold one", corpus.ErrInvalid, len(body))
	}
	parts := make([]int8, len(body)-4)
	for i, b := range body[4:] {
		parts[i] = int8(b)
	}
	return of(parts), nil
}

// Mean adds up vectors, each at length 1. The zero Mean holds none.
type Mean struct {
	sum []float64
	n   int
}

// Add adds a vector; one that points nowhere or has other dimensions than the
// first adds nothing.
func (m *Mean) Add(v Vector) {
	if v.norm == 0 || m.sum != nil && len(m.sum) != len(v.parts) {
		return
	}
	if m.sum == nil {
		m.sum = make([]float64, len(v.parts))
	}
	for i, p := range v.parts {
		m.sum[i] += float64(p) / float64(v.norm)
	}
	m.n++
}

// Len is how many vectors were added.
func (m *Mean) Len() int { return m.n }

// From is a vector seen from the mean: at length 1, less the mean. What all
// texts share (their language, their kind) is taken away that way, so that texts
// that have nothing to do with each other lie near cosine 0 (Mu and Viswanath,
// All-but-the-Top, 2018, its first step). The zero Vector when nothing is left or
// the dimensions are others.
func (m *Mean) From(v Vector) Vector {
	if m.n == 0 || v.norm == 0 || len(m.sum) != len(v.parts) {
		return Vector{}
	}
	out := make([]float32, len(v.parts))
	for i, p := range v.parts {
		out[i] = float32(float64(p)/float64(v.norm) - m.sum[i]/float64(m.n))
	}
	centred, err := New(out)
	if err != nil {
		return Vector{}
	}
	return centred
}
