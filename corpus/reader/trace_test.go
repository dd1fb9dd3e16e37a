package reader

import (
	"fmt"
	"strings"
	"testing"

	"concord/corpus"
)

// problemsOf are the problems of a kind, with their places.
func problemsOf(doc *corpus.Document, kind corpus.ProblemKind) []string {
	var out []string
	for _, p := range doc.Problems {
		if p.Kind == kind {
			out = append(out, fmt.Sprintf("%s: %s @%d-%d", p.Place, p.Message, p.Source.From, p.Source.To))
		}
	}
	return out
}

// What a reader loses is told with its place, and nothing else: neither a running
// header nor a page number, a table of contents, the title, text in tags, or what has
// moved.
func TestTrace(t *testing.T) {
	clause := func(key, heading, text string) corpus.Clause {
		return corpus.Clause{ID: corpus.NewClauseID("x", key), Label: key, Heading: heading, Text: text}
	}
	lines := func(texts ...string) (out []corpus.SourceLine) {
		for i, s := range texts {
			out = append(out, corpus.SourceLine{Text: s, No: i + 1})
		}
		return out
	}
	doors := clause("1", "Doors", "Every door shall open outwards and be wide enough.")
	stairs := clause("2", "Stairs", "Every stair shall have a handrail on both of its sides.")
	han := clause("3", "", "疏散门的净宽度不应小于0.9米。")
	for name, c := range map[string]struct {
		form    corpus.SourceForm
		lines   []corpus.SourceLine
		clauses []corpus.Clause
		places  map[string]corpus.SourceSpan
		notRead []string
		notIn   []string
	}{
		"all is read": {corpus.SourceText, lines("1 Doors", "Every door shall open", "outwards and be wide enough.", "2 Stairs", "Every stair shall have a hand-", "rail on both of its sides."),
			[]corpus.Clause{doors, stairs}, map[string]corpus.SourceSpan{"1": {From: 1, To: 3}, "2": {From: 4, To: 6}}, nil, nil},
		"a paragraph is lost": {corpus.SourceText, lines("1 Doors", "Every door shall open outwards and be wide enough.", "Lifts are not", "escape routes.", "2 Stairs", "Every stair shall have a handrail on both of its sides."),
			[]corpus.Clause{doors, stairs}, map[string]corpus.SourceSpan{"1": {From: 1, To: 2}, "2": {From: 5, To: 6}}, []string{"lines 3 to 4: it became no clause: “Lifts are not escape routes” @3-4"}, nil},
		"words of two are no stretch": {corpus.SourceText, lines("1 Doors", "Every door shall open outwards and be wide enough.", "Page two"),
			[]corpus.Clause{doors}, map[string]corpus.SourceSpan{"1": {From: 1, To: 2}}, nil, nil},
		"contents are known": {corpus.SourceText, lines("Doors ..... 1", "2 Stairs .... 12", "1 Doors", "Every door shall open outwards and be wide enough.", "2 Stairs", "Every stair shall have a handrail on both of its sides."),
			[]corpus.Clause{doors, stairs}, map[string]corpus.SourceSpan{"1": {From: 3, To: 4}, "2": {From: 5, To: 6}}, nil, nil},
		"what has moved is read": {corpus.SourceText, lines("2 Stairs", "Every stair shall have a handrail on both of its sides.", "1 Doors", "Every door shall open outwards and be wide enough."),
			[]corpus.Clause{doors, stairs}, nil, nil, nil},
		"words that stand nowhere": {corpus.SourceText, lines("1 Doors", "Every door shall open outwards and be wide enough."),
			[]corpus.Clause{clause("1", "Doors", "Every door shall open outwards and be wide enough. Windows never need locks.")}, map[string]corpus.SourceSpan{"1": {From: 1, To: 2}}, nil,
			[]string{"clause 1: these words do not stand in the source there: “Windows never need locks” @1-2"}},
		"tags are no text": {corpus.SourceMarkup, lines(`<html><style>p { color: red of all }</style><!-- nobody shall`, `read this --><p class="one two three four">1 <b>Do</b>ors</p>`, `<p>Every door shall open out<i>wards</i> and be w&#105;de enough.</p><p>Lost &lt;words&gt; of some kind</p>`),
			[]corpus.Clause{doors}, map[string]corpus.SourceSpan{"1": {From: 2, To: 3}}, []string{"line 3: it became no clause: “Lost <words> of some kind” @3-3"}, nil},
		"Chinese": {corpus.SourceText, lines("3 疏散门的净宽度", "不应小于０.９米。", "电梯不应作为疏散设施。"),
			[]corpus.Clause{han}, map[string]corpus.SourceSpan{"3": {From: 1, To: 2}}, []string{"line 3: it became no clause: “电梯不应作为疏散设施” @3-3"}, nil},
		"of data only the places": {corpus.SourceData, lines(`{"id": "1", "note": "nobody reads this here",`, `"text": "Every door shall open outwards and be wide enough."}`),
			[]corpus.Clause{doors}, map[string]corpus.SourceSpan{"1": {From: 1, To: 2}}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			doc := &corpus.Document{Clauses: c.clauses, Source: &corpus.Source{Form: c.form, Lines: c.lines}}
			doc.Problems = trace(doc, true)
			for key, want := range c.places {
				if got := doc.Source.Places[key]; got != want {
					t.Errorf("%s stands at %v, not %v", key, got, want)
				}
			}
			if got := problemsOf(doc, corpus.ProblemNotRead); fmt.Sprint(got) != fmt.Sprint(c.notRead) {
				t.Errorf("not read: %q", got)
			}
			if got := problemsOf(doc, corpus.ProblemNotInSource); fmt.Sprint(got) != fmt.Sprint(c.notIn) {
				t.Errorf("not in the source: %q", got)
			}
		})
	}
}

// What the reader leaves off a page as a running header or page number is marked and
// not told; a line of the page that no clause holds is.
func TestTracePages(t *testing.T) {
	var b sourceBuilder
	for n := range 3 {
		b.add(corpus.SourceLine{Text: "Rules of the house", No: 1, Known: true, Box: corpus.SourceBox{Page: n + 1}})
		b.add(corpus.SourceLine{Text: fmt.Sprintf("%d.1 The door %s shall be shut at night.", n+1, strings.Repeat("x", n+1)), No: 2, Box: corpus.SourceBox{Page: n + 1}})
	}
	b.add(corpus.SourceLine{Text: "Nobody may smoke anywhere.", No: 3, Box: corpus.SourceBox{Page: 3}})
	doc := &corpus.Document{Source: b.done(corpus.SourcePages)}
	for n := range 3 {
		key := fmt.Sprintf("%d.1", n+1)
		doc.Clauses = append(doc.Clauses, corpus.Clause{ID: corpus.NewClauseID("x", key), Label: key, Text: fmt.Sprintf("The door %s shall be shut at night.", strings.Repeat("x", n+1))})
	}
	doc.Problems = trace(doc, true)
	if got := fmt.Sprint(problemsOf(doc, corpus.ProblemNotRead)); got != "[page 3: it became no clause: “Nobody may smoke anywhere” @7-7]" {
		t.Error(got)
	}
	if at := doc.Source.Places["2.1"]; at != (corpus.SourceSpan{From: 4, To: 4}) {
		t.Error(at)
	}
}

// A source is laid out within its limits: long lines in pieces, what is too much not
// at all, and then nothing is said to be lost.
func TestSourceLimits(t *testing.T) {
	var b sourceBuilder
	long := strings.Repeat("word ", 200)
	b.add(corpus.SourceLine{Text: long, No: 1})
	text := ""
	for _, l := range b.Lines {
		if l.No != 1 || len(l.Text) > maxSourceLine {
			t.Errorf("%d runes of line %d", len(l.Text), l.No)
		}
		text += l.Text
	}
	if text != long || len(b.Lines) < 4 {
		t.Errorf("%d pieces", len(b.Lines))
	}
	b.bytes = maxSourceBytes - 20
	b.add(corpus.SourceLine{Text: "abcd", No: 2})
	if b.Cut {
		t.Error("cut at the limit")
	}
	b.add(corpus.SourceLine{Text: "a", No: 3})
	if !b.Cut {
		t.Error("not cut beyond the limit")
	}
	doc := &corpus.Document{Source: b.done(corpus.SourceText)}
	if got := trace(doc, true); got != nil {
		t.Error(got)
	}
}

// A reading is the same twice, with its places, and no digest knows of them.
func TestSourceStaysOutOfDigests(t *testing.T) {
	text := "1.1 The door shall be shut.\n\n1.2 The window shall be open.\n\nNobody knows this other line\n"
	docs, err := Read("a.txt", strings.NewReader(text), Hint{Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	doc := docs[0]
	if doc.Source == nil || len(doc.Source.Places) != len(doc.Clauses) {
		t.Fatalf("%+v", doc.Source)
	}
	before := doc.Clauses[0].Digest()
	doc.Source = nil
	if doc.Clauses[0].Digest() != before {
		t.Error("the digest has changed")
	}
}

// FuzzTrace holds what any source and any clause must hold: spans inside the source,
// the same answer twice, no panic.
func FuzzTrace(f *testing.F) {
	f.Add("1 Doors\nEvery door shall be shut\n", "Every door shall be shut", uint8(0))
	f.Add("<p>1 <b>Do</b>ors</p><!-- x\n<style>a</style>", "Doors", uint8(1))
	f.Add("疏散门的\n净宽-\n度 exam-\nple", "净宽度 example", uint8(0))
	f.Add("a a a a a a\na a a a\n", "a a a a a a a", uint8(0))
	f.Add("<script>ȺȺȺȺȺȺȺȺȺȺ</script>", "Doors", uint8(1)) // letters that are longer in small
	f.Fuzz(func(t *testing.T, source, text string, form uint8) {
		if len(source)+len(text) > 1<<16 {
			return
		}
		ask := func() (*corpus.Document, string) {
			format := Formats[len(Formats)-1]
			s := textSource(format, source)
			if s == nil {
				return nil, ""
			}
			s.Form = []corpus.SourceForm{corpus.SourceText, corpus.SourceMarkup, corpus.SourceData}[form%3]
			doc := &corpus.Document{Source: s}
			for i, part := range strings.SplitN(text, "\n\n", 50) {
				doc.Clauses = append(doc.Clauses, corpus.Clause{ID: corpus.NewClauseID("x", fmt.Sprint(i)), Label: fmt.Sprint(i), Text: part})
			}
			doc.Problems = trace(doc, true)
			return doc, fmt.Sprint(doc.Source.Places, doc.Problems)
		}
		doc, said := ask()
		if doc == nil {
			return
		}
		spans := []corpus.SourceSpan{}
		for _, at := range doc.Source.Places {
			spans = append(spans, at)
		}
		for _, p := range doc.Problems {
			if !p.Source.IsZero() {
				spans = append(spans, p.Source)
			}
		}
		for _, at := range spans {
			if at.From < 1 || at.To < at.From || at.To > len(doc.Source.Lines) {
				t.Errorf("%v of %d lines", at, len(doc.Source.Lines))
			}
		}
		if _, again := ask(); again != said {
			t.Error("a second trace differs")
		}
	})
}

// The places of a printed page are where its words stand, in points; of a header that
// comes again nothing is told.
func TestPDFPlaces(t *testing.T) {
	header := markAt{60, 40, 8, "regular", "Rules for Small Stairs, second edition of the authority"}
	second := append(column(60, 130, 10, "regular", "3.1 A ramp of a small building shall not be steeper than one in twelve.", "3.2 A ramp shall have a kerb on its open side."), header)
	third := append(column(60, 130, 10, "regular", "4.1 Lamps shall be lit when somebody enters the stair by night."), header)
	_, doc := wordingsOf(t, pdfFile{pages: [][]markAt{onePage(header), second, third}})
	if doc.Source == nil || doc.Source.Form != corpus.SourcePages {
		t.Fatalf("%+v", doc.Source)
	}
	for key, want := range map[string]string{"1.1": "page 1 (60,150) to page 1 (60,162)", "2.1": "page 1 (60,230) to page 1 (60,230)", "3.2": "page 2 (60,142) to page 2 (60,142)"} {
		at := doc.Source.Places[key]
		name := func(n int) string {
			b := doc.Source.Lines[n-1].Box
			return fmt.Sprintf("page %d (%g,%g)", b.Page, b.X, b.Y)
		}
		if at.IsZero() || name(at.From)+" to "+name(at.To) != want {
			t.Errorf("%s stands at %v, want %s", key, at, want)
		}
	}
	known := 0
	for _, l := range doc.Source.Lines {
		if l.Known {
			known++
		}
	}
	if lost := problemsOf(doc, corpus.ProblemNotRead); known != 3 || len(lost) != 0 {
		t.Errorf("%d headers are known, lost %q", known, lost)
	}
}
