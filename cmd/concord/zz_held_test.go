package main
import ("testing";"os";"encoding/json";"fmt";"strings";"concord/corpus/reader";"concord/corpus")
func TestZZHeld(t *testing.T) {
	type side struct{ file, lang string }
	make := func(name string, a, b side, domain string) {
		dir := "/tmp/held/sets/"+name
		os.MkdirAll(dir, 0o755)
		labels := map[string]string{}
		var pairs []string
		write := func(s side, out, pre string, first bool) {
			f, err := os.Open(s.file); if err != nil { t.Fatal(err) }
			defer f.Close()
			docs, err := reader.Read(s.file, f, reader.Hint{Language: corpus.Language(s.lang)})
			if err != nil { t.Fatal(err) }
			w, _ := os.Create(dir+"/"+out); defer w.Close()
			n := 0
			seen := map[string]bool{}
			for _, d := range docs { for _, c := range d.Clauses {
				if !c.Kind.Normative() || strings.TrimSpace(c.Text) == "" || c.Number == "" { continue }
				n++
				id := fmt.Sprintf("%s%04d", pre, n)
				row := map[string]any{"standard": name+pre, "issuer":"x","country":"XX","lang":s.lang,"domain":domain,"clause":id,"path":c.Path,"title":c.Heading,"text":c.Text}
				raw, _ := json.Marshal(row); w.Write(append(raw,'\n'))
				key := strings.ToLower(c.Number)
				if seen[key] { continue }
				seen[key] = true
				if first { labels[key] = id } else if l := labels[key]; l != "" { pairs = append(pairs, l+"\t"+id+"\tequal") }
			}}
			fmt.Println(name, s.file, n)
		}
		write(a, "source.jsonl", "s", true)
		write(b, "target.jsonl", "t", false)
		os.WriteFile(dir+"/qrels.tsv", []byte(strings.Join(pairs, "\n")+"\n"), 0o644)
		os.WriteFile(dir+"/SOURCE.md", []byte("# x\n"), 0o644)
		fmt.Println(name, "pairs", len(pairs))
	}
	r := "/work/shared/real/"
	make("cohs-fr-en", side{r+"ca-cohs/DORS-86-304-fr.xml","fr"}, side{r+"ca-cohs/SOR-86-304-en.xml","en"}, "engineering")
	make("epbd-en-fr", side{r+"eu-epbd-2024/epbd-2024-en.xhtml","en"}, side{r+"eu-epbd-2024/epbd-2024-fr.xhtml","fr"}, "engineering")
	for _, l := range []string{"ja","ru","zhcn"} { make("masvs-en-"+l, side{r+"masvs/Document-0x07-V2-Data_Storage_and_Privacy_requirements.md","en"}, side{r+"masvs/Document-"+l+"-0x07-V2-Data_Storage_and_Privacy_requirements.md", l[:2]}, "digital") }
}
