package export

import (
	"strings"
	"testing"

	"concord/corpus"
)

// TestConditionsInTheLanguageOfTheDocument: a suggested condition is said in the
// document's language, somebody's own words stay theirs, and so does a suggestion
// that nobody can say.
func TestConditionsInTheLanguageOfTheDocument(t *testing.T) {
	s := wholeSample()
	s.matches[2].Outcome.AToB = corpus.Recognition{
		Answer: corpus.AnswerConditions, Conditions: []string{"needs rail height >= 1.2 m", "ask first >= twice", "needs something else"},
		Details: []corpus.Condition{{Kind: "quantity-stricter", Need: ">= 1.2 m"}, {Language: "en"}, {Kind: "unheard-of"}},
	}
	for name, in := range map[string]corpus.Language{"docx": "zh", "html": "ar", "xlsx": "fr", "mra": "es", "mra-html": "zh", "gb": "zh", "gost": "ru"} {
		set := gatheredFrom(t, s, in)
		set.Options.Sentence = func(c corpus.Condition, in corpus.Language) string {
			if c.Kind == "unheard-of" {
				return ""
			}
			return "«" + string(in) + " " + c.Need + "»"
		}
		for said, with := range map[string]Set{"«" + string(in) + " >= 1.2 m»": set, "needs rail height ≥ 1.2 m": gatheredFrom(t, s, in)} {
			got := plainText(written(t, mustBe(t, name), with))
			for _, want := range []string{said, "ask first ≥ twice", "needs something else"} {
				if !strings.Contains(got, want) && !strings.Contains(got, strings.ReplaceAll(want, ">", "&gt;")) {
					t.Errorf("%s in %s lacks %q", name, in, want)
				}
			}
		}
	}
}

func TestLastingDifferences(t *testing.T) {
	for _, c := range []struct {
		delta float64
		unit  string
		want  float64
		code  string
	}{{-15778800, "s", -6, "mo"}, {31557600, "s", 1, "a"}, {15778801, "s", 182.62501157407408, "d"}, {172800, "s", 2, "d"}, {0, "s", 0, "s"}, {7200, "s", 2, "h"}, {90, "s", 1.5, "min"}, {59, "s", 59, "s"}, {86400, "m", 86400, "m"}} {
		if got, code := lasting(c.delta, c.unit); got != c.want || code != c.code {
			t.Errorf("%v %s is %v %s", c.delta, c.unit, got, code)
		}
	}
}

// TestWorkbookOpensWithWhatMoved: a workbook of a round whose texts have changed begins
// with the sheet that says so; of any other with its first table.
func TestWorkbookOpensWithWhatMoved(t *testing.T) {
	s := gatheredFrom(t, wholeSample(), "en")
	for first, moved := range map[string][]corpus.ClauseID{"Comparison": nil, "About": {"cn-a/5.1"}} {
		s.Round = &Stamp{Number: 1, Name: "First", Checksum: "c0ffee", Moved: moved}
		f := opened(t, s)
		rows, err := f.GetRows(f.GetSheetList()[0])
		if err != nil || f.GetSheetList()[0] != first {
			t.Errorf("the first sheet is %q, want %q (%v)", f.GetSheetList()[0], first, err)
		}
		said := ""
		for _, row := range rows {
			said += strings.Join(row, " ")
		}
		if got := strings.Contains(said, "has changed since the round was frozen"); got != (moved != nil) {
			t.Errorf("%s says that texts changed: %v", first, got)
		}
	}
}
