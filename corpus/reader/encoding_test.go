package reader

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"concord/corpus"
)

// The same file in every encoding gives the same clauses, and the encoding is
// said in a note.
func TestEncodings(t *testing.T) {
	for _, row := range []struct {
		name, file, label string
		enc               encoding.Encoding
	}{
		{"UTF-8", "zh-gb.txt", "", nil},
		{"UTF-8 with mark", "zh-gb.txt", "UTF-8 with byte order mark", unicode.UTF8BOM},
		{"UTF-16 LE", "zh-gb.txt", "UTF-16 LE", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"UTF-16 BE", "ru-sp.txt", "UTF-16 BE", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		{"UTF-16 LE without mark", "en-iso.txt", "UTF-16 LE without byte order mark", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"UTF-16 BE without mark", "ru-sp.txt", "UTF-16 BE without byte order mark", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"GB18030", "zh-gb.txt", "GB18030", simplifiedchinese.GB18030},
		{"GB18030 law", "zh-law.txt", "GB18030", simplifiedchinese.GB18030},
		{"GBK table", "zh-table.tsv", "GB18030", simplifiedchinese.GBK},
		{"Windows-1251", "ru-sp.txt", "Windows-1251", charmap.Windows1251},
		{"Windows-1251 law", "ru-law.txt", "Windows-1251", charmap.Windows1251},
		{"Windows-1251 table", "ru-table.csv", "Windows-1251", charmap.Windows1251},
		{"KOI8-R", "ru-law.txt", "KOI8-R", charmap.KOI8R},
		{"KOI8-R code", "ru-sp.txt", "KOI8-R", charmap.KOI8R},
		{"Windows-1256", "ar-code.txt", "Windows-1256", charmap.Windows1256},
		{"Windows-1252 French", "fr-arrete.md", "Windows-1252 (Latin-1)", charmap.Windows1252},
		{"Latin-1 Spanish", "es-norma.md", "Windows-1252 (Latin-1)", charmap.ISO8859_1},
		{"Windows-1252 German", "de-verordnung.md", "Windows-1252 (Latin-1)", charmap.Windows1252},
	} {
		t.Run(row.name, func(t *testing.T) {
			raw, err := os.ReadFile("testdata/in/" + row.file)
			if err != nil {
				t.Fatal(err)
			}
			// Arabic-Indic figures and typographic dashes are in no old encoding.
			text := strings.NewReplacer("٠", "0", "١", "1", "٢", "2", "٣", "3", "٤", "4", "٩", "9", "٫", ",").Replace(string(raw))
			if row.enc == nil || !strings.HasPrefix(row.label, "Windows-1256") {
				text = string(raw)
			}
			if strings.HasPrefix(row.label, "KOI8-R") { // which has no dash
				text = strings.ReplaceAll(text, "–", "-")
			}
			encoded := []byte(text)
			if row.enc != nil {
				if encoded, err = encoding.ReplaceUnsupported(row.enc.NewEncoder()).Bytes([]byte(text)); err != nil {
					t.Fatal(err)
				}
			}
			want, err := Read(row.file, strings.NewReader(text), Hint{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := Read(row.file, bytes.NewReader(encoded), Hint{})
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, p := range got[0].Problems {
				if p.Place == "encoding" {
					said = strings.TrimPrefix(p.Message, "read as ")
				}
			}
			if said != row.label {
				t.Errorf("read as %q, want %q", said, row.label)
			}
			if len(got[0].Clauses) != len(want[0].Clauses) {
				t.Fatalf("%d clauses, want %d", len(got[0].Clauses), len(want[0].Clauses))
			}
			for i, c := range got[0].Clauses {
				if w := want[0].Clauses[i]; c.ID != w.ID || c.Text != w.Text || c.Heading != w.Heading {
					t.Errorf("clause %s: %q, want %q", c.ID, c.Text, w.Text)
				}
			}
		})
	}
}

func TestGuessLanguage(t *testing.T) {
	for _, row := range []struct {
		want corpus.Language
		text string
	}{
		{"zh", "扶手应连续设置，高度不应小于规定值，应符合国家标准的规定。"},
		{"zh-Hant", "扶手應連續設置，高度不應小於規定值，並應符合國家標準之規定。"},
		{"en", "The height of the rail shall be measured from the nosing of the step."},
		{"ru", "Поручни должны быть непрерывными по всей длине лестницы."},
		{"fr", "La hauteur de la main courante doit être mesurée dans les escaliers."},
		{"ar", "يجب ألا يقل الارتفاع عن الحد المقرر في هذا الكود."},
		{"es", "La altura del pasamanos debe medirse en el borde de los peldaños."},
		{"de", "Der Handlauf muss mindestens die in der Tabelle genannte Höhe haben und darf nicht enden."},
		{"pt", "A altura do corrimão deve ser medida em todas as escadas e não pode variar."},
		{"it", "L'altezza del corrimano deve essere misurata nella scala e non può variare."},
		{"vi", "Tay vịn phải liên tục và chiều cao không được nhỏ hơn quy định."},
		{"id", "Tinggi pegangan tangan harus diukur dari tepi anak tangga dan tidak boleh berubah untuk setiap lantai."},
		{"kk", "Тұтқалар үздіксіз болуы тиіс және биіктігі қажетті өлшемге сәйкес келуі керек."},
		{"tr", "Korkuluk yüksekliği basamağın ucundan ölçülmeli ve bu yükseklik değişmemelidir için olarak."},
		{"ja", "手すりは連続して設けなければならない。高さは規定による。"},
		{"ko", "난간은 연속하여 설치하여야 한다."},
		{"nl", "De hoogte van de leuning moet worden gemeten vanaf de trede en mag niet veranderen."},
		{"", "12345 !!!"},
	} {
		if got := GuessLanguage(row.text); got != row.want {
			t.Errorf("%q is taken for %q, want %q", row.text, got, row.want)
		}
	}
}

func TestHygiene(t *testing.T) {
	for _, row := range []struct{ name, in, want string }{
		{"plain", "扶手 handrail\tперила\n", "扶手 handrail\tперила\n"},
		{"controls", "a\x00b\x07c\u0085d\u009fe", "abc\nde"},
		{"bidi", "user\u202e txt.exe\u202c \u2066x\u2069", "user txt.exe x"},
		{"zero width", "pass\u200bword\ufeff so\u00adft", "password soft"},
		{"joiner kept in Persian", "می\u200cشود", "می\u200cشود"},
		{"joiner dropped in Latin", "a\u200db", "ab"},
		{"NFC", "e\u0301 и\u0306", "é й"},
		{"noncharacter", "a\ufdd0b\U0001ffffc", "abc"},
		{"line ends", "a\r\nb\rc\u2028d\fe", "a\nb\nc\nd\ne"},
		{"emoji", "ok \U0001f600", "ok \U0001f600"},
	} {
		var h hygiene
		if got := h.clean(row.in); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
		var again hygiene
		if once := h.clean(row.in); again.clean(once) != once || len(again.notes()) > 0 {
			t.Errorf("%s: cleaning twice changes the text", row.name)
		}
	}
}
