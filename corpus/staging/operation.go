package staging

import (
	"maps"
	"slices"
	"strings"
	"time"

	"concord/corpus"
)

// Act is what a correction does.
type Act string

// The acts of correction.
const (
	Split    Act = "split"    // a clause becomes two at a place in its text
	Merge    Act = "merge"    // a clause becomes part of the one before
	Renumber Act = "renumber" // a clause gets another number
	Retype   Act = "retype"   // a clause gets another kind
	Edit     Act = "edit"     // a clause gets another heading and text
	Delete   Act = "delete"   // a clause is left out
	Restore  Act = "restore"  // a clause that was left out comes back
	Identify Act = "identify" // fields of the standard are set
	Ignore   Act = "ignore"   // a problem was looked at and is none
)

// Acts lists every act.
var Acts = []Act{Split, Merge, Renumber, Retype, Edit, Delete, Restore, Identify, Ignore}

// Operation is one correction as data. Clause and Digest bind it to what was
// corrected: a clause of another wording is not touched by it.
type Operation struct {
	Act    Act           `json:"act"`
	Clause string        `json:"clause,omitempty"` // key within the standard
	Digest corpus.Digest `json:"digest,omitempty"` // of its wording before
	// Into and IntoDigest are the clause before, of a merge.
	Into       string        `json:"into,omitempty"`
	IntoDigest corpus.Digest `json:"intoDigest,omitempty"`

	At      int         `json:"at,omitempty"`      // of a split: byte of the text where the second part begins
	Label   string      `json:"label,omitempty"`   // of a split or renumbering: the number as printed
	Join    string      `json:"join,omitempty"`    // of a merge: white space between the parts
	Number  bool        `json:"number,omitempty"`  // of a merge: the number is a part of the text
	Kind    corpus.Kind `json:"kind,omitempty"`    // of a retyping
	Heading string      `json:"heading,omitempty"` // of an edit
	Text    string      `json:"text,omitempty"`    // of an edit
	// Set are fields of the identity by their names in Fields.
	Set     map[string]string `json:"set,omitempty"`
	Problem string            `json:"problem,omitempty"` // fingerprint of an ignored problem

	By   string    `json:"by,omitempty"` // id of the person
	When time.Time `json:"when,omitzero"`
}

// size is how many bytes of text an operation carries.
func (op Operation) size() int {
	n := len(op.Heading) + len(op.Text) + len(op.Label) + len(op.Join) + 200
	for _, v := range op.Set {
		n += len(v)
	}
	return n
}

// carried is the operation as the next edition may have it: what names one
// edition (designation, year, dates) is not carried over. It is false when
// nothing is left.
func (op Operation) carried() (Operation, bool) {
	if op.Act != Identify {
		return op, true
	}
	op.Set = maps.Clone(op.Set)
	for _, f := range Fields {
		if f.Naming {
			delete(op.Set, f.Name)
		}
	}
	return op, len(op.Set) > 0
}

// Bound fills in what the operation is bound to, from the document as it is now.
func (s *Sheet) Bound(op Operation) (Operation, error) {
	switch op.Act {
	case Identify, Ignore:
		return op, nil
	}
	at, err := s.find(op.Clause)
	if err != nil {
		return op, err
	}
	op.Digest = s.Rows[at].Digest()
	if op.Act == Merge {
		before := s.before(at)
		if before < 0 {
			return op, corpus.Refuse(corpus.ErrInvalid, "correct-first", "there is no clause before {clause} that it could become a part of", "clause", op.Clause)
		}
		op.Into, op.IntoDigest = s.Rows[before].ID.Key(), s.Rows[before].Digest()
	}
	return op, nil
}

// holds tells whether an identity operation or an ignored problem is so already.
func (s *Sheet) holds(op Operation) bool {
	switch op.Act {
	case Ignore:
		return s.ignored[op.Problem]
	case Identify:
		for _, f := range Fields {
			if v, set := op.Set[f.Name]; set && f.Get(s.Standard) != v {
				return false
			}
		}
		return true
	}
	return false
}

// acts says how each act changes a sheet.
var acts = map[Act]func(*Sheet, Operation) error{
	Split: (*Sheet).split, Merge: (*Sheet).merge, Renumber: (*Sheet).renumber, Retype: (*Sheet).retype, Edit: (*Sheet).edit,
	Delete: (*Sheet).remove, Restore: (*Sheet).restore, Identify: (*Sheet).identify, Ignore: (*Sheet).ignore,
}

// Apply makes one correction, or refuses it and changes nothing: a clause that
// is not there or has another wording than the operation was made for
// (corpus.ErrConflict), a number that is taken, a place outside the text.
func (s *Sheet) Apply(op Operation) error {
	do, known := acts[op.Act]
	if !known {
		return corpus.Refuse(corpus.ErrInvalid, "correct-act", "there is no correction {act}", "act", string(op.Act))
	}
	return do(s, op)
}

// bound finds the clause that an operation is for.
func (s *Sheet) bound(key string, digest corpus.Digest) (int, error) {
	at, err := s.find(key)
	if err != nil {
		return 0, err
	}
	if s.Rows[at].Digest() != digest {
		return 0, corpus.Refuse(corpus.ErrConflict, "correct-moved", "the text of {clause} is another one than the correction was made for", "clause", key)
	}
	return at, nil
}

// split cuts a clause in two. White space around the place goes; an empty label
// stands for the number that opens the second part.
func (s *Sheet) split(op Operation) error {
	at, err := s.bound(op.Clause, op.Digest)
	if err != nil {
		return err
	}
	a, read := s.Rows[at].Clause, s.Rows[at].Read
	first, _, second, ok := Cut(a.Text, op.At)
	if !ok || second == "" || first == "" && a.Heading == "" {
		return corpus.Refuse(corpus.ErrInvalid, "correct-cut", "put the cursor inside the text of {clause}, where the second clause begins", "clause", op.Clause)
	}
	label := op.Label
	if label == "" {
		n, rest, found := corpus.LeadingNumber(second)
		if !found || rest == "" {
			return corpus.Refuse(corpus.ErrInvalid, "correct-number", "give the number of the second part, for no number opens it")
		}
		label, second = n.Label, rest
	}
	key, err := s.newKey(a, label)
	if err != nil {
		return err
	}
	b := a
	b.ID, b.Number, b.Label, b.Heading, b.Text = corpus.NewClauseID(s.Standard.ID, key), key, label, "", second
	if n, _, found := corpus.LeadingNumber(label); found && n.Kind == corpus.NumberClause && besides[a.Kind] {
		b.Kind = s.kindAbove(a)
	}
	if a.Text = first; first == "" {
		a.Kind = corpus.KindHeading
	}
	s.Rows[at] = Row{Clause: a, Read: read, Corrected: true}
	s.Rows = slices.Insert(s.Rows, at+1, Row{Clause: b, Read: read, Corrected: true})
	s.adopt(at+1, label)
	return nil
}

// besides are the kinds of what stands with a clause and has no number of a clause.
var besides = map[corpus.Kind]bool{corpus.KindNote: true, corpus.KindExample: true, corpus.KindTable: true, corpus.KindFigure: true, corpus.KindFormula: true}

// kindAbove is the kind of the clause that a note, table or the like stands with: what is
// split off it with a number of its own is such a clause.
func (s *Sheet) kindAbove(c corpus.Clause) corpus.Kind {
	for range len(s.Rows) {
		at := slices.IndexFunc(s.Rows, func(r Row) bool { return r.ID == c.Parent })
		if at < 0 {
			break
		}
		if c = s.Rows[at].Clause; c.Kind != corpus.KindHeading && !besides[c.Kind] {
			return c.Kind
		}
	}
	return corpus.KindProvision
}

// merge makes a clause a part of the one before it.
func (s *Sheet) merge(op Operation) error {
	at, err := s.bound(op.Clause, op.Digest)
	if err != nil {
		return err
	}
	into, err := s.bound(op.Into, op.IntoDigest)
	if err != nil {
		return err
	}
	if s.before(at) != into {
		return corpus.Refuse(corpus.ErrConflict, "correct-apart", "{clause} does not follow {before} any more", "clause", op.Clause, "before", op.Into)
	}
	if !isSpace(op.Join) || len(op.Join) > maxLabelRunes {
		return corpus.Refuse(corpus.ErrInvalid, "correct-join", "only white space may stand between the two parts")
	}
	a, b := s.Rows[into].Clause, s.Rows[at].Clause
	words := b.Wording()
	if op.Number && b.Label != "" && b.Label != b.Heading {
		words = b.Label + " " + words
	}
	if a.Text == "" {
		a.Text = words
		if a.Kind == corpus.KindHeading {
			a.Kind = b.Kind
		}
	} else {
		a.Text += op.Join + words
	}
	if len(a.Text) > corpus.MaxClauseBytes {
		return tooLong(op.Into)
	}
	s.Rows[into] = Row{Clause: a, Read: s.joined(s.Rows[into].Read, s.Rows[at].Read), Corrected: true}
	for i := range s.Rows {
		if s.Rows[i].Parent == b.ID {
			s.Rows[i].Parent = a.ID
			s.moved[s.Rows[i].ID] = true
		}
	}
	s.Rows = slices.Delete(s.Rows, at, at+1)
	return nil
}

// renumber gives a clause another number. Its children keep theirs, but what has its key
// from the clause, as notes, tables, figures and formulas have, goes along.
func (s *Sheet) renumber(op Operation) error {
	at, err := s.bound(op.Clause, op.Digest)
	if err != nil {
		return err
	}
	was := s.Rows[at].Clause
	if op.Label == was.Label {
		return nil
	}
	key, err := s.newKey(was, op.Label)
	if err != nil {
		return err
	}
	c := &s.Rows[at]
	c.ID, c.Number, c.Label, c.Corrected = corpus.NewClauseID(s.Standard.ID, key), key, op.Label, true
	now := map[corpus.ClauseID]corpus.ClauseID{was.ID: c.ID}
	for i := range s.Rows {
		r := &s.Rows[i]
		up, found := now[r.Parent]
		if !found {
			continue
		}
		rest, along := strings.CutPrefix(r.ID.Key(), r.Parent.Key()+"~")
		r.Parent = up
		if key := up.Key() + "~" + rest; along && !s.has(key) {
			id := corpus.NewClauseID(s.Standard.ID, key)
			if r.Number == r.ID.Key() {
				r.Number = key
			}
			s.renamed[r.ID.Key()], now[r.ID] = key, id
			r.ID, r.Corrected = id, true
			s.moved[id] = true
		}
	}
	s.adopt(at, op.Label)
	return nil
}

// retype gives a clause another kind.
func (s *Sheet) retype(op Operation) error {
	at, err := s.bound(op.Clause, op.Digest)
	if err != nil {
		return err
	}
	if !slices.Contains(Kinds, op.Kind) {
		return corpus.Refuse(corpus.ErrInvalid, "correct-kind", "there is no kind of clause {kind}", "kind", string(op.Kind))
	}
	s.Rows[at].Kind, s.Rows[at].Corrected = op.Kind, true
	return nil
}

// edit gives a clause another heading and text.
func (s *Sheet) edit(op Operation) error {
	at, err := s.bound(op.Clause, op.Digest)
	if err != nil {
		return err
	}
	heading, text := Tidy(op.Heading), Tidy(op.Text)
	switch {
	case heading == "" && text == "":
		return corpus.Refuse(corpus.ErrInvalid, "correct-empty", "a clause needs a heading or a text; delete it instead")
	case len(text) > corpus.MaxClauseBytes || len([]rune(heading)) > maxHeadingRunes:
		return tooLong(op.Clause)
	}
	c := &s.Rows[at]
	if c.Heading != heading {
		s.moved[c.ID] = true
	}
	c.Heading, c.Text, c.Corrected = heading, text, true
	return nil
}

func tooLong(clause string) error {
	return corpus.Refuse(corpus.ErrLimit, "correct-long", "the text or the heading of {clause} is too long", "clause", clause)
}

// remove leaves a clause out.
func (s *Sheet) remove(op Operation) error { return s.leave(op, true) }

// restore takes a clause in again.
func (s *Sheet) restore(op Operation) error { return s.leave(op, false) }

func (s *Sheet) leave(op Operation, out bool) error {
	at, err := s.bound(op.Clause, op.Digest)
	if err != nil {
		return err
	}
	s.Rows[at].Deleted, s.Rows[at].Corrected = out, true
	return nil
}

// ignore remembers that a problem is none.
func (s *Sheet) ignore(op Operation) error {
	if len(op.Problem) != fingerprintLength {
		return corpus.Refuse(corpus.ErrInvalid, "correct-problem", "this problem is not known any more")
	}
	s.ignored[op.Problem] = true
	return nil
}
