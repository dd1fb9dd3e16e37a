package web

import (
	"fmt"
	"html"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var recordID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// TestScreenshots takes a picture of every page in English, Chinese and Arabic, light
// and dark, at 1366 and 390 px, into the folder that CONCORD_SHOTS names, which may not
// lie in the repository, with an index to look through them. Without it nothing is done.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv("CONCORD_SHOTS")
	if folder == "" {
		t.Skip("CONCORD_SHOTS names no folder for the pictures")
	}
	if inside, err := insideOf(folder, ".."); err != nil || inside {
		t.Fatalf("%s lies in the repository, or cannot be made: %v", folder, err)
	}
	s, pages := busySite(t)
	b := s.tabIn(t, startChromium(t))
	var looks []string
	var rows strings.Builder
	n := 0
	for _, login := range slices.Sorted(maps.Keys(pages)) {
		if login != "" {
			b.signIn(login)
		}
		for i, path := range pages[login] {
			name := fmt.Sprintf("%s-%02d-%s", login, i, strings.NewReplacer("/", "_", "?", "_", "&", "_", "=", "-").Replace(strings.Trim(recordID.ReplaceAllString(path, "ID"), "/")))
			name = strings.Trim(name[:min(len(name), 90)], "-_")
			fmt.Fprintf(&rows, "<h2>%s</h2><p>", html.EscapeString(login+" "+path))
			for _, language := range []string{"en", "zh", "ar"} {
				for _, theme := range []string{"light", "dark"} {
					for _, width := range []int{1366, 390} {
						b.look(width, theme, language)
						b.open(path)
						shot := fmt.Sprintf("%s-%s-%s-%d", name, language, theme, width)
						b.shoot(shot)
						fmt.Fprintf(&rows, `<a href="%s.png"><img src="%[1]s.png" alt="%s %s %d" height="220" loading="lazy"></a> `, html.EscapeString(shot), language, theme, width)
						looks = append(looks, shot)
						n++
					}
				}
			}
			rows.WriteString("</p>\n")
		}
	}
	if slices.Sort(looks); len(slices.Compact(looks)) != n {
		t.Error("two pictures have one name")
	}
	index := "<!doctype html><meta charset=\"utf-8\"><title>Pages</title>\n" + rows.String()
	if err := os.WriteFile(filepath.Join(folder, "index.html"), []byte(index), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pictures in %s", n, folder)
}

// insideOf makes a folder and tells whether it lies in another one.
func insideOf(folder, other string) (bool, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return false, err
	}
	var real [2]string
	for i, f := range []string{other, folder} {
		path, err := filepath.Abs(f)
		if err != nil {
			return false, err
		}
		if real[i], err = filepath.EvalSymlinks(path); err != nil {
			return false, err
		}
	}
	path, err := filepath.Rel(real[0], real[1])
	return err == nil && path != ".." && !strings.HasPrefix(path, ".."+string(filepath.Separator)), err
}

// TestPicturesStayOutside is the control of where pictures may lie.
func TestPicturesStayOutside(t *testing.T) {
	repository := t.TempDir()
	for folder, want := range map[string]bool{repository: true, filepath.Join(repository, "a", "b"): true, repository + "-beside": false, filepath.Join(t.TempDir(), "c"): false} {
		if got, err := insideOf(folder, repository); err != nil || got != want {
			t.Errorf("%s: inside %v, want %v, %v", folder, got, want, err)
		}
	}
	os.RemoveAll(repository + "-beside")
}
