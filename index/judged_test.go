package index

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"concord/corpus"
)

func TestReadJudgedSaysWhatIsWrongAndWhere(t *testing.T) {
	good := "# ours\ntopic\twhat\tvalue\nrail\ten\tguardrail height\nrail\tzh\t栏杆高度\nrail\t2\ta/1 a/2\nrail\t1\tb/1\n"
	set, err := ReadJudged("x.tsv", good)
	if err != nil || len(set) != 1 || len(set[0].Queries) != 2 || len(set[0].Grades) != 3 || set[0].Grades["b/1"] != 1 {
		t.Fatalf("%+v, %v", set, err)
	}
	for body, want := range map[string]string{
		"topic\twhat\nx":                  "line 1: the header",
		good + "rail\t3\tc/1\n":           "line 7: \"3\" is neither",
		good + "rail\t1\ta/2\n":           "line 7: the clause a/2 is judged twice",
		good + "rail\ten\n":               "line 7: a row has 3 cells, this one has 2",
		good + "door\ten\tdoor width\n":   "the topic door needs",
		"topic\twhat\tvalue\n# nothing\n": "there is no topic",
	} {
		if _, err := ReadJudged("x.tsv", body); !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", body, err, want)
		}
	}
}

func TestNDCGByHand(t *testing.T) {
	for _, c := range []struct {
		got, all []int
		want     float64
	}{
		{[]int{2, 1}, []int{1, 2}, 1},
		{[]int{0, 2}, []int{2}, 1 / math.Log2(3)},
		{[]int{1, 2}, []int{1, 2}, (1 + 3/math.Log2(3)) / (3 + 1/math.Log2(3))},
		{[]int{0, 0}, []int{2}, 0},
		{[]int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}, []int{2}, 0},
	} {
		if got := ndcg(c.got, c.all); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v of %v: %v, want %v", c.got, c.all, got, c.want)
		}
	}
}

func TestJudgeFindsWhatIsMissedAndRefusesUnknownClauses(t *testing.T) {
	s := small()
	ix := open(t, t.TempDir(), s)
	language := func(id corpus.ClauseID) corpus.Language { return s.clause(id).Language }
	set := []Judged{{Topic: "rail", Queries: []JudgedQuery{{"en", "guardrail height"}}, Grades: map[corpus.ClauseID]int{"gb-x/4.2": 2, "ru-x/7.1": 2}}}
	got, err := ix.Judge(context.Background(), set, language)
	if err != nil || len(got) != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, r := range got {
		if r.NDCG10 < 0.5 || len(r.Missed) > 0 {
			t.Errorf("%+v", r)
		}
	}
	set[0].Queries[0].Text = "fewer than ten persons"
	if got, err = ix.Judge(context.Background(), set, language); err != nil || got[0].NDCG10 > 0.5 || len(got[0].Missed) == 0 {
		t.Errorf("a query about something else: %+v, %v", got, err)
	}
	set[0].Grades["gb-x/99"] = 2
	if _, err = ix.Judge(context.Background(), set, language); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("an unknown clause: %v", err)
	}
}
