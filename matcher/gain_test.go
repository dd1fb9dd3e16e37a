package matcher

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A real lead is told from none: its interval leaves out 0 and its p is small; two
// rankings that differ by chance are not told apart, and the interval holds the
// true difference about as often as it says.
func TestGain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	draw := func(n int, lead float64) (a, b []float64) {
		for range n {
			base := rnd.Float64()
			a = append(a, base+lead+0.3*rnd.NormFloat64())
			b = append(b, base+0.3*rnd.NormFloat64())
		}
		return a, b
	}
	a, b := draw(200, 0.2)
	if g := gainOver(a, b); g.Low <= 0 || g.P > 0.01 || math.Abs(g.MAP-0.2) > 0.1 {
		t.Errorf("a lead of 0.2 over 200 sources gives %+v", g)
	}
	if g, back := gainOver(a, b), gainOver(b, a); back.MAP != -g.MAP || back.High >= 0 {
		t.Errorf("turned round it gives %+v", back)
	}
	held, rare := 0, 0
	for range 200 {
		g := gainOver(draw(60, 0))
		if g.Low <= 0 && g.High >= 0 {
			held++
		}
		if g.P < 0.05 {
			rare++
		}
	}
	if held < 176 || rare > 24 { // 190 and 10 expected
		t.Errorf("of 200 comparisons without a lead, %d intervals hold 0 and %d have p below 0.05", held, rare)
	}
	if g := gainOver([]float64{1, 1}, []float64{1, 1}); g.MAP != 0 || g.P != 1 {
		t.Errorf("equal rankings give %+v", g)
	}
	if g := gainOver(nil, nil); g.P != 1 || g.MAP != 0 {
		t.Errorf("no source gives %+v", g)
	}
}
