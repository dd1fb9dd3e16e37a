package review

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
)

func TestTogether(t *testing.T) {
	ids := func(standard string, from, to int) (out []corpus.ClauseID) {
		for i := from; i <= to; i++ {
			out = append(out, corpus.NewClauseID(corpus.StandardID(standard), fmt.Sprint(i)))
		}
		return out
	}
	absent := newMatch()
	absent.Targets = nil
	for _, c := range []struct {
		name    string
		m       Match
		a, b    []corpus.ClauseID
		sources []corpus.ClauseID
		targets []corpus.ClauseID
		rule    string
	}{
		{"one to two", newMatch(), nil, ids("b", 2, 2), ids("a", 1, 1), ids("b", 1, 2), ""},
		{"two to one", newMatch(), ids("a", 2, 2), nil, ids("a", 1, 2), ids("b", 1, 1), ""},
		{"two to two, one ticked twice", newMatch(), ids("a", 2, 2), slices.Concat(ids("b", 2, 2), ids("b", 2, 2)), ids("a", 1, 2), ids("b", 1, 2), ""},
		{"nothing ticked", newMatch(), nil, nil, nil, nil, "set-nothing"},
		{"only what is there already", newMatch(), ids("a", 1, 1), ids("b", 1, 1), nil, nil, "set-nothing"},
		{"a question for a counterpart", absent, nil, ids("b", 2, 2), nil, nil, "set-absent"},
		{"as many as there may be", newMatch(), nil, ids("b", 2, MaxTogether), ids("a", 1, 1), ids("b", 1, MaxTogether), ""},
		{"one more", newMatch(), nil, ids("b", 2, MaxTogether+1), nil, nil, "set-large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := slices.Clone(c.m.Sources)
			got, err := Together(c.m, c.a, c.b)
			if r, refused := corpus.RefusalOf(err); refused != (c.rule != "") || refused && r.Rule != c.rule {
				t.Fatalf("%v, want rule %q", err, c.rule)
			}
			if err == nil && (!slices.Equal(got.Sources, c.sources) || !slices.Equal(got.Targets, c.targets) || got.ID != uuid.Nil || got.Against != "b") {
				t.Errorf("made %+v", got)
			}
			if !slices.Equal(c.m.Sources, before) {
				t.Error("the match it was made from changed")
			}
		})
	}
}

func TestMayDrop(t *testing.T) {
	decided := newMatch()
	decided.Decisions = []Decision{says(decided, "equivalent")}
	proposed := newMatch()
	proposed.Proposal = &matcher.Proposal{}
	closed := dossierOf(PolicyOneReviewer)
	closed.Closed = true
	for name, c := range map[string]struct {
		m     Match
		d     Dossier
		who   string
		maker uuid.UUID
		want  error
	}{
		"its maker":                           {newMatch(), dossierOf(PolicyOneReviewer), "cn1", people["cn1"].ID, nil},
		"somebody of the same party":          {newMatch(), dossierOf(PolicyOneReviewer), "cn2", people["cn1"].ID, corpus.ErrForbidden},
		"an admin":                            {newMatch(), dossierOf(PolicyOneReviewer), "admin", people["cn1"].ID, corpus.ErrForbidden},
		"its maker, disabled since":           {newMatch(), dossierOf(PolicyOneReviewer), "gone", people["gone"].ID, corpus.ErrForbidden},
		"nobody made it":                      {newMatch(), dossierOf(PolicyOneReviewer), "cn1", uuid.Nil, corpus.ErrConflict},
		"answered":                            {decided, dossierOf(PolicyOneReviewer), "cn1", people["cn1"].ID, corpus.ErrConflict},
		"proposed by the program as well":     {proposed, dossierOf(PolicyOneReviewer), "cn1", people["cn1"].ID, corpus.ErrConflict},
		"in a dossier that has closed by now": {newMatch(), closed, "cn1", people["cn1"].ID, corpus.ErrForbidden},
	} {
		if err := MayDrop(c.m, c.d, people[c.who], c.maker); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
