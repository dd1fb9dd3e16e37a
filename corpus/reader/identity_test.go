package reader

import (
	"strings"
	"testing"

	"concord/corpus"
)

// An amendment is not taken for its base: its title gives its whole designation,
// so that it is kept beside the base and lies on it.
func TestAmendmentIsNotItsBase(t *testing.T) {
	for title, want := range map[string]corpus.StandardID{
		"GB 55099-2024 大门通用规范":                 "cn-gb-55099-2024",
		"GB 55099-2024/XG1-2026 大门通用规范 第1号修改单": "cn-gb-55099-2024-xg1-2026",
	} {
		docs, err := Read("file.txt", strings.NewReader(title+"\n\n1 总则\n1.1 大门净宽不应小于1.2m。\n"), Hint{})
		if err != nil || len(docs) != 1 {
			t.Fatalf("%s: %v", title, err)
		}
		s := docs[0].Standard
		over, is := corpus.OverlayOf(s)
		if s.ID != want || is != strings.Contains(title, "XG1") || is && over.Base != "GB 55099-2024" {
			t.Errorf("%s: %s, lies on %q", title, s.ID, over.Base)
		}
	}
}
