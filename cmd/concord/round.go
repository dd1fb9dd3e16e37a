package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
)

var roundCommand = command{
	name: "round", args: "list | freeze NAME | sign NUMBER | diff FROM [TO]",
	summary: "freeze what is agreed in a dossier, and compare rounds",
	example: "concord round freeze --dossier 0197... --as li \"First round\"\nconcord round diff --dossier 0197... 1 (against now)",
	run:     runRound,
}

func runRound(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	dossier := fs.String("dossier", "", "`id` or name of the dossier")
	as := fs.String("as", "", "`login` of the person who freezes or signs")
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	if *dossier == "" || len(words) == 0 {
		return usage("say --dossier and one of list, freeze NAME, sign NUMBER, diff FROM [TO]")
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	id, err := p.findDossier(ctx, *dossier)
	if err != nil {
		return err
	}
	switch {
	case len(words) == 1 && words[0] == "list":
		return p.listRounds(ctx, e, *c, id)
	case len(words) == 2 && words[0] == "freeze":
		return p.freezeRound(ctx, e, *c, id, words[1], *as)
	case len(words) == 2 && words[0] == "sign":
		return p.signRound(ctx, e, *c, id, words[1], *as)
	case (len(words) == 2 || len(words) == 3) && words[0] == "diff":
		return p.diffRounds(ctx, e, *c, id, words[1:])
	}
	return usage("one of list, freeze NAME, sign NUMBER, diff FROM [TO]")
}

// signer is the person whose name goes under a round.
func (p *program) signer(ctx context.Context, login string) (review.Person, error) {
	if login == "" {
		return review.Person{}, usage("say with --as LOGIN whose name goes under the round")
	}
	person, _, err := p.store.PersonByLogin(ctx, login)
	return person, err
}

func (p *program) freezeRound(ctx context.Context, e env, c config, dossier uuid.UUID, name, login string) error {
	person, err := p.signer(ctx, login)
	if err != nil {
		return err
	}
	f, err := p.store.FreezeRound(ctx, dossier, name, person)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.printRounds(ctx, e, f)
	}
	fmt.Fprintf(e.stdout, "round %d, %s: %d agreed matches frozen; left out: %d not agreed, %d on texts that changed\nchecksum %s, after audit row %d\n",
		f.Round.Number, plain(f.Round.Name), len(f.Round.Matches), f.Round.Open(), f.Round.Suspect, f.Checksum, f.Round.Audit.Seq)
	return p.missing(e, f)
}

func (p *program) signRound(ctx context.Context, e env, c config, dossier uuid.UUID, number, login string) error {
	person, err := p.signer(ctx, login)
	if err != nil {
		return err
	}
	f, err := p.round(ctx, dossier, number)
	if err != nil {
		return err
	}
	if f, err = p.store.SignRound(ctx, dossier, f.Round.Number, f.Checksum, person); err != nil {
		return err
	}
	if c.JSON {
		return p.printRounds(ctx, e, f)
	}
	fmt.Fprintf(e.stdout, "round %d is signed for %s, checksum %s\n", f.Round.Number, plain(string(person.Party)), f.Checksum)
	return p.missing(e, f)
}

// missing says whose signature a round still needs.
func (p *program) missing(e env, f review.Frozen) error {
	for _, party := range review.Unsigned(f.Round.Dossier, f.Signatures) {
		fmt.Fprintf(e.stdout, "%s has not signed yet\n", plain(string(party)))
	}
	return nil
}

// round finds a round by its number as typed.
func (p *program) round(ctx context.Context, dossier uuid.UUID, typed string) (review.Frozen, error) {
	n, err := strconv.Atoi(typed)
	if err != nil || n < 1 {
		return review.Frozen{}, usage("%q is not the number of a round", typed)
	}
	return p.store.Round(ctx, dossier, n)
}

func (p *program) listRounds(ctx context.Context, e env, c config, dossier uuid.UUID) error {
	rounds, err := p.store.Rounds(ctx, dossier)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.printRounds(ctx, e, rounds...)
	}
	t := newTable(e.stdout, "ROUND", "NAME", "FROZEN", "BY", "MATCHES", "TEXTS CHANGED", "CHECKSUM")
	for _, f := range rounds {
		moved, err := export.Moved(ctx, p.store, f.Round)
		if err != nil {
			return err
		}
		t.row(strconv.Itoa(f.Round.Number), f.Round.Name, f.Round.At.Format(time.DateOnly), f.Round.Signer+" ("+string(f.Round.Party)+")",
			strconv.Itoa(len(f.Round.Matches)), strconv.Itoa(len(moved)), f.Checksum)
	}
	return t.flush()
}

// diffRounds lists what changed from one round to another, or to now.
func (p *program) diffRounds(ctx context.Context, e env, c config, dossier uuid.UUID, typed []string) error {
	from, err := p.round(ctx, dossier, typed[0])
	if err != nil {
		return err
	}
	var to review.Round
	if len(typed) == 2 {
		f, err := p.round(ctx, dossier, typed[1])
		if err != nil {
			return err
		}
		to = f.Round
	} else if to, err = p.store.DraftRound(ctx, dossier); err != nil {
		return err
	}
	if c.JSON {
		return printRoundDiff(e, from.Round, to)
	}
	t := newTable(e.stdout, "CHANGE", "SOURCES", "TARGETS", "BEFORE", "AFTER", "MATCH")
	for _, c := range from.Round.Compare(to) {
		m := c.Match()
		t.row(join(c.Kinds, ", "), join(m.Sources, " + "), join(m.Targets, " + "), verdictOf(c.Before), verdictOf(c.After), m.ID.String())
	}
	declared, ended := from.Round.ReservedDiffer(to)
	for _, r := range declared {
		if r.Whole() {
			t.row("reservation declared", string(r.Party), "", "", r.Text, "")
		}
	}
	for _, r := range ended {
		if r.Whole() {
			t.row("reservation ended", string(r.Party), "", r.Text, "", "")
		}
	}
	opened, closed := from.Round.UnmatchedDiffer(to)
	for _, u := range opened {
		t.row("gap opened", string(u.Clause), string(u.Against), "", "", "")
	}
	for _, u := range closed {
		t.row("gap closed", string(u.Clause), string(u.Against), "", "", "")
	}
	return t.flush()
}

// verdictOf is what was agreed, with the answers both ways.
func verdictOf(m *review.Match) string {
	if m == nil || m.Outcome == nil {
		return ""
	}
	return fmt.Sprintf("%s, A to B %s, B to A %s", m.Outcome.Verdict, answered(m.Outcome.AToB), answered(m.Outcome.BToA))
}

func answered(r corpus.Recognition) string {
	if r.Answer == "" {
		return "-"
	}
	return string(r.Answer)
}
