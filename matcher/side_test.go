package matcher

import (
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

func TestSides(t *testing.T) {
	first, second := corpus.Clause{ID: "s/1", Heading: "宽", Text: "abc"}, corpus.Clause{ID: "s/2", Text: "defg"}
	one, parts := Join([]corpus.Clause{first, second})
	if one.ID != "s/1 + 2" || one.Wording() != "宽\nabc\ndefg" {
		t.Errorf("%q %q", one.ID, one.Wording())
	}
	for place, want := range map[lexicon.Span]struct {
		clause corpus.ClauseID
		at     lexicon.Span
	}{
		{Start: 4, End: 7}:  {"s/1", lexicon.Span{Start: 4, End: 7}},
		{Start: 8, End: 12}: {"s/2", lexicon.Span{Start: 0, End: 4}},
		{Start: 6, End: 9}:  {"", lexicon.Span{}}, // over the end of the first
	} {
		if part, at, found := PartAt(parts, place); part.Clause != want.clause || at != want.at || found != (want.clause != "") {
			t.Errorf("%v: %s %v, want %+v", place, part.Clause, at, want)
		}
	}
	if alone, _ := Join([]corpus.Clause{second}); alone.ID != second.ID || alone.Digest() != second.Digest() {
		t.Errorf("one clause is not itself: %+v", alone)
	}
	asked := 0
	compare := func(a, b corpus.Clause) Proposal {
		asked++
		return Proposal{Source: a.ID, Target: b.ID, SourceDigest: a.Digest(), TargetDigest: b.Digest()}
	}
	digests := map[corpus.ClauseID]corpus.Digest{"s/1": first.Digest(), "s/2": second.Digest(), "t/1": corpus.Clause{Text: "t"}.Digest()}
	digest := func(id corpus.ClauseID) corpus.Digest { return digests[id] }
	target := []corpus.Clause{{ID: "t/1", Text: "t"}}
	set := CompareSides(compare, []corpus.Clause{first, second}, target)
	pair := CompareSides(compare, []corpus.Clause{first}, target)
	if asked != 2 || len(set.SourceParts) != 2 || set.TargetParts != nil || pair.SourceParts != nil {
		t.Errorf("asked %d times: %+v, %+v", asked, set, pair)
	}
	if !set.Reads(digest) || !pair.Reads(digest) {
		t.Error("the texts it was made on are not known again")
	}
	digests["s/2"] = "other"
	if set.Reads(digest) || !pair.Reads(digest) {
		t.Error("a changed second text leaves the set's comparison standing, or takes the pair's")
	}
	delete(digests, "s/2")
	if set.Reads(digest) {
		t.Error("a comparison of a clause that is gone stands")
	}
}
