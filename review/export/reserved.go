package export

import "concord/review"

// caveats are reservations for files that programs read, one line each: whose it is,
// since when, what it says.
func caveats(list []review.Reservation) []string {
	var out []string
	for _, r := range list {
		out = append(out, oneLine(string(r.Party)+" since "+r.At.UTC().Format("2006-01-02")+": "+r.Text))
	}
	return out
}

// caveatNotes are the same as sentences, for formats whose only place is a remark;
// on is what they are against, "" for the line they stand beside.
func caveatNotes(list []review.Reservation, on string) []string {
	var out []string
	for _, line := range caveats(list) {
		out = append(out, "Reservation"+on+" of "+line)
	}
	return out
}

// onAll says that a reservation is against the whole.
const onAll = " against everything agreed"
