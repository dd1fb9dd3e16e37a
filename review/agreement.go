package review

import (
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
)

// Agreement says how well two people agree who answered the same questions
// independently of each other.
type Agreement struct {
	N    int `json:"n"`    // questions that both answered
	Same int `json:"same"` // of them answered alike
	// Kappa is Cohen's kappa, the agreement beyond what chance alone would give:
	//
	//	kappa = (po - pe) / (1 - pe)
	//
	// with po the raw agreement and pe the sum over the answers of the product of
	// both sides' shares (J. Cohen, A coefficient of agreement for nominal scales,
	// Educational and Psychological Measurement 20, 1960, 37-46). It is nil
	// without questions, and where both sides always gave one and the same answer,
	// since chance then explains everything.
	Kappa *float64 `json:"kappa"`
}

// Raw is the share of questions answered alike, 0 without questions.
func (a Agreement) Raw() float64 {
	if a.N == 0 {
		return 0
	}
	return float64(a.Same) / float64(a.N)
}

// AgreementOf computes the agreement of pairs of answers, each the first side's
// and the second's.
func AgreementOf[T comparable](pairs [][2]T) Agreement {
	out := Agreement{N: len(pairs)}
	first, second := map[T]int{}, map[T]int{}
	for _, p := range pairs {
		first[p[0]]++
		second[p[1]]++
		if p[0] == p[1] {
			out.Same++
		}
	}
	// In whole numbers, so that the result does not hang on the order of a map:
	// kappa = (n*same - e) / (n*n - e), e the sum of the products of both counts.
	n, e := out.N, 0
	for answer, count := range first {
		e += count * second[answer]
	}
	if n > 0 && e < n*n {
		kappa := float64(n*out.Same-e) / float64(n*n-e)
		out.Kappa = &kappa
	}
	return out
}

// DoubleAnswer is a match that two people answered before either could see the
// other's answer.
type DoubleAnswer struct {
	Match         Match
	First, Second Decision // of the first side of the dossier first, where the sides differ
}

// Independent finds the two answers of a match that were given blind to each
// other on the present texts: the standing opinion of the first person at the
// moment when the second person gave theirs. From then on both are shown
// (Shown), so that what is changed later is no independent answer. Unsure is no
// answer. Digests must be set.
func Independent(m Match, d Dossier) (DoubleAnswer, bool) {
	undone := map[uuid.UUID]bool{}
	var given []Decision
	for _, x := range m.Decisions {
		switch {
		case x.Kind == KindWithdrawal:
			undone[x.Withdraws] = true
		case x.Kind == KindOpinion && m.isCurrent(x):
			given = append(given, x)
			if a, b, ok := twoPeople(given, undone); ok {
				return DoubleAnswer{m, a, b}.sided(d), true
			}
		}
	}
	return DoubleAnswer{}, false
}

// twoPeople finds the standing answers of two people among opinions; the last
// one given is the second's.
func twoPeople(given []Decision, undone map[uuid.UUID]bool) (a, b Decision, ok bool) {
	b = given[len(given)-1]
	if b.Verdict == VerdictUnsure {
		return a, b, false
	}
	latest := map[uuid.UUID]bool{b.Person: true}
	for i := len(given) - 2; i >= 0; i-- {
		x := given[i]
		if latest[x.Person] || undone[x.ID] {
			continue
		}
		latest[x.Person] = true
		if x.Verdict != VerdictUnsure {
			return x, b, true
		}
	}
	return a, b, false
}

// sided puts the answer of the dossier's first party first, so that the counts
// of both sides of Cohen's table are those of the parties.
func (a DoubleAnswer) sided(d Dossier) DoubleAnswer {
	parties := d.Parties()
	if x, y := slices.Index(parties, a.First.Party), slices.Index(parties, a.Second.Party); y >= 0 && (x < 0 || y < x) {
		a.First, a.Second = a.Second, a.First
	}
	return a
}

// RelationAgreement is the agreement on one relation against all others.
type RelationAgreement struct {
	Verdict Verdict `json:"verdict"`
	Used    int     `json:"used"` // questions in which at least one of both gave it
	Both    int     `json:"both"` // in which both gave it
	Agreement
}

// LanguageAgreement is the agreement on texts of two languages.
type LanguageAgreement struct {
	From corpus.Language `json:"from"`
	To   corpus.Language `json:"to"`
	Agreement
}

// AgreementReport is how well a dossier's reviewers agree.
type AgreementReport struct {
	Relation  Agreement           `json:"relation"` // on the relation
	AToB      Agreement           `json:"aToB"`     // on whether meeting A satisfies B
	BToA      Agreement           `json:"bToA"`
	Whole     Agreement           `json:"whole"`     // on all three at once, as the protocol asks
	Relations []RelationAgreement `json:"relations"` // in the order of Verdicts, those that were used
	Languages []LanguageAgreement `json:"languages"` // on the relation, by language
}

// MeasureAgreement sums up double answers. language says in which language a
// standard is. For a single relation the table is folded to two answers, this
// one and any other (J. L. Fleiss, Statistical Methods for Rates and
// Proportions, 2nd ed. 1981, 13.1), so that its raw agreement counts also the
// questions in which neither gave it; Used and Both tell those apart.
func MeasureAgreement(list []DoubleAnswer, language func(corpus.StandardID) corpus.Language) AgreementReport {
	type whole struct {
		verdict Verdict
		a, b    corpus.Answer
	}
	var relation [][2]Verdict
	var forth, back [][2]corpus.Answer
	var all [][2]whole
	byLanguage := map[[2]corpus.Language][][2]Verdict{}
	var order [][2]corpus.Language
	for _, x := range list {
		f, s := x.First, x.Second
		pair := [2]Verdict{f.Verdict, s.Verdict}
		relation = append(relation, pair)
		forth, back = append(forth, [2]corpus.Answer{f.AToB.Answer, s.AToB.Answer}), append(back, [2]corpus.Answer{f.BToA.Answer, s.BToA.Answer})
		all = append(all, [2]whole{{f.Verdict, f.AToB.Answer, f.BToA.Answer}, {s.Verdict, s.AToB.Answer, s.BToA.Answer}})
		key := x.Match.languages(language)
		if byLanguage[key] == nil {
			order = append(order, key)
		}
		byLanguage[key] = append(byLanguage[key], pair)
	}
	out := AgreementReport{Relation: AgreementOf(relation), AToB: AgreementOf(forth), BToA: AgreementOf(back), Whole: AgreementOf(all)}
	for _, v := range Verdicts {
		if r := agreementOn(v, relation); r.Used > 0 {
			out.Relations = append(out.Relations, r)
		}
	}
	corpus.SortRows(order, func(x, y [2]corpus.Language) int { return slices.Compare(x[:], y[:]) })
	for _, key := range order {
		out.Languages = append(out.Languages, LanguageAgreement{key[0], key[1], AgreementOf(byLanguage[key])})
	}
	return out
}

// agreementOn folds answers to one verdict and any other.
func agreementOn(v Verdict, pairs [][2]Verdict) RelationAgreement {
	out := RelationAgreement{Verdict: v}
	folded := make([][2]bool, len(pairs))
	for i, p := range pairs {
		folded[i] = [2]bool{p[0] == v, p[1] == v}
		if p[0] == v || p[1] == v {
			out.Used++
		}
		if p[0] == v && p[1] == v {
			out.Both++
		}
	}
	out.Agreement = AgreementOf(folded)
	return out
}

// languages are the languages of both sides.
func (m Match) languages(language func(corpus.StandardID) corpus.Language) [2]corpus.Language {
	var out [2]corpus.Language
	if len(m.Sources) > 0 {
		out[0] = language(m.Sources[0].Standard()).Base()
	}
	against := m.Against
	if len(m.Targets) > 0 {
		against = m.Targets[0].Standard()
	}
	out[1] = language(against).Base()
	return out
}
