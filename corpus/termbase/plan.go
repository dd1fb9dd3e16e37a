package termbase

import (
	"reflect"
	"time"
)

// Kept is an entry as it is kept: with its version, and who made that when.
type Kept struct {
	Entry
	Version   int       `json:"version"`
	Withdrawn bool      `json:"withdrawn,omitempty"`
	By        string    `json:"changedBy"` // a person's id, or "cli"
	At        time.Time `json:"changedAt"`
}

// Plan is what taking in entries would do, or has done.
type Plan struct {
	Added     []Entry
	Changed   []Entry
	Same      int
	Withdrawn int // entries of the file that were withdrawn here and stay so
}

// Entries are those that would be written.
func (p Plan) Entries() []Entry { return append(append([]Entry(nil), p.Added...), p.Changed...) }

// PlanImport compares cleaned entries of a file with what is kept. Two files may
// give the same id to different things, so an id that an entry of another file
// has gets the name of its file before it. A licence that was said once stays
// when the file comes again without one.
func PlanImport(kept []Kept, incoming []Entry) Plan {
	have := make(map[string]Kept, len(kept))
	for _, k := range kept {
		have[k.ID] = k
	}
	var p Plan
	for _, e := range incoming {
		k, known := have[e.ID]
		if known && k.Origin.File != e.Origin.File {
			e.ID = e.Origin.File + "#" + e.ID
			k, known = have[e.ID]
		}
		if known && e.Origin.Licence == "" {
			e.Origin.Licence = k.Origin.Licence
		}
		e.Origin.By, e.Origin.Day = first(known, k.Origin.By, e.Origin.By), first(known, k.Origin.Day, e.Origin.Day)
		switch {
		case !known:
			p.Added = append(p.Added, e)
			have[e.ID] = Kept{Entry: e}
		case k.Withdrawn:
			p.Withdrawn++
		case reflect.DeepEqual(k.Entry, e):
			p.Same++
		default:
			p.Changed = append(p.Changed, e)
		}
	}
	return p
}

// first is what was known before: who brought an entry in, and when, does not
// change because the file comes again.
func first(known bool, before, now string) string {
	if known {
		return before
	}
	return now
}
