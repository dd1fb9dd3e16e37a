package corpus

import (
	"fmt"
	"testing"
)

// BenchmarkOverlaysOf measures what each page of a standard pays to know what lies
// on it, among a thousand standards.
func BenchmarkOverlaysOf(b *testing.B) {
	var all []Holding
	for i := range 1000 {
		all = append(all, Holding{Standard: Standard{
			ID: StandardID(fmt.Sprint("s", i)), Designation: fmt.Sprintf("GB/T %d-2014", 50000+i),
			Titles: []Title{{Language: "zh", Text: "建筑设计防火规范"}, {Language: "en", Text: "Code for fire protection design of buildings"}},
		}})
	}
	for b.Loop() {
		OverlaysOf(all)
	}
}
