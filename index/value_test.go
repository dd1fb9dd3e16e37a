package index

import (
	"context"
	"math"
	"slices"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// valued is a shelf of clauses that ask for values of several things.
func valued(t *testing.T) (*shelf, *Index) {
	s := small()
	s.put(english, "5.1", "", "The height of the guardrail shall be at least 900 mm.")
	s.put(english, "5.2", "", "The width of the door shall be at least 1200 mm.")
	s.put(english, "5.3", "", "The height of the guardrail shall not exceed 1300 mm.")
	s.put(english, "5.4", "", "The guardrail shall weigh at least 1200 kg.")
	s.put(russian, "8", "", "Ширина двери должна быть не менее 1,2 м.")
	s.put(chinese, "9.1", "", "门的净宽不应小于0.9m。")
	return s, open(t, t.TempDir(), s)
}

func TestValuesAreFoundByRangeInAnyUnitAndLanguage(t *testing.T) {
	_, ix := valued(t)
	rails := []corpus.ClauseID{"cn-x/5.3.1", "gb-x/4.2", "ru-x/7.1"}
	for _, c := range []struct {
		text      string
		want, not []corpus.ClauseID
	}{
		{"guardrail height >= 1000 mm", rails, []corpus.ClauseID{"gb-x/5.1", "gb-x/5.2", "gb-x/5.3", "gb-x/5.4", "ru-x/8"}},
		{"guardrail height >= 85 cm", append(slices.Clone(rails), "gb-x/5.1"), []corpus.ClauseID{"gb-x/5.2", "gb-x/5.3", "gb-x/5.4"}},
		{"guardrail height > 1.2 m", nil, append(slices.Clone(rails), "gb-x/5.1", "gb-x/5.3")},
		{"guardrail height = 1200 mm", rails, []corpus.ClauseID{"gb-x/5.1", "gb-x/5.3", "gb-x/5.2"}},
		{"guardrail height <= 1.4 m", []corpus.ClauseID{"gb-x/5.3"}, append(slices.Clone(rails), "gb-x/5.1")},
		{"guardrail height between 1.1 m and 1.25 m", rails, []corpus.ClauseID{"gb-x/5.1", "gb-x/5.3"}},
		{"栏杆高度不小于1.05m", rails, []corpus.ClauseID{"gb-x/5.1", "cn-x/9.1", "gb-x/5.2"}},
		{"высота ограждения не менее 1,2 м", rails, []corpus.ClauseID{"gb-x/5.1", "ru-x/8"}},
		{"hauteur du garde-corps au moins 1,05 m", rails, []corpus.ClauseID{"gb-x/5.1", "gb-x/5.2"}},
		{"ширина двери не менее 1,1 м", []corpus.ClauseID{"ru-x/8", "gb-x/5.2"}, append(slices.Clone(rails), "cn-x/9.1")},
	} {
		t.Run(c.text, func(t *testing.T) {
			got := find(t, ix, Query{Text: c.text})
			for _, id := range c.want {
				if !slices.Contains(got, id) {
					t.Errorf("found %v, not %s", got, id)
				}
			}
			for _, id := range c.not {
				if slices.Contains(got, id) {
					t.Errorf("found %v, and %s should not be there", got, id)
				}
			}
		})
	}
}

// TestWordsOfABoundAskForNothing: what only says that a value is a limit need not stand
// in a clause, and a term between a bound's words and its number still must.
func TestWordsOfABoundAskForNothing(t *testing.T) {
	s, _ := valued(t)
	s.put(english, "6.1", "", "Noise at the workplace shall not exceed 80 dB(A).")
	s.put(english, "6.2", "", "Noise at the workplace shall not exceed 90 dB(A).")
	s.put(english, "6.3", "", "The slope shall not exceed 5 %.")
	s.put(english, "6.4", "", "The slope shall not exceed 12 %.")
	ix := open(t, t.TempDir(), s)
	for _, c := range []struct {
		text      string
		want, not corpus.ClauseID
	}{
		{"limite de 85 dB(A)", "gb-x/6.1", "gb-x/6.2"},
		{"límite de 85 dB(A)", "gb-x/6.1", "gb-x/6.2"},
		{"limit of 85 dB(A)", "gb-x/6.1", "gb-x/6.2"},
		{"noise limit 95 dB", "gb-x/6.2", "gb-x/5.2"},
		{"限值85dB", "gb-x/6.1", "gb-x/6.2"},
		{"lower limit of 85 dB", "", "gb-x/6.1"},
		{"85 dB(A)", "", "gb-x/6.1"},
		{"slope at most 6 %", "gb-x/6.3", "gb-x/6.4"}, // a blank before the sign
		{"уклон не более 6 %", "gb-x/6.3", "gb-x/6.4"},
		{"anchura mínima de puerta 1 m", "gb-x/5.2", "gb-x/5.4"},
		{"altura mínima de barandilla 1 m", "gb-x/4.2", "gb-x/5.2"},
	} {
		got := find(t, ix, Query{Text: c.text})
		if c.want != "" && !slices.Contains(got, c.want) || c.not != "" && slices.Contains(got, c.not) {
			t.Errorf("%q finds %v, want %q and not %q", c.text, got, c.want, c.not)
		}
	}
	p, err := ix.plan(Query{Text: "anchura mínima de puerta 1 m"})
	if err != nil || len(p.asked) != 1 || !slices.ContainsFunc(p.units, func(u unit) bool { return u.text == "puerta" }) {
		t.Errorf("units %+v, asked %+v, %v", p.units, p.asked, err)
	}
}

func TestMetSaysTheClausesValueInTheUnitAsked(t *testing.T) {
	s, ix := valued(t)
	for _, c := range []struct {
		text   string
		clause corpus.ClauseID
		want   float64
		unit   string
	}{
		{"guardrail height >= 1000 mm", "cn-x/5.3.1", 1200, "mm"},
		{"высота ограждения не менее 1,0 м", "gb-x/4.2", 1.2, "м"},
		{"guardrail height >= 3 ft", "gb-x/4.2", 1.2 / 0.3048, "ft"},
		{"guardrail height >= 1000 mm", "gb-x/5.1", 0, ""},
	} {
		clause := s.clause(c.clause)
		got := ix.Met(Query{Text: c.text}, ix.lex.Read(clause, corpus.TraditionUnknown))
		if c.unit == "" {
			if len(got) > 0 {
				t.Errorf("%s in %s: %+v, want nothing", c.text, c.clause, got)
			}
			continue
		}
		if len(got) != 1 || math.Abs(got[0].Low-c.want) > 1e-6 || got[0].Unit != c.unit {
			t.Errorf("%s in %s: %+v, want %v %s", c.text, c.clause, got, c.want, c.unit)
		}
	}
	res, err := ix.Search(context.Background(), Query{Text: "guardrail height >= 1000 mm"})
	if err != nil || len(res.Asked) != 1 || res.Asked[0].Span != (lexicon.Span{Start: 17, End: 27}) || res.Asked[0].Low != 1 {
		t.Errorf("asked %+v, %v", res.Asked, err)
	}
}

// Every dimension of the fields is one the lexicon measures in; another name
// would be a field that stays empty.
func TestValueDimensionsAreOfTheLexicon(t *testing.T) {
	for phrase, dimension := range map[string]string{"5 m": "length", "5 m²": "area", "5 kg": "mass", "5 °C": "temperature", "5 %": "ratio", "5 lx": "illuminance", "5 dB": "sound-level", "5 persons": "persons"} {
		got := loaded().ReadText(phrase, "en").Quantities
		if len(got) != 1 || got[0].Dimension != dimension || !slices.Contains(valueDimensions, dimension) {
			t.Errorf("%s is %+v, want %s", phrase, got, dimension)
		}
	}
}
