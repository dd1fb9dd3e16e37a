package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/corpus"
)

// editions imports one invented standard in two languages: nouns with verbs, so
// that each word stands in several clauses, and a third standard that has nothing
// to do with them.
func importEditions(t *testing.T, data string) {
	t.Helper()
	dir := t.TempDir()
	nouns := [][2]string{{"幕墙", "curtain walls"}, {"楼梯", "stairs"}, {"屋面", "roofs"}, {"电梯", "lifts"}, {"管道", "pipes"}, {"鑫龘", "zorblaxes"}}
	verbs := [][2]string{{"检查", "inspect"}, {"安装", "install"}, {"拆除", "dismantle"}, {"清洗", "clean"}, {"维修", "repair"}}
	var zh, en strings.Builder
	for i, n := range nouns {
		for j, v := range verbs {
			id := fmt.Sprintf("%d.%d", i+1, j+1)
			fmt.Fprintf(&zh, `{"standard":"ISO 99001:2020","id":"zz-zh","lang":"zh","clause":%q,"text":"应%s%s。"}`+"\n", id, v[0], n[0])
			fmt.Fprintf(&en, `{"standard":"ISO 99001:2020","id":"zz-en","lang":"en","clause":%q,"text":"Shall %s the %s."}`+"\n", id, v[1], n[1])
		}
	}
	other := `{"standard":"ISO 99002:2020","id":"zz-ru","lang":"ru","clause":"1.1","text":"Стены."}` + "\n"
	for name, body := range map[string]string{"zh.jsonl": zh.String(), "en.jsonl": en.String(), "ru.jsonl": other} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := must(t, "import", "--data", data, "--json", dir)
	for _, want := range []string{`"standard": "int-iso-99001-2020-zh"`, `"standard": "int-iso-99001-2020"`, `"by": "designation"`} {
		if !strings.Contains(out, want) {
			t.Errorf("import names no parallel edition %s", want)
		}
	}
	if strings.Count(out, `"by":`) != 2 {
		t.Errorf("other parallel editions than the two: %s", out)
	}
}

// learnedJSON is what the command prints.
type learnedJSON struct {
	Learned []struct {
		Source, Target string
		Version        int
		InUse          bool
		Pairs          int
		Candidates     []struct {
			Source, Target string
			Count          int
			Status         string
			Examples       [][2]corpus.ClauseID
		}
	}
}

func readLearned(t *testing.T, out string) learnedJSON {
	t.Helper()
	var got learnedJSON
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// The whole way: two editions are learned from, shown, used in matching with a
// reason, judged by a person, rolled back and switched off.
func TestLexiconLearn(t *testing.T) {
	data := t.TempDir()
	importEditions(t, data)
	at := func(words ...string) []string { return append(words, "--data", data) }
	dry := readLearned(t, must(t, at("lexicon", "learn", "--pair", "zh-en", "--json", "--dry-run")...))
	if len(dry.Learned) != 1 || dry.Learned[0].Version != 0 || len(dry.Learned[0].Candidates) == 0 {
		t.Fatalf("dry: %+v", dry)
	}
	checkSearch(t, data, false)
	first := readLearned(t, must(t, at("lexicon", "learn", "--pair", "zh-en", "--json")...))
	l := first.Learned[0]
	if l.Source != "zh" || l.Version != 1 || !l.InUse || l.Pairs != 30 {
		t.Errorf("learned %+v", l)
	}
	want := map[string]string{"楼梯": "stairs", "拆除": "dismantle", "幕墙": "curtain walls"}
	for _, c := range l.Candidates {
		if w, ok := want[c.Source]; ok && w == c.Target && c.Count >= 5 && len(c.Examples) == 3 && c.Examples[0][0].Standard() == "int-iso-99001-2020-zh" {
			delete(want, c.Source)
		}
	}
	if len(want) > 0 {
		t.Errorf("not among the candidates: %v in %+v", want, l.Candidates)
	}
	again := readLearned(t, must(t, at("lexicon", "learn", "--json")...))
	if len(again.Learned) != 1 || again.Learned[0].Version != 1 {
		t.Errorf("the same again is %+v", again)
	}
	checkMatching(t, data, true)
	checkSearch(t, data, true)
	second := readLearned(t, must(t, at("lexicon", "learn", "--min-count", "6", "--json")...)).Learned[0]
	if second.Version != 2 || len(second.Candidates) >= len(l.Candidates) {
		t.Errorf("with a higher minimum: %+v", second)
	}
	if out := must(t, at("lexicon", "learned", "rollback", "--pair", "en-zh")...); !strings.Contains(out, "version 1 of en-zh counts now") {
		t.Errorf("rolled back: %s", out)
	}
	must(t, "user", "add", "li", "--data", data, "--name", "Li", "--role", "reviewer", "--party", "CN")
	must(t, at("lexicon", "learned", "reject", "--pair", "zh-en", "--as", "li", "楼梯", "stairs")...)
	rejected := readLearned(t, must(t, at("lexicon", "learned", "list", "--pair", "zh-en", "--status", "rejected", "--json")...)).Learned[0]
	if len(rejected.Candidates) != 1 || rejected.Candidates[0].Target != "stairs" || rejected.Version != 1 {
		t.Errorf("rejected: %+v", rejected)
	}
	if out := must(t, at("lexicon", "learned", "list")...); !strings.Contains(out, "int-iso-99001-2020 = int-iso-99001-2020-zh") {
		t.Errorf("versions: %s", out)
	}
	if out := must(t, at("lexicon", "learned", "off", "--pair", "zh-en")...); !strings.Contains(out, "no learned translations") {
		t.Errorf("off: %s", out)
	}
	checkMatching(t, data, false)
	checkSearch(t, data, false)
	must(t, "check", "--data", data)
}

// checkMatching looks for the reason and the version in what is proposed.
func checkMatching(t *testing.T, data string, learned bool) {
	t.Helper()
	out := must(t, "match", "--data", data, "--source", "int-iso-99001-2020-zh", "--target", "int-iso-99001-2020", "--json", "--limit", "1", "--least", "0")
	if has := strings.Contains(out, `"learnedFrom": 30`) && strings.Contains(out, "+ en-zh "); has != learned {
		t.Errorf("learned translations in the proposals: %v, want %v", has, learned)
	}
}

// checkSearch asks for a word that the termbase does not know: the other language
// is found by what was learned, and only then.
func checkSearch(t *testing.T, data string, learned bool) {
	t.Helper()
	out := must(t, "search", "--data", data, "--json", "鑫龘")
	if strings.Contains(out, `"learned"`+"\n") != learned || strings.Contains(out, "int-iso-99001-2020/6.") != learned || !strings.Contains(out, "int-iso-99001-2020-zh/6.") {
		t.Errorf("learned %v, and found %s", learned, out)
	}
}

func TestLexiconLearnRefuses(t *testing.T) {
	data := t.TempDir()
	importEditions(t, data)
	for _, tt := range []struct {
		args string
		code int
	}{
		{"learn --pair zh", exitUsage}, {"learn --from guesses", exitUsage}, {"learn --min-count 0", exitUsage}, {"learn more", exitUsage},
		{"learn --pair fr-en", exitMissing}, {"learn --editions a=b", exitMissing}, {"learn --editions a", exitUsage},
		{"learned", exitUsage}, {"learned list --pair zh-en", exitMissing}, {"learned use --pair zh-en 4", exitMissing},
		{"learned use --pair zh-en x", exitUsage}, {"learned accept --pair zh-en a b", exitUsage}, {"learned list --status maybe", exitUsage},
	} {
		if code, _, errs := concord(t, append([]string{"lexicon"}, strings.Fields(tt.args+" --data "+data)...)...); code != tt.code {
			t.Errorf("%s: exit %d, want %d: %s", tt.args, code, tt.code, errs)
		}
	}
}

func TestBilingualTerms(t *testing.T) {
	for _, tt := range []struct{ line, own, english string }{
		{"防火分区 fire compartment", "防火分区", "fire compartment"},
		{"防火分区（fire compartment）", "防火分区", "fire compartment"},
		{"противопожарный отсек (fire compartment)", "противопожарный отсек", "fire compartment"},
		{"BIM模型 BIM model", "", ""}, {"防火分区", "", ""}, {"fire compartment", "", ""}, {"防火分区 m", "", ""},
	} {
		own, english, ok := bilingual(tt.line)
		if ok != (tt.own != "") || ok && (own != tt.own || english != tt.english) {
			t.Errorf("%q: %q, %q, %v", tt.line, own, english, ok)
		}
	}
}
