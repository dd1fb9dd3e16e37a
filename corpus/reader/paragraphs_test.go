package reader

import (
	"strings"
	"testing"
)

// Numbered paragraphs of articles and of sections of statutes have the numbers
// people cite, whatever the marks; lists inside a sentence, references and tables
// stay text.
func TestParagraphsOfArticles(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"figures with a stop", "Article 5\nDuty\n\n1. Rails shall be fixed.\n2. Rails shall be:\n(a) round;\n(b) smooth.\n2a. They shall be seen.\n", "5 5(1) 5(2) 5(2a)"},
		{"round brackets after the sign", "§ 3 Pflichten\n\n(1) Der Bauherr plant.\n(2) Er meldet:\n1. den Ort,\n2. die Art.\n", "3 3(1) 3(2)"},
		{"points of one sentence", "§ 4 Höhe\n\nDer Handlauf muss\n1. mindestens 0,85 m und\n2. höchstens 1,00 m\nhoch sein.\n", "4"},
		{"Russian parts", "Статья 7. Поручни\n\n1. Поручни прочны.\n2. Поручни делают:\n1) из дерева;\n2) из стали.\n", "7 7(1) 7(2)"},
		{"Vietnamese", "Điều 9. Tay vịn\n\n1. Tay vịn phải liên tục.\n2. Tay vịn gồm:\na) thép;\nb) gỗ.\n", "9 9(1) 9(2)"},
		{"Arabic figures", "المادة (٣) الدرابزين\n\n١- يجب تثبيت الدرابزين.\n٢- يجب أن يكون مستمراً.\n", "3 3(1) 3(2)"},
		{"full width", "第八条 扶手\n\n（1）扶手应连续。\n（2）扶手应牢固。\n", "8 8(1) 8(2)"},
		{"Chinese items are items", "第八条 扶手应当符合：\n（一）连续；\n（二）牢固。\n", "8"},
		{"letters of a code", "§ 1926.7 Rails\n\n(a) Height. The height is 36 inches.\n(1) Inside.\n(i) Schools.\n(b) Strength. It holds.\n", "1926.7 1926.7(a) 1926.7(b)"},
		{"letters below an article are items", "Article 6\nRails\n\n(a) A rail is round.\n(b) A rail is smooth.\n", "6"},
		{"a reference broken off", "Article 7\nScope\n\nThis covers what is said in paragraph\n2. Rails follow it.\n", "7"},
		{"a long title", "Article 8\nMinimum performance of handrails in buildings open to the public and paths of progressive renovation of all the others\n\n1. Rails shall be fixed.\n2. Rails shall be seen.\n", "8 8(1) 8(2)"},
	} {
		t.Run(row.name, func(t *testing.T) {
			docs, err := Read("law.txt", strings.NewReader("A law on rails\n\n"+row.text), Hint{Designation: "Law 1:2030", Jurisdiction: "EU"})
			if err != nil {
				t.Fatal(err)
			}
			var keys []string
			for _, c := range docs[0].Clauses {
				keys = append(keys, c.ID.Key())
			}
			if got := strings.Join(keys, " "); got != row.want {
				t.Errorf("clauses %q, want %q", got, row.want)
			}
		})
	}
	statute := "Handrail Act\n\n1 Definitions\n\nIn this Act a rail is a bar.\n\n2 Duties\n\n(1) The owner must fix rails.\n(2) The owner must\n(a) clean them; and\n(b) paint them.\n(2A) The owner must look.\n\n3 Offences\n\n(1) Nobody may take a rail.\n(2) Nobody may break a rail.\n"
	docs, err := Read("act.md", strings.NewReader(strings.NewReplacer("\n1 ", "\n## 1 ", "\n2 ", "\n## 2 ", "\n3 ", "\n## 3 ").Replace("# "+statute)), Hint{Designation: "Act 1:2030", Jurisdiction: "ZA"})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, c := range docs[0].Clauses {
		keys = append(keys, c.ID.Key())
	}
	if got, want := strings.Join(keys, " "), "1 2 2(1) 2(2) 2(2A) 3 3(1) 3(2)"; got != want {
		t.Errorf("clauses %q, want %q", got, want)
	}
}
