package matcher

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
)

//go:embed recognition.tsv
var recognitionTable string

// sentences reads the table of condition sentences: key to sentence.
func sentences() map[string]string {
	out := make(map[string]string)
	for line := range strings.Lines(recognitionTable) {
		line = strings.TrimRight(line, "\r\n")
		if key, sentence, ok := strings.Cut(line, "\t"); ok && !strings.HasPrefix(line, "#") {
			out[key] = sentence
		}
	}
	return out
}

// maxConditions is how many conditions one direction lists.
const maxConditions = 12

// recognitions derives both directions from the relation and writes out what is
// missing: first whether meeting the source satisfies the target.
func (m *Matcher) recognitions(r corpus.Relation, rows []Difference, h holdings) (aToB, bToA corpus.Recognition) {
	first, second := corpus.RecognitionOf(r)
	sure := m.model.values["yes-from"]
	if r == corpus.RelationIdentical {
		sure = 0 // the same words need no yard stick
	}
	return m.recognition(first, rows, held{h.ofB >= h.from, h.ofB >= sure}), m.recognition(second, mirrored(rows), held{h.ofA >= h.from, h.ofA >= sure})
}

// held says how much of the accepting side's content the other side has: enough
// to count as contained, and enough to claim it without a person's look.
type held struct{ contained, surely bool }

// recognition completes one direction: does meeting A satisfy B? A yes is said
// only when A surely holds what B asks and no row of the table speaks against
// it, else it is "with conditions": a wrong yes costs more than a needless
// look. A plain no becomes "with conditions" when B's content is held by A and
// what B asks more can be written out; a plain no keeps the list, so that
// people see why.
func (m *Matcher) recognition(answer corpus.Answer, rows []Difference, has held) corpus.Recognition {
	out := corpus.Recognition{Answer: answer}
	if answer == corpus.AnswerOpen {
		return out
	}
	var missing []string
	for _, d := range rows {
		if kind := conditionKind(d); kind != "" && len(out.Details) < maxConditions {
			out.Details = append(out.Details, conditionOf(kind, d))
		}
		if d.Aspect == AspectTerm && d.Finding == FindingOnlyB && !m.known.general[d.Concept] {
			missing = append(missing, d.B)
		}
	}
	if answer == corpus.AnswerNo && has.contained && len(out.Details) > 0 || answer == corpus.AnswerYes && (!has.surely || len(out.Details) > 0) {
		out.Answer = corpus.AnswerConditions
	}
	if out.Answer == corpus.AnswerYes {
		return out
	}
	if !has.contained && len(missing) > 0 {
		out.Details = append(out.Details, corpus.Condition{Kind: "content-missing", Texts: missing})
	}
	if out.Answer == corpus.AnswerConditions && len(out.Details) == 0 {
		out.Details = []corpus.Condition{{Kind: "by-hand"}}
	}
	for _, d := range out.Details {
		out.Conditions = append(out.Conditions, m.sentence(d))
	}
	return out
}

// ConditionKinds lists the kinds of condition that a proposal can hold, sorted.
func ConditionKinds() []string { return slices.Sorted(maps.Keys(sentences())) }

// conditionKind is the kind of condition a row makes, read from A to B; "" when
// B asks nothing more there.
func conditionKind(d Difference) string {
	switch {
	case d.Threshold && d.Finding == FindingBStricter:
		return "threshold-wider"
	case d.Threshold && d.Finding == FindingOnlyA:
		return "condition-wide"
	case d.Threshold && d.Finding == FindingOnlyB:
		return "" // the other side binds in more cases
	case d.Aspect == AspectQuantity && d.Finding == FindingBStricter:
		return "quantity-stricter"
	case d.Aspect == AspectQuantity && d.Finding == FindingOnlyB:
		return "quantity-missing"
	case d.Aspect == AspectQuantity && d.Finding == FindingNotComparable:
		return "quantity-unlike"
	case d.Aspect == AspectObligation && d.Finding == FindingBStricter:
		return "obligation-stricter"
	case d.Aspect == AspectObligation && d.Finding == FindingNotComparable && d.A != "" && d.B != "":
		return "obligation-unlike"
	case d.Aspect == AspectCondition && d.Finding == FindingOnlyA && d.Exception:
		return "exception-wide"
	case d.Aspect == AspectCondition && d.Finding == FindingOnlyA:
		return "condition-wide"
	case d.Aspect == AspectCitation && d.Finding == FindingOnlyB:
		return "citation-missing"
	}
	return ""
}

// conditionOf is the condition a row makes.
func conditionOf(kind string, d Difference) corpus.Condition {
	c := corpus.Condition{Kind: kind, Concept: string(d.Concept)}
	switch kind {
	case "condition-wide", "exception-wide", "citation-missing":
		c.Texts = []string{cmp.Or(d.B, d.A)}
	default:
		c.Need, c.Has = d.B, d.A
	}
	return c
}

// sentence is a condition in English, for programs and the command line; pages
// have sentences of their own.
func (m *Matcher) sentence(c corpus.Condition) string {
	what := c.Concept
	if known, ok := m.lex.Concept(lexicon.ConceptID(c.Concept)); ok {
		what = known.Label("en")
	}
	return strings.NewReplacer("{what}", cmp.Or(what, "the value"), "{need}", c.Need, "{has}", c.Has, "{text}", strings.Join(c.Texts, ", ")).Replace(m.sentences[c.Kind])
}

// mirrored reads the difference table from the other side.
func mirrored(rows []Difference) []Difference {
	out := make([]Difference, len(rows))
	for i, d := range rows {
		out[i] = d
		out[i].A, out[i].B, out[i].SpansA, out[i].SpansB = d.B, d.A, d.SpansB, d.SpansA
		out[i].Finding = d.Finding.inverse()
		if d.Factor != 0 {
			out[i].Factor = 1 / d.Factor
		}
		out[i].Delta = -d.Delta
	}
	return out
}
