package export

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// tmxFile is a translation memory as its readers see it.
type tmxFile struct {
	Header struct {
		Source string `xml:"srclang,attr"`
	} `xml:"header"`
	Units []struct {
		ID    string `xml:"tuid,attr"`
		Props []struct {
			Type  string `xml:"type,attr"`
			Value string `xml:",chardata"`
		} `xml:"prop"`
		Texts []struct {
			Language string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
			Segment  string `xml:"seg"`
		} `xml:"tuv"`
	} `xml:"body>tu"`
}

// A memory holds what says the same in two languages and may be shown whole, and
// nothing else.
func TestTMX(t *testing.T) {
	both := sample()
	both.standards[1].Rights = corpus.RightsFull
	for n := range both.clauses {
		if both.clauses[n].Standard == "ru-b" {
			both.clauses[n].Language, both.clauses[n].Text = "ru", "<текст> & "+both.clauses[n].Text+"\x01"
		}
	}
	both.reserved = []review.Reservation{{ID: uuid.New(), Match: both.matches[0].ID, Party: "CN", Text: "<until 2027>", At: when}}
	read := func(s shelf) tmxFile {
		var out tmxFile
		d := xml.NewDecoder(strings.NewReader(written(t, mustBe(t, "tmx"), gatheredFrom(t, s, "en"))))
		if err := d.Decode(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	got := read(both)
	var said []string
	for _, u := range got.Units {
		said = append(said, u.Texts[0].Language+" "+u.Texts[1].Language+" "+u.Texts[1].Segment)
	}
	if want := []string{"zh ru H\"1\"\n<текст> & =SECRET\ttext ru-b 5.1", "zh ru H\"1\"\n<текст> & =SECRET\ttext ru-b 5.2"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
	if props := fmt.Sprint(got.Units[0].Props); !strings.Contains(props, "<until 2027>") || !strings.Contains(props, "cn-a/5.1@aa") {
		t.Errorf("properties %s", props)
	}
	titles := both
	titles.standards = slices.Clone(both.standards)
	titles.standards[0].Rights = corpus.RightsExcerpt
	if n := len(read(titles).Units); n != 0 {
		t.Errorf("%d units hold a text that may not be shown whole", n)
	}
	if n := len(read(sample()).Units); n != 0 {
		t.Errorf("%d units are in one language", n)
	}
}

// JSON-LD holds the statements of the Turtle file, one for one.
func TestJSONLD(t *testing.T) {
	set := gatheredFrom(t, sample(), "en")
	var file struct {
		Context map[string]string `json:"@context"`
		Graph   []map[string]any  `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(written(t, mustBe(t, "jsonld"), set)), &file); err != nil {
		t.Fatal(err)
	}
	statements := 0
	for _, node := range file.Graph {
		for key, value := range node {
			switch list, many := value.([]any); {
			case key == "@id":
			case many:
				statements += len(list)
			default:
				statements++
			}
			if prefix, _, curie := strings.Cut(key, ":"); curie && file.Context[prefix] == "" {
				t.Errorf("the prefix of %s is not declared", key)
			}
		}
	}
	turtle := written(t, mustBe(t, "skos"), set)
	if want := strings.Count(turtle, " ;\n") + strings.Count(turtle, " .\n\n") - 1; statements != want || want < 20 {
		t.Errorf("%d statements in JSON-LD, %d in Turtle", statements, want)
	}
	if !bytes.Contains([]byte(turtle), []byte("skos:exactMatch")) {
		t.Error("nothing is related")
	}
}
