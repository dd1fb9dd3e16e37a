package main

import (
	"context"

	"concord/review"
	"concord/review/export"
)

// printRounds prints rounds as one object.
func (p *program) printRounds(ctx context.Context, e env, rounds ...review.Frozen) error {
	rows := []map[string]any{}
	for i := range rounds {
		f, r := &rounds[i], &rounds[i].Round
		moved, err := export.Moved(ctx, p.store, *r)
		if err != nil {
			return err
		}
		rows = append(rows, map[string]any{"number": r.Number, "name": r.Name, "frozen": r.At, "by": r.Signer, "party": r.Party, "matches": len(r.Matches), "leftOut": r.Open(), "suspect": r.Suspect,
			"textsChanged": moved, "checksum": f.Checksum, "auditSeq": r.Audit.Seq, "signatures": f.Signatures, "unsigned": review.Unsigned(r.Dossier, f.Signatures), "reservations": r.Reservations, "unmatched": r.Unmatched})
	}
	return printJSON(e.stdout, map[string]any{"rounds": rows})
}

// printRoundDiff prints what changed from one round to another as one object.
func printRoundDiff(e env, from, to review.Round) error {
	changes := []map[string]any{}
	for _, c := range from.Compare(to) {
		m := c.Match()
		row := map[string]any{"match": m.ID, "kinds": c.Kinds, "sources": m.Sources, "targets": m.Targets}
		if c.Before != nil {
			row["before"] = c.Before.Outcome
		}
		if c.After != nil {
			row["after"] = c.After.Outcome
		}
		changes = append(changes, row)
	}
	declared, ended := from.ReservedDiffer(to)
	opened, closed := from.UnmatchedDiffer(to)
	return printJSON(e.stdout, map[string]any{"changes": changes, "declared": declared, "ended": ended, "opened": opened, "closed": closed})
}
