package reader

import (
	"strings"

	"concord/corpus"
)

// adoptionWords declare in a foreword or on a cover how a text corresponds to the
// standard that the same sentence names (ISO/IEC Guide 21-1, GB/T 1.2, GOST R 1.7,
// TCVN 1-2), in small letters. The first that is in the sentence counts, so the
// weaker degrees come first.
var adoptionWords = []struct {
	degree corpus.Degree
	words  []string
}{
	{corpus.NotEquivalent, []string{"非等效", "not equivalent to", "neq)", "neq）", "неэквивалент", "не эквивалент", "non équivalent", "no equivalente", "không tương đương", "غير مكافئ"}},
	{corpus.Modified, []string{"修改采用", "改编采用", "mod)", "mod）", "modified adoption", "modified in relation to", "is modified from", "модифицирован", "adoption modifiée", "modificada de", "có sửa đổi", "معدل عن", "معدلة عن"}},
	{corpus.Identical, []string{"等同采用", "idt)", "idt）", "identical to", "identical with", "identical adoption", "identical national", "идентичен", "идентична", "идентичным", "reprend intégralement", "est identique à", "reproduction intégrale", "es idéntica a", "hoàn toàn tương đương", "متطابق مع", "مطابق تماما", "مطابقة تماما"}},
}

// maxAdoptionClauses is how many clauses at the head of a document may hold the
// declaration.
const maxAdoptionClauses = 12

// declaredAdoption finds what the foreword or cover says the text adopts, and the
// sentence that says so.
func declaredAdoption(doc *corpus.Document) (corpus.Adoption, string) {
	for i, c := range doc.Clauses {
		if i == maxAdoptionClauses {
			break
		}
		if c.Kind != corpus.KindInformative && c.Kind != corpus.KindNote || strings.Contains(c.ID.Key(), "commentary") {
			continue
		}
		for _, sentence := range sentencesOf(c.Text) {
			low := strings.ToLower(sentence)
			for _, row := range adoptionWords {
				for _, word := range row.words {
					at := strings.Index(low, word)
					if at < 0 {
						continue
					}
					if name := adoptedIn(sentence, at, doc.Standard.Designation); name != "" {
						return corpus.Adoption{Designation: name, Degree: row.degree}, sentence
					}
				}
			}
		}
	}
	return corpus.Adoption{}, ""
}

// adoptedIn is the designation of another work that a sentence names, the first
// after the words if there is one.
func adoptedIn(sentence string, at int, own string) string {
	self, err := corpus.ParseDesignation(own)
	name := ""
	for _, found := range corpus.FindDesignations(sentence) {
		if err == nil && found.Designation.SameWork(self) {
			continue
		}
		printed := sentence[found.Start:found.End]
		if found.Start >= at {
			return printed
		}
		if name == "" {
			name = printed
		}
	}
	return name
}

// sentencesOf cuts a text after full stops that end a sentence, and at lines.
func sentencesOf(text string) []string {
	text = strings.NewReplacer("。", "。\n", ". ", ".\n", "؛", "؛\n").Replace(text)
	return strings.Split(text, "\n")
}
