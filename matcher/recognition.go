package matcher

import (
	_ "embed"
	"strings"

	"concord/corpus"
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
		if key := conditionKey(d); key != "" && len(out.Conditions) < maxConditions {
			out.Conditions = append(out.Conditions, m.sentence(key, d))
		}
		if d.Aspect == AspectTerm && d.Finding == FindingOnlyB && !m.known.general[d.Concept] {
			missing = append(missing, d.B)
		}
	}
	if answer == corpus.AnswerNo && has.contained && len(out.Conditions) > 0 || answer == corpus.AnswerYes && (!has.surely || len(out.Conditions) > 0) {
		out.Answer = corpus.AnswerConditions
	}
	if out.Answer == corpus.AnswerYes {
		return out
	}
	if !has.contained && len(missing) > 0 {
		out.Conditions = append(out.Conditions, strings.ReplaceAll(m.sentences["content-missing"], "{text}", strings.Join(missing, ", ")))
	}
	if out.Answer == corpus.AnswerConditions && len(out.Conditions) == 0 {
		out.Conditions = []string{m.sentences["by-hand"]}
	}
	return out
}

// conditionKey is the sentence for a row, read from A to B; "" when B asks
// nothing more there.
func conditionKey(d Difference) string {
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

// sentence fills a sentence in for a row.
func (m *Matcher) sentence(key string, d Difference) string {
	what := string(d.Concept)
	if c, ok := m.lex.Concept(d.Concept); ok {
		what = c.Label("en")
	}
	if what == "" {
		what = "the value"
	}
	text := d.B
	if text == "" {
		text = d.A
	}
	return strings.NewReplacer("{what}", what, "{need}", d.B, "{has}", d.A, "{text}", text).Replace(m.sentences[key])
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
