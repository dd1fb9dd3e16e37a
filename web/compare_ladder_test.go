package web

import (
	"fmt"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
)

// outlined makes clauses from keys: a dot begins a level.
func outlined(keys ...string) []corpus.Clause {
	var out []corpus.Clause
	for i, key := range keys {
		c := corpus.Clause{ID: corpus.NewClauseID("s", key), Standard: "s", Order: i, Label: key, Kind: corpus.KindRequirement, Text: "text of " + key, Language: "en"}
		if at := strings.LastIndex(key, "."); at >= 0 {
			c.Parent = corpus.NewClauseID("s", key[:at])
		} else {
			c.Kind, c.Heading = corpus.KindHeading, "Head "+key
		}
		out = append(out, c)
	}
	return out
}

func TestChapters(t *testing.T) {
	std := corpus.Standard{ID: "s", Rights: corpus.RightsTitles}
	list, of := chaptersOf(outlined("1", "1.1", "1.1.1", "2", "2.1"), std)
	if len(list) != 2 || list[0].Normative != 2 || list[1].Normative != 1 || of["s/1.1.1"] != 0 || of["s/2.1"] != 1 || list[1].Heading != "Head 2" {
		t.Errorf("%+v %v", list, of)
	}
	list, of = chaptersOf(outlined("1", "1.1", "1.1.1", "1.2"), std)
	if len(list) != 3 || of["s/1"] != 0 || of["s/1.1.1"] != 1 || of["s/1.2"] != 2 {
		t.Errorf("one chapter alone: %+v %v", list, of)
	}
	if list[1].Heading != "" {
		t.Errorf("a text that may not be shown names a chapter: %q", list[1].Heading)
	}
	var many []string
	for i := range 70 {
		many = append(many, fmt.Sprint(i+1), fmt.Sprintf("%d.1", i+1))
	}
	list, of = chaptersOf(outlined(many...), std)
	if len(list) > mostChapters || list[0].Label != "1 – 3" || list[0].Normative != 3 || of["s/70.1"] != len(list)-1 || list[len(list)-1].Label != "70" {
		t.Errorf("%d chapters, %+v, %+v", len(list), list[0], list[len(list)-1])
	}
	if list, of = chaptersOf(nil, std); len(list) != 0 || len(of) != 0 {
		t.Errorf("no clauses: %+v", list)
	}
}

// TestLadder checks bands and stubs against the matches, and
// that no end lies outside its box.
func TestLadder(t *testing.T) {
	side := func(id corpus.StandardID) *comparedSide {
		d := &comparedSide{standard: corpus.Standard{ID: id, Rights: corpus.RightsFull}, byID: map[corpus.ClauseID]corpus.Clause{}}
		for _, c := range outlined("1", "1.1", "1.2", "2", "2.1", "2.2") {
			c.ID = corpus.NewClauseID(id, c.ID.Key())
			if c.Parent != "" {
				c.Parent = corpus.NewClauseID(id, c.Parent.Key())
			}
			d.clauses, d.byID[c.ID] = append(d.clauses, c), c
		}
		d.chapters, d.chapter = chaptersOf(d.clauses, d.standard)
		return d
	}
	match := func(n byte, state review.State, r corpus.Relation, sources []corpus.ClauseID, targets ...corpus.ClauseID) *comparedMatch {
		m := &comparedMatch{matchFields: matchFields{State: state, Sources: sources, Targets: targets}}
		m.ID[0] = n
		if state == review.StateConfirmed {
			m.Outcome = &review.Outcome{Verdict: review.Verdict(r), AToB: plainYes, BToA: plainYes}
		}
		return m
	}
	c := &comparedPair{a: side("a"), b: side("b")}
	c.all = []*comparedMatch{
		match(1, review.StateConfirmed, corpus.RelationSubset, []corpus.ClauseID{"a/1.1", "a/1.2"}, "b/1.1"),
		match(2, review.StateConfirmed, corpus.RelationIdentical, []corpus.ClauseID{"a/2.1"}, "b/1.2"),
		match(3, review.StateAbsent, "", []corpus.ClauseID{"a/2.2"}), match(4, review.StateOpinion, "", []corpus.ClauseID{"a/2.1"}, "b/2.1"),
		match(5, review.StateConfirmed, corpus.RelationOverlap, []corpus.ClauseID{"a/1.1"}, "b/removed"),
	}
	c.matches = c.all
	l := c.ladder()
	var said []string
	for _, b := range l.Bands {
		said = append(said, fmt.Sprintf("%s-%s %s %d/%d", b.A.Key, b.B.Key, b.Kind, b.ClausesA, b.ClausesB))
	}
	for _, s := range l.Stubs {
		said = append(said, fmt.Sprintf("%s%s %s %d", s.Side, s.Chapter.Key, s.Kind, s.Clauses))
	}
	want := "1-1 subset 2/1, 2-1 equal 1/1, 2-2 onesided 1/1, a2 absent 1, b2 open 2"
	if len(l.Heads) != 2 || l.Heads[0].X >= l.Heads[1].X || !strings.HasPrefix(l.Heads[0].Text, "A ") || !strings.HasPrefix(l.Heads[1].Text, "B ") {
		t.Errorf("heads %+v", l.Heads)
	}
	for _, b := range l.Boxes {
		if b.Y <= l.Heads[0].Y {
			t.Errorf("a chapter lies over the names: %+v", b)
		}
	}
	if got := strings.Join(said, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if strings.Join(l.Kinds, " ") != "equal subset onesided" {
		t.Errorf("legend: %v", l.Kinds)
	}
	for _, b := range l.Boxes {
		if b.nextEnd != b.ends || b.Y+b.H > l.Height {
			t.Errorf("%s%s: %v of %v ends are drawn, down to %d of %d", b.Side, b.Chapter.Key, b.nextEnd, b.ends, b.Y+b.H, l.Height)
		}
	}
}

func TestShortened(t *testing.T) {
	for text, want := range map[string]string{"": "", "short": "short", "a longer text": "a longer t…", "总平面布置总平面": "总平面布置…"} {
		if got := shortened(text, 10); got != want {
			t.Errorf("%q is shortened to %q, want %q", text, got, want)
		}
	}
}

// TestPrintedUnits reads differences in the unit that the texts print.
func TestPrintedUnits(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		language corpus.Language
		a, b     string
		want     string
	}{
		"millimetres": {"en", "at least 1100 mm", "at least 1.2 m", "100 mm"}, "Chinese hours": {"zh", "不应低于1.5小时", "at least 120 min", "0.5 小时"},
		"Arabic digits": {"ar", "لا يقل عن ٤٠ م", "at least 45 m", "5 م"}, "degrees": {"en", "at most 40 °C", "at most 45 °C", "5 °C"},
	} {
		c := &comparedPair{s: &Server{read: lex}, units: map[unitKey]float64{}, a: &comparedSide{standard: corpus.Standard{Language: x.language}}, b: &comparedSide{standard: corpus.Standard{Language: "en"}}}
		text := func(text string, l corpus.Language) (joinedText, lexicon.Quantity) {
			t := joinedText{clause: corpus.Clause{Text: text, Language: l}}
			q := lex.Read(t.clause, "").Quantities
			if len(q) != 1 {
				return t, lexicon.Quantity{}
			}
			return t, q[0]
		}
		a, qa := text(x.a, x.language)
		b, qb := text(x.b, "en")
		d := matcher.Difference{Delta: qb.Low - qa.Low, Unit: "SI", SpansA: []lexicon.Span{qa.Span}, SpansB: []lexicon.Span{qb.Span}}
		value, unit := c.printedDelta(&comparison{a: a, b: b}, d)
		if got := (&words{tag: "en"}).decimal(value) + " " + unit; got != x.want {
			t.Errorf("%s: %s, want %s", name, got, x.want)
		}
		d.SpansA, d.SpansB = nil, nil
		if _, unit := c.printedDelta(&comparison{a: a, b: b}, d); unit != "SI" {
			t.Errorf("%s: without places the unit is %q", name, unit)
		}
	}
}
