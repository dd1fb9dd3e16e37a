package corpus

import "slices"

// Condition is one condition of a recognition as data, so that everybody reads
// it in their own language: a kind with its values, or somebody's own words.
type Condition struct {
	Kind     string   `json:"kind,omitempty"`    // of the matcher's condition kinds; "" for own words
	Concept  string   `json:"concept,omitempty"` // what it is about, an id of the lexicon
	Need     string   `json:"need,omitempty"`    // what the accepting side asks, as printed
	Has      string   `json:"has,omitempty"`     // what the other side gives, as printed
	Texts    []string `json:"texts,omitempty"`   // stretches of the texts that it names, as printed
	Language Language `json:"language,omitempty"`
}

// Own tells whether a condition is somebody's own words, which are never put
// into another language; Language is then the one they were written in.
func (c Condition) Own() bool { return c.Kind == "" }

// equal tells whether two conditions say the same.
func (c Condition) equal(d Condition) bool {
	return c.Kind == d.Kind && c.Concept == d.Concept && c.Need == d.Need && c.Has == d.Has && slices.Equal(c.Texts, d.Texts)
}

// Detail is the data behind the condition with this number: own words in an
// unknown language where nothing is kept, as in answers of earlier versions.
func (r Recognition) Detail(i int) Condition {
	if len(r.Details) != len(r.Conditions) || i >= len(r.Details) {
		return Condition{}
	}
	return r.Details[i]
}

// With is the recognition with the conditions of another one added, each once:
// suggested ones are the same when their data is, own words when the words are.
func (r Recognition) With(o Recognition) Recognition {
	out := Recognition{Answer: r.Answer, Conditions: slices.Clone(r.Conditions)}
	details := make([]Condition, len(r.Conditions), len(r.Conditions)+len(o.Conditions))
	for i := range r.Conditions {
		details[i] = r.Detail(i)
	}
	for i, text := range o.Conditions {
		d := o.Detail(i)
		known := func(have Condition) bool { return !d.Own() && have.equal(d) }
		if slices.Contains(out.Conditions, text) || slices.ContainsFunc(details, known) {
			continue
		}
		out.Conditions, details = append(out.Conditions, text), append(details, d)
	}
	if slices.ContainsFunc(details, func(d Condition) bool { return !d.Own() || d.Language != "" }) {
		out.Details = details
	}
	return out
}
