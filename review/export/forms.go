package export

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// GB writes the two informative annexes that Chinese adoptions of other
// standards carry, always in Chinese: clause numbers side by side, and technical
// differences with their reasons.
func GB(w io.Writer, s Set) error {
	return atOnce(w, s.settled(), gbLines)
}

var (
	gbLines   = wordLines(DocumentGB, Set.formGB)
	gostLines = wordLines(DocumentGOST, Set.formGOST)
)

// GOST writes the annexes that Russian adoptions carry, always in Russian: ДА on
// the referenced standards, ДБ and those after it on the structures.
func GOST(w io.Writer, s Set) error {
	return atOnce(w, s.settled(), gostLines)
}

// form begins a report in the language and type of a national form.
func (s Set) form(in corpus.Language) report {
	s.Options.Language = in
	r := s.newReport()
	r.serif = true
	return r
}

// annexLetters are the letters of annexes in Latin and, for adoptions in Russian,
// those after Д: Ё, З, Й, О, Ч, Ъ, Ы, Ь are skipped.
const (
	annexLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	gostLetters  = "АБВГДЕЖИКЛМНПРСТУФХЦШЩЭЮЯ"
)

// annex is the n-th letter, or a number once there are no more.
func annex(letters string, n int) string {
	if all := []rune(letters); n < len(all) {
		return string(all[n])
	}
	return fmt.Sprint(n + 1)
}

// formGB is the report in Chinese form.
func (s Set) formGB() report {
	r := s.form("zh")
	n := 0
	for at, p := range s.facingPairs() {
		pair := fmt.Sprint(" ", at)
		items, forth := s.between(p)
		if len(items) == 0 && !s.holds("numbers"+pair) {
			continue
		}
		a, b := s.Standards[p.a].Designation, s.Standards[p.b].Designation
		numbers := table{
			key: "numbers", pair: pair, about: []string{a, b}, name: "章条编号对照", title: text{s: fmt.Sprintf("附录%s（资料性）　%s 与 %s 的章条编号对照", annex(annexLetters, n), a, b), lang: "zh"},
			note:    text{s: fmt.Sprintf("表 %s.1 给出了 %s（A）与 %s（B）的章条编号对照；仅列已商定的条款。", annex(annexLetters, n), a, b), lang: "zh"},
			columns: []column{{text{s: a + " 章条编号"}, 34, "a"}, {text{s: b + " 章条编号"}, 34, "b"}, {text{s: "备注", lang: "zh"}, 40, "remark"}},
		}
		differences := table{
			key: "differences", pair: pair, about: []string{a, b}, name: "技术性差异及其原因", title: text{s: fmt.Sprintf("附录%s（资料性）　%s 与 %s 的技术性差异及其原因", annex(annexLetters, n+1), a, b), lang: "zh"},
			note:    text{s: fmt.Sprintf("表 %s.1 给出了 %s（A）与 %s（B）的技术性差异及其原因；数值按条款原文，由程序识别。", annex(annexLetters, n+1), a, b), lang: "zh"},
			empty:   text{s: "已商定的条款之间没有技术性差异。", lang: "zh"},
			columns: []column{{text{s: a + " 章条编号"}, 18, "a"}, {text{s: b + " 章条编号"}, 18, "b"}, {text{s: "技术性差异", lang: "zh"}, 52, "differences"}, {text{s: "原因", lang: "zh"}, 48, "reasons"}},
		}
		for k, i := range items {
			if k == forth {
				numbers.ends, differences.ends = []int{k}, []int{len(differences.rows)}
			}
			from, to := s.bothLabels(i)
			numbers.rows = append(numbers.rows, []cell{from, to, of(append([]text{r.words.text("relation." + string(i.Match.Outcome.Verdict))}, r.words.reserved(i.Reserved)...)...)})
			if differing(i.Match.Outcome.Verdict) {
				differences.rows = append(differences.rows, []cell{from, to, of(s.technical(r.words, i)...), of(append(i.reasons(r.words), i.conditions(r.words)...)...)})
			}
		}
		r.tables = append(r.tables, numbers, differences)
		n += 2
	}
	return s.ended(r, "尚无已商定的条款。")
}

// ended adds what every form ends with: the record, and what the document is.
func (s Set) ended(r report, nothing string) report {
	if len(r.tables) == 0 {
		r.tables = append(r.tables, table{key: "numbers", title: r.title, empty: text{s: nothing, lang: r.lang}})
	}
	s.Options.Language = r.lang
	r.tables = append(r.tables, s.reservations(r.words)...)
	r.tables = append(r.tables, s.record(r.words), s.about(r.words))
	return r
}

// between are the agreed items of two standards, confirmed pairs and gaps, by
// position; those of the second side's gaps come last, after so many.
func (s Set) between(p facingPair) (out []Item, forth int) {
	var back []Item
	for _, i := range s.Items {
		i = s.facing(i)
		from, to := i.Match.Sources[0].Standard(), i.Match.Against
		switch {
		case i.Match.State == review.StateRejected:
		case from == p.a && to == p.b:
			out = append(out, i)
		case from == p.b && to == p.a:
			back = append(back, i)
		}
	}
	return append(out, back...), len(out)
}

// bothLabels are the clause numbers of an item, a dash where there is none.
func (s Set) bothLabels(i Item) (a, b cell) {
	from, to := of(clauseLabels(i.Sources)), of(clauseLabels(i.Targets))
	if len(i.Targets) == 0 {
		to = plain("—")
	}
	if s.fromB(i) {
		return to, from
	}
	return from, to
}

// differing tells whether a verdict leaves a technical difference.
func differing(v review.Verdict) bool {
	return v != review.Verdict(corpus.RelationIdentical) && v != review.Verdict(corpus.RelationEquivalent)
}

// conditions are those of both directions that no reason says already.
func (i Item) conditions(w phrases) []text {
	var out []text
	reasons := i.reasons(w)
	for _, t := range append(w.conditions(i.Match.Outcome.AToB), w.conditions(i.Match.Outcome.BToA)...) {
		same := func(have text) bool { return have.s == t.s }
		if !slices.ContainsFunc(out, same) && !slices.ContainsFunc(reasons, same) {
			out = append(out, t)
		}
	}
	return out
}

// technical says in words how the texts of an item differ: the relation, then
// each figure.
func (s Set) technical(w phrases, i Item) []text {
	out := []text{w.text("relation." + string(i.Match.Outcome.Verdict))}
	for _, d := range i.Differences {
		if d.Aspect != matcher.AspectQuantity || d.Finding == matcher.FindingEqual || d.A == "" && d.B == "" {
			continue
		}
		var parts []string
		for _, side := range []struct{ name, value string }{{"A", d.A}, {"B", d.B}} {
			if side.value != "" {
				parts = append(parts, side.name+": "+bounds.Replace(side.value))
			}
		}
		line := strings.Join(parts, "; ") + " (" + w.say("finding."+string(d.Finding)) + ")"
		if name := s.parameter(d, w.lang); name != "" {
			line = name + " — " + line
		}
		out = append(out, text{s: line, lang: w.lang})
	}
	return out
}

// formGOST is the report in Russian form.
func (s Set) formGOST() report {
	r := s.form("ru")
	r.tables = append(r.tables, s.annexDA(r.words))
	n := 1
	for at, p := range s.facingPairs() {
		pair := fmt.Sprint(" ", at)
		items, forth := s.between(p)
		if len(items) == 0 && !s.holds("db"+pair) {
			continue
		}
		a, b := s.Standards[p.a].Designation, s.Standards[p.b].Designation
		t := table{
			key: "db", pair: pair, about: []string{a, b}, name: "ДБ", title: text{s: fmt.Sprintf("Приложение Д%s (справочное). Сопоставление структуры %s со структурой %s", annex(gostLetters, n), a, b), lang: "ru"},
			note:    text{s: fmt.Sprintf("A — %s; B — %s. Указаны только согласованные пункты.", a, b), lang: "ru"},
			columns: []column{{text{s: "Структура " + a, lang: "ru"}, 30, "a"}, {text{s: "Структура " + b, lang: "ru"}, 30, "b"}, {text{s: "Соотношение и различия", lang: "ru"}, 50, "differences"}, {text{s: "Обоснование", lang: "ru"}, 46, "reasons"}},
		}
		for k, i := range items {
			if k == forth {
				t.ends = []int{k}
			}
			from, to := s.bothLabels(i)
			t.rows = append(t.rows, []cell{from, to, of(s.technical(r.words, i)...), of(slices.Concat(i.reasons(r.words), i.conditions(r.words), r.words.reserved(i.Reserved))...)})
		}
		r.tables = append(r.tables, t)
		n++
	}
	if n == 1 {
		r.tables = append(r.tables, table{key: "db", title: text{s: "Приложение ДБ (справочное). Сопоставление структуры", lang: "ru"}, empty: text{s: "Согласованных пунктов пока нет.", lang: "ru"}})
	}
	return s.ended(r, "")
}

// annexDA lists the standards that the agreed clauses refer to, with the kept
// standard that adopts each and its declared degree.
func (s Set) annexDA(w phrases) table {
	t := table{
		key: "da", whole: true, name: "ДА", title: text{s: "Приложение ДА (справочное). Сведения о соответствии ссылочных стандартов", lang: "ru"},
		note:  text{s: "Степень соответствия — как объявлена в стандарте: IDT — идентичные, MOD — модифицированные, NEQ — неэквивалентные стандарты. Тире — соответствующий стандарт в базе не найден.", lang: "ru"},
		empty: text{s: "В согласованных пунктах нет ссылок, которые можно показать.", lang: "ru"},
		columns: []column{{text{s: "Обозначение ссылочного стандарта", lang: "ru"}, 34, "standard"}, {text{s: "Ссылка в A", lang: "ru"}, 24, "a"}, {text{s: "Ссылка в B", lang: "ru"}, 24, "b"},
			{text{s: "Степень соответствия", lang: "ru"}, 18, "degree"}, {text{s: "Обозначение и наименование соответствующего стандарта", lang: "ru"}, 56, "adopting"}},
	}
	sum := s.summing()
	for _, i := range s.pairs() {
		for _, d := range i.Differences {
			if d.Aspect != matcher.AspectCitation {
				continue
			}
			for n, side := range []struct {
				cited   string
				clauses []corpus.Clause
			}{{d.A, i.Sources}, {d.B, i.Targets}} {
				if side.cited != "" {
					in := sum.cited[side.cited]
					in[n] = append(in[n], side.clauses[0].Label)
					sum.cited[side.cited] = in
				}
			}
		}
	}
	if s.paging {
		return t
	}
	for _, designation := range slices.Sorted(maps.Keys(sum.cited)) {
		degree, adopting := s.adopting(designation)
		in := sum.cited[designation]
		t.rows = append(t.rows, []cell{plain(designation), plain(strings.Join(in[0], ", ")), plain(strings.Join(in[1], ", ")), plain(degree), of(adopting...)})
	}
	return t
}

// adopting finds the kept standards that declare to adopt another one.
func (s Set) adopting(designation string) (degree string, standards []text) {
	var ids []corpus.StandardID
	for id, std := range s.Standards {
		if slices.ContainsFunc(std.Adopts, func(a corpus.Adoption) bool { return a.Designation == designation }) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var degrees []string
	for _, id := range ids {
		std := s.Standards[id]
		for _, a := range std.Adopts {
			if a.Designation == designation {
				degrees = append(degrees, string(a.Degree))
			}
		}
		title := std.Title(std.Language)
		standards = append(standards, text{s: std.Designation + " " + title.Text, lang: title.Language})
	}
	if len(ids) == 0 {
		return "—", []text{{s: "—"}}
	}
	return strings.Join(degrees, ", "), standards
}
