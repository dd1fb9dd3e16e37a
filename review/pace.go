package review

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Pace is how long somebody worked on an answer, as their page measured it: active
// time alone, without hidden pages and without breaks of more than two minutes (UX.md
// 7.6). It comes from a browser, is believed within limits and binds nothing. It is its
// person's: nobody else is shown it but in a GroupPace.
type Pace struct {
	Decision uuid.UUID `json:"decision"`
	Person   uuid.UUID `json:"-"`
	Dossier  uuid.UUID `json:"dossier"`
	At       time.Time `json:"at"`
	Answers  int       `json:"answers"` // given together, in this time
	// Active is in milliseconds: on the differences, on the texts, and on the answer
	// with its reasons.
	Active [3]int `json:"activeMs"`
	// Policy is that of the dossier, which says at what speed it was answered.
	Policy Policy `json:"-"`
}

// MaxActive is the longest time that is believed of one section, in milliseconds (our
// own; four hours).
const MaxActive = 4 * 60 * 60 * 1000

// ReadActive reads what a page sends of its active time: three whole numbers of
// milliseconds. ok is false for anything else, and when nothing was measured.
func ReadActive(sent string) (active [3]int, ok bool) {
	parts := strings.Fields(sent)
	if len(sent) > 60 || len(parts) != len(active) {
		return active, false
	}
	sum := 0
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n > MaxActive {
			return [3]int{}, false
		}
		active[i], sum = n, sum+n
	}
	return active, sum > 0
}

// Each is the time of one answer.
func (p Pace) Each() time.Duration {
	return time.Duration((p.Active[0]+p.Active[1]+p.Active[2])/max(1, p.Answers)) * time.Millisecond
}

// MedianPace is the middle time of an answer, of n.
type MedianPace struct {
	Median time.Duration
	N      int
}

// Says tells whether there is enough of it to say anything.
func (m MedianPace) Says() bool { return m.N >= FewPaces }

// Paces are one person's medians since a time: of answers that triage, and of those
// that bind.
func Paces(list []Pace, since time.Time) (triage, binding MedianPace) {
	var parts [2][]time.Duration
	for _, p := range list {
		if p.At.Before(since) {
			continue
		}
		i := 1
		if p.Policy.Speed() == SpeedTriage {
			i = 0
		}
		parts[i] = append(parts[i], p.Each())
	}
	return medianPace(parts[0]), medianPace(parts[1])
}

// GroupPace is the middle of the medians of those who gave at least FewPaces answers,
// so that it is no one's own figure; N counts people, and the list goes person by person. It says nothing for fewer than
// FewPaces of them.
func GroupPace(list []Pace) MedianPace {
	var medians, each []time.Duration
	for i, p := range list {
		each = append(each, p.Each())
		if i+1 < len(list) && list[i+1].Person == p.Person {
			continue
		}
		if m := medianPace(each); m.Says() {
			medians = append(medians, m.Median)
		}
		each = nil
	}
	if m := medianPace(medians); m.Says() {
		return m
	}
	return MedianPace{}
}

func medianPace(list []time.Duration) MedianPace {
	if len(list) == 0 {
		return MedianPace{}
	}
	slices.Sort(list)
	return MedianPace{(list[(len(list)-1)/2] + list[len(list)/2]) / 2, len(list)}
}
