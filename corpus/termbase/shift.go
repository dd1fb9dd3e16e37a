package termbase

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// Shift is a clause whose text names other concepts, or no longer the same ones,
// because entries changed. What a term is called, defined as or worth makes none.
type Shift struct {
	Clause corpus.ClauseID
	Digest corpus.Digest // of the text that was read
	Before corpus.Digest // of what the users' terms make of the text
	After  corpus.Digest
	// Entries are the ids of those that changed and that the text names, before or
	// after; all that changed where none can be told.
	Entries []string
}

// Shifts are those of a change on the clauses that decisions rest on. They hold only
// while no other change of the terms comes between.
type Shifts struct {
	Revision int64 // of the termbase they were worked out on; 0 where nobody asked
	List     []Shift
}

// Moves is a change of the termbase ready for asking what it does to texts: two
// lexicons, and what they differ in.
type Moves struct {
	Before, After *lexicon.Lexicon
	shipped       *lexicon.Lexicon
	probe         *lexicon.Probe // nil where no form changes
	owners        map[lexicon.ConceptID][]string
	all           []string
}

// Moves prepares a change of what is kept, over the shipped terms.
func (c Change) Moves(shipped *lexicon.Lexicon, kept []Kept) *Moves {
	m := &Moves{shipped: shipped, owners: map[lexicon.ConceptID][]string{}}
	before, after := map[string]lexicon.Concept{}, map[string]lexicon.Concept{}
	for _, e := range c.Put {
		m.all = append(m.all, e.ID)
		after[e.ID] = conceptOf(shipped, e)
	}
	m.all = append(m.all, c.Withdraw...)
	mine := make(map[string]bool, len(m.all))
	for _, id := range m.all {
		mine[id] = true
	}
	for _, k := range kept {
		if mine[k.ID] && !k.Withdrawn {
			before[k.ID] = conceptOf(shipped, k.Entry)
		}
	}
	var forms []lexicon.Concept
	for _, id := range m.all {
		was, is := before[id], after[id]
		moved := append(beyond(was, is), beyond(is, was)...)
		forms = append(forms, moved...)
		for _, x := range moved {
			if !slices.Contains(m.owners[x.ID], id) {
				m.owners[x.ID] = append(m.owners[x.ID], id)
			}
		}
	}
	m.Before = shipped.With(Overlay(shipped, InUse(kept)))
	m.After = m.Before
	if len(forms) > 0 {
		m.After = shipped.With(Overlay(shipped, c.After(kept)))
		m.probe = m.After.Probe(forms)
	}
	return m
}

// beyond is what the first of two concepts is called and the second is not, nothing
// where that is no form at all.
func beyond(a, b lexicon.Concept) []lexicon.Concept {
	out := lexicon.Concept{ID: a.ID, Forms: map[corpus.Language][]string{}}
	for lang, forms := range a.Forms {
		for _, form := range forms {
			if a.ID != b.ID || !slices.Contains(b.Forms[lang], form) {
				out.Forms[lang] = append(out.Forms[lang], form)
			}
		}
	}
	if len(out.Forms) == 0 {
		return nil
	}
	return []lexicon.Concept{out}
}

// Any tells whether a form comes or goes: else no text is read differently.
func (m *Moves) Any() bool { return m.probe != nil }

// Of says what the change does to a clause, and whether it does anything.
func (m *Moves) Of(c corpus.Clause) (Shift, bool) {
	if m.probe == nil || !m.probe.MayChange(c) {
		return Shift{}, false
	}
	before, after := m.Before.Mentions(c), m.After.Mentions(c)
	if slices.Equal(before, after) {
		return Shift{}, false
	}
	without := m.shipped.Mentions(c)
	s := Shift{Clause: c.ID, Digest: c.Digest(), Before: fingerprint(without, before), After: fingerprint(without, after)}
	if s.Before == s.After {
		return Shift{}, false
	}
	for _, x := range differing(before, after) {
		for _, id := range m.owners[x.Concept] {
			if !slices.Contains(s.Entries, id) {
				s.Entries = append(s.Entries, id)
			}
		}
	}
	if s.Entries == nil {
		s.Entries = slices.Clone(m.all)
	}
	slices.Sort(s.Entries)
	return s, true
}

// Reading is the fingerprint of what the users' terms make of a text, as in Shift.
func Reading(shipped, with *lexicon.Lexicon, c corpus.Clause) corpus.Digest {
	return fingerprint(shipped.Mentions(c), with.Mentions(c))
}

// fingerprint is of what two readings differ in, so that terms which a later program
// brings change it only where they stand in the way of a user's.
func fingerprint(without, with []lexicon.Mention) corpus.Digest {
	h := sha256.New()
	for _, x := range differing(without, with) {
		fmt.Fprintf(h, "%s %d %d %t\n", x.Concept, x.Span.Start, x.Span.End, x.Nested)
	}
	return corpus.Digest(hex.EncodeToString(h.Sum(nil)[:12]))
}

// differing are the mentions of one of two readings alone: of the first, then of the
// second, each in order.
func differing(a, b []lexicon.Mention) []lexicon.Mention {
	var out []lexicon.Mention
	for _, pair := range [][2][]lexicon.Mention{{a, b}, {b, a}} {
		has := make(map[lexicon.Mention]bool, len(pair[1]))
		for _, x := range pair[1] {
			has[x] = true
		}
		for _, x := range pair[0] {
			if !has[x] {
				out = append(out, x)
			}
		}
	}
	return out
}

// Move is an entry as it was and as it is, nil where it was not in use.
type Move struct {
	ID            string
	Before, After *Entry
}

// Same tells whether the entry reads texts as it did.
func (m Move) Same() bool {
	if m.Before == nil || m.After == nil {
		return m.Before == m.After
	}
	return len(m.Lost()) == 0 && len(m.Gained()) == 0
}

// Lost are the terms that the entry had and has no more.
func (m Move) Lost() []Term { return termsBeyond(m.Before, m.After) }

// Gained are the terms that it has now and had not.
func (m Move) Gained() []Term { return termsBeyond(m.After, m.Before) }

// termsBeyond are the terms of an entry that another has not, as texts are read.
func termsBeyond(a, b *Entry) []Term {
	if a == nil {
		return nil
	}
	var out []Term
	for _, t := range a.Terms {
		if b == nil || !slices.ContainsFunc(b.Terms, func(o Term) bool { return o.Language.Base() == t.Language.Base() && o.Text == t.Text }) {
			out = append(out, t)
		}
	}
	return out
}
