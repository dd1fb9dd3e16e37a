package export

import (
	"io"
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

// Misreadings writes marks on what was read wrongly as CSV, in the manner of CSV:
// UTF-8 with a byte order mark, no cell a formula. Who marked is left out, for it
// would tell who has looked at a match. The caller keeps back, in Read, what the
// rights of a text do not let out.
func Misreadings(w io.Writer, list []review.Misreading) error {
	rows := [][]string{slices.Clone(misreadingsHeader)}
	for _, m := range list {
		rows = append(rows, []string{
			m.ID.String(), string(m.Kind), string(m.Clause.Standard()), m.Clause.Key(), string(m.Language), string(m.Aspect),
			strconv.Itoa(m.Start), strconv.Itoa(m.End), m.Read, string(m.Digest), strconv.FormatBool(m.Standing), m.At.UTC().Format(time.RFC3339), m.Match.String(),
		})
	}
	return writeRows(w, rows)
}
