package export

import (
	"slices"
	"strconv"
	"time"

	"concord/review"
)

// misreadingsHeader names the columns; start and end are bytes of the clause's
// wording: heading, line feed, text.
var misreadingsHeader = []string{
	"misreading", "kind", "standard", "clause", "lang", "aspect", "start", "end", "read", "text_version", "text_current", "marked", "match",
}

// Misreadings is a table of marks on what was read wrongly, with the column names
// that programs read, in every language the same. Who marked is left out, for it
// would tell who has looked at a match. The caller keeps back, in Read, what the
// rights of a text do not let out.
func Misreadings(list []review.Misreading) Sheet {
	out := Sheet{Title: "misreadings", Language: "en", Columns: slices.Clone(misreadingsHeader), Widths: slices.Repeat([]float64{18}, len(misreadingsHeader))}
	for _, m := range list {
		out.Rows = append(out.Rows, []string{
			m.ID.String(), string(m.Kind), string(m.Clause.Standard()), m.Clause.Key(), string(m.Language), string(m.Aspect),
			strconv.Itoa(m.Start), strconv.Itoa(m.End), m.Read, string(m.Digest), strconv.FormatBool(m.Standing), m.At.UTC().Format(time.RFC3339), m.Match.String(),
		})
	}
	return out
}
