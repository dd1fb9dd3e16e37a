package lexicon

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"concord/corpus"
)

// TestQuantities reads testdata/quantities.tsv: one text a line with what is in
// it, as bound, values in SI units and unit; "count" and "ratio" stand for
// numbers without a unit, "-" for no bound, and an empty cell for nothing.
func TestQuantities(t *testing.T) {
	lex := theLexicon(t)
	rows, err := readTable(os.DirFS("."), "testdata/quantities.tsv", "language", "text", "quantities")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows.rows) < 120 {
		t.Errorf("only %d cases", len(rows.rows))
	}
	for _, r := range rows.rows {
		text := strings.ReplaceAll(r.cells[1], `\n`, "\n")
		t.Run(r.cells[0]+" "+r.cells[1], func(t *testing.T) {
			reading := lex.Read(corpus.Clause{Text: text, Language: corpus.Language(r.cells[0])}, "")
			if got := printQuantities(reading.Quantities); got != r.cells[2] {
				t.Errorf("line %d: %q: got %q, want %q", r.line, text, got, r.cells[2])
			}
			for _, q := range reading.Quantities {
				if text[q.Span.Start:q.Span.End] != q.Printed {
					t.Errorf("printed %q stands not at %v", q.Printed, q.Span)
				}
			}
		})
	}
}

func printQuantities(list []Quantity) string {
	var out []string
	for _, q := range list {
		bound, unit := string(q.Bound), q.Unit
		if bound == "" {
			bound = "-"
		}
		if unit == "" {
			unit = q.Dimension
		}
		value := fmt.Sprintf("%.12g", q.Low)
		if q.Bound == BoundRange {
			value += fmt.Sprintf(" %.12g", q.High)
		}
		out = append(out, bound+" "+value+" "+unit)
	}
	return strings.Join(out, "; ")
}

// TestUnitsAgainstKnownValues checks factors by values one can look up: exact
// definitions of the international yard and pound (1959) and of the SI.
func TestUnitsAgainstKnownValues(t *testing.T) {
	lex := theLexicon(t)
	for text, want := range map[string]float64{
		"1 m": 1, "1 mm": 1e-3, "1 cm": 1e-2, "1 km": 1000, "1 in": 0.0254, "1 ft": 0.3048, "3 ft": 0.9144, "1 mile": 1609.344,
		"1 ha": 1e4, "1 sq ft": 0.09290304, "1 L": 1e-3, "1 gal": 3.785411784e-3, "1 min": 60, "1 h": 3600, "1 day": 86400,
		"1 kg": 1, "1 lb": 0.45359237, "1 t": 1000, "16 oz": 0.45359237, "1 kN": 1000, "1 lbf": 4.4482216152605, "1 kgf": 9.80665,
		"1 MPa": 1e6, "1 N/mm2": 1e6, "1 kN/m2": 1000, "1 bar": 1e5, "1 psi": 6894.75729317, "760 mmHg": 101325.0144, "1 kWh": 3.6e6,
		"0 °C": 273.15, "100 °C": 373.15, "32 °F": 273.15, "212 °F": 373.15, "180°": math.Pi, "50 %": 0.5, "5 ‰": 0.005, "10 ppm": 1e-5,
		"1 MB": 8e6, "10 Mbps": 1e7, "36 km/h": 10, "60 mph": 26.8224, "60 rpm": 1, "1 mW": -1, "5 kVA": 5000, "2 m3/h": 2.0 / 3600,
		"1 W/(m2·K)": 1, "1 μm": 1e-6, "1 mg/L": 1e-3, "10 L/(s·m²)": 0.01, "5 m s": 5, "9.81 m/s^2": 9.81,
	} {
		list := lex.ReadText(text, "en").Quantities
		if want < 0 {
			if len(list) == 1 && list[0].Unit != "" {
				t.Errorf("%s is taken for %v", text, list)
			}
			continue
		}
		if len(list) != 1 || math.Abs(list[0].Low-want) > 1e-9*want {
			t.Errorf("%s gives %v, want %g", text, list, want)
		}
	}
}

// TestUnitRows reads every sign and every name of every unit behind a number.
func TestUnitRows(t *testing.T) {
	lex := theLexicon(t)
	rows, err := readTable(tables, "data/units.tsv", "code", "dimension", "factor", "offset", "symbols")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.rows {
		for _, s := range cells(r.cells[4]) {
			checkUnit(t, lex, r, "en", "at least 7 "+s+".")
		}
		for i := 5; i < len(rows.header)-1; i++ {
			for _, name := range cells(r.cells[i]) {
				checkUnit(t, lex, r, rows.header[i], "7 "+strings.ReplaceAll(name, "~", ""))
			}
		}
	}
}

func checkUnit(t *testing.T, lex *Lexicon, r row, lang, text string) {
	t.Helper()
	for _, q := range lex.ReadText(text, corpus.Language(lang)).Quantities {
		if q.Unit == r.cells[0] {
			return
		}
	}
	t.Errorf("line %d: %q of %s is not read as %s: %v", r.line, text, lang, r.cells[0], lex.ReadText(text, corpus.Language(lang)).Quantities)
}

func TestMeasures(t *testing.T) {
	lex := theLexicon(t)
	for _, tt := range []struct {
		lang, text string
		want       []ConceptID
	}{
		{"zh", "外墙的高度不应小于2m。隔墙为3m。", []ConceptID{"height", "partition"}},
		{"en", "The height of the wall is 2 m; the width is 3 m.", []ConceptID{"wall", "width"}},
		{"zh", "外墙应设置2个安全出口。", []ConceptID{"exit"}},
		{"en", "2 m of wall", []ConceptID{"wall"}},
		{"en", "2 m", []ConceptID{""}},
		// a quantity is about something that its unit can measure
		{"ar", "على محور جانبي، وأن تفتح في اتجاه الخروج إذا كانت تخدم ٥٠ شخصاً أو أكثر.", []ConceptID{"number-of-persons"}},
		{"ar", "لون الباب أحمر إذا كان يخدم ٥٠ شخصاً.", []ConceptID{"number-of-persons"}},
		{"ar", "إذا لم يتجاوز عدد شاغليه ٤٩ شخصاً.", []ConceptID{"occupant-load"}},
		{"zh", "净宽度按每100人不小于1.0m计算。", []ConceptID{"number-of-persons", "clear-width"}},
		{"en", "The colour of the floor area is green over 50 persons.", []ConceptID{"number-of-persons"}},
		{"en", "The width of the door in the area is 2 m.", []ConceptID{"door"}},
		{"en", "The height of the room with a floor area of more than 3 m.", []ConceptID{"room"}},
		// words of quality, degree, order and bound are never measured
		{"en", "The minimum necessary is 17 tonnes.", []ConceptID{""}},
		{"en", "The load is limited to the necessary 17 tonnes.", []ConceptID{"load"}},
		{"zh", "垃圾房高度必要时为6m。", []ConceptID{"height"}},
		{"zh", "必要时最少为6m。", []ConceptID{""}},
		{"ru", "Ширина как минимум необходимая 6 м.", []ConceptID{"width"}},
		{"ru", "Необходимо минимум 6 м.", []ConceptID{""}},
		{"fr", "La hauteur nécessaire est de 6 m.", []ConceptID{"height"}},
		{"fr", "Il est nécessaire et suivant de 6 m.", []ConceptID{""}},
		{"ar", "الارتفاع المناسب ٦ م.", []ConceptID{"height"}},
		{"es", "La anchura adecuada es de 6 m.", []ConceptID{"width"}},
		{"es", "Es adecuado y necesario 6 m.", []ConceptID{""}},
		// what is done has a time and no length, and a string of characters neither
		{"en", "The operator shall notify the authority within 72 h.", []ConceptID{"notify"}},
		{"en", "The operator shall notify within 72 m.", []ConceptID{""}},
		{"zh", "字符串≤90天。", []ConceptID{""}},
		{"zh", "密码字符串≤90天。", []ConceptID{"password"}},
	} {
		var got []ConceptID
		for _, q := range lex.ReadText(tt.text, corpus.Language(tt.lang)).Quantities {
			got = append(got, q.Measures)
		}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%q measures %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestCompare(t *testing.T) {
	lex := theLexicon(t)
	for _, tt := range []struct {
		a, b   string
		want   Outcome
		factor float64
	}{
		{"at least 1.2 m", "at least 900 mm", OutcomeAStricter, 1.33333333333},
		{"at least 900 mm", "not less than 0.9 m", OutcomeEqual, 1},
		{"at most 5 m", "not exceeding 6 m", OutcomeAStricter, 0.833333333333},
		{"more than 5 m", "at least 5 m", OutcomeAStricter, 1},
		{"less than 5 m", "at most 5 m", OutcomeAStricter, 1},
		{"at least 5 m", "at most 5 m", OutcomeDifferent, 1},
		{"at least 5 m", "at least 5 h", OutcomeIncomparable, 0},
		{"5 to 10 m", "4 to 12 m", OutcomeAStricter, 0.833333333333},
		{"4 to 12 m", "5 to 10 m", OutcomeBStricter, 1.2},
		{"exactly 5 m", "at least 5 m", OutcomeAStricter, 1},
		{"36 inches", "0.9144 m", OutcomeEqual, 1},
		{"36 inches", "915 mm", OutcomeDifferent, 0.999344262295},
		{"at most 1:12", "at most 1:20", OutcomeBStricter, 1.66666666667},
	} {
		a, b := lex.ReadText(tt.a, "en").Quantities, lex.ReadText(tt.b, "en").Quantities
		if len(a) != 1 || len(b) != 1 {
			t.Errorf("%q and %q are read as %v and %v", tt.a, tt.b, a, b)
			continue
		}
		c := Compare(a[0], b[0])
		if c.Outcome != tt.want || math.Abs(c.Factor-tt.factor) > 1e-9 {
			t.Errorf("%q with %q: %+v, want %s factor %g", tt.a, tt.b, c, tt.want, tt.factor)
		}
		back := Compare(b[0], a[0])
		mirror := map[Outcome]Outcome{OutcomeAStricter: OutcomeBStricter, OutcomeBStricter: OutcomeAStricter}
		if m, ok := mirror[tt.want]; ok && back.Outcome != m || !ok && back.Outcome != tt.want {
			t.Errorf("%q with %q backwards: %s", tt.a, tt.b, back.Outcome)
		}
	}
}
